//! Who is responsible in the demo city, until when, and what was asked for at its counters.

use chrono::{Datelike as _, NaiveDate};
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Date, Integer, Jsonb, Text};

use super::Failure;
use crate::calendars::{WorkingDays, due};
use crate::demo::city::{HOME_VILLAGE, Plan};
use crate::demo::staff::Desk;
use crate::reference;

#[derive(QueryableByName)]
struct Days {
    #[diesel(sql_type = Array<Integer>)]
    weekdays: Vec<i32>,
    #[diesel(sql_type = Array<Date>)]
    holidays: Vec<NaiveDate>,
}

#[derive(QueryableByName)]
struct Span {
    #[diesel(sql_type = Text)]
    need_code: String,
    #[diesel(sql_type = Bool)]
    emergency: bool,
    #[diesel(sql_type = Date)]
    due_from: NaiveDate,
    #[diesel(sql_type = Integer)]
    days: i32,
}

/// The city's working days.
fn working_days(conn: &mut PgConnection) -> QueryResult<WorkingDays> {
    let days: Days = diesel::sql_query(
        "SELECT working_weekdays AS weekdays, ARRAY(SELECT date FROM calendar_holidays h WHERE h.calendar_id = c.id) AS holidays
         FROM calendars c WHERE is_default",
    )
    .get_result(conn)?;
    Ok(WorkingDays::new(&days.weekdays, days.holidays))
}

/// The mandates of the shipped file, in force since the year began, and the deadlines of all that is open.
pub(super) fn mandates(conn: &mut PgConnection, plan: &Plan) -> Result<(), Failure> {
    let rows = serde_json::to_value(reference::mandates()?).map_err(|_| Failure::Broken("mandates.csv"))?;
    let since = NaiveDate::from_ymd_opt(plan.today.year() - 1, 1, 1).unwrap_or(plan.today);
    diesel::sql_query(
        "INSERT INTO mandates (id, need_code, service_code, organization_id, calendar_id, sla_days, emergency_days, decree, valid_from, demo)
         SELECT md5(m.need_code || coalesce(m.service_code, ''))::uuid, m.need_code, m.service_code, o.id, c.id, m.sla_days, m.emergency_days, m.decree, $2, true
         FROM jsonb_to_recordset($1) AS m(need_code text, service_code text, organization_code text, sla_days integer, emergency_days integer, decree text)
         JOIN organizations o ON o.code = m.organization_code CROSS JOIN calendars c WHERE c.is_default",
    )
    .bind::<Jsonb, _>(rows)
    .bind::<Date, _>(since)
    .execute(conn)?;
    let office = working_days(conn)?;
    let spans: Vec<Span> = diesel::sql_query(
        "SELECT DISTINCT p.need_code, p.severity = 'emergency' AS emergency, (p.reported_at AT TIME ZONE 'Asia/Jakarta')::date AS due_from,
                CASE WHEN p.severity = 'emergency' THEN coalesce(m.emergency_days, m.sla_days) ELSE m.sla_days END AS days
         FROM problems p JOIN mandates m ON m.need_code = p.need_code AND m.service_code IS NULL
         WHERE p.status IN ('reported', 'verified', 'in_service', 'partly_resolved')",
    )
    .load(conn)?;
    let ends: Vec<NaiveDate> =
        spans.iter().map(|s| due(s.due_from, u32::try_from(s.days).unwrap_or(0), &office)).collect();
    diesel::sql_query(
        "UPDATE problems p SET mandate_id = m.id, due_from = s.due_from, due_days = s.days, due_on = s.due_on
         FROM unnest($1::text[], $2::boolean[], $3::date[], $4::integer[], $5::date[]) AS s (need_code, emergency, due_from, days, due_on)
         JOIN mandates m ON m.need_code = s.need_code AND m.service_code IS NULL
         WHERE p.need_code = s.need_code AND (p.severity = 'emergency') = s.emergency
           AND (p.reported_at AT TIME ZONE 'Asia/Jakarta')::date = s.due_from
           AND p.status IN ('reported', 'verified', 'in_service', 'partly_resolved')",
    )
    .bind::<Array<Text>, _>(spans.iter().map(|s| s.need_code.clone()).collect::<Vec<_>>())
    .bind::<Array<Bool>, _>(spans.iter().map(|s| s.emergency).collect::<Vec<_>>())
    .bind::<Array<Date>, _>(spans.iter().map(|s| s.due_from).collect::<Vec<_>>())
    .bind::<Array<Integer>, _>(spans.iter().map(|s| s.days).collect::<Vec<_>>())
    .bind::<Array<Date>, _>(ends)
    .execute(conn)?;
    Ok(())
}

