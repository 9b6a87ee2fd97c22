//! The weights of a list, estimated from the list.
//!
//! Nobody says which pairs are one person, so it is guessed from the weights, the weights are counted anew from the
//! guesses, and so on until they settle (expectation maximisation). Chance agreement of people who live apart is
//! counted on pairs drawn at random, that of one household's members on all pairs of households.

use crate::compare::{FIELDS, Field, LEVELS, MOST, Pattern};
use crate::weights::{STRATA, Shares, Stratum, Weights, probability};

/// Pairs by what comparing them gave.
pub(crate) type Counts = Vec<(Pattern, u32)>;

/// What the list shows.
pub(crate) struct Evidence {
    pub rows: usize,
    /// Pairs that the blocks brought together: of households all, of others those that may be one person.
    pub found: Counts,
    /// Pairs drawn at random.
    pub drawn: Counts,
    /// Pairs drawn from people of one birth date.
    pub drawn_same_day: Counts,
}

const ROUNDS: usize = 30;
/// Rounds end when the shares of one person's pairs move no more than this.
const SETTLED: f64 = 2e-4;
/// How many pairs the belief before the list weighs.
const BELIEF_SAME: f64 = 40.0;
const BELIEF_OTHERS: f64 = 2.0;

/// Estimates the weights.
pub(crate) fn estimate(evidence: &Evidence) -> Weights {
    let before = Weights::before(evidence.rows);
    let pairs = evidence.rows as f64 * (evidence.rows as f64 - 1.0) / 2.0;
    let [found, drawn, drawn_same_day] = [&evidence.found, &evidence.drawn, &evidence.drawn_same_day].map(unpack);
    let mut weights = before.clone();
    for _ in 0..ROUNDS {
        let mut same: Shares = [[0.0; MOST]; 7];
        let mut others: [Shares; STRATA] = [same; STRATA];
        let (mut matched, mut seen) = ([0.0; 3], [0.0; 3]);
        for (levels, count) in &found {
            let stratum = Stratum::of(levels);
            let sure = count * probability(weights.of_levels(levels));
            add(&mut same, levels, sure);
            matched[stratum.prior()] += sure;
            seen[stratum.prior()] += count;
            if stratum.is_counted_whole() {
                add(&mut others[stratum as usize], levels, count - sure);
            }
        }
        for (levels, count) in drawn.iter().filter(|(levels, _)| !Stratum::of(levels).is_counted_whole()) {
            let other = count * (1.0 - probability(weights.of_levels(levels)));
            add(&mut others[Stratum::Apart as usize], levels, other);
        }
        let mut nik = [0.0; MOST];
        for (levels, count) in drawn_same_day.iter().filter(|(levels, _)| !Stratum::of(levels).is_counted_whole()) {
            let other = count * (1.0 - probability(weights.of_levels(levels)));
            nik[levels[Field::Nik as usize]] += other;
        }
        others[Stratum::ApartSameDay as usize] = others[Stratum::Apart as usize];
        others[Stratum::ApartSameDay as usize][Field::Nik as usize] = nik;
        // The birth date decides between two strata of a household, so they share its shares, and those of the home.
        let (first, second) = others.split_at_mut(Stratum::HouseholdSameDay as usize);
        for field in [Field::Born as usize, Field::Home as usize] {
            let pairs = first[Stratum::Household as usize][field].iter_mut().zip(&mut second[0][field]);
            for (one, other) in pairs {
                *one += *other;
                *other = *one;
            }
        }
        let same = settle_same(&same, &before.same);
        let others = std::array::from_fn(|stratum| settle_others(&others[stratum], &before.others[stratum]));
        let odds = |matched: f64, all: f64, belief: f64| ((matched + belief) / (all - matched + 1.0).max(1.0)).ln();
        let next = Weights::new(
            [odds(matched[0], pairs, 0.1), odds(matched[1], seen[1], 0.1), odds(matched[2], seen[2], 1.0)],
            same,
            others,
        );
        let settled = weights.distance(&next) < SETTLED;
        weights = next;
        if settled {
            break;
        }
    }
    if weights.is_sound() { weights } else { Weights::believed(evidence.rows) }
}

/// Levels of each pattern, which are needed again in every round.
fn unpack(counts: &Counts) -> Vec<([usize; 7], f64)> {
    counts.iter().map(|(pattern, count)| (pattern.levels(), f64::from(*count))).collect()
}

fn add(shares: &mut Shares, levels: &[usize; 7], count: f64) {
    for (share, level) in shares.iter_mut().zip(levels) {
        share[*level] += count;
    }
}

/// Lists of levels whose shares sum to one: all of a field but "unknown"; of the home those apart and those together.
fn lists(field: Field) -> impl Iterator<Item = std::ops::Range<usize>> {
    let end = LEVELS[field as usize].len();
    let together = if field == Field::Home { 6 } else { end };
    [1..together, together..end].into_iter().filter(|list| !list.is_empty())
}

fn settle_same(counts: &Shares, before: &Shares) -> Shares {
    let mut shares = [[0.0; MOST]; 7];
    for field in FIELDS {
        let f = field as usize;
        for list in lists(field) {
            let sum: f64 = counts[f][list.clone()].iter().sum();
            let believed: f64 = before[f][list.clone()].iter().sum();
            for level in list {
                let belief = before[f][level] / believed;
                shares[f][level] = (counts[f][level] + BELIEF_SAME * belief) / (sum + BELIEF_SAME);
            }
        }
    }
    shares
}

/// What was never or seldom seen stays near the belief; what was seen often leaves it.
fn settle_others(counts: &Shares, before: &Shares) -> Shares {
    let mut shares = [[0.0; MOST]; 7];
    for field in FIELDS {
        let f = field as usize;
        for list in lists(field) {
            let sum: f64 = counts[f][list.clone()].iter().sum();
            let believed: f64 = before[f][list.clone()].iter().sum();
            for level in list.clone() {
                let belief = (before[f][level] / believed).max(1e-9);
                shares[f][level] = (counts[f][level] + BELIEF_OTHERS) / (sum + BELIEF_OTHERS / belief);
            }
            let total: f64 = shares[f][list.clone()].iter().sum();
            for level in list {
                shares[f][level] /= total;
            }
        }
    }
    shares
}
