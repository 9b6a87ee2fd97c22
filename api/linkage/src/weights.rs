//! How much each outcome of a comparison counts.
//!
//! A level weighs `ln(m / u)`: `m` is its share among pairs that are one person, `u` among pairs that are not. What
//! other people's rows have in common depends on where they live and when they were born: members of a household
//! share mother, card and area, twins also the birth date and nearly the number. So `u` is kept for five strata.

use crate::compare::{
    Field, LEVELS, MOST, NAME_EDGES, Pattern, is_household, is_one_mother, is_same_day, is_same_head, middle_of_bin,
};

/// Shares of the levels of every field.
pub(crate) type Shares = [[f64; MOST]; 7];

/// Who is compared, as far as the share of chance agreement depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stratum {
    Apart = 0,
    ApartSameDay = 1,
    Household = 2,
    HouseholdSameDay = 3,
    /// Apart, but of one birth date and one mother: who moved, or a twin who did.
    ApartKin = 4,
}

/// How many strata there are.
pub(crate) const STRATA: usize = 5;

impl Stratum {
    pub fn of(levels: &[usize; 7]) -> Self {
        let same_day = is_same_day(levels[Field::Born as usize]);
        if is_household(levels[Field::Home as usize]) {
            // Numbers made of one date say that the two are twins as well as the dates themselves do.
            let twins = same_day || is_same_head(levels[Field::Nik as usize]);
            return if twins { Self::HouseholdSameDay } else { Self::Household };
        }
        match same_day {
            true if is_one_mother(levels[Field::Mother as usize]) => Self::ApartKin,
            true => Self::ApartSameDay,
            false => Self::Apart,
        }
    }

    /// Which of the priors applies.
    pub fn prior(self) -> usize {
        match self {
            Self::Apart | Self::ApartSameDay => 0,
            Self::Household | Self::HouseholdSameDay => 1,
            Self::ApartKin => 2,
        }
    }

    /// Whether the blocks bring all its pairs together, so that they can be counted there.
    pub fn is_counted_whole(self) -> bool {
        matches!(self, Self::Household | Self::HouseholdSameDay | Self::ApartKin)
    }
}

/// Everything that was estimated from a list; serializes to what `--weights` prints, and back.
#[derive(Debug, Clone)]
pub struct Weights {
    /// Logarithm of the odds that two rows are one person, before comparing: apart, in one household, of one birth
    /// date and mother.
    pub(crate) prior: [f64; 3],
    pub(crate) same: Shares,
    pub(crate) others: [Shares; STRATA],
    table: [[[f32; MOST]; 7]; STRATA],
}

impl Weights {
    pub(crate) fn new(prior: [f64; 3], same: Shares, others: [Shares; STRATA]) -> Self {
        let mut table = [[[0.0; MOST]; 7]; STRATA];
        for (stratum, shares) in others.iter().enumerate() {
            for (field, levels) in LEVELS.iter().enumerate() {
                for level in 1..levels.len() {
                    let ratio = (same[field][level] / shares[field][level]).ln();
                    let narrow = ratio as f32;
                    table[stratum][field][level] = narrow;
                }
            }
        }
        // What made the stratum cannot speak again.
        for field in [Field::Mother, Field::Born, Field::Home] {
            table[Stratum::ApartKin as usize][field as usize] = [0.0; MOST];
        }
        Self { prior, same, others, table }
    }

    /// What is believed before a list of so many rows has been seen.
    pub(crate) fn before(rows: usize) -> Self {
        let apart = (0.1 / rows.max(2) as f64).ln();
        Self::new([apart, (0.1_f64 / 0.9).ln(), 0.0], same_before(), others_before())
    }

    /// What is believed of a list that nobody has looked at. An estimate begins at [`Weights::before`] and learns that twins
    /// share their birth date; who only believes has to know it.
    pub(crate) fn believed(rows: usize) -> Self {
        let mut weights = Self::before(rows);
        weights.others[Stratum::HouseholdSameDay as usize][Field::Born as usize] = weights.same[Field::Born as usize];
        Self::new(weights.prior, weights.same, weights.others)
    }

    /// Whether what was taken for one person mostly has one name. Where a list holds hardly anybody twice, an estimate may
    /// settle on something else that its pairs have in common, such as neighbouring numbers of one day's births; nobody
    /// would then be found by his name.
    pub(crate) fn is_sound(&self) -> bool {
        let alike = NAME_EDGES.partition_point(|edge| *edge <= 0.0) + 1;
        let names = &self.same[Field::Name as usize];
        names[alike..names.len().min(NAME_EDGES.len() + 2)].iter().sum::<f64>() >= 0.4
    }

    /// What a level weighs in a stratum.
    pub(crate) fn weight(&self, stratum: usize, field: Field, level: usize) -> f32 {
        self.table[stratum][field as usize][level]
    }

