//! One snapshot of programs, money and needs, for the calculation. As the service itself: the label of the plan is the
//! only filter, so that a plan says the same whatever lies under the other label.

use std::collections::{BTreeSet, HashMap};

use chrono::{Datelike as _, NaiveDate};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Date, Integer, Jsonb, Nullable, SmallInt, Text, Uuid as PgUuid};
use serde_json::Value;
use uuid::Uuid;

use crate::allocations::frozen::{Budget, Claims, Cycle, Frozen, Need, unit_slug};
use crate::allocations::model::AllocationParameters;
use crate::allocations::rules::{self, Facts};
use crate::db::slugs::Sensitivity;
use crate::db::sql::Sql;
use crate::kernel::problem::Problem;
use crate::matching::{self, Column, MatchOutcome};
use crate::programs::ClaimUnit;

/// What to read.
#[derive(Debug, Clone, Copy)]
pub(in crate::allocations) struct Ask<'a> {
    pub parameters: &'a AllocationParameters,
    pub sensitivity: Sensitivity,
    pub today: NaiveDate,
}

#[derive(QueryableByName)]
struct CycleRow {
    #[diesel(sql_type = PgUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = PgUuid)]
    program_id: Uuid,
    #[diesel(sql_type = Jsonb)]
    program_name: Value,
    #[diesel(sql_type = Nullable<Integer>)]
    matched: Option<i32>,
    #[diesel(sql_type = Integer)]
    rule_version: i32,
    #[diesel(sql_type = Array<Text>)]
    needs: Vec<String>,
    #[diesel(sql_type = Array<Text>)]
    areas: Vec<String>,
    #[diesel(sql_type = Text)]
    pillar: String,
    #[diesel(sql_type = BigInt)]
    cost: i64,
    #[diesel(sql_type = Text)]
    unit: String,
    #[diesel(sql_type = Nullable<Text>)]
    class: Option<String>,
    #[diesel(sql_type = Text)]
    claim_unit: ClaimUnit,
    #[diesel(sql_type = Date)]
    starts_on: NaiveDate,
    #[diesel(sql_type = Date)]
    ends_on: NaiveDate,
    #[diesel(sql_type = BigInt)]
    seats_left: i64,
}

