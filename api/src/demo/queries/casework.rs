//! Cases of the demo city's social workers: at every stage, with visits, plans and assessments.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Date, Text};

use crate::demo::city::{HOME_DISTRICT, Plan};

/// How many families are looked after in the district whose social workers have demo accounts.
const CASES: usize = 24;

/// A case for each of the first families of the district with an open problem, then what belongs to its stage.
pub(super) fn cases(conn: &mut PgConnection, plan: &Plan) -> QueryResult<()> {
    let run = |conn: &mut PgConnection, sql: &str| -> QueryResult<usize> {
        diesel::sql_query(sql).bind::<Date, NaiveDate>(plan.today).execute(conn)
    };
    diesel::sql_query(format!(
        "INSERT INTO cases (id, household_id, stage, stage_since, weight, plan, plan_agreed_on, next_action_on, opened_at, created_at, updated_at, demo)
         SELECT md5('case' || t.household_id)::uuid, t.household_id, t.stage, ($1 - t.n)::timestamp, 1 + t.n % 4,
                CASE WHEN t.far THEN jsonb_build_object('goals', jsonb_build_array(jsonb_build_object(
                    'text', 'Kebutuhan pokok keluarga terpenuhi', 'need_code', t.need_code, 'target_date', $1 + 60, 'status', 'open',
                    'actions', jsonb_build_array(
                        jsonb_build_object('text', 'Rujuk ke program yang sesuai', 'responsible', 'Pekerja sosial', 'due_date', $1 + (t.n % 9) - 3, 'status', 'planned'),
                        jsonb_build_object('text', 'Siapkan KK dan KTP', 'responsible', 'Keluarga', 'due_date', $1 + 14, 'status', 'doing')))))
                     ELSE '{{\"goals\": []}}'::jsonb END,
                CASE WHEN t.stage IN ('intervention', 'evaluation') THEN $1 - 10 END,
                CASE WHEN t.far THEN $1 + (t.n % 9) - 3 END, ($1 - 30 - t.n)::timestamp, ($1 - 30 - t.n)::timestamp, ($1 - t.n)::timestamp, true
         FROM (SELECT p.household_id, p.need_code, p.n::integer AS n, (ARRAY['new', 'screening', 'assessment', 'planning', 'intervention', 'evaluation'])[1 + p.n % 6] AS stage, p.n % 6 >= 3 AS far
               FROM (SELECT d.*, row_number() OVER (ORDER BY d.household_id) AS n FROM (
                   SELECT DISTINCT ON (p.household_id) p.household_id, p.need_code FROM problems p JOIN households h ON h.id = p.household_id
                   WHERE h.district_code = $2 AND h.status = 'active' AND p.sensitivity = 'open' AND p.status IN ('verified', 'in_service')
                     AND get_byte(uuid_send(p.household_id), 15) % 2 = 0
                   ORDER BY p.household_id, p.id LIMIT {CASES}) d) p) t"
    ))
    .bind::<Date, _>(plan.today)
    .bind::<Text, _>(HOME_DISTRICT)
    .execute(conn)?;
    run(
        conn,
        "INSERT INTO case_problems (case_id, problem_id) SELECT c.id, p.id FROM cases c JOIN problems p ON p.household_id = c.household_id
         WHERE p.sensitivity = 'open' AND p.status IN ('reported', 'verified', 'in_service', 'partly_resolved') AND $1 IS NOT NULL",
    )?;
    // Every fourth one waits for a lead; the rest is shared between the two workers.
    run(
        conn,
        "INSERT INTO assignments (id, subject_kind, subject_id, account_id, duty, from_at)
         SELECT md5('lead' || c.id)::uuid, 'case', c.id, u.id, 'lead', c.opened_at
         FROM (SELECT id, opened_at, stage, row_number() OVER (ORDER BY id) AS n FROM cases WHERE demo) c
         JOIN accounts u ON u.username = CASE WHEN c.n % 3 = 0 THEN 'social_worker2' ELSE 'social_worker' END
         WHERE c.stage <> 'new' AND $1 IS NOT NULL",
    )?;
    run(
        conn,
        "INSERT INTO case_visits (id, case_id, kind, planned_on, account_id, status, done_on, purpose, note, created_at, updated_at)
         SELECT md5('visit' || v.k || c.id)::uuid, c.id, (ARRAY['home', 'phone', 'office'])[1 + c.n % 3], $1 + v.shift + (c.n % 6)::integer, a.account_id,
                v.status, CASE WHEN v.status = 'done' THEN $1 + v.shift + (c.n % 6)::integer END, 'Melihat keadaan keluarga',
                CASE WHEN v.status = 'done' THEN 'Keluarga menerima kunjungan; dokumen sedang dilengkapi.' END, c.opened_at, c.opened_at
         FROM (SELECT id, opened_at, row_number() OVER (ORDER BY id) AS n FROM cases WHERE demo) c
         JOIN assignments a ON a.subject_id = c.id AND a.duty = 'lead'
         CROSS JOIN (VALUES (1, -20, 'done'), (2, -2, 'planned')) AS v (k, shift, status)",
    )?;
    run(
        conn,
        "INSERT INTO case_events (id, case_id, event, to_stage, actor_id, at) SELECT md5('event' || c.id)::uuid, c.id, 'opened', 'new', a.account_id, c.opened_at
         FROM cases c LEFT JOIN assignments a ON a.subject_id = c.id AND a.duty = 'lead' WHERE c.demo AND $1 IS NOT NULL",
    )?;
    assessments(conn, plan)
}

