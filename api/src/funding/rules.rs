//! Which accounts a movement touches, and when it may be made. Pure: the arithmetic of the ledger.

use chrono::{Datelike as _, NaiveDate};

use super::model::{Bucket as B, FundingStatus, LedgerKind as K, Restrictions};

/// Where the money a movement concerns stands (for what gives back, ends or goes over), or where it goes to (refund).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// Free in the source.
    Available,
    /// A cycle's allotment.
    Allotted,
    /// By a referral that was sent.
    Reserved,
    /// By a referral that was accepted.
    Committed,
}

impl Held {
    /// Its account.
    pub(super) fn bucket(self) -> B {
        match self {
            Self::Available => B::Available,
            Self::Allotted => B::Allotted,
            Self::Reserved => B::Reserved,
            Self::Committed => B::Committed,
        }
    }
}

/// What a movement is, apart from how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Way {
    /// Kind.
    pub kind: K,
    /// Where the money stands or goes.
    pub held: Held,
    /// Against its usual direction: a revision downwards, a carry-over that arrives.
    pub back: bool,
}

/// Accounts a movement may touch, to be locked before its lines are known; what loses comes first.
pub(super) fn accounts(way: Way) -> Vec<B> {
    let mut accounts = match (way.kind, way.held) {
        (K::Pledge, _) => vec![B::Origin, B::Pledged],
        (K::Receive, _) => return vec![B::Origin, B::Pledged, B::Available],
        (K::Appropriate | K::Revise, _) => vec![B::Origin, B::Available],
        (K::Allot, _) => vec![B::Available, B::Allotted],
        (K::Reserve, _) => vec![B::Allotted, B::Reserved],
        (K::Commit, _) => vec![B::Reserved, B::Committed],
        (K::Disburse, _) => vec![B::Committed, B::Disbursed],
        (K::Release, Held::Allotted | Held::Available) => vec![B::Allotted, B::Available],
        (K::Release, held) => vec![held.bucket(), B::Allotted],
        (K::Refund, Held::Available) => vec![B::Disbursed, B::Available],
        (K::Refund, _) => vec![B::Disbursed, B::Allotted],
        (K::Lapse, held) => vec![held.bucket(), B::Lapsed],
        (K::CarryOver, held) => vec![held.bucket(), B::Origin],
        // A year that ends strikes out what was promised and never came.
        (K::CloseYear, _) => vec![B::Pledged, B::Origin],
    };
    if way.back {
        accounts.reverse();
    }
    accounts
}

/// Signed lines of a movement, losses first; `pledged` is the balance of that account.
pub(super) fn lines(way: Way, amount: i64, pledged: i64) -> Vec<(B, i64)> {
    if way.kind == K::Receive {
        // What was promised counts as received first.
        let kept = amount.min(pledged.max(0));
        let all = [(B::Pledged, -kept), (B::Origin, kept - amount), (B::Available, amount)];
        return all.into_iter().filter(|(_, amount)| *amount != 0).collect();
    }
    match accounts(way).as_slice() {
        [from, to] => vec![(*from, -amount), (*to, amount)],
        _ => Vec::new(),
    }
}

/// Whether the account belongs to a cycle.
pub(super) fn of_cycle(bucket: B) -> bool {
    matches!(bucket, B::Allotted | B::Reserved | B::Committed | B::Disbursed)
}

/// Why a source takes no movement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shut {
    /// Its year is closed.
    Closed,
    /// The movement belongs to another fiscal year.
    OtherYear,
}

/// Whether a movement may be made on this day at all. The next year's budget is prepared before it begins, but nobody is
/// newly helped from it; of a past year only what was promised in it is kept, and what is left is brought to its end.
pub(super) fn may_post(way: Way, status: FundingStatus, fiscal_year: i32, today: NaiveDate) -> Result<(), Shut> {
    if status == FundingStatus::Closed {
        return Err(Shut::Closed);
    }
    let fits = match fiscal_year - today.year() {
        0 => true,
        1.. => match way.kind {
            K::Reserve | K::Lapse | K::CloseYear => false,
            K::CarryOver => way.back,
            _ => true,
        },
        _ => match way.kind {
            K::Commit | K::Disburse | K::Release | K::Refund | K::Lapse | K::CloseYear => true,
            K::CarryOver => !way.back,
            K::Pledge | K::Receive | K::Appropriate | K::Revise | K::Allot | K::Reserve => false,
        },
    };
    if fits { Ok(()) } else { Err(Shut::OtherYear) }
}

