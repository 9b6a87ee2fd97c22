//! How far the feed of changes has been followed.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// How long a number that was passed over may still appear: longer than any transaction that writes the feed.
const PATIENCE: Duration = Duration::from_secs(600);

/// Numbers are drawn when a row is written and appear when its transaction commits, so a smaller one may come after a
/// larger one. What was passed over is waited for.
#[derive(Debug, Clone)]
pub(super) struct Feed {
    last: i64,
    missing: BTreeMap<i64, Instant>,
}

impl Feed {
    /// Begins behind `last`; `recent` are the numbers seen of late, rising, between which others may still be under way.
    pub fn new(last: i64, recent: &[i64], now: Instant) -> Self {
        let mut feed = Self { last, missing: BTreeMap::new() };
        for pair in recent.windows(2) {
            feed.pass(pair[0], pair[1], now);
        }
        if let Some(newest) = recent.last() {
            feed.last = feed.last.max(*newest);
        }
        feed
    }

    fn pass(&mut self, from: i64, to: i64, now: Instant) {
        self.missing.extend((from + 1..to).map(|seq| (seq, now)));
    }

    pub fn last(&self) -> i64 {
        self.last
    }

    /// Numbers below [`Self::last`] that have not appeared yet.
    pub fn missing(&self) -> Vec<i64> {
        self.missing.keys().copied().collect()
    }

    /// Notes that a number has appeared; says whether it is new.
    pub fn take(&mut self, seq: i64, now: Instant) -> bool {
        if seq > self.last {
            self.pass(self.last, seq, now);
            self.last = seq;
            return true;
        }
        self.missing.remove(&seq).is_some()
    }

    /// Gives up what will not come any more: its transaction was rolled back.
    pub fn forget(&mut self, now: Instant) {
        self.missing.retain(|_, since| now.duration_since(*since) < PATIENCE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_comes_late_is_taken_once() {
        let now = Instant::now();
        let mut feed = Feed::new(10, &[7, 10], now);
        assert_eq!(feed.missing(), [8, 9]);
        assert!(!feed.take(10, now) && !feed.take(7, now));
        assert!(feed.take(13, now));
        assert_eq!((feed.last(), feed.missing()), (13, vec![8, 9, 11, 12]));
        assert!(feed.take(9, now) && !feed.take(9, now));
        feed.forget(now + PATIENCE / 2);
        assert_eq!(feed.missing(), [8, 11, 12]);
        feed.forget(now + PATIENCE);
        assert!(feed.missing().is_empty());
    }

    #[test]
    fn an_empty_feed_begins_at_the_first_number() {
        let now = Instant::now();
        let mut feed = Feed::new(0, &[], now);
        assert!(feed.take(1, now));
        assert!(feed.missing().is_empty());
    }
}