/// The nine questions for the families whose case is past its assessment: most counter-signed, some waiting.
fn assessments(conn: &mut PgConnection, plan: &Plan) -> QueryResult<()> {
    diesel::sql_query(
        "INSERT INTO assessments (id, household_id, case_id, instrument_id, kind, status, answers, result, conclusion, recommended, author_id,
             str_number, str_valid_until, signed_at, countersigned_by, countersigned_at, created_at, updated_at, demo)
         SELECT md5('assessment' || c.id)::uuid, c.household_id, c.id, i.id, 'assessment', CASE WHEN c.n % 3 = 1 THEN 'signed' ELSE 'countersigned' END,
                '{\"no_shelter\": false, \"head_no_income\": true, \"food_worry\": true, \"food_half\": true, \"no_clothes\": true, \"floor_poor\": false, \"wall_poor\": false, \"no_toilet\": true, \"power_450\": false}',
                jsonb_build_object('progress', '[]'::jsonb, 'scores', jsonb_build_array(jsonb_build_object('code', 'total',
                    'name', '{\"id\": \"Jumlah tanda kemiskinan\", \"en\": \"Signs of poverty\"}'::jsonb, 'points', 5, 'most', 17, 'band_code', 'poor',
                    'band', '{\"id\": \"Fakir miskin\", \"en\": \"Poor\"}'::jsonb, 'counted', '[]'::jsonb)), 'findings', '[]'::jsonb),
                'Penghasilan tidak tetap dan pangan belum tercukupi.', '[]', u.id, u.str_number, u.str_valid_until, c.opened_at + interval '5 days',
                CASE WHEN c.n % 3 <> 1 THEN s.id END, CASE WHEN c.n % 3 <> 1 THEN c.opened_at + interval '7 days' END, c.opened_at, c.opened_at, true
         FROM (SELECT c.*, row_number() OVER (ORDER BY c.id) AS n FROM cases c WHERE c.demo AND c.stage IN ('planning', 'intervention', 'evaluation')) c
         JOIN assignments a ON a.subject_id = c.id AND a.duty = 'lead' JOIN accounts u ON u.id = a.account_id
         JOIN accounts s ON s.username = 'coordinator' JOIN instruments i ON i.code = 'fakir_miskin_9' AND i.status = 'active'
         WHERE u.str_valid_until >= $1",
    )
    .bind::<Date, _>(plan.today)
    .execute(conn)?;
    Ok(())
}
