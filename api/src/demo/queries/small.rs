//! The small tables: organizations, programs, cycles, sources, accounts.

use chrono::{Days, NaiveDate};
use diesel::pg::CopyFormat;
use diesel::prelude::*;
use uuid::Uuid;

use super::copy;
use crate::db::schema as s;
use crate::demo::city::{Plan, millis_before};
use crate::demo::copy::Rows;
use crate::demo::dice::Dice;
use crate::demo::offers;
use crate::demo::shelf::{Shelf, Shelved};
use crate::demo::staff::{self, Account, Desk, Scope};

/// What the agreements of the foundations cover.
const AGREED: &[&str] = &["name", "birth_date", "sex", "address", "phone", "family"];

/// Organizations, programs, cycles, funding sources and the ledger's accounts.
pub(super) fn shelf(conn: &mut PgConnection, shelf: &Shelf, desk: Desk) -> QueryResult<()> {
    let until = |years: i32| NaiveDate::from_ymd_opt(shelf.year + years, 12, 31);
    let mut rows = Rows::new(12);
    for (id, agency) in &shelf.agencies {
        rows.row()
            .uuid(*id)
            .text(&agency.code)
            .text(&agency.name)
            .text(&agency.kind)
            .text("verified")
            .null()
            .null()
            .null()
            .null()
            .texts::<&str>(&[])
            .null()
            .boolean(true);
    }
    for (at, (id, foundation)) in shelf.foundations.iter().enumerate() {
        let agreed = foundation.status == "verified";
        let agreement = agreed.then(|| format!("PKS/{:03}/{}", at + 1, shelf.year));
        let rows = rows
            .row()
            .uuid(*id)
            .text(&foundation.code)
            .text(&foundation.name)
            .text("foundation")
            .text(foundation.status);
        rows.text(&foundation.registration);
        rows.maybe(until(3), Rows::date)
            .maybe_text(agreement.as_deref())
            .maybe(until(1).filter(|_| agreed), Rows::date);
        rows.texts(if agreed { AGREED } else { &[] });
        rows.text(&foundation.phone).boolean(true);
    }
    copy!(
        conn,
        organizations,
        (
            id,
            code,
            name,
            kind,
            status,
            registration_number,
            registration_expires_on,
            agreement_number,
            agreement_until,
            agreement_fields,
            phone,
            demo
        ),
        &rows.take()
    )?;
    let mut rows = Rows::new(26);
    for shelved in &shelf.programs {
        program(&mut rows, shelved, desk);
    }
    copy!(
        conn,
        programs,
        (
            id,
            code,
            name,
            description,
            organization_id,
            pillar,
            needs,
            access_mode,
            benefit_kind,
            benefit_unit,
            benefit_value_idr,
            benefit_period,
            overlap_class,
            claim_unit,
            areas,
            documents,
            legal_basis,
            how_to_apply,
            sensitivity,
            status,
            submitted_by,
            published_by,
            created_by,
            demo,
            rule,
            benefit_tiers
        ),
        &rows.take()
    )?;
    diesel::sql_query(
        "INSERT INTO program_rules (program_id, version, rule, created_by, created_at) SELECT id, 1, rule, $1, created_at FROM programs WHERE rule IS NOT NULL",
    )
    .bind::<diesel::sql_types::Uuid, _>(desk.coordinator)
    .execute(conn)?;
    let mut rows = Rows::new(9);
    for cycle in &shelf.cycles {
        rows.row()
            .uuid(cycle.id)
            .uuid(cycle.program_id(shelf))
            .text(&cycle.name)
            .date(cycle.starts)
            .date(cycle.ends)
            .text(&cycle.seat_kind);
        rows.int4(number(cycle.seats)).int4(number(cycle.taken)).text("open");
    }
    copy!(
        conn,
        program_cycles,
        (id, program_id, name, starts_on, ends_on, seat_kind, seats, seats_taken, status),
        &rows.take()
    )?;
    let mut rows = Rows::new(9);
    for source in &shelf.sources {
        rows.row()
            .uuid(source.id)
            .text(&source.code)
            .text(&source.kind)
            .uuid(source.organization)
            .int4(shelf.year)
            .text(&source.name);
        rows.text(if source.restricted { "restricted" } else { "open" }).uuid(desk.coordinator).boolean(true);
    }
    copy!(
        conn,
        funding_sources,
        (id, code, kind, organization_id, fiscal_year, name, sensitivity, created_by, demo),
        &rows.take()
    )?;
    let mut rows = shelf.book.accounts();
    copy!(conn, ledger_accounts, (id, funding_source_id, cycle_id, bucket, unit, balance), &rows.take())?;
    Ok(())
}

/// What the ministry reports: the recipients of PKH and Sembako in the city, of the last half year and the next quarter.
pub(super) fn recipients(conn: &mut PgConnection, plan: &Plan) -> QueryResult<()> {
    let from = plan.today.checked_sub_days(Days::new(400)).unwrap_or(plan.today);
    let to = plan.today.checked_add_days(Days::new(120)).unwrap_or(plan.today);
    for (code, most, share) in [("PKH", 3i16, 55i32), ("SEMBAKO", 4, 60)] {
        let list = diesel::sql_query(
            "WITH list AS (INSERT INTO recipient_lists (id, program_id, area_code, from_date, to_date, source)
                 SELECT md5('recipients ' || code)::uuid, id, $4, $2, $3, 'kemensos' FROM programs WHERE code = $1 RETURNING id, program_id)
             INSERT INTO reported_benefits (id, list_id, program_id, household_id, from_date, to_date)
             SELECT md5($1 || h.id::text)::uuid, l.id, l.program_id, h.id, $2, $3 FROM list l, households h
             WHERE h.decile <= $5 AND get_byte(decode(md5(h.id::text || $1), 'hex'), 0) < $6 * 256 / 100",
        );
        list.bind::<diesel::sql_types::Text, _>(code)
            .bind::<diesel::sql_types::Date, _>(from)
            .bind::<diesel::sql_types::Date, _>(to)
            .bind::<diesel::sql_types::Text, _>(crate::reference::CITY)
            .bind::<diesel::sql_types::SmallInt, _>(most)
            .bind::<diesel::sql_types::Integer, _>(share)
            .execute(conn)?;
    }
    Ok(())
}

