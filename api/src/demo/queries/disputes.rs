//! What people of the demo city say is wrong in its records, who looked behind the glass, and a text of letters in the
//! making: so that none of these screens is empty.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Date, Text};

use crate::demo::city::{HOME_DISTRICT, HOME_VILLAGE, Plan};

/// Corrections of the first families of the home kelurahan: most wait, some were decided. Ids go by time, as those of the
/// service do: lists are in their order.
const CORRECTIONS: &str =
    "INSERT INTO corrections (id, household_id, individual_id, fact, recorded_value, claimed_value, explanation, status, submitted_by,
         submitted_at, examined_by, examined_at, decision_reason, updated_at, version)
     SELECT (lpad(to_hex((extract(epoch FROM $1 - t.n::integer) * 1000)::bigint), 12, '0') || '7' || left(md5('c' || t.id), 3) || '8' || substr(md5('c' || t.id), 4, 15))::uuid, t.id, CASE WHEN t.fact NOT IN ('street', 'rt') THEN t.head_id END, t.fact,
            CASE WHEN t.status = 'accepted' THEN t.other ELSE t.here END, CASE WHEN t.status = 'accepted' THEN t.here ELSE t.other END,
            (ARRAY['Tertukar saat pendataan, lihat akta kelahiran.', 'Pindah ke gang sebelah sejak lebaran.', 'Nomor lama sudah tidak dipakai.',
                   'Ejaan di KTP berbeda.', 'Salah RT; rumahnya di ujung gang.'])[t.kind], t.status,
            (SELECT id FROM accounts WHERE username = 'village_operator2'), ($1 - t.n::integer)::timestamp + interval '3 hours',
            CASE WHEN t.status IN ('accepted', 'rejected') THEN (SELECT id FROM accounts WHERE username = 'social_worker') END,
            CASE WHEN t.status IN ('accepted', 'rejected') THEN ($1 - t.n::integer)::timestamp + interval '7 hours' END,
            CASE t.status WHEN 'accepted' THEN 'Sesuai akta kelahiran.' WHEN 'rejected' THEN 'KTP menunjukkan yang tercatat.' END,
            ($1 - t.n::integer)::timestamp + interval '7 hours', CASE t.status WHEN 'submitted' THEN 1 ELSE 2 END
     FROM (SELECT h.*, (ARRAY['birth_date', 'street', 'phone', 'name', 'rt'])[h.kind] AS fact,
                  (ARRAY['submitted', 'submitted', 'submitted', 'accepted', 'submitted', 'rejected', 'withdrawn', 'submitted'])[1 + h.n % 8] AS status,
                  (ARRAY[h.birth_date::text, h.street, h.phone, h.name, h.rt])[h.kind] AS here,
                  (ARRAY[(h.birth_date + 29)::text, 'Gg. Mawar ' || h.n, '0812000' || lpad(h.n::text, 5, '0'), h.name || ' Putra', lpad((1 + h.n % 9)::text, 3, '0')])[h.kind] AS other
           FROM (SELECT h.id, h.head_id, i.name, i.birth_date, i.phone, d.street, d.rt, row_number() OVER (ORDER BY h.id) AS n,
                        (1 + row_number() OVER (ORDER BY h.id) % 5)::integer AS kind
                 FROM households h JOIN individuals i ON i.id = h.head_id JOIN household_details d ON d.household_id = h.id
                 WHERE h.region_code = $2 AND h.status = 'active' AND i.life_status = 'alive' AND i.birth_date IS NOT NULL
                 ORDER BY h.id LIMIT 16) h) t
     WHERE t.here IS DISTINCT FROM t.other AND (t.here IS NOT NULL OR t.status <> 'accepted')";

/// Looks behind the glass of two workers at families outside their kecamatan; the newest wait for their review.
const LOOKS: &str =
    "INSERT INTO break_glass (id, account_id, subject_kind, subject_id, household_id, reason, opened_at, expires_at, finding, review_note, reviewed_by, reviewed_at, version)
     SELECT (lpad(to_hex((extract(epoch FROM t.at) * 1000)::bigint), 12, '0') || '7' || left(md5('l' || t.id), 3) || '8' || substr(md5('l' || t.id), 4, 15))::uuid, a.id, 'household', t.id, t.id,
            (ARRAY['Keluarga datang malam hari ke kantor kecamatan kami, mengaku diusir dari rumahnya.',
                   'Anak ditemukan sendirian di terminal; mencari alamat orang tuanya.',
                   'Rumah sakit menanyakan keluarga pasien tanpa identitas.'])[1 + t.n % 3],
            t.at, t.at + interval '4 hours', CASE WHEN t.n > 3 THEN (ARRAY['justified', 'justified', 'unjustified'])[1 + t.n % 3] END,
            CASE WHEN t.n > 3 THEN 'Diperiksa bersama penyelia kecamatan.' END,
            CASE WHEN t.n > 3 THEN (SELECT id FROM accounts WHERE username = 'coordinator2') END,
            CASE WHEN t.n > 3 THEN t.at + interval '1 day' END, CASE WHEN t.n > 3 THEN 2 ELSE 1 END
     FROM (SELECT h.id, h.n::integer AS n, ($1 - (2 * h.n)::integer)::timestamp + interval '14 hours' AS at
           FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM households
                 WHERE district_code <> $2 AND status = 'active' ORDER BY id LIMIT 6) h) t
     JOIN accounts a ON a.username = (ARRAY['social_worker', 'social_worker2'])[1 + t.n % 2]";

/// A text that waits for a second person.
const DRAFT: &str = "INSERT INTO letter_templates (id, service_code, version, title, body, created_by, created_at)
     SELECT md5('letter template')::uuid, t.service_code, t.version + 1, t.title,
            t.body || E'\\n\\nSurat ini berlaku 30 hari sejak {{letter_date}}.', a.id, $1::timestamp - interval '2 days'
     FROM letter_templates t JOIN accounts a ON a.username = 'admin' WHERE t.service_code = 'surat_pengantar' AND t.version = 1";

pub(super) fn load(conn: &mut PgConnection, plan: &Plan) -> QueryResult<()> {
    for (sql, area) in [(CORRECTIONS, HOME_VILLAGE), (LOOKS, HOME_DISTRICT)] {
        diesel::sql_query(sql).bind::<Date, NaiveDate>(plan.today).bind::<Text, _>(area).execute(conn)?;
    }
    diesel::sql_query(DRAFT).bind::<Date, NaiveDate>(plan.today).execute(conn)?;
    Ok(())
}
