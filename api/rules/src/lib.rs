//! Who may get what: eligibility rules as data.
//!
//! A rule is a typed [`Clause`] tree over facts of a household and its members. [`parse()`] reads it strictly, [`check()`]
//! holds it against a [`Vocabulary`] and refuses what cannot be meant (unknown facts, wrong units, clauses that always or
//! never hold), [`explain()`] gives the verdict for one household with its reasons and its last day, [`Plan`] runs many
//! rules over the columns of a whole kelurahan, and [`judge()`] is the plain reading both must equal.
//!
//! What is not known stays not known: a missing fact, a birth date known by year, a household whose members are not all
//! recorded, a benefit of which no list is loaded. No clock, no database, no randomness: the day is given.

mod check;
mod columns;
mod engine;
mod explain;
mod gather;
pub mod generate;
mod judge;
mod parse;
mod plan;
mod ranges;
mod schema;
mod sentence;
mod subject;
mod tree;
mod tri;
mod vocabulary;

pub use check::{Report, check};
pub use columns::Chunk;
pub use engine::{Answers, Bits};
pub use explain::{Change, ChangeKind, Decider, Missing, Outcome, Verdict, Why, explain, valid_until};
pub use gather::{Gather, Recorded};
pub use judge::{judge, month};
pub use parse::{Fault, MAX_BYTES, MAX_CLAUSES, MAX_DEPTH, MAX_VALUES, from_value, parse};
pub use plan::{Plan, Rule};
pub use schema::schema;
pub use sentence::{phrase, sentence};
pub use subject::{
    Benefit, Cell, Coverage, Day, Household, Member, Problem, Setting, Snapshot, birth, date_of, day, holds,
};
pub use tree::{
    Age, AgeUnit, Among, Between, Clause, Compare, Count, Decile, HasProblem, Literal, Op, Receives, Scope, Severity,
    Status,
};
pub use tri::Tri;
pub use vocabulary::{CLASSES, Code, Fact, Kind, Label, NEEDS, PPKS, ProgramName, Subject, Vocabulary};
