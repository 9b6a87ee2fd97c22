//! The money of the demo city: a double-entry book that cannot overrun, kept in memory while the city is made.

use std::collections::BTreeMap;
use uuid::Uuid;

use super::copy::Rows;
use super::dice::Dice;

/// Where money stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bucket {
    /// Contra side of money that comes in.
    Origin,
    /// Promised.
    Pledged,
    /// Free.
    Available,
    /// Set aside for a cycle.
    Allotted,
    /// Held for a referral that was sent.
    Reserved,
    /// Promised to a referral that was accepted.
    Committed,
    /// Spent.
    Disbursed,
}

impl Bucket {
    fn code(self) -> &'static str {
        match self {
            Self::Origin => "origin",
            Self::Pledged => "pledged",
            Self::Available => "available",
            Self::Allotted => "allotted",
            Self::Reserved => "reserved",
            Self::Committed => "committed",
            Self::Disbursed => "disbursed",
        }
    }
    fn of_a_cycle(self) -> bool {
        matches!(self, Self::Allotted | Self::Reserved | Self::Committed | Self::Disbursed)
    }
}

/// One movement.
#[derive(Debug, Clone, Copy)]
pub struct Move {
    /// Kind of the transaction.
    pub kind: &'static str,
    /// Funding source.
    pub source: Uuid,
    /// Cycle, where one is concerned.
    pub cycle: Option<Uuid>,
    /// Referral, where one is concerned.
    pub referral: Option<Uuid>,
    /// Rupiah, above 0.
    pub amount: i64,
    /// Takes from here.
    pub from: Bucket,
    /// Gives to there.
    pub to: Bucket,
    /// Milliseconds since 1970.
    pub at: u64,
    /// Account that did it.
    pub by: Option<Uuid>,
}

struct Line {
    id: Uuid,
    balance: i64,
}

/// The book: balances, and the rows that made them.
pub struct Book {
    lines: BTreeMap<(Uuid, Option<Uuid>, Bucket), Line>,
    /// `ledger_transactions`
    pub transactions: Rows,
    /// `ledger_entries`
    pub entries: Rows,
}

impl Book {
    /// An empty book.
    pub fn new() -> Self {
        Self { lines: BTreeMap::new(), transactions: Rows::new(10), entries: Rows::new(4) }
    }

    /// Rupiah in a bucket.
    pub fn balance(&self, source: Uuid, cycle: Option<Uuid>, bucket: Bucket) -> i64 {
        self.lines.get(&(source, cycle, bucket)).map_or(0, |line| line.balance)
    }

    /// Moves money; false, and nothing moved, where there is not enough.
    pub fn post(&mut self, dice: &mut Dice, movement: &Move) -> bool {
        let Move { source, cycle, amount, from, to, .. } = *movement;
        let cycle_of = |bucket: Bucket| cycle.filter(|_| bucket.of_a_cycle());
        if amount <= 0 || (from != Bucket::Origin && self.balance(source, cycle_of(from), from) < amount) {
            return false;
        }
        let transaction = dice.id(movement.at);
        let rows = self.transactions.row().uuid(transaction).text(movement.kind).uuid(source);
        rows.maybe(cycle, Rows::uuid).maybe(movement.referral, Rows::uuid).int8(amount).text("IDR").null();
        rows.maybe(movement.by, Rows::uuid).at(movement.at);
        for (number, (bucket, signed)) in (1..).zip([(from, -amount), (to, amount)]) {
            let line = self
                .lines
                .entry((source, cycle_of(bucket), bucket))
                .or_insert_with(|| Line { id: dice.id(movement.at), balance: 0 });
            line.balance += signed;
            self.entries.row().uuid(transaction).int2(number).uuid(line.id).int8(signed);
        }
        true
    }

    /// Rows of `ledger_accounts` with their balances.
    pub fn accounts(&self) -> Rows {
        let mut rows = Rows::new(6);
        for ((source, cycle, bucket), line) in &self.lines {
            rows.row()
                .uuid(line.id)
                .uuid(*source)
                .maybe(*cycle, Rows::uuid)
                .text(bucket.code())
                .text("IDR")
                .int8(line.balance);
        }
        rows
    }

    /// Sum over all lines: zero, whatever was posted.
    pub fn sum(&self) -> i64 {
        self.lines.values().map(|line| line.balance).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_neither_made_nor_overdrawn() {
        let (mut book, mut dice) = (Book::new(), Dice::new(1, 1));
        let source = dice.id(1_000);
        let step = Move {
            kind: "appropriate",
            source,
            cycle: None,
            referral: None,
            amount: 500,
            from: Bucket::Origin,
            to: Bucket::Available,
            at: 1_000,
            by: None,
        };
        assert!(book.post(&mut dice, &step));
        let cycle = Some(dice.id(2_000));
        let allot = Move { kind: "allot", cycle, from: Bucket::Available, to: Bucket::Allotted, amount: 300, ..step };
        assert!(book.post(&mut dice, &allot) && !book.post(&mut dice, &allot));
        assert!(!book.post(&mut dice, &Move { amount: 0, ..step }));
        assert_eq!(
            (book.balance(source, None, Bucket::Available), book.balance(source, cycle, Bucket::Allotted), book.sum()),
            (200, 300, 0)
        );
        assert_eq!((book.transactions.count(), book.entries.count(), book.accounts().count()), (2, 4, 3));
    }
}