    /// Logarithm of the odds that the two rows are one person.
    pub(crate) fn log_odds(&self, pattern: Pattern) -> f32 {
        self.of_levels(&pattern.levels())
    }

    pub(crate) fn of_levels(&self, levels: &[usize; 7]) -> f32 {
        let stratum = Stratum::of(levels);
        let table = &self.table[stratum as usize];
        let prior = self.prior[stratum.prior()] as f32;
        levels.iter().zip(table).fold(prior, |sum, (level, weights)| sum + weights[*level])
    }

    /// The most that a share among one person's pairs differs.
    pub(crate) fn distance(&self, other: &Self) -> f64 {
        let pairs = self.same.iter().flatten().zip(other.same.iter().flatten());
        pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
    }
}

pub(crate) fn probability(log_odds: f32) -> f64 {
    1.0 / (1.0 + (-f64::from(log_odds)).exp())
}

fn list(shares: &[f64]) -> [f64; MOST] {
    let mut all = [0.0; MOST];
    all[1..=shares.len()].copy_from_slice(shares);
    all
}

fn same_before() -> Shares {
    [
        list(&[0.015, 0.005, 0.01, 0.015, 0.03, 0.05, 0.08, 0.10, 0.14, 0.20, 0.18, 0.17, 0.005]),
        list(&[0.03, 0.01, 0.02, 0.05, 0.15, 0.30, 0.44]),
        list(&[0.82, 0.04, 0.03, 0.02, 0.03, 0.02, 0.01, 0.01, 0.01, 0.01]),
        list(&[0.85, 0.05, 0.03, 0.005, 0.02, 0.01, 0.03, 0.005]),
        // Apart (five levels) and in one household (two) are two lists.
        list(&[0.50, 0.15, 0.20, 0.08, 0.07, 0.2, 0.8]),
        list(&[0.985, 0.015]),
        list(&[0.5, 0.4, 0.1]),
    ]
}

fn others_before() -> [Shares; STRATA] {
    let same = same_before();
    // A score is on the scale of the logarithm it estimates, so chance agreement falls as it rises.
    let by_score = |mother: bool, field: Field| {
        let mut shares = [0.0; MOST];
        for level in 1..LEVELS[field as usize].len() {
            shares[level] = middle_of_bin(mother, level)
                .map_or(0.001, |middle| same[field as usize][level] * f64::from(-middle).exp());
        }
        shares[1] = 0.95;
        shares
    };
    debug_assert_eq!(LEVELS[0].len(), NAME_EDGES.len() + 3);
    let apart = [
        by_score(false, Field::Name),
        by_score(true, Field::Mother),
        list(&[4e-5, 2e-5, 3e-5, 1e-3, 1.5e-3, 3e-4, 6e-4, 0.012, 0.04, 0.944]),
        list(&[3e-8, 3e-7, 1e-6, 1e-5, 1e-5, 1e-4, 0.9999, 3e-5]),
        list(&[0.95, 0.03, 0.007, 2e-4, 1e-4, 0.1, 0.9]),
        list(&[0.5, 0.5]),
        list(&[0.3, 0.05, 0.65]),
    ];
    let mut same_day = apart;
    same_day[Field::Nik as usize] = list(&[1e-6, 0.003, 0.004, 0.006, 0.006, 0.03, 0.95, 1e-4]);
    let mut household = apart;
    household[Field::Name as usize] =
        list(&[0.88, 0.03, 0.03, 0.02, 0.015, 0.01, 0.005, 0.003, 0.002, 0.001, 0.001, 0.001, 0.002]);
    household[Field::Mother as usize] = list(&[0.55, 0.01, 0.01, 0.02, 0.08, 0.15, 0.18]);
    household[Field::Born as usize] = list(&[0.004, 0.001, 5e-4, 0.003, 0.002, 0.001, 0.001, 0.01, 0.05, 0.93]);
    household[Field::Nik as usize] = list(&[0.003, 5e-4, 2e-4, 1e-3, 0.003, 0.01, 0.98, 0.005]);
    household[Field::Sex as usize] = list(&[0.45, 0.55]);
    household[Field::Birthplace as usize] = list(&[0.3, 0.2, 0.5]);
    let mut twins = household;
    twins[Field::Mother as usize] = list(&[0.03, 0.01, 0.02, 0.04, 0.15, 0.30, 0.45]);
    twins[Field::Nik as usize] = list(&[0.003, 0.03, 0.5, 0.25, 0.05, 0.05, 0.12, 0.001]);
    twins[Field::Sex as usize] = list(&[0.5, 0.5]);
    twins[Field::Birthplace as usize] = list(&[0.4, 0.4, 0.2]);
    [apart, same_day, household, twins, twins]
}
