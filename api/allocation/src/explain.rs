//! Who was left out, and why.

use std::collections::HashMap;

use crate::bound::Prices;
use crate::instance::Instance;
use crate::solve::Outcome;

/// Why a need got nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// No program could meet it.
    NoPair,
    /// Every program that could meet it is worth nothing for it.
    NoValue,
    /// The household has all the awards it may have.
    HouseholdCap,
    /// The household already has an award of the class.
    Class,
    /// Others gain more from what the award would use.
    PriceAboveValue,
    /// The program's seats, or its own budget, are used up.
    SeatsGone,
    /// No line of the program has the money left.
    MoneyGone,
}

impl Reason {
    /// The word the files use.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoPair => "no_pair",
            Self::NoValue => "no_value",
            Self::HouseholdCap => "household_cap",
            Self::Class => "class",
            Self::PriceAboveValue => "price_above_value",
            Self::SeatsGone => "seats_gone",
            Self::MoneyGone => "money_gone",
        }
    }
}

/// A need that got nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeftOut {
    /// Index of the need.
    pub need: u32,
    /// Why.
    pub reason: Reason,
    /// The program that came closest, if any could.
    pub program: Option<u32>,
}

/// What each household got, and what is left of each program.
struct Given {
    met: Vec<bool>,
    of_household: HashMap<u32, Vec<Option<u32>>>,
    seats: Vec<i64>,
}

/// Needs without an award, in their order. The program named is the one whose value lies least below its price.
pub fn left_out(instance: &Instance, outcome: &Outcome) -> Vec<LeftOut> {
    let mut given = Given {
        met: vec![false; instance.needs.len()],
        of_household: HashMap::new(),
        seats: instance
            .programs
            .iter()
            .map(|p| p.capacity.min(p.budget.checked_div(p.cost).unwrap_or(i64::MAX)))
            .collect(),
    };
    for award in &outcome.awards {
        given.met[award.need as usize] = true;
        given.seats[award.program as usize] -= 1;
        let household = instance.needs[award.need as usize].household;
        given.of_household.entry(household).or_default().push(instance.class_of(award.need, award.program));
    }
    let mut closest: Vec<Option<(i64, u32, Reason)>> = vec![None; instance.needs.len()];
    let mut paired = vec![false; instance.needs.len()];
    for pair in instance.pairs.iter().filter(|p| !given.met[p.need as usize]) {
        let need = pair.need as usize;
        paired[need] = true;
        let Some(tier) = outcome.tiers.iter().find(|t| t.tier == instance.needs[need].tier) else { continue };
        if pair.value == 0 {
            continue;
        }
        let net = pair.value.saturating_sub(tier.prices.program[pair.program as usize]);
        let nearer = closest[need].is_none_or(|(best, program, _)| {
            (net, std::cmp::Reverse(pair.program)) > (best, std::cmp::Reverse(program))
        });
        if nearer {
            let reason = given.reason(instance, pair.need, pair.program, net);
            closest[need] = Some((net, pair.program, reason));
        }
    }
    let needs = (0..instance.needs.len()).filter(|&n| !given.met[n]);
    needs
        .map(|need| match closest[need] {
            Some((_, program, reason)) => LeftOut { need: need as u32, reason, program: Some(program) },
            None => {
                let reason = if paired[need] { Reason::NoValue } else { Reason::NoPair };
                LeftOut { need: need as u32, reason, program: None }
            }
        })
        .collect()
}

impl Given {
    fn reason(&self, instance: &Instance, need: u32, program: u32, net: i64) -> Reason {
        let has = self.of_household.get(&instance.needs[need as usize].household);
        let class = instance.class_of(need, program);
        if has.is_some_and(|h| h.len() >= instance.awards_per_household as usize) {
            Reason::HouseholdCap
        } else if class.is_some() && has.is_some_and(|h| h.contains(&class)) {
            Reason::Class
        } else if self.seats[program as usize] <= 0 && net >= 0 {
            Reason::SeatsGone
        } else if net < 0 {
            Reason::PriceAboveValue
        } else {
            Reason::MoneyGone
        }
    }
}

impl Prices {
    /// Value of one more seat of the program, in units.
    pub fn seat(&self, program: usize) -> f64 {
        self.seat[program] as f64
    }

    /// Value of one more rupiah of the line, in units.
    pub fn rupiah(&self, line: usize) -> f64 {
        self.line[line] as f64 / f64::from(1_u32 << crate::bound::SHIFT)
    }
}
