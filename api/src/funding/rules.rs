//! Which accounts a movement touches. Pure: the arithmetic of the ledger.

use super::model::{Bucket as B, LedgerKind as K};

/// Where given-back money comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// A cycle gives its allotment back to the source.
    Allotted,
    /// A referral that was sent gives back to its cycle.
    Reserved,
    /// A referral that was accepted gives back to its cycle.
    Committed,
}

/// Accounts a movement may touch, to be locked before its lines are known.
pub(super) fn accounts(kind: K, held: Held) -> &'static [B] {
    match kind {
        K::Pledge => &[B::Origin, B::Pledged],
        K::Receive => &[B::Origin, B::Pledged, B::Available],
        K::Appropriate => &[B::Origin, B::Available],
        K::Allot => &[B::Available, B::Allotted],
        K::Reserve => &[B::Allotted, B::Reserved],
        K::Commit => &[B::Reserved, B::Committed],
        K::Disburse => &[B::Committed, B::Disbursed],
        K::Release => match held {
            Held::Allotted => &[B::Allotted, B::Available],
            Held::Reserved => &[B::Reserved, B::Allotted],
            Held::Committed => &[B::Committed, B::Allotted],
        },
        // Year-end movements have no operation yet.
        K::Revise | K::Refund | K::Lapse | K::CarryOver | K::CloseYear => &[],
    }
}

/// Signed lines of a movement, losses first; `pledged` is the balance of that account.
pub(super) fn lines(kind: K, held: Held, amount: i64, pledged: i64) -> Vec<(B, i64)> {
    match (kind, accounts(kind, held)) {
        (K::Receive, _) => {
            // What was promised counts as received first.
            let kept = amount.min(pledged.max(0));
            [(B::Pledged, -kept), (B::Origin, kept - amount), (B::Available, amount)]
                .into_iter()
                .filter(|(_, amount)| *amount != 0)
                .collect()
        }
        (_, [from, to]) => vec![(*from, -amount), (*to, amount)],
        _ => Vec::new(),
    }
}

/// Whether the account belongs to a cycle.
pub(super) fn of_cycle(bucket: B) -> bool {
    matches!(bucket, B::Allotted | B::Reserved | B::Committed | B::Disbursed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    const KINDS: [K; 8] =
        [K::Pledge, K::Receive, K::Appropriate, K::Allot, K::Reserve, K::Commit, K::Disburse, K::Release];
    const HELD: [Held; 3] = [Held::Allotted, Held::Reserved, Held::Committed];

    proptest! {
        #[test]
        fn lines_sum_to_zero_and_touch_only_locked_accounts(
            kind in prop::sample::select(&KINDS[..]), held in prop::sample::select(&HELD[..]), amount in 1..1_000_000_i64, pledged in 0..1_000_000_i64,
        ) {
            let lines = lines(kind, held, amount, pledged);
            prop_assert!(lines.len() >= 2);
            prop_assert_eq!(lines.iter().map(|(_, a)| a).sum::<i64>(), 0);
            prop_assert!(lines.iter().all(|(b, a)| *a != 0 && accounts(kind, held).contains(b)));
        }

        #[test]
        fn whatever_is_done_all_money_is_somewhere(moves in prop::collection::vec((0..8_usize, 0..3_usize, 1..100_i64), 0..60)) {
            let mut book: BTreeMap<B, i64> = BTreeMap::new();
            let mut came_in = 0;
            for (kind, held, amount) in moves {
                let (kind, held) = (KINDS[kind], HELD[held]);
                let lines = lines(kind, held, amount, book.get(&B::Pledged).copied().unwrap_or(0));
                let overdrawn = lines.iter().any(|(b, a)| *b != B::Origin && book.get(b).copied().unwrap_or(0) + a < 0);
                if overdrawn { continue; }
                for (b, a) in lines {
                    *book.entry(b).or_default() += a;
                    if b == B::Origin { came_in -= a; }
                }
                prop_assert_eq!(book.values().sum::<i64>(), 0);
                prop_assert_eq!(book.iter().filter(|(b, _)| **b != B::Origin).map(|(_, a)| a).sum::<i64>(), came_in);
                prop_assert!(book.iter().all(|(b, a)| *b == B::Origin || *a >= 0));
            }
        }
    }
}
