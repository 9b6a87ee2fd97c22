//! An instance as five CSV files, for other systems and for checking from outside.
//!
//! | file | columns |
//! |---|---|
//! | `needs.csv` | `need_id`, `household_id`, `weight`, and if wanted `tier` (`emergency`, `spm` or `regular`) |
//! | `pairs.csv` | `need_id`, `program_id`, `fit` |
//! | `programs.csv` | `program_id`, `overlap_class` (empty: excludes nothing), `cost_idr`, `capacity`, `budget_idr` |
//! | `lines.csv` | `line_id`, `budget_idr` |
//! | `program_lines.csv` | `program_id`, `line_id` |
//!
//! Columns may come in any order and others beside them are ignored. The value of an award is weight × fit. What is
//! read does not depend on the order of the rows.

mod decimal;
mod fault;
mod read;
mod table;
mod write;

pub use fault::Fault;
pub use read::{Source, read};
pub use write::{Amount, tier_name, write_left_out, write_plan, write_prices};