/// Cycles of published programs that take referrals today and whose organization may receive, in a lasting order.
fn cycles(conn: &mut PgConnection, ask: Ask<'_>) -> Result<Vec<Cycle>, Problem> {
    let mut sql = Sql::new(
        "SELECT c.id, c.name, g.id AS program_id, g.name AS program_name, CASE WHEN g.rule IS NOT NULL THEN g.number END AS matched,
             coalesce((SELECT max(v.version) FROM program_rules v WHERE v.program_id = g.id), 0) AS rule_version, g.needs, g.areas, g.pillar,
             g.benefit_value_idr AS cost, g.benefit_unit AS unit, g.overlap_class AS class, g.claim_unit, c.starts_on, c.ends_on,
             (c.seats - c.seats_taken)::bigint AS seats_left
         FROM program_cycles c JOIN programs g ON g.id = c.program_id JOIN organizations o ON o.id = g.organization_id
         WHERE g.status = 'published' AND g.access_mode = 'referral' AND c.status = 'open' AND ",
    )
    .bind::<Date, _>(ask.today)
    .push(" BETWEEN c.starts_on AND c.ends_on AND g.sensitivity = ")
    .bind::<Text, _>(ask.sensitivity)
    .push(" AND (o.sensitivity = 'open' OR g.sensitivity = 'restricted') AND o.status NOT IN ('suspended', 'dormant')
         AND NOT (o.status = 'applied' AND o.kind IN ('foundation', 'philanthropy', 'zakat', 'company'))
         AND coalesce(o.agreement_until, 'infinity') >= ")
    .bind::<Date, _>(ask.today)
    .push(" AND coalesce(o.registration_expires_on, 'infinity') >= ")
    .bind::<Date, _>(ask.today);
    for (column, ids) in [("g.id", &ask.parameters.program_ids), ("c.id", &ask.parameters.cycle_ids)] {
        if let Some(ids) = ids {
            sql = sql.push(&format!(" AND {column} = ANY(")).bind::<Array<PgUuid>, _>(ids.clone()).push(")");
        }
    }
    let rows: Vec<CycleRow> = sql.push(" ORDER BY g.code COLLATE \"C\", c.starts_on, c.id").rows(conn)?;
    let cycle = |row: CycleRow| {
        Ok(Cycle {
            id: row.id,
            name: row.name,
            program_id: row.program_id,
            program_name: serde_json::from_value(row.program_name).map_err(Problem::internal)?,
            matched: row.matched,
            rule_version: row.rule_version,
            needs: row.needs,
            areas: row.areas,
            pillar: row.pillar,
            cost: row.cost,
            unit: row.unit,
            class: row.class,
            claim_unit: row.claim_unit,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            seats_left: row.seats_left,
        })
    };
    rows.into_iter().map(cycle).collect()
}

#[derive(QueryableByName)]
struct BudgetRow {
    #[diesel(sql_type = PgUuid)]
    source_id: Uuid,
    #[diesel(sql_type = Text)]
    source_name: String,
    #[diesel(sql_type = Nullable<PgUuid>)]
    cycle_id: Option<Uuid>,
    #[diesel(sql_type = Text)]
    unit: String,
    #[diesel(sql_type = BigInt)]
    amount: i64,
    #[diesel(sql_type = Jsonb)]
    restrictions: Value,
}

/// Money of this year allotted to the cycles, goods before rupiah, then the imagined budgets.
fn budgets(conn: &mut PgConnection, ask: Ask<'_>, cycles: &[Cycle]) -> Result<Vec<Budget>, Problem> {
    let mut sql = Sql::new(
        "SELECT s.id AS source_id, s.name AS source_name, a.cycle_id, a.unit, a.balance AS amount, s.restrictions
         FROM ledger_accounts a JOIN funding_sources s ON s.id = a.funding_source_id
         WHERE a.bucket = 'allotted' AND s.status = 'open' AND s.fiscal_year = ",
    )
    .bind::<Integer, _>(ask.today.year())
    .push(" AND a.cycle_id = ANY(")
    .bind::<Array<PgUuid>, _>(cycles.iter().map(|c| c.id).collect::<Vec<_>>())
    .push(")");
    if ask.sensitivity == Sensitivity::Open {
        sql = sql.push(" AND s.sensitivity = 'open'");
    }
    if let Some(ids) = &ask.parameters.funding_source_ids {
        sql = sql.push(" AND s.id = ANY(").bind::<Array<PgUuid>, _>(ids.clone()).push(")");
    }
    let rows: Vec<BudgetRow> = sql.push(" ORDER BY a.unit = 'IDR', s.code COLLATE \"C\", a.cycle_id").rows(conn)?;
    let place: HashMap<Uuid, usize> = cycles.iter().enumerate().map(|(at, c)| (c.id, at)).collect();
    let budget = |row: BudgetRow| Budget {
        source_id: row.source_id,
        source_name: row.source_name,
        cycle: row.cycle_id.and_then(|id| place.get(&id).copied()),
        pays: Vec::new(),
        unit: row.unit,
        amount: row.amount,
        restrictions: serde_json::from_value(row.restrictions).unwrap_or_default(),
    };
    let mut budgets: Vec<Budget> = rows.into_iter().map(budget).collect();
    for extra in &ask.parameters.extra_budgets {
        let Some(row) = source(conn, extra.funding_source_id, ask.sensitivity)? else { continue };
        let mut imagined = Budget { amount: extra.amount_idr, ..budget(row) };
        let known: BTreeSet<usize> =
            budgets.iter().filter(|b| b.source_id == imagined.source_id).filter_map(|b| b.cycle).collect();
        // A source that pays for nothing yet might pay for anything it is not restricted from.
        imagined.pays = if known.is_empty() { (0..cycles.len()).collect() } else { known.into_iter().collect() };
        budgets.push(imagined);
    }
    Ok(budgets)
}

/// A source that the plan may name.
fn source(conn: &mut PgConnection, id: Uuid, label: Sensitivity) -> Result<Option<BudgetRow>, Problem> {
    let sql = Sql::new(
        "SELECT s.id AS source_id, s.name AS source_name, NULL::uuid AS cycle_id, s.unit, 0::bigint AS amount, s.restrictions
         FROM funding_sources s WHERE s.status = 'open' AND s.unit = 'IDR' AND s.sensitivity <= ",
    );
    // The words happen to be in the order of the labels.
    Ok(sql.bind::<Text, _>(label).push(" AND s.id = ").bind::<PgUuid, _>(id).row(conn).optional()?)
}

#[derive(QueryableByName)]
struct ClaimRow {
    #[diesel(sql_type = Text)]
    class: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = PgUuid)]
    unit_id: Uuid,
    #[diesel(sql_type = Date)]
    from: NaiveDate,
    #[diesel(sql_type = Date)]
    until: NaiveDate,
}

