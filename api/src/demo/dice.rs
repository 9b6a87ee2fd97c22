//! Chance from a seed: the same seed and stream give the same throws on every machine.

use chrono::{Days, NaiveDate};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};
use uuid::Uuid;

/// One stream of throws. Every household has its own, so a city of another size begins with the same households.
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// Stream `stream` of `seed`.
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Self(rng)
    }

    /// A number below `n`; 0 when `n` is 0.
    pub fn below(&mut self, n: u32) -> u32 {
        // Multiply and shift: the bias over 32 bits is far below what any count here could show.
        u32::try_from((u64::from(self.0.next_u32()) * u64::from(n)) >> 32).unwrap_or(0)
    }

    /// A number between `low` and `high`, both included.
    pub fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True in `per_mille` of a thousand throws.
    pub fn chance(&mut self, per_mille: u32) -> bool {
        self.below(1000) < per_mille
    }

    /// Position drawn by weight; 0 when there is nothing to draw from.
    pub fn weighted(&mut self, weights: &[u32]) -> usize {
        let mut throw = self.below(weights.iter().sum());
        for (at, weight) in weights.iter().enumerate() {
            if throw < *weight {
                return at;
            }
            throw -= weight;
        }
        0
    }

    /// Position in a list of running totals, drawn by weight.
    pub fn cumulative(&mut self, totals: &[u32]) -> usize {
        let throw = self.below(totals.last().copied().unwrap_or(0));
        totals.partition_point(|total| *total <= throw)
    }

    /// One of several equally likely values.
    pub fn one_of<T: Copy>(&mut self, values: &[T], otherwise: T) -> T {
        let at = self.below(u32::try_from(values.len()).unwrap_or(u32::MAX));
        values.get(at as usize).copied().unwrap_or(otherwise)
    }

    /// A day at most `days` before `date`.
    pub fn day_before(&mut self, date: NaiveDate, days: u32) -> NaiveDate {
        date.checked_sub_days(Days::new(u64::from(self.below(days)))).unwrap_or(date)
    }

    /// A time-ordered id (UUIDv7) of the given millisecond.
    pub fn id(&mut self, millis: u64) -> Uuid {
        let mut random = [0; 10];
        self.0.fill_bytes(&mut random);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_stream_throws_the_same() {
        let throws = |seed, stream| -> Vec<u32> {
            let mut dice = Dice::new(seed, stream);
            (0..8).map(|_| dice.below(1000)).collect()
        };
        assert_eq!(throws(7, 3), throws(7, 3));
        assert_ne!(throws(7, 3), throws(7, 4));
        assert_ne!(throws(7, 3), throws(8, 3));
    }

    #[test]
    fn weights_are_kept() {
        let mut dice = Dice::new(1, 1);
        let mut seen = [0u32; 3];
        for _ in 0..30_000 {
            seen[dice.weighted(&[1, 2, 7])] += 1;
        }
        assert!((2_700..3_300).contains(&seen[0]) && (20_400..21_600).contains(&seen[2]), "{seen:?}");
        assert_eq!(dice.weighted(&[]), 0);
        assert!((0..1000).all(|_| dice.cumulative(&[5, 5, 9]) != 1));
    }
}
