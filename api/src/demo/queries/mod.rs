//! Writes the demo city: guards first, then everything in one transaction.

use diesel::connection::SimpleConnection as _;
use diesel::pg::CopyFormat;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};
use std::sync::mpsc::sync_channel;

use super::city::Plan;
use super::history::Teller;
use super::load::{Counts, Sent, Table, produce};
use super::places::Places;
use super::pools::Pools;
use super::shelf::Shelf;
use super::staff;
use crate::db::schema as s;

mod casework;
mod counter;
mod disputes;
mod proposals;
mod small;

/// What became of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The city is there now.
    Loaded {
        /// Households.
        households: usize,
        /// People.
        people: usize,
    },
    /// It was there already; nothing was touched.
    AlreadyLoaded,
}

/// Tables whose foreign keys and secondary indexes are built after the rows.
const BULK: &str = "ARRAY['households','household_details','individuals','identifiers','welfare_snapshots','restricted_facts','registry_events',
    'problems','referrals','referral_events','awards','claims','assignments','deliveries','disclosures','waitlist',
    'ledger_transactions','ledger_entries','ledger_accounts','name_keys',
    'program_cycles','programs','funding_sources']::regclass[]";

/// Tables whose changes ask for a household to be matched again.
const MATCHED: [&str; 3] = ["problems", "awards", "restricted_facts"];

#[derive(QueryableByName)]
struct Statement {
    #[diesel(sql_type = Text)]
    undo: String,
    #[diesel(sql_type = Text)]
    redo: String,
}

#[derive(QueryableByName)]
struct Holds {
    #[diesel(sql_type = Text)]
    kind: String,
}