/// Whether what may be spent on `narrow` may also be spent on `wide`: money that goes over keeps its purpose.
pub(super) fn no_wider(narrow: &Restrictions, wide: &Restrictions) -> bool {
    let within = |narrow: &[String], wide: &[String], fits: fn(&str, &str) -> bool| {
        wide.is_empty() || (!narrow.is_empty() && narrow.iter().all(|n| wide.iter().any(|w| fits(n, w))))
    };
    let same = |a: &str, b: &str| a == b;
    let inside = |a: &str, b: &str| format!("{a}.").starts_with(&format!("{b}."));
    within(&narrow.needs, &wide.needs, same)
        && within(&narrow.pillars, &wide.pillars, same)
        && within(&narrow.areas, &wide.areas, inside)
}

/// How often a benefit of this period is given in a year; nothing for what is given once.
pub(super) fn times_a_year(period: &str) -> i64 {
    match period {
        "daily" => 365,
        "monthly" => 12,
        "quarterly" => 4,
        "semester" => 2,
        "yearly" => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    const HELD: [Held; 4] = [Held::Available, Held::Allotted, Held::Reserved, Held::Committed];

    fn any_way() -> impl Strategy<Value = Way> {
        (prop::sample::select(K::ALL), prop::sample::select(&HELD[..]), any::<bool>()).prop_map(|(kind, held, back)| {
            // Only these two go both ways.
            Way { kind, held, back: back && matches!(kind, K::Revise | K::CarryOver) }
        })
    }

    /// A purse of counters, written out movement by movement: what the ledger must agree with.
    #[derive(Debug, Default, Clone, PartialEq)]
    struct Purse {
        outside: i64,
        promised: i64,
        free: i64,
        aside: i64,
        held: i64,
        owed: i64,
        given: i64,
        gone: i64,
    }

    impl Purse {
        fn after(&self, way: Way, n: i64) -> Option<Self> {
            let mut p = self.clone();
            match way.kind {
                K::Pledge => (p.outside, p.promised) = (p.outside - n, p.promised + n),
                K::Receive => {
                    p.free += n;
                    let over = (n - p.promised).max(0);
                    p.promised -= n - over;
                    p.outside -= over;
                }
                K::Appropriate => (p.outside, p.free) = (p.outside - n, p.free + n),
                K::Revise if way.back => (p.outside, p.free) = (p.outside + n, p.free - n),
                K::Revise => (p.outside, p.free) = (p.outside - n, p.free + n),
                K::Allot => (p.free, p.aside) = (p.free - n, p.aside + n),
                K::Reserve => (p.aside, p.held) = (p.aside - n, p.held + n),
                K::Commit => (p.held, p.owed) = (p.held - n, p.owed + n),
                K::Disburse => (p.owed, p.given) = (p.owed - n, p.given + n),
                K::Release => match way.held {
                    Held::Reserved => (p.held, p.aside) = (p.held - n, p.aside + n),
                    Held::Committed => (p.owed, p.aside) = (p.owed - n, p.aside + n),
                    _ => (p.aside, p.free) = (p.aside - n, p.free + n),
                },
                K::Refund => {
                    p.given -= n;
                    *(if way.held == Held::Available { &mut p.free } else { &mut p.aside }) += n;
                }
                K::Lapse => {
                    *p.place(way.held) -= n;
                    p.gone += n;
                }
                K::CarryOver => {
                    let sign = if way.back { 1 } else { -1 };
                    *p.place(way.held) += sign * n;
                    p.outside -= sign * n;
                }
                K::CloseYear => (p.promised, p.outside) = (p.promised - n, p.outside + n),
            }
            let fine = [p.promised, p.free, p.aside, p.held, p.owed, p.given, p.gone].iter().all(|x| *x >= 0);
            fine.then_some(p)
        }
        fn place(&mut self, held: Held) -> &mut i64 {
            match held {
                Held::Available => &mut self.free,
                Held::Allotted => &mut self.aside,
                Held::Reserved => &mut self.held,
                Held::Committed => &mut self.owed,
            }
        }
    }

    proptest! {
        #[test]
        fn lines_sum_to_zero_and_touch_only_locked_accounts(way in any_way(), amount in 1..1_000_000_i64, pledged in 0..1_000_000_i64) {
            let lines = lines(way, amount, pledged);
            prop_assert!(lines.len() >= 2);
            prop_assert_eq!(lines.iter().map(|(_, a)| a).sum::<i64>(), 0);
            prop_assert!(lines.iter().all(|(b, a)| *a != 0 && accounts(way).contains(b)));
        }

        #[test]
        fn the_ledger_agrees_with_a_purse(moves in prop::collection::vec((any_way(), 1..100_i64), 0..80)) {
            let (mut book, mut purse): (BTreeMap<B, i64>, _) = (BTreeMap::new(), Purse::default());
            for (way, amount) in moves {
                let of = |b: B| book.get(&b).copied().unwrap_or(0);
                let lines = lines(way, amount, of(B::Pledged));
                let overdrawn = lines.iter().any(|(b, a)| *b != B::Origin && of(*b) + a < 0);
                let next = purse.after(way, amount);
                prop_assert_eq!(overdrawn, next.is_none(), "{:?} {}", way, amount);
                let Some(next) = next else { continue };
                purse = next;
                for (b, a) in lines { *book.entry(b).or_default() += a; }
                prop_assert_eq!(book.values().sum::<i64>(), 0);
            }
            let of = |b: B| book.get(&b).copied().unwrap_or(0);
            let Purse { outside, promised, free, aside, held, owed, given, gone } = purse;
            let counters = vec![outside, promised, free, aside, held, owed, given, gone];
            prop_assert_eq!(counters, B::ALL.iter().map(|b| of(*b)).collect::<Vec<i64>>());
        }

        #[test]
        fn what_goes_over_is_never_spent_more_widely(a in prop::collection::vec(0..3_u8, 0..3), b in prop::collection::vec(0..3_u8, 0..3)) {
            let limits = |needs: &[u8]| Restrictions { needs: needs.iter().map(u8::to_string).collect(), ..Restrictions::default() };
            let may = |needs: &[u8], need: u8| needs.is_empty() || needs.contains(&need);
            let naive = (0..4).all(|need| !may(&a, need) || may(&b, need));
            prop_assert_eq!(no_wider(&limits(&a), &limits(&b)), naive);
        }
    }

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn the_year_turns_at_midnight_of_the_office() {
        let way = |kind, back| Way { kind, held: Held::Available, back };
        let open = |kind, back, on| may_post(way(kind, back), FundingStatus::Open, 2026, on);
        let (eve, new_year, before) = (day(2026, 12, 31), day(2027, 1, 1), day(2025, 12, 31));
        for kind in K::ALL {
            assert_eq!(open(*kind, false, eve), Ok(()), "{kind:?}");
            assert_eq!(may_post(way(*kind, false), FundingStatus::Closed, 2026, eve), Err(Shut::Closed));
        }
        for kind in [K::Pledge, K::Receive, K::Appropriate, K::Revise, K::Allot, K::Reserve] {
            assert_eq!(open(kind, false, new_year), Err(Shut::OtherYear), "{kind:?}");
        }
        for kind in [K::Commit, K::Disburse, K::Release, K::Refund, K::Lapse, K::CloseYear] {
            assert_eq!(open(kind, false, new_year), Ok(()), "{kind:?}");
        }
        for (back, on, fine) in
            [(false, new_year, true), (true, new_year, false), (true, before, true), (false, before, false)]
        {
            assert_eq!(open(K::CarryOver, back, on).is_ok(), fine);
        }
        assert_eq!(open(K::Reserve, false, before), Err(Shut::OtherYear));
        assert_eq!(open(K::Allot, false, before), Ok(()));
        // 17:00 in London is midnight here.
        let at = |hour, minute| crate::kernel::dates::office_date(eve.and_hms_opt(hour, minute, 59).unwrap().and_utc());
        assert_eq!((at(16, 59), at(17, 0)), (eve, new_year));
    }

    #[test]
    fn areas_narrow_by_their_codes() {
        let areas = |codes: &[&str]| Restrictions {
            areas: codes.iter().map(|c| (*c).to_owned()).collect(),
            ..Restrictions::default()
        };
        assert!(no_wider(&areas(&["32.73.01.1001"]), &areas(&["32.73.01"])));
        assert!(!no_wider(&areas(&["32.73.01"]), &areas(&["32.73.01.1001"])));
        assert!(!no_wider(&areas(&["32.73.011"]), &areas(&["32.73.01"])));
    }
}