/// Claims of the classes of these cycles under the plan's label.
fn claims(conn: &mut PgConnection, label: Sensitivity, cycles: &[Cycle]) -> Result<Claims, Problem> {
    let classes: BTreeSet<String> = cycles.iter().filter_map(|c| c.class.clone()).collect();
    let rows: Vec<ClaimRow> = Sql::new(
        "SELECT overlap_class AS class, unit_kind AS kind, unit_id, coalesce(lower(period), '0001-01-01') AS \"from\", coalesce(upper(period) - 1, '9999-12-31') AS until
         FROM claims WHERE active AND override_reason IS NULL AND NOT isempty(period) AND sensitivity = ",
    )
    .bind::<Text, _>(label)
    .push(" AND overlap_class = ANY(")
    .bind::<Array<Text>, _>(classes.into_iter().collect::<Vec<_>>())
    .push(")")
    .rows(conn)?;
    let mut claims = Claims::new();
    for row in rows {
        let kind = [ClaimUnit::Person, ClaimUnit::Household, ClaimUnit::Dwelling].map(unit_slug);
        let Some(kind) = kind.into_iter().find(|k| *k == row.kind) else { continue };
        claims.entry((row.class, kind, row.unit_id)).or_default().push((row.from, row.until));
    }
    Ok(claims)
}

#[derive(QueryableByName)]
struct RegionRow {
    #[diesel(sql_type = Text)]
    code: String,
    #[diesel(sql_type = Text)]
    district: String,
}

fn regions(conn: &mut PgConnection) -> Result<Vec<(String, String)>, Problem> {
    let rows: Vec<RegionRow> = Sql::new(
        "SELECT g.code, coalesce(d.name, left(g.code, 8)) AS district FROM regions g LEFT JOIN regions d ON d.code = left(g.code, 8)
         WHERE g.in_city AND g.level = 'kelurahan' ORDER BY g.code COLLATE \"C\"",
    )
    .rows(conn)?;
    Ok(rows.into_iter().map(|r| (r.code, r.district)).collect())
}

#[derive(QueryableByName)]
struct NeedRow {
    #[diesel(sql_type = PgUuid)]
    id: Uuid,
    #[diesel(sql_type = PgUuid)]
    household_id: Uuid,
    #[diesel(sql_type = Nullable<PgUuid>)]
    individual_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    head_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    dwelling_id: Option<Uuid>,
    #[diesel(sql_type = Text)]
    need_code: String,
    #[diesel(sql_type = SmallInt)]
    severity: i16,
    #[diesel(sql_type = Bool)]
    duty: bool,
    #[diesel(sql_type = Date)]
    reported_on: NaiveDate,
    #[diesel(sql_type = BigInt)]
    reported_us: i64,
    #[diesel(sql_type = Nullable<SmallInt>)]
    decile: Option<i16>,
    #[diesel(sql_type = Bool)]
    unhoused: bool,
    #[diesel(sql_type = Nullable<Integer>)]
    slot: Option<i32>,
    #[diesel(sql_type = SmallInt)]
    sex: i16,
    #[diesel(sql_type = Nullable<SmallInt>)]
    age: Option<i16>,
    #[diesel(sql_type = Array<PgUuid>)]
    drafted: Vec<Uuid>,
}

