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

/// What is to be taken from somebody: proposed, told and waiting for his answer, given up. Of help that runs, so that
/// whoever gives it sees it too.
const DECISIONS: &str = "INSERT INTO decisions (id, effect, household_id, individual_id, problem_id, referral_id, sensitivity, reason_code, reasons, legal_basis,
         status, proposed_by, proposed_at, notice_channel, notified_by, notified_at, calendar_id, due_from, due_days, due_on, effective_on, ended_reason, version, updated_at)
     SELECT (lpad(to_hex((extract(epoch FROM t.at) * 1000)::bigint), 12, '0') || '7' || left(md5('d' || t.id), 3) || '8' || substr(md5('d' || t.id), 4, 15))::uuid,
            'stop_benefit', t.household_id, t.individual_id, t.problem_id, t.id, 'open',
            (ARRAY['no_longer_eligible', 'not_found_at_address', 'duplicate_aid'])[t.kind],
            (ARRAY['Penghasilan keluarga kini di atas batas program.', 'Tiga kali dikunjungi, rumah kosong dan tetangga tidak tahu.',
                   'Keluarga menerima bantuan sejenis dari kementerian.'])[t.kind], 'Perwal 12/2026',
            (ARRAY['proposed', 'notified', 'withdrawn'])[t.kind], w.id, t.at,
            CASE WHEN t.kind = 2 THEN 'letter' END, CASE WHEN t.kind = 2 THEN w.id END, CASE WHEN t.kind = 2 THEN t.at + interval '1 day' END,
            CASE WHEN t.kind = 2 THEN c.id END, CASE WHEN t.kind = 2 THEN t.at::date + 1 END, CASE WHEN t.kind = 2 THEN 7 END,
            CASE WHEN t.kind = 2 THEN (SELECT d::date FROM generate_series(t.at::date + 2, t.at::date + 20, '1 day') d
                WHERE extract(isodow FROM d) < 6 ORDER BY d OFFSET 6 LIMIT 1) END, CASE WHEN t.kind = 2 THEN $1 + 30 END,
            CASE WHEN t.kind = 3 THEN 'Daftar kementerian keliru.' END, CASE t.kind WHEN 1 THEN 1 ELSE 2 END, t.at
     FROM (SELECT f.*, (1 + (row_number() OVER (PARTITION BY f.part ORDER BY f.id) - 1) % 3)::integer AS kind,
                  ($1 - (2 + row_number() OVER (PARTITION BY f.part ORDER BY f.id))::integer)::timestamp + interval '3 hours' AS at
           FROM (SELECT f.id, f.household_id, f.individual_id, f.problem_id, h.district_code = $2 AS part,
                        row_number() OVER (PARTITION BY h.district_code = $2 ORDER BY o.code NOT IN ('dinkes', 'LKS-001'), f.id) AS n
                 FROM referrals f JOIN households h ON h.id = f.household_id JOIN organizations o ON o.id = f.to_organization_id
                 WHERE f.status = 'in_service' AND f.sensitivity = 'open' AND NOT EXISTS (SELECT FROM accounts a JOIN individuals i ON i.id = a.person_id
                     WHERE i.household_id = f.household_id)) f WHERE f.n <= 9) t
     JOIN accounts w ON w.username = CASE WHEN t.part THEN 'social_worker' ELSE 'coordinator' END
     JOIN calendars c ON c.is_default";

/// A text that waits for a second person.
const DRAFT: &str = "INSERT INTO letter_templates (id, service_code, version, title, body, created_by, created_at)
     SELECT md5('letter template')::uuid, t.service_code, t.version + 1, t.title,
            t.body || E'\\n\\nSurat ini berlaku 30 hari sejak {{letter_date}}.', a.id, $1::timestamp - interval '2 days'
     FROM letter_templates t JOIN accounts a ON a.username = 'admin' WHERE t.service_code = 'surat_pengantar' AND t.version = 1";

pub(super) fn load(conn: &mut PgConnection, plan: &Plan) -> QueryResult<()> {
    for (sql, area) in [(CORRECTIONS, HOME_VILLAGE), (LOOKS, HOME_DISTRICT), (DECISIONS, HOME_DISTRICT)] {
        diesel::sql_query(sql).bind::<Date, NaiveDate>(plan.today).bind::<Text, _>(area).execute(conn)?;
    }
    diesel::sql_query(DRAFT).bind::<Date, NaiveDate>(plan.today).execute(conn)?;
    Ok(())
}
