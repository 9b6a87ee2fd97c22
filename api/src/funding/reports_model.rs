//! Wire types of what is read off the ledgers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::model::{Balance, Bucket};

/// What one month moved.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct BurnMonth {
    /// The month, at the office.
    #[schema(example = "2026-11", pattern = "^[0-9]{4}-[0-9]{2}$")]
    pub month: String,
    /// Came in: received, appropriated, revised upwards, carried over from the year before.
    #[schema(example = 600000000)]
    pub came_in: i64,
    /// Newly held for referrals.
    #[schema(example = 12000000)]
    pub reserved: i64,
    /// Newly owed.
    #[schema(example = 9000000)]
    pub committed: i64,
    /// Given.
    #[schema(example = 8000000)]
    pub disbursed: i64,
    /// Paid back.
    #[schema(example = 0)]
    pub refunded: i64,
}

/// How a source is spent, month by month.
#[derive(Debug, Serialize, ToSchema)]
pub struct Burn {
    /// The source.
    pub funding_source_id: Uuid,
    /// Its fiscal year.
    #[schema(example = 2026)]
    pub fiscal_year: i32,
    /// Unit: IDR for rupiah.
    #[schema(example = "IDR")]
    pub unit: String,
    /// All that could be spent: free, set aside, held, owed, given and lapsed.
    #[schema(example = 600000000)]
    pub budget: i64,
    /// Given, less what was paid back.
    #[schema(example = 40000000)]
    pub disbursed: i64,
    /// Every month in which something moved, oldest first.
    pub months: Vec<BurnMonth>,
}

/// Sum of one account over many sources.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrialLine {
    /// Account.
    pub bucket: Bucket,
    /// Sum of the positive balances.
    #[schema(example = 600000000)]
    pub debit: i64,
    /// Sum of the negative balances, without their sign.
    #[schema(example = 0)]
    pub credit: i64,
}

/// Trial balance of the sources that count in one unit.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrialUnit {
    /// Unit: IDR for rupiah.
    #[schema(example = "IDR")]
    pub unit: String,
    /// How many sources.
    #[schema(example = 12)]
    pub sources: i64,
    /// Sum of all debits.
    #[schema(example = 600000000)]
    pub debit: i64,
    /// Sum of all credits.
    #[schema(example = 600000000)]
    pub credit: i64,
    /// Whether both agree.
    #[schema(example = true)]
    pub balanced: bool,
    /// By account.
    pub lines: Vec<TrialLine>,
}

/// Trial balance of the sources the caller sees.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrialBalance {
    /// The fiscal year asked for; every year where none was.
    #[schema(required, example = 2026)]
    pub fiscal_year: Option<i32>,
    /// By unit.
    pub units: Vec<TrialUnit>,
}

/// Which sources a trial balance sums.
#[derive(Debug, Clone, Default, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TrialQuery {
    /// Only this fiscal year.
    #[param(nullable = false, minimum = 2000, maximum = 2100, example = 2026)]
    #[validate(range(min = 2000, max = 2100, message = "must be 2000 to 2100"))]
    pub fiscal_year: Option<i32>,
    /// Only sources of this owner.
    #[param(nullable = false)]
    pub organization_id: Option<Uuid>,
}

/// Money of one cycle of a program in one source.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgramMoneyLine {
    /// The cycle.
    pub cycle_id: Uuid,
    /// Its name.
    #[schema(example = "Tahun anggaran 2026")]
    pub cycle_name: String,
    /// The source.
    pub funding_source_id: Uuid,
    /// Its name.
    #[schema(example = "APBD 2026, rehabilitasi sosial")]
    pub funding_source_name: String,
    /// Its fiscal year.
    #[schema(example = 2026)]
    pub fiscal_year: i32,
    /// Unit: IDR for rupiah.
    #[schema(example = "IDR")]
    pub unit: String,
    /// The cycle's share.
    pub balance: Balance,
}

/// What a program will need in the next fiscal year if it goes on for those it serves now.
#[derive(Debug, Serialize, ToSchema)]
pub struct NextYear {
    /// The year.
    #[schema(example = 2027)]
    pub fiscal_year: i32,
    /// Awards that run on: held now, of a benefit given again and again.
    #[schema(example = 120)]
    pub awards: i64,
    /// How often each is given in a year; 0 for a benefit given once.
    #[schema(example = 12)]
    pub times: i64,
    /// Value of one, in rupiah.
    #[schema(example = 300000)]
    pub value_idr: i64,
    /// Together, in rupiah.
    #[schema(example = 432000000)]
    pub need_idr: i64,
    /// Held and owed today in rupiah: it also falls due next year if it is not given before this one ends.
    #[schema(example = 8000000)]
    pub owed_idr: i64,
}

/// The money of a program: what it has and what it will need.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgramFunding {
    /// The program.
    pub program_id: Uuid,
    /// Cycles and sources with money, newest year first.
    pub lines: Vec<ProgramMoneyLine>,
    /// What goes on; null for who may not know how many people a restricted program serves.
    #[schema(required)]
    pub next_year: Option<NextYear>,
}

/// Form of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StatementFormat {
    /// Comma-separated, UTF-8 with BOM, a row a line of a movement.
    Csv,
    /// One JSON object a movement and line of text.
    Ndjson,
}

/// How a statement is written, and which movements it holds.
#[derive(Debug, Clone, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StatementQuery {
    /// Form.
    #[param(inline, example = "csv")]
    pub format: StatementFormat,
    /// Only this kind.
    #[param(inline, nullable = false)]
    pub kind: Option<super::model::LedgerKind>,
    /// Only this cycle.
    #[param(nullable = false)]
    pub cycle_id: Option<Uuid>,
}