/// Loads the city unless it is there. `conn` belongs to the owner of the tables; `allowed` says that this database is
/// meant for a demo. The error is a sentence for the operator.
pub fn load(conn: &mut PgConnection, plan: Plan, allowed: bool) -> Result<Outcome, String> {
    let sql = |e: diesel::result::Error| e.to_string();
    diesel::sql_query("SELECT pg_advisory_lock(hashtext('satupintu demo'))").execute(conn).map_err(sql)?;
    match holds(conn).map_err(sql)?.as_str() {
        "demo" => return Ok(Outcome::AlreadyLoaded),
        "empty" if allowed => {}
        "empty" => return Err("set DEMO=1 to load the demo city into this database".to_owned()),
        _ => return Err("this database holds real data; the demo city is only loaded into an empty one".to_owned()),
    }
    let hash = crate::accounts::hash_password(staff::PASSWORD).map_err(|p| p.to_string())?;
    let counts = conn.transaction(|conn| fill(conn, plan, &hash)).map_err(|e: Failure| e.to_string())?;
    // Makes the first reads as fast as the later ones; cannot run inside the transaction.
    conn.batch_execute(
        "VACUUM (ANALYZE) households, household_details, individuals, identifiers, welfare_snapshots, problems, referrals, name_keys,
             registry_events, restricted_facts, awards, claims, deliveries, ledger_transactions, ledger_entries, ledger_accounts, programs, program_cycles;",
    )
    .map_err(sql)?;
    Ok(Outcome::Loaded { households: counts.households, people: counts.people })
}

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("{0}")]
    Database(#[from] diesel::result::Error),
    #[error("{0}")]
    File(#[from] crate::reference::FileError),
    #[error("{0}")]
    Broken(&'static str),
}

/// `demo`, `empty`, or something that must not be touched.
fn holds(conn: &mut PgConnection) -> QueryResult<String> {
    let row: Holds = diesel::sql_query(
        "SELECT coalesce((SELECT kind FROM installation), CASE WHEN EXISTS (SELECT FROM households) OR EXISTS (SELECT FROM accounts)
             OR EXISTS (SELECT FROM organizations) OR EXISTS (SELECT FROM imports) THEN 'real' ELSE 'empty' END) AS kind",
    )
    .get_result(conn)?;
    Ok(row.kind)
}

fn fill(conn: &mut PgConnection, plan: Plan, password_hash: &str) -> Result<Counts, Failure> {
    crate::reference::load(conn)?;
    crate::instruments::load(conn)?;
    let (pools, places) = (Pools::load()?, Places::load()?);
    let accounts = staff::accounts(plan.seed, plan.today);
    let desk = staff::desk(&accounts);
    let mut shelf = Shelf::new(&plan, &pools, &places, desk.coordinator)?;
    let mut teller = Teller::new(plan, desk);
    let undone = take_down(conn)?;
    let (shelf_in, teller_in) = (&mut shelf, &mut teller);
    let counts = std::thread::scope(|scope| -> Result<Counts, Failure> {
        let (out, rows) = sync_channel::<Sent>(4);
        let producer = scope.spawn(move || produce(plan, shelf_in, teller_in, &out));
        for (table, bytes) in rows {
            send(conn, table, &bytes)?;
        }
        Ok(producer.join().map_err(|_| Failure::Broken("the generator stopped"))??)
    })?;
    shelf.fill_up();
    small::shelf(conn, &shelf, desk)?;
    small::accounts(conn, &plan, &accounts, &shelf, counts.citizen, password_hash)?;
    counter::mandates(conn, &plan)?;
    casework::cases(conn, &plan)?;
    counter::requests(conn, &plan, desk)?;
    disputes::load(conn, &plan)?;
    proposals::load(conn, &plan, &shelf, desk)?;
    if shelf.book.sum() != 0 {
        return Err(Failure::Broken("the demo ledger does not sum to zero"));
    }
    conn.batch_execute(
        "INSERT INTO name_keys (name_key, uses) SELECT name_key, count(*) FROM individuals GROUP BY name_key",
    )?;
    put_back(conn, &undone)?;
    check_ledger(conn)?;
    small::recipients(conn, &plan)?;
    diesel::sql_query("INSERT INTO installation (kind, seed) VALUES ('demo', $1)")
        .bind::<BigInt, _>(i64::try_from(plan.seed).unwrap_or(i64::MAX))
        .execute(conn)?;
    conn.batch_execute("INSERT INTO registry_changes (kind) VALUES ('bulk')")?;
    Ok(counts)
}

/// Takes foreign keys, secondary indexes and the ledger's row triggers away; the statements to put them back.
fn take_down(conn: &mut PgConnection) -> QueryResult<Vec<Statement>> {
    let statements: Vec<Statement> = diesel::sql_query(format!(
        "SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS undo,
                format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS redo
         FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY({BULK})
         UNION ALL
         SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
         FROM pg_index i WHERE indrelid = ANY({BULK}) AND NOT indisprimary
             AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
         ORDER BY 2"
    ))
    .load(conn)?;
    for statement in &statements {
        conn.batch_execute(&statement.undo)?;
    }
    // Balances are loaded as they stand at the end; a row trigger would move each once more.
    conn.batch_execute(
        "ALTER TABLE ledger_entries DISABLE TRIGGER USER; ALTER TABLE ledger_transactions DISABLE TRIGGER USER;",
    )?;
    // The whole city is matched afterwards, not household by household.
    for table in MATCHED {
        conn.batch_execute(&format!("ALTER TABLE {table} DISABLE TRIGGER USER"))?;
    }
    Ok(statements)
}

fn put_back(conn: &mut PgConnection, statements: &[Statement]) -> QueryResult<()> {
    conn.batch_execute("SET LOCAL maintenance_work_mem = '256MB'")?;
    // Indexes first (they sort before nothing else needs them), then the keys that look them up.
    let is_index = |s: &&Statement| s.redo.starts_with("CREATE");
    for statement in statements.iter().filter(is_index).chain(statements.iter().filter(|s| !is_index(s))) {
        conn.batch_execute(&statement.redo)?;
    }
    for table in MATCHED {
        conn.batch_execute(&format!("ALTER TABLE {table} ENABLE TRIGGER USER"))?;
    }
    conn.batch_execute(
        "INSERT INTO ledger_months (account_id, month, gained, lost)
         SELECT e.account_id, date_trunc('month', t.at AT TIME ZONE 'Asia/Jakarta')::date,
             coalesce(sum(e.amount) FILTER (WHERE e.amount > 0), 0), coalesce(-sum(e.amount) FILTER (WHERE e.amount < 0), 0)
         FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id GROUP BY 1, 2;
         ALTER TABLE ledger_entries ENABLE TRIGGER USER;
         ALTER TABLE ledger_transactions ENABLE TRIGGER USER;",
    )
}

/// What the triggers would have held, checked once over everything.
fn check_ledger(conn: &mut PgConnection) -> Result<(), Failure> {
    #[derive(QueryableByName)]
    struct Agrees {
        #[diesel(sql_type = Bool)]
        agrees: bool,
    }
    let row: Agrees = diesel::sql_query(
        "SELECT NOT EXISTS (SELECT FROM ledger_entries GROUP BY transaction_id HAVING sum(amount) <> 0)
            AND NOT EXISTS (SELECT FROM ledger_accounts a LEFT JOIN
                (SELECT account_id, sum(amount) AS total FROM ledger_entries GROUP BY account_id) e ON e.account_id = a.id
                WHERE a.balance <> coalesce(e.total, 0)) AS agrees",
    )
    .get_result(conn)?;
    if row.agrees { Ok(()) } else { Err(Failure::Broken("the demo ledger does not agree with its balances")) }
}

/// Sends finished rows to named columns of a table.
macro_rules! copy {
    ($conn:expr, $table:ident, ($($column:ident),+ $(,)?), $bytes:expr) => {{
        let bytes: &[u8] = $bytes;
        diesel::copy_from(s::$table::table)
            .from_raw_data(($(s::$table::$column,)+), |copy| {
                std::io::Write::write_all(copy, bytes).map_err(|e| diesel::result::Error::SerializationError(Box::new(e)))
            })
            .with_format(CopyFormat::Binary)
            .execute($conn)
    }};
}
use copy;

fn send(conn: &mut PgConnection, table: Table, bytes: &[u8]) -> QueryResult<usize> {
    match table {
        Table::Households => copy!(
            conn,
            households,
            (
                id,
                kind,
                region_code,
                district_code,
                dwelling_id,
                family_card_number,
                head_id,
                head_name,
                declared_members,
                members_count,
                members_complete,
                decile,
                decile_source,
                source,
                demo,
                created_at,
                updated_at
            ),
            bytes
        ),
        Table::Details => copy!(
            conn,
            household_details,
            (
                household_id,
                registered_address,
                registered_rt,
                registered_rw,
                registered_region_code,
                street,
                rt,
                rw,
                lat,
                lng,
                housing,
                assets
            ),
            bytes
        ),
        Table::Individuals => copy!(
            conn,
            individuals,
            (
                id,
                household_id,
                name,
                name_key,
                nik,
                nik_status,
                sex,
                birth_date,
                birth_date_precision,
                mother_name,
                relation,
                marital_status,
                phone,
                facts,
                source,
                created_at,
                updated_at
            ),
            bytes
        ),
        Table::Identifiers => copy!(
            conn,
            identifiers,
            (id, subject_kind, subject_id, kind, value, source, status, valid_from, created_at),
            bytes
        ),
        Table::Snapshots => copy!(
            conn,
            welfare_snapshots,
            (household_id, source, period, decile_national, decile_province, decile_city, facts, received_at),
            bytes
        ),
        Table::RestrictedFacts => {
            copy!(conn, restricted_facts, (id, individual_id, household_id, variable, code, source, created_at), bytes)
        }
        Table::RegistryEvents => copy!(conn, registry_events, (id, household_id, kind, detail, at), bytes),
        Table::Problems => copy!(
            conn,
            problems,
            (
                id,
                subject_kind,
                household_id,
                individual_id,
                need_code,
                ppks_code,
                severity,
                source,
                status,
                sensitivity,
                detected_by_rule,
                reported_by,
                reported_at,
                verified_by,
                verified_at,
                closed_at,
                reason_code,
                demo,
                version,
                created_at,
                updated_at,
                region_code,
                district_code
            ),
            bytes
        ),
        Table::Referrals => copy!(
            conn,
            referrals,
            (
                id,
                problem_id,
                household_id,
                individual_id,
                program_id,
                cycle_id,
                funding_source_id,
                to_organization_id,
                status,
                amount_idr,
                rule_version,
                sensitivity,
                reason_code,
                outcome_code,
                due_at,
                scheduled_on,
                sent_at,
                answered_at,
                completed_at,
                created_by,
                answered_by,
                demo,
                created_at,
                updated_at
            ),
            bytes
        ),
        Table::ReferralEvents => copy!(
            conn,
            referral_events,
            (id, referral_id, event, from_status, to_status, reason_code, actor_id, at),
            bytes
        ),
        Table::Awards => copy!(
            conn,
            awards,
            (id, referral_id, household_id, individual_id, cycle_id, status, created_at, updated_at),
            bytes
        ),
        Table::Claims => copy!(
            conn,
            claims,
            (
                id,
                award_id,
                overlap_class,
                unit_kind,
                unit_id,
                period,
                active,
                sensitivity,
                overridden_by,
                override_reason,
                overridden_at,
                reviewed_by,
                reviewed_at,
                review_finding,
                review_note
            ),
            bytes
        ),
        Table::Deliveries => copy!(
            conn,
            deliveries,
            (
                id,
                referral_id,
                planned_on,
                amount_idr,
                quantity,
                unit,
                channel,
                payee_individual_id,
                payee_name,
                status,
                attention,
                decree,
                proof_kind,
                proof_reference,
                received_on,
                account_reference,
                reason_code,
                planned_by,
                approved_by,
                approved_at,
                received_by,
                received_at,
                confirmation,
                confirmation_note,
                confirmed_by,
                created_at,
                updated_at
            ),
            bytes
        ),
        Table::Disclosures => copy!(
            conn,
            disclosures,
            (
                id,
                referral_id,
                organization_id,
                household_id,
                fields,
                basis,
                agreement_number,
                until_on,
                disclosed_by,
                at
            ),
            bytes
        ),
        Table::Waitlist => {
            copy!(conn, waitlist, (id, referral_id, cycle_id, urgency, created_by, created_at, updated_at), bytes)
        }
        Table::Assignments => {
            copy!(conn, assignments, (id, subject_kind, subject_id, account_id, duty, from_at), bytes)
        }
        Table::Transactions => copy!(
            conn,
            ledger_transactions,
            (id, kind, funding_source_id, cycle_id, referral_id, amount, unit, reference, created_by, at),
            bytes
        ),
        Table::Entries => copy!(conn, ledger_entries, (transaction_id, line, account_id, amount), bytes),
    }
}