/// Verified needs of a kelurahan that nobody serves, of active households and living people.
fn needs(conn: &mut PgConnection, ask: Ask<'_>, region: &str) -> Result<Vec<NeedRow>, Problem> {
    // What a hidden referral does to an open problem must not show.
    let seen = if ask.sensitivity == Sensitivity::Open { " AND f.sensitivity = 'open'" } else { "" };
    Ok(Sql::new(
        "SELECT p.id, p.household_id, p.individual_id, h.head_id, h.dwelling_id, p.need_code,
             CASE p.severity WHEN 'emergency' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END::smallint AS severity, coalesce(p.ppks_code = ANY(",
    )
    .bind::<Array<Text>, _>(ask.parameters.duty_ppks_codes.clone())
    .push("), false) AS duty, (p.reported_at AT TIME ZONE 'Asia/Jakarta')::date AS reported_on, (extract(epoch FROM p.reported_at) * 1000000)::bigint AS reported_us,
             h.decile, h.kind = 'unhoused' AS unhoused, m.slot, CASE i.sex WHEN 'female' THEN 1 WHEN 'male' THEN 2 ELSE 0 END::smallint AS sex, extract(year FROM age(")
    .bind::<Date, _>(ask.today)
    .push(&format!("::date, i.birth_date))::smallint AS age, ARRAY(SELECT f.cycle_id FROM referrals f WHERE f.problem_id = p.id AND f.status = 'draft'{seen}) AS drafted
         FROM problems p JOIN households h ON h.id = p.household_id LEFT JOIN match_slots m ON m.household_id = h.id AND m.region_code = h.region_code
             LEFT JOIN individuals i ON i.id = coalesce(p.individual_id, h.head_id)
         WHERE h.status = 'active' AND p.status IN ('verified', 'partly_resolved') AND (p.individual_id IS NULL OR (i.life_status = 'alive' AND i.merged_into IS NULL))
             AND NOT EXISTS (SELECT FROM referrals f WHERE f.problem_id = p.id AND f.status IN ('sent', 'accepted', 'returned', 'scheduled', 'in_service'){seen}) AND p.sensitivity = "))
    .bind::<Text, _>(ask.sensitivity)
    .push(" AND h.region_code = ")
    .bind::<Text, _>(region.to_owned())
    .rows(conn)?)
}

#[derive(QueryableByName)]
struct HomeRow {
    #[diesel(sql_type = PgUuid)]
    household_id: Uuid,
    #[diesel(sql_type = Bool)]
    small_children: bool,
    #[diesel(sql_type = Bool)]
    elderly: bool,
    #[diesel(sql_type = Bool)]
    disability: bool,
}

/// Who lives in these households, as far as it makes a need weigh more. A disability is what the Washington group calls one.
fn homes(conn: &mut PgConnection, today: NaiveDate, ids: Vec<Uuid>) -> Result<HashMap<Uuid, HomeRow>, Problem> {
    let rows: Vec<HomeRow> = Sql::new("SELECT household_id, coalesce(bool_or(birth_date > ")
        .bind::<Date, _>(today)
        .push("::date - interval '5 years'), false) AS small_children, coalesce(bool_or(birth_date <= ")
        .bind::<Date, _>(today)
        .push(
            "::date - interval '60 years'), false) AS elderly,
                 bool_or(facts @? '$.* ? (@ == \"cannot\" || @ == \"much_difficulty\")') AS disability
             FROM individuals WHERE life_status = 'alive' AND household_id = ANY(",
        )
        .bind::<Array<PgUuid>, _>(ids)
        .push(") GROUP BY household_id")
        .rows(conn)?;
    Ok(rows.into_iter().map(|row| (row.household_id, row)).collect())
}

/// What the needs of one kelurahan are held against.
struct Book<'a> {
    cycles: &'a [Cycle],
    by_need: HashMap<&'a str, Vec<usize>>,
    claims: Claims,
}

impl Book<'_> {
    /// How a household stands to a cycle; none where its matches are older than its rule, or it has not been matched.
    fn outcome(&self, cycle: &Cycle, columns: &HashMap<i32, Column>, slot: Option<i32>) -> Option<MatchOutcome> {
        let Some(number) = cycle.matched else { return Some(MatchOutcome::Eligible) };
        let column = columns.get(&number).filter(|c| c.rule_version == cycle.rule_version)?;
        slot.map(|slot| column.outcome(slot))
    }

    fn held(&self, need: &Need, cycle: &Cycle) -> bool {
        let Some(class) = &cycle.class else { return false };
        let key = (class.clone(), unit_slug(cycle.claim_unit), need.unit(cycle.claim_unit));
        let days = self.claims.get(&key).map_or(&[][..], Vec::as_slice);
        days.iter().any(|(from, until)| *from <= cycle.ends_on && *until >= cycle.starts_on)
    }

    /// Fills in the cycles that could serve the need.
    fn pair(&self, need: &mut Need, row: &NeedRow, region: &str, columns: &HashMap<i32, Column>) {
        for &at in self.by_need.get(row.need_code.as_str()).map_or(&[][..], Vec::as_slice) {
            let Some(cycle) = self.cycles.get(at) else { continue };
            if !cycle.reaches(region) || row.drafted.contains(&cycle.id) {
                continue;
            }
            let outcome = self.outcome(cycle, columns, row.slot);
            if !matches!(outcome, Some(MatchOutcome::Eligible | MatchOutcome::NeedsData)) {
                continue;
            }
            let at = u16::try_from(at).unwrap_or(u16::MAX);
            match outcome {
                _ if self.held(need, cycle) => need.held = true,
                Some(MatchOutcome::Eligible) => need.fits.push(at),
                _ => need.unsure.push(at),
            }
        }
    }
}

/// Index of a word in a list that grows.
fn intern(words: &mut Vec<String>, known: &mut HashMap<String, u16>, word: &str) -> u16 {
    if let Some(at) = known.get(word) {
        return *at;
    }
    let at = u16::try_from(words.len()).unwrap_or(u16::MAX);
    words.push(word.to_owned());
    known.insert(word.to_owned(), at);
    at
}

/// A need with its weight, before its place and what could serve it are known.
fn need(row: &NeedRow, home: Option<&HomeRow>, ask: Ask<'_>) -> Need {
    let facts = Facts {
        severity: u8::try_from(row.severity).unwrap_or(3),
        decile: row.decile,
        small_children: home.is_some_and(|h| h.small_children),
        elderly: home.is_some_and(|h| h.elderly),
        disability: home.is_some_and(|h| h.disability),
        unhoused: row.unhoused,
        days: (ask.today - row.reported_on).num_days(),
    };
    let points = rules::points(facts);
    Need {
        problem_id: row.id,
        household_id: row.household_id,
        individual_id: row.individual_id,
        head_id: row.head_id,
        dwelling_id: row.dwelling_id,
        code: 0,
        region: 0,
        severity: facts.severity,
        tier: rules::tier(facts.severity, row.duty),
        points,
        score: rules::score(points, &ask.parameters.weights),
        reported_us: row.reported_us,
        decile: row.decile,
        sex: u8::try_from(row.sex).unwrap_or(0),
        age: row.age,
        disability: facts.disability,
        unhoused: row.unhoused,
        fits: Vec::new(),
        unsure: Vec::new(),
        held: false,
    }
}

/// Reads everything; call it inside one repeatable-read transaction. `step` hears of each kelurahan that is done, of how
/// many; it may end the reading.
pub(in crate::allocations) fn freeze(
    conn: &mut PgConnection,
    ask: Ask<'_>,
    mut step: impl FnMut(usize, usize) -> Result<(), Problem>,
) -> Result<Frozen, Problem> {
    let cycles = cycles(conn, ask)?;
    let mut frozen =
        Frozen { budgets: budgets(conn, ask, &cycles)?, regions: regions(conn)?, cycles, ..Frozen::default() };
    let mut book = Book {
        cycles: &frozen.cycles,
        by_need: HashMap::new(),
        claims: claims(conn, ask.sensitivity, &frozen.cycles)?,
    };
    for (at, cycle) in frozen.cycles.iter().enumerate() {
        cycle.needs.iter().for_each(|need| book.by_need.entry(need).or_default().push(at));
    }
    let (mut known, mut stale) = (HashMap::new(), BTreeSet::new());
    for (region_at, (region, _)) in frozen.regions.iter().enumerate() {
        step(region_at, frozen.regions.len())?;
        let rows = needs(conn, ask, region)?;
        if rows.is_empty() {
            continue;
        }
        let columns = matching::columns(conn, region)?;
        for cycle in &frozen.cycles {
            if cycle.matched.is_some_and(|n| columns.get(&n).is_none_or(|c| c.rule_version != cycle.rule_version)) {
                stale.insert(cycle.program_id);
            }
        }
        let ids: BTreeSet<Uuid> = rows.iter().map(|row| row.household_id).collect();
        let homes = homes(conn, ask.today, ids.into_iter().collect())?;
        for row in rows {
            let code = intern(&mut frozen.codes, &mut known, &row.need_code);
            let mut need = need(&row, homes.get(&row.household_id), ask);
            (need.code, need.region) = (code, u16::try_from(region_at).unwrap_or(u16::MAX));
            book.pair(&mut need, &row, region, &columns);
            frozen.needs.push(need);
        }
    }
    frozen.stale_programs = i64::try_from(stale.len()).unwrap_or(0);
    frozen.needs.sort_unstable_by_key(|n| n.problem_id);
    Ok(frozen)
}

/// Runs a reading in one snapshot of the database.
pub(in crate::allocations) fn snapshot<T>(
    conn: &mut PgConnection,
    read: impl FnOnce(&mut PgConnection) -> Result<T, Problem>,
) -> Result<T, Problem> {
    conn.build_transaction().repeatable_read().read_only().run(read)
}
