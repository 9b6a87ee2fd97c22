//! What is read off the ledgers: burn by month, trial balance, what a program has and will need, the whole statement.

use actix_web::web::Bytes;
use actix_web::{HttpResponse, get};
use chrono::Datelike as _;
use futures_util::stream::unfold;
use uuid::Uuid;

use super::model::{Balance, Bucket, LedgerEntryView, LedgerQuery};
use super::queries::ledger::RUPIAH;
use super::queries::{self, reports as stored};
use super::reports_model::{
    Burn, BurnMonth, NextYear, ProgramFunding, ProgramMoneyLine, StatementFormat, StatementQuery, TrialBalance,
    TrialLine, TrialQuery, TrialUnit,
};
use super::routes::entry;
use super::rules;
use crate::access::policy::FundingRead;
use crate::access::{Permit, Reader};
use crate::http::answer::Answer;
use crate::http::extract::{Id, Query};
use crate::http::openapi::IdPath;
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;
use crate::programs;

/// Get the burn of a funding source
///
/// What came in, was promised and was given, month by month. Money of a restricted program's cases is left out for who may
/// not see them.
#[utoipa::path(tag = "funding", params(IdPath), responses((status = 200, description = "The months.", body = Burn)))]
#[get("/api/v1/funding-sources/{id}/burn")]
pub async fn get_funding_burn(permit: Permit<FundingRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .snapshot(move |r| {
            let row = queries::find(r, id.0)?;
            let balance = queries::totals(r, &[id.0])?.remove(&id.0).unwrap_or_default();
            let mut months: Vec<BurnMonth> = Vec::new();
            for moved in stored::months(r, id.0)? {
                let name = moved.month.format("%Y-%m").to_string();
                if months.last().is_none_or(|m| m.month != name) {
                    months.push(BurnMonth { month: name, ..BurnMonth::default() });
                }
                let Some(month) = months.last_mut() else { continue };
                match moved.bucket {
                    Bucket::Origin => month.came_in += moved.lost,
                    Bucket::Reserved => month.reserved += moved.gained,
                    Bucket::Committed => month.committed += moved.gained,
                    Bucket::Disbursed => {
                        month.disbursed += moved.gained;
                        month.refunded += moved.lost;
                    }
                    _ => {}
                }
            }
            let Balance { available, allotted, reserved, committed, disbursed, lapsed, .. } = balance;
            Answer::ok(&Burn {
                funding_source_id: row.id,
                fiscal_year: row.fiscal_year,
                unit: row.unit,
                budget: available + allotted + reserved + committed + disbursed + lapsed,
                disbursed,
                months,
            })
        })
        .await
}

/// Get the trial balance
///
/// The accounts of all sources the caller sees, by unit: debits and credits agree, or the ledger is broken.
#[utoipa::path(tag = "funding", params(TrialQuery), responses((status = 200, description = "By unit and account.", body = TrialBalance)))]
#[get("/api/v1/trial-balance")]
pub async fn get_trial_balance(permit: Permit<FundingRead>, query: Query<TrialQuery>) -> Result<Answer, Problem> {
    permit
        .snapshot(move |r| {
            let mut units: Vec<TrialUnit> = Vec::new();
            for row in stored::trial(r, &query.0)? {
                if units.last().is_none_or(|u| u.unit != row.unit) {
                    units.push(TrialUnit {
                        unit: row.unit,
                        sources: row.sources,
                        debit: 0,
                        credit: 0,
                        balanced: true,
                        lines: Vec::new(),
                    });
                }
                let Some(unit) = units.last_mut() else { continue };
                unit.debit += row.debit;
                unit.credit += row.credit;
                unit.balanced = unit.debit == unit.credit;
                unit.lines.push(TrialLine { bucket: row.bucket, debit: row.debit, credit: row.credit });
            }
            Answer::ok(&TrialBalance { fiscal_year: query.0.fiscal_year, units })
        })
        .await
}

/// Get the funding of a program
///
/// What is set aside, held, owed and given, by cycle and source, and what it will need next year to go on for those it
/// serves now.
#[utoipa::path(tag = "funding", params(IdPath), responses((status = 200, description = "Its money.", body = ProgramFunding)))]
#[get("/api/v1/programs/{id}/funding")]
pub async fn get_program_funding(permit: Permit<FundingRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .snapshot(move |r| {
            programs::seen(r, id.0)?;
            let mut lines: Vec<ProgramMoneyLine> = Vec::new();
            for row in stored::of_program(r, id.0)? {
                let same =
                    |l: &ProgramMoneyLine| l.cycle_id == row.cycle_id && l.funding_source_id == row.funding_source_id;
                if !lines.last().is_some_and(same) {
                    lines.push(ProgramMoneyLine {
                        cycle_id: row.cycle_id,
                        cycle_name: row.cycle_name,
                        funding_source_id: row.funding_source_id,
                        funding_source_name: row.funding_source_name,
                        fiscal_year: row.fiscal_year,
                        unit: row.unit,
                        balance: Balance::default(),
                    });
                }
                if let Some(line) = lines.last_mut() {
                    line.balance.add(row.bucket, row.balance);
                }
            }
            let next_year = next_year(r, id.0, &lines)?;
            Answer::ok(&ProgramFunding { program_id: id.0, lines, next_year })
        })
        .await
}

