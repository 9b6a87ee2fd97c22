//! What is to be divided: needs, programs, money, and who could be served by what.

/// A need of a household. Its pairs say which programs could meet it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    /// Index of the household, below [`Instance::households`].
    pub household: u32,
    /// Whose need it is, as a number within the household, below [`MAX_CLASS`]; any where it is the household's.
    pub member: u32,
    /// Tiers are served strictly one after the other, the smallest number first.
    pub tier: u8,
    /// A number that stands for the need's public id whatever the order of the input; the seed makes its lot of it.
    pub key: u64,
}

/// A need that a program could meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// Index into [`Instance::needs`].
    pub need: u32,
    /// Index into [`Instance::programs`].
    pub program: u32,
    /// What the award is worth, 0 to [`MAX_VALUE`], in units the caller chooses. The finer the better: values are
    /// compared exactly.
    pub value: i64,
}

/// A program: what one award costs and what it may draw on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// A household gets at most one award of a class, which is below [`MAX_CLASS`]; `None` excludes nothing.
    pub class: Option<u32>,
    /// Each member may have one of the class, rather than the household.
    pub by_member: bool,
    /// Rupiah of one award.
    pub cost: i64,
    /// Awards it can give.
    pub capacity: i64,
    /// Rupiah it can spend, whatever the lines hold.
    pub budget: i64,
    /// Lines that may pay it, as indices into [`Instance::lines`]. Each award is paid wholly from one of them.
    pub lines: Vec<u32>,
}

/// The whole question. [`Instance::check`] says whether it makes sense.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Instance {
    /// How many households there are.
    pub households: u32,
    /// How many awards one household gets at most, over all tiers.
    pub awards_per_household: u32,
    /// Needs in any order.
    pub needs: Vec<Need>,
    /// Pairs in any order, none twice.
    pub pairs: Vec<Pair>,
    /// Programs in any order.
    pub programs: Vec<Program>,
    /// Rupiah of each budget line.
    pub lines: Vec<i64>,
}

/// Largest value of one award: sums of them stay exact in every arithmetic used here.
pub const MAX_VALUE: i64 = 1 << 45;
/// Largest sum of money, in rupiah: one hundred thousand billion.
pub const MAX_MONEY: i64 = 100_000_000_000_000_000;
/// Needs of one household that programs could meet, at most: no household has a thousand, a wrong column has.
pub const MAX_NEEDS: usize = 1_000;

/// Classes there may be, and members of a household.
pub const MAX_CLASS: u32 = u16::MAX as u32;

impl Instance {
    /// What a household can have once, of which this program would give to this need; `None` where it excludes nothing.
    /// An index out of range excludes nothing either: [`Instance::check`] refuses it.
    pub fn class_of(&self, need: u32, program: u32) -> Option<u32> {
        let program = self.programs.get(program as usize)?;
        let member = if program.by_member { self.needs.get(need as usize)?.member + 1 } else { 0 };
        program.class.map(|class| class << 16 | member)
    }

    /// The first thing that makes no sense, in words.
    pub fn check(&self) -> Result<(), String> {
        let money = |what: &str, at: usize, amount: i64| match amount {
            0..=MAX_MONEY => Ok(()),
            _ => Err(format!("{what} {at}: the amount {amount} is not between 0 and {MAX_MONEY}")),
        };
        for (at, &budget) in self.lines.iter().enumerate() {
            money("line", at, budget)?;
        }
        for (at, program) in self.programs.iter().enumerate() {
            money("program", at, program.cost)?;
            money("program", at, program.budget)?;
            money("program", at, program.capacity)?;
            if program.class.is_some_and(|class| class >= MAX_CLASS) {
                return Err(format!("program {at} is of a class beyond {MAX_CLASS}"));
            }
            if program.lines.iter().any(|&l| l as usize >= self.lines.len()) {
                return Err(format!("program {at} names a line that does not exist"));
            }
        }
        if let Some(at) = self.needs.iter().position(|n| n.household >= self.households) {
            return Err(format!("need {at} names a household that does not exist"));
        }
        if let Some(at) = self.needs.iter().position(|n| n.member >= MAX_CLASS) {
            return Err(format!("need {at} is of a member beyond {MAX_CLASS}"));
        }
        let mut met = vec![0_usize; self.households as usize];
        let mut last = None;
        let mut sorted: Vec<&Pair> = self.pairs.iter().collect();
        sorted.sort_unstable_by_key(|p| (p.need, p.program));
        for pair in sorted {
            let Some(need) = self.needs.get(pair.need as usize) else {
                return Err(format!("a pair names need {}, which does not exist", pair.need));
            };
            if pair.program as usize >= self.programs.len() {
                return Err(format!("a pair names program {}, which does not exist", pair.program));
            }
            if !(0..=MAX_VALUE).contains(&pair.value) {
                return Err(format!("the value {} is not between 0 and {MAX_VALUE}", pair.value));
            }
            if last == Some((pair.need, pair.program)) {
                return Err(format!("need {} and program {} are a pair twice", pair.need, pair.program));
            }
            if last.is_none_or(|(need, _)| need != pair.need) {
                met[need.household as usize] += 1;
                if met[need.household as usize] > MAX_NEEDS {
                    return Err(format!("household {} has more than {MAX_NEEDS} needs", need.household));
                }
            }
            last = Some((pair.need, pair.program));
        }
        Ok(())
    }
}

/// A well mixed number of a number.
pub(crate) fn mix(mut x: u64) -> u64 {
    x = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// The key of a public id.
pub fn key_of(id: &str) -> u64 {
    id.bytes().fold(0xCBF2_9CE4_8422_2325, |h, b| mix(h ^ u64::from(b)))
}

/// The lot a need draws when all else is equal: a smaller one is served first. Anyone who knows the seed and the
/// need's id can compute it.
pub fn lot(seed: u64, key: u64) -> u64 {
    mix(key ^ mix(seed))
}