/// What was asked for at the counters of the last two weeks: open ones, of people with an open need for health. Their
/// letters are left for people to make.
pub(super) fn requests(conn: &mut PgConnection, plan: &Plan, desk: Desk) -> Result<(), Failure> {
    let office = working_days(conn)?;
    let from: Vec<NaiveDate> = (1..=10).filter_map(|n| plan.today.checked_sub_days(chrono::Days::new(n))).collect();
    let ends: Vec<NaiveDate> = from.iter().map(|day| due(*day, 3, &office)).collect();
    diesel::sql_query(
        "INSERT INTO service_requests (id, service_code, subject_kind, household_id, individual_id, purpose, addressee, documents, missing, status,
             calendar_id, due_from, due_days, due_on, received_by, received_at, handled_by, handled_at, reason, demo, updated_at)
         SELECT md5('request ' || p.household_id::text)::uuid, (ARRAY['reaktivasi_pbi', 'sk_dtsen', 'reaktivasi_pbi', 'surat_pengantar'])[1 + p.n % 4],
                'household', p.household_id, NULL, 'Berobat ke rumah sakit', 'BPJS Kesehatan Cabang Bandung',
                CASE p.n % 3 WHEN 2 THEN ARRAY['ktp'] ELSE ARRAY['ktp', 'family_card', 'medical_letter'] END,
                CASE p.n % 3 WHEN 2 THEN ARRAY['family_card'] ELSE '{}'::text[] END,
                (ARRAY['received', 'handled', 'returned'])[1 + p.n % 3], c.id, s.due_from, 3, s.due_on,
                CASE WHEN p.region_code = $3 THEN $4::uuid ELSE $5::uuid END, s.due_from + interval '3 hours',
                CASE p.n % 3 WHEN 1 THEN $5::uuid END, CASE p.n % 3 WHEN 1 THEN s.due_from + interval '5 hours' END,
                CASE p.n % 3 WHEN 2 THEN 'Fotokopi KK tidak terbaca' END, true, s.due_from + interval '5 hours'
         FROM (SELECT household_id, region_code, (row_number() OVER (PARTITION BY region_code = $3 ORDER BY household_id))::int AS n
               FROM (SELECT DISTINCT p.household_id, h.region_code FROM problems p JOIN households h ON h.id = p.household_id
                     WHERE p.need_code = 'kesehatan' AND p.sensitivity = 'open' AND p.status IN ('reported', 'verified', 'in_service')) AS d) AS p
         JOIN unnest($1::date[], $2::date[]) WITH ORDINALITY AS s (due_from, due_on, n) ON s.n = 1 + p.n % 10
         CROSS JOIN calendars c WHERE c.is_default AND p.n <= 40",
    )
    .bind::<Array<Date>, _>(from)
    .bind::<Array<Date>, _>(ends)
    .bind::<Text, _>(HOME_VILLAGE)
    .bind::<diesel::sql_types::Uuid, _>(desk.village_operator)
    .bind::<diesel::sql_types::Uuid, _>(desk.social_worker)
    .execute(conn)?;
    Ok(())
}