fn next_year(r: &mut Reader<'_>, program: Uuid, lines: &[ProgramMoneyLine]) -> Result<Option<NextYear>, Problem> {
    let promise = stored::promise(r, program)?;
    let Some(held) = promise.awards else { return Ok(None) };
    let times = rules::times_a_year(&promise.period);
    let awards = if times > 0 { held } else { 0 };
    let money = lines.iter().filter(|l| l.unit == RUPIAH);
    Ok(Some(NextYear {
        fiscal_year: r.today().year() + 1,
        awards,
        times,
        value_idr: promise.value_idr,
        need_idr: awards.saturating_mul(times).saturating_mul(promise.value_idr),
        owed_idr: money.map(|l| l.balance.reserved + l.balance.committed).sum(),
    }))
}

/// Movements a chunk of a statement reads.
const CHUNK: i64 = 2_000;

/// Where a statement stands while it is written.
struct Writing {
    permit: Permit<FundingRead>,
    source: Uuid,
    query: LedgerQuery,
    format: StatementFormat,
    after: Option<Cursor>,
    begun: bool,
}

/// Export the ledger of a funding source
///
/// The whole statement, newest first, written as it is read: a million lines take the memory of a few thousand. In CSV each
/// line of a movement is a row, in NDJSON each movement.
#[utoipa::path(tag = "funding", params(IdPath, StatementQuery), responses((status = 200, description = "The statement.", headers(("Content-Disposition" = String, description = "Suggested name of the file.")), content((String = "text/csv"), (String = "application/x-ndjson")))))]
#[get("/api/v1/funding-sources/{id}/statement")]
pub async fn export_funding_ledger(
    permit: Permit<FundingRead>,
    id: Id,
    query: Query<StatementQuery>,
) -> Result<HttpResponse, Problem> {
    let StatementQuery { format, kind, cycle_id } = query.0;
    let source = permit.clone().read(move |r| queries::find(r, id.0)).await?;
    let (media, ending) = match format {
        StatementFormat::Csv => ("text/csv; charset=utf-8", "csv"),
        StatementFormat::Ndjson => ("application/x-ndjson", "ndjson"),
    };
    let query = LedgerQuery { kind, cycle_id, ..LedgerQuery::default() };
    let state = Writing { permit, source: source.id, query, format, after: None, begun: false };
    let name = format!("attachment; filename=\"ledger-{}.{ending}\"", source.code);
    Ok(HttpResponse::Ok()
        .content_type(media)
        .insert_header(("content-disposition", name))
        .insert_header(("cache-control", "no-store"))
        .streaming(unfold(Some(state), next)))
}

/// The next part of a statement; a failure breaks the connection off, so that nobody takes a part for the whole.
async fn next(state: Option<Writing>) -> Option<(Result<Bytes, Problem>, Option<Writing>)> {
    let mut state = state?;
    let (source, query, after) = (state.source, state.query.clone(), state.after.take());
    let read = state.permit.clone().read(move |r| queries::ledger(r, source, &query, after.as_ref(), CHUNK)).await;
    let rows = match read {
        Ok(rows) => rows,
        Err(problem) => return Some((Err(problem), None)),
    };
    if rows.is_empty() && state.begun {
        return None;
    }
    let last = rows.last().map(|t| t.id);
    let full = i64::try_from(rows.len()).is_ok_and(|n| n == CHUNK);
    let entries = rows.into_iter().map(entry).collect::<Result<Vec<_>, Problem>>();
    let text = entries.and_then(|entries| written(&entries, state.format, !state.begun));
    state.begun = true;
    state.after = last.map(|id| Cursor { list: String::new(), key: None, id: id.to_string() });
    Some((text.map(Bytes::from), Some(state).filter(|_| full)))
}

/// A spreadsheet takes text that begins like this for a formula.
fn harmless(cell: Option<&str>) -> String {
    let cell = cell.unwrap_or_default();
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

fn written(entries: &[LedgerEntryView], format: StatementFormat, first: bool) -> Result<Vec<u8>, Problem> {
    if format == StatementFormat::Ndjson {
        let mut out = Vec::new();
        for entry in entries {
            serde_json::to_writer(&mut out, entry).map_err(Problem::internal)?;
            out.push(b'\n');
        }
        return Ok(out);
    }
    let mut out = csv::Writer::from_writer(if first { "\u{feff}".as_bytes().to_vec() } else { Vec::new() });
    if first {
        let head = ["id", "at", "kind", "account", "amount", "unit", "cycle_id", "referral_id", "reference", "reason"];
        out.write_record(head).map_err(Problem::internal)?;
    }
    let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    for entry in entries {
        for line in &entry.lines {
            out.write_record([
                entry.id.to_string(),
                entry.at.to_rfc3339(),
                entry.kind.slug().to_owned(),
                line.bucket.slug().to_owned(),
                line.amount.to_string(),
                entry.unit.clone(),
                id(entry.cycle_id),
                id(entry.referral_id),
                harmless(entry.reference.as_deref()),
                harmless(entry.reason.as_deref()),
            ])
            .map_err(Problem::internal)?;
        }
    }
    out.into_inner().map_err(|e| Problem::internal(e.to_string()))
}