fn program(rows: &mut Rows, shelved: &Shelved, desk: Desk) {
    let p = &shelved.program;
    let name = serde_json::json!({"id": p.name.id, "en": p.name.en}).to_string();
    let published = shelved.status == "published" || shelved.status == "suspended";
    let row = rows
        .row()
        .uuid(shelved.id)
        .text(&p.code)
        .json(&name)
        .json(&offers::description(p).to_string())
        .uuid(shelved.organization);
    row.text(&p.pillar)
        .texts(&p.needs)
        .text(&p.access_mode)
        .text(&p.benefit.kind)
        .text(&p.benefit.unit)
        .int8(p.benefit.value_idr);
    row.text(&p.benefit.period)
        .maybe_text(p.overlap_class.as_deref())
        .text(&p.claim_unit)
        .texts(&p.areas)
        .texts(&p.documents);
    row.text(&p.legal_basis).text(&p.how_to_apply).text(&p.sensitivity).text(shelved.status).null();
    row.maybe(published.then_some(desk.coordinator), Rows::uuid).null().boolean(true);
    let rule = p.rule.as_ref().map(ToString::to_string);
    row.maybe(rule.as_deref(), Rows::json).json(&serde_json::json!(p.benefit.tiers).to_string());
}

/// Accounts, their grants and the machine client.
pub(super) fn accounts(
    conn: &mut PgConnection,
    plan: &Plan,
    accounts: &[Account],
    shelf: &Shelf,
    citizen: Option<Uuid>,
    password_hash: &str,
) -> QueryResult<()> {
    let mut dice = Dice::new(plan.seed, u64::MAX / 2 + 2);
    let at = millis_before(plan.today, 430);
    let since = plan.today.checked_sub_days(Days::new(430)).unwrap_or(plan.today);
    let id_of = |username: &str| accounts.iter().find(|a| a.username == username).map(|a| a.id);
    let organization = |code: &str| {
        let agency = shelf.agencies.iter().find(|(_, a)| a.code == code).map(|(id, _)| *id);
        agency.or_else(|| shelf.foundations.iter().find(|(_, f)| f.code == code).map(|(id, _)| *id))
    };
    let (mut people, mut grants) = (Rows::new(8), Rows::new(11));
    for account in accounts {
        let person = citizen.filter(|_| account.scope == Scope::Person);
        let row = people.row().uuid(account.id).text(account.username).text(account.display_name).text(password_hash);
        row.maybe_text(account.str_number.map(|(number, _)| number))
            .maybe(account.str_number.map(|(_, until)| until), Rows::date);
        row.maybe(person, Rows::uuid).boolean(true);
        let (kind, reference) = match account.scope {
            Scope::City => ("city", None),
            Scope::Kecamatan(code) => ("kecamatan", Some(code.to_owned())),
            Scope::Kelurahan(code) => ("kelurahan", Some(code.to_owned())),
            Scope::Organization(code) => ("organization", organization(code).map(|id| id.to_string())),
            Scope::Person => ("person", Some("self".to_owned())),
        };
        // The first administrator and the first coordinator are there without a second key: somebody must begin.
        let first = matches!(account.username, "admin" | "coordinator");
        let row = grants
            .row()
            .uuid(dice.id(at))
            .uuid(account.id)
            .text(account.role)
            .text(kind)
            .maybe_text(reference.as_deref());
        row.texts(account.duties).date(since).text("active").maybe(id_of("admin").filter(|_| !first), Rows::uuid);
        row.maybe(id_of("coordinator").filter(|_| !first), Rows::uuid).text("demo");
    }
    copy!(
        conn,
        accounts,
        (id, username, display_name, password_hash, str_number, str_valid_until, person_id, demo),
        &people.take()
    )?;
    copy!(
        conn,
        grants,
        (id, account_id, role, scope_kind, scope_ref, duties, from_date, status, proposed_by, approved_by, reason),
        &grants.take()
    )?;
    let partner = accounts.iter().find_map(|a| match a.scope {
        Scope::Organization(code) if a.username == "partner" => organization(code),
        _ => None,
    });
    let mut clients = Rows::new(7);
    let all = crate::accounts::client_scopes();
    let (id, secret) = staff::PARTNER_CLIENT;
    let both = [
        (staff::CLIENT_ID, staff::CLIENT_SECRET, "Aplikasi demo", &all[..], None),
        (id, secret, "Sistem yayasan demo", &staff::PARTNER_CLIENT_SCOPES[..], partner),
    ];
    for (id, secret, name, scopes, organization) in both {
        let digest = crate::accounts::client_secret_digest(secret);
        let row = clients.row().uuid(dice.id(at)).text(id).text(&digest).text(name);
        row.texts(scopes).maybe(organization, Rows::uuid).boolean(true);
    }
    copy!(conn, clients, (id, client_id, secret_hash, name, scopes, organization_id, demo), &clients.take())?;
    Ok(())
}

fn number(n: u32) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}
