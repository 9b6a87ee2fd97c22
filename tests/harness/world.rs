//! A small world of cases, put in by SQL: one household inside the area and one outside, with a problem, programs,
//! money and referrals, so that a test can ask who sees what.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use uuid::Uuid;

use super::fixtures::{AGENCY, DISTRICT, FOUNDATION, OTHER_DISTRICT, OTHER_VILLAGE, VILLAGE, account_id};

const fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0000 + n)
}

/// In [`VILLAGE`], with [`PERSON`] as head and [`CHILD`].
pub const HOUSEHOLD: Uuid = id(0xb01);
/// In [`OTHER_VILLAGE`], with [`OTHER_PERSON`] alone.
pub const OTHER_HOUSEHOLD: Uuid = id(0xb02);
pub const PERSON: Uuid = id(0xb11);
pub const CHILD: Uuid = id(0xb12);
pub const OTHER_PERSON: Uuid = id(0xb13);
/// Reported in [`HOUSEHOLD`].
pub const PROBLEM: Uuid = id(0xc01);
/// Verified in [`HOUSEHOLD`]; both referrals are for it.
pub const VERIFIED_PROBLEM: Uuid = id(0xc02);
/// Verified and restricted, in [`HOUSEHOLD`].
pub const RESTRICTED_PROBLEM: Uuid = id(0xc03);
/// Published programs of [`AGENCY`] and [`FOUNDATION`], and their cycles.
pub const PROGRAM: Uuid = id(0xd01);
pub const FOUNDATION_PROGRAM: Uuid = id(0xd02);
pub const DRAFT_PROGRAM: Uuid = id(0xd03);
pub const CYCLE: Uuid = id(0xd11);
pub const FOUNDATION_CYCLE: Uuid = id(0xd12);
/// Sources of [`AGENCY`] and [`FOUNDATION`].
pub const SOURCE: Uuid = id(0xe01);
pub const FOUNDATION_SOURCE: Uuid = id(0xe02);
/// `coordinator2` asks to revise [`SOURCE`].
pub const FUNDING_PROPOSAL: Uuid = id(0xe03);
/// Sent to [`AGENCY`].
pub const REFERRAL: Uuid = id(0xf01);
/// Accepted by [`FOUNDATION`].
pub const ACCEPTED_REFERRAL: Uuid = id(0xf02);
/// Planned, and given out, by [`AGENCY`] for [`REFERRAL`].
pub const DELIVERY: Uuid = id(0xf03);
pub const GIVEN_DELIVERY: Uuid = id(0xf04);
/// Drafted for [`VERIFIED_PROBLEM`] by `social_worker`, and waiting.
pub const WAITING_REFERRAL: Uuid = id(0xf05);
pub const WAITING: Uuid = id(0xf06);
/// Verified in [`HOUSEHOLD`]; sent to [`LETTERBOX`], and scheduled by [`AGENCY`].
pub const PAPER_PROBLEM: Uuid = id(0xc04);
/// A foundation without an account.
pub const LETTERBOX: Uuid = id(0xa11);
pub const LETTER_REFERRAL: Uuid = id(0xf21);
pub const SCHEDULED_REFERRAL: Uuid = id(0xf22);
/// `coordinator2` overrode the guard for [`REFERRAL`].
pub const OVERRIDE: Uuid = id(0xf07);
/// Of [`REFERRAL`] to [`AGENCY`]; and what others report of [`HOUSEHOLD`]. Ids of their own, since lists are in their order.
pub const DISCLOSURE: Uuid = id(0xf08);
pub const REPORTED: Uuid = id(0xf09);
/// Ended long work of `coordinator`.
pub const OPERATION: Uuid = id(0xf11);
/// What [`OPERATION`] wrote; its file is gone.
pub const EXPORT: Uuid = id(0xf13);
/// Validated and waiting for its review.
pub const IMPORT: Uuid = id(0xf14);
/// The draft of a second version of `ppks`, by `admin`.
pub const IMPORT_PROFILE: Uuid = id(0xfa1);
/// Of `admin`, waiting for a second key.
pub const TRUST_PROPOSAL: Uuid = id(0xfa2);
/// `social_worker` shares it with the team.
pub const VIEW: Uuid = id(0xf15);
/// `village_operator2` sent it for [`PROBLEM`]; its file is gone.
pub const EVIDENCE: Uuid = id(0xf16);
/// Counts Monday to Friday, with one holiday.
pub const CALENDAR: Uuid = id(0xf21);
/// [`AGENCY`] answers for transport by [`CALENDAR`].
pub const MANDATE: Uuid = id(0xf22);
/// Active, and its draft successor by `admin`.
pub const INSTRUMENT: Uuid = id(0xa01);
pub const DRAFT_INSTRUMENT: Uuid = id(0xa02);
/// Draft of `social_worker` and one of his that waits for its counter-signature, in [`HOUSEHOLD`].
pub const ASSESSMENT: Uuid = id(0xa11);
pub const SIGNED_ASSESSMENT: Uuid = id(0xa12);
/// Led by `social_worker`, in [`HOUSEHOLD`]; and one for [`RESTRICTED_PROBLEM`], led by `social_worker2`.
pub const CASE: Uuid = id(0xa21);
pub const RESTRICTED_CASE: Uuid = id(0xa22);
/// Planned in [`CASE`].
pub const VISIT: Uuid = id(0xa31);
/// Received in [`HOUSEHOLD`] by `village_operator2`.
pub const REQUEST: Uuid = id(0xf23);
/// Issued for [`HOUSEHOLD`].
pub const LETTER: Uuid = id(0xf24);
pub const ISSUED_REQUEST: Uuid = id(0xf25);
/// A draft of a text of letters.
pub const LETTER_TEMPLATE: Uuid = id(0xf26);
/// `social_worker` proposed to stop the help of [`REFERRAL`], and gave notice.
pub const DECISION: Uuid = id(0xf31);
/// Proposed by `coordinator2`, with a line for [`VERIFIED_PROBLEM`] and [`PROBLEM`] left out.
pub const PLAN: Uuid = id(0xf34);
pub const PLAN_LINE: Uuid = id(0xf35);
pub const PLAN_LEFT_OUT: Uuid = id(0xf36);
/// On [`HOUSEHOLD`], by `coordinator`.
pub const HOLD: Uuid = id(0xf32);
/// Reported, for `admin`.
pub const RETENTION: Uuid = id(0xf33);
/// Ended, by `coordinator`; and what it found: [`PERSON`] and [`CHILD`].
pub const DUPLICATE_RUN: Uuid = id(0xf41);
pub const DUPLICATE: Uuid = id(0xf42);
/// Ended, by `coordinator`.
pub const RUN: Uuid = id(0xf17);
/// `citizen` disputes the birth date of [`PERSON`].
pub const CORRECTION: Uuid = id(0xf18);
/// A look of `social_worker2` that is over and waits for its review.
pub const BREAK_GLASS: Uuid = id(0xf18);
/// A grant `admin` has proposed.
pub const GRANT: Uuid = id(0xf12);

/// Puts it in. The citizens of the fixtures are [`PERSON`] and [`OTHER_PERSON`].
pub fn populate(conn: &mut PgConnection) {
    let (admin, coordinator, worker, reporter) =
        (account_id("admin"), account_id("coordinator"), account_id("social_worker"), account_id("village_operator2"));
    let (second, proposer) = (account_id("social_worker2"), account_id("coordinator2"));
    let other_coordinator = proposer;
    let looker = account_id("social_worker2");
    let (citizen, other_citizen, granted) = (account_id("citizen"), account_id("citizen_out"), account_id("auditor"));
    conn.batch_execute(&format!(
        "INSERT INTO households (id, region_code, district_code, family_card_number, head_id, head_name, declared_members, members_count, members_complete, decile)
         VALUES ('{HOUSEHOLD}', '{VILLAGE}', '{DISTRICT}', '3273010101015001', '{PERSON}', 'Siti Aminah', 2, 2, true, 2),
                ('{OTHER_HOUSEHOLD}', '{OTHER_VILLAGE}', '{OTHER_DISTRICT}', '3273020101015001', '{OTHER_PERSON}', 'Budi Santoso', 1, 1, true, 4);
         INSERT INTO household_details (household_id, street, rt, rw) VALUES ('{HOUSEHOLD}', 'Jl. Melati 3', '001', '002'), ('{OTHER_HOUSEHOLD}', 'Jl. Kenanga 9', '004', '001');
         INSERT INTO individuals (id, household_id, name, name_key, nik, nik_status, sex, birth_date, relation)
         VALUES ('{PERSON}', '{HOUSEHOLD}', 'Siti Aminah', 'aminah siti', '3273014101805001', 'matched', 'female', '1980-01-01', 'head'),
                ('{CHILD}', '{HOUSEHOLD}', 'Rina Aminah', 'aminah rina', '3273014101155001', 'matched', 'female', '2015-01-01', 'child'),
                ('{OTHER_PERSON}', '{OTHER_HOUSEHOLD}', 'Budi Santoso', 'budi santoso', '3273020101705001', 'matched', 'male', '1970-01-01', 'head');
         INSERT INTO identifiers (id, subject_kind, subject_id, kind, value, source, status)
         SELECT gen_random_uuid(), 'individual', id, 'nik', nik, 'dukcapil', 'matched' FROM individuals
         UNION ALL SELECT gen_random_uuid(), 'household', id, 'family_card', family_card_number, 'dukcapil', 'matched' FROM households;
         UPDATE accounts SET person_id = '{PERSON}' WHERE id = '{citizen}';
         UPDATE accounts SET person_id = '{OTHER_PERSON}' WHERE id = '{other_citizen}';
         INSERT INTO problems (id, subject_kind, household_id, need_code, severity, source, status, sensitivity, reported_by, verified_by, verified_at)
         VALUES ('{PROBLEM}', 'household', '{HOUSEHOLD}', 'pangan', 'medium', 'village', 'reported', 'open', '{reporter}', NULL, NULL),
                ('{VERIFIED_PROBLEM}', 'household', '{HOUSEHOLD}', 'pangan', 'high', 'village', 'in_service', 'open', '{reporter}', '{worker}', now()),
                ('{RESTRICTED_PROBLEM}', 'household', '{HOUSEHOLD}', 'perlindungan_kekerasan', 'high', 'village', 'verified', 'restricted', '{reporter}', '{worker}', now());
         INSERT INTO evidence (id, subject_kind, subject_id, household_id, sha256, media_type, bytes, name, uploaded_by)
         VALUES ('{EVIDENCE}', 'problem', '{PROBLEM}', '{HOUSEHOLD}', repeat('0f', 32), 'application/pdf', 100, 'surat.pdf', '{reporter}');
         INSERT INTO corrections (id, household_id, individual_id, fact, recorded_value, claimed_value, explanation, submitted_by)
         VALUES ('{CORRECTION}', '{HOUSEHOLD}', '{PERSON}', 'mother_name', NULL, 'Yeni', 'Uji', '{citizen}');
         INSERT INTO break_glass (id, account_id, subject_kind, subject_id, household_id, reason, opened_at, expires_at)
         VALUES ('{BREAK_GLASS}', '{looker}', 'household', '{HOUSEHOLD}', '{HOUSEHOLD}', 'Uji', now() - interval '1 day', now() - interval '20 hours');
         INSERT INTO programs (id, code, name, organization_id, pillar, needs, access_mode, benefit_kind, benefit_unit, benefit_value_idr, benefit_period, overlap_class, claim_unit, status, created_by)
         SELECT p.id::uuid, p.code, jsonb_build_object('id', p.code, 'en', p.code), p.organization::uuid, 'jaminan_sosial', '{{pangan}}', 'referral', 'cash', 'transfer', 300000, 'monthly', NULL, 'household', p.status, '{coordinator}'
         FROM (VALUES ('{PROGRAM}', 'test_food', '{AGENCY}', 'published'), ('{FOUNDATION_PROGRAM}', 'test_basket', '{FOUNDATION}', 'published'), ('{DRAFT_PROGRAM}', 'test_draft', '{AGENCY}', 'draft')) AS p (id, code, organization, status);
         INSERT INTO program_cycles (id, program_id, name, starts_on, ends_on, seat_kind, seats, seats_taken)
         VALUES ('{CYCLE}', '{PROGRAM}', 'Tahun berjalan', date_trunc('year', now()), date_trunc('year', now()) + interval '1 year - 1 day', 'stock', 10, 1),
                ('{FOUNDATION_CYCLE}', '{FOUNDATION_PROGRAM}', 'Tahun berjalan', date_trunc('year', now()), date_trunc('year', now()) + interval '1 year - 1 day', 'stock', 10, 1);
         INSERT INTO funding_sources (id, code, kind, organization_id, fiscal_year, name)
         VALUES ('{SOURCE}', 'test_apbd', 'apbd_kota', '{AGENCY}', extract(year FROM now()), 'APBD uji'), ('{FOUNDATION_SOURCE}', 'test_fund', 'foundation', '{FOUNDATION}', extract(year FROM now()), 'Dana uji');
         INSERT INTO funding_proposals (id, funding_source_id, kind, amount, ask, proposed_by)
         VALUES ('{FUNDING_PROPOSAL}', '{SOURCE}', 'revise', 1000, jsonb_build_object('do', 'revise', 'amount', 1000, 'reference', 'Perda uji'), '{proposer}');
         INSERT INTO referrals (id, problem_id, household_id, program_id, cycle_id, funding_source_id, to_organization_id, status, sent_at, due_at, answered_at, created_by)
         VALUES ('{REFERRAL}', '{VERIFIED_PROBLEM}', '{HOUSEHOLD}', '{PROGRAM}', '{CYCLE}', '{SOURCE}', '{AGENCY}', 'sent', now(), now() + interval '3 days', NULL, '{worker}'),
                ('{ACCEPTED_REFERRAL}', '{VERIFIED_PROBLEM}', '{HOUSEHOLD}', '{FOUNDATION_PROGRAM}', '{FOUNDATION_CYCLE}', '{FOUNDATION_SOURCE}', '{FOUNDATION}', 'accepted', now(), now() + interval '3 days', now(), '{worker}');
         INSERT INTO awards (id, referral_id, household_id, cycle_id) VALUES (gen_random_uuid(), '{REFERRAL}', '{HOUSEHOLD}', '{CYCLE}'), (gen_random_uuid(), '{ACCEPTED_REFERRAL}', '{HOUSEHOLD}', '{FOUNDATION_CYCLE}');
         INSERT INTO organizations (id, code, name, kind, status, email) VALUES ('{LETTERBOX}', 'test_letterbox', 'Yayasan Surat', 'foundation', 'verified', 'surat@example.org');
         INSERT INTO problems (id, subject_kind, household_id, need_code, severity, source, status, sensitivity, reported_by, verified_by, verified_at)
         VALUES ('{PAPER_PROBLEM}', 'household', '{HOUSEHOLD}', 'pangan', 'low', 'village', 'in_service', 'open', '{reporter}', '{worker}', now());
         INSERT INTO referrals (id, problem_id, household_id, program_id, cycle_id, to_organization_id, status, sent_at, due_at, created_by)
         VALUES ('{LETTER_REFERRAL}', '{PAPER_PROBLEM}', '{HOUSEHOLD}', '{FOUNDATION_PROGRAM}', '{FOUNDATION_CYCLE}', '{LETTERBOX}', 'sent', now(), now() + interval '3 days', '{worker}'),
                ('{SCHEDULED_REFERRAL}', '{PAPER_PROBLEM}', '{HOUSEHOLD}', '{PROGRAM}', '{CYCLE}', '{AGENCY}', 'scheduled', now(), now() + interval '3 days', '{worker}');
         INSERT INTO referrals (id, problem_id, household_id, program_id, cycle_id, to_organization_id, status, created_by)
         VALUES ('{WAITING_REFERRAL}', '{PROBLEM}', '{HOUSEHOLD}', '{PROGRAM}', '{CYCLE}', '{AGENCY}', 'draft', '{worker}');
         INSERT INTO waitlist (id, referral_id, cycle_id, urgency) VALUES ('{WAITING}', '{WAITING_REFERRAL}', '{CYCLE}', 2);
         INSERT INTO claims (id, award_id, overlap_class, unit_kind, unit_id, period, overridden_by, override_reason)
         SELECT '{OVERRIDE}', id, 'cash', 'household', household_id, daterange(current_date, current_date + 1), '{other_coordinator}', 'Uji' FROM awards WHERE referral_id = '{REFERRAL}';
         INSERT INTO reported_benefits (id, program_id, household_id, from_date, to_date) VALUES ('{REPORTED}', '{PROGRAM}', '{HOUSEHOLD}', '2026-01-01', '2026-01-31');
         INSERT INTO disclosures (id, referral_id, organization_id, household_id, fields, basis) VALUES ('{DISCLOSURE}', '{REFERRAL}', '{AGENCY}', '{HOUSEHOLD}', '{{name}}', 'referral_sent');
         INSERT INTO deliveries (id, referral_id, planned_on, amount_idr, channel, payee_name, status)
         VALUES ('{DELIVERY}', '{REFERRAL}', '2099-01-01', 1000, 'in_kind', 'Siti Aminah', 'planned'), ('{GIVEN_DELIVERY}', '{REFERRAL}', '2026-01-01', 1000, 'in_kind', 'Siti Aminah', 'distributed');
         INSERT INTO name_keys (name_key) SELECT DISTINCT name_key FROM individuals;
         INSERT INTO registry_changes (kind) VALUES ('bulk');
         INSERT INTO operations (id, kind, state, created_by, finished_at) VALUES ('{OPERATION}', 'test', 'succeeded', '{coordinator}', now());
         INSERT INTO exports (id, resource, format, operation_id, created_by) VALUES ('{EXPORT}', 'households', 'csv', '{OPERATION}', '{coordinator}');
         INSERT INTO imports (id, profile, period, status, operation_id, created_by) VALUES ('{IMPORT}', 'dtsen', '2026-10', 'validated', '{OPERATION}', '{coordinator}');
         INSERT INTO source_trust_proposals (id, field, source, rank, reason, proposed_by) VALUES ('{TRUST_PROPOSAL}', 'housing', 'p3ke', 30, 'Uji', '{admin}');
         INSERT INTO import_profiles (id, name, profile_version, label, definition, drafted_by)
         SELECT '{IMPORT_PROFILE}', 'ppks', 2, label, definition, '{admin}' FROM import_profiles WHERE name = 'ppks';
         INSERT INTO import_diffs (import_id, kind, subject_kind, subject_id, household_id, region_code, file, row_no, name)
         VALUES ('{IMPORT}', 'changed', 'household', '{HOUSEHOLD}', '{HOUSEHOLD}', '{VILLAGE}', 'families', 2, 'Siti Aminah');
         INSERT INTO quality_runs (district_code, seq, computed_at) SELECT code, 0, now() FROM regions WHERE level = 'kecamatan' AND in_city;
         INSERT INTO quality_counts (region_code, district_code, subject_kind, source, field, records, filled, stale, conflicts)
         VALUES ('{VILLAGE}', left('{VILLAGE}', 8), 'household', 'manual', 'street', 2, 2, 0, 0);
         INSERT INTO instruments (id, code, revision, name, subject_kind, definition, status, drafted_by)
         SELECT i.id::uuid, 'uji', i.revision, '{{\"id\": \"Uji\", \"en\": \"Test\"}}', 'household', '{{\"sections\": [{{\"code\": \"a\", \"title\": {{\"id\": \"A\", \"en\": \"A\"}}, \"questions\": [{{\"code\": \"q\", \"text\": {{\"id\": \"Q\", \"en\": \"Q\"}}, \"kind\": \"yes_no\", \"required\": true}}]}}]}}', i.status, '{admin}'
         FROM (VALUES ('{INSTRUMENT}', 1, 'active'), ('{DRAFT_INSTRUMENT}', 2, 'draft')) AS i (id, revision, status);
         INSERT INTO cases (id, household_id, stage, sensitivity, opened_by) VALUES ('{CASE}', '{HOUSEHOLD}', 'screening', 'open', '{worker}'), ('{RESTRICTED_CASE}', '{HOUSEHOLD}', 'screening', 'restricted', '{second}');
         INSERT INTO case_problems (case_id, problem_id) VALUES ('{CASE}', '{VERIFIED_PROBLEM}'), ('{RESTRICTED_CASE}', '{RESTRICTED_PROBLEM}');
         INSERT INTO assignments (id, subject_kind, subject_id, account_id, duty) VALUES (gen_random_uuid(), 'case', '{CASE}', '{worker}', 'lead'), (gen_random_uuid(), 'case', '{RESTRICTED_CASE}', '{second}', 'lead');
         INSERT INTO case_visits (id, case_id, kind, planned_on, account_id) VALUES ('{VISIT}', '{CASE}', 'home', current_date + 1, '{worker}');
         INSERT INTO assessments (id, household_id, case_id, instrument_id, kind, status, answers, result, conclusion, author_id, str_number, str_valid_until, signed_at)
         VALUES ('{ASSESSMENT}', '{HOUSEHOLD}', '{CASE}', '{INSTRUMENT}', 'assessment', 'draft', '{{}}', '{{}}', NULL, '{worker}', NULL, NULL, NULL),
                ('{SIGNED_ASSESSMENT}', '{HOUSEHOLD}', '{CASE}', '{INSTRUMENT}', 'assessment', 'signed', '{{\"q\": true}}', '{{\"progress\": [], \"scores\": [], \"findings\": []}}', 'Uji', '{worker}', 'STR-1', '2099-12-31', now());
         UPDATE programs SET rule = '{{\"decile\": {{\"max\": 4}}}}' WHERE id = '{PROGRAM}';
         INSERT INTO program_rules (program_id, version, rule) SELECT id, 1, rule FROM programs WHERE id = '{PROGRAM}';
         INSERT INTO matching_runs (id, operation_id, cause, created_by) VALUES ('{RUN}', '{OPERATION}', 'asked', '{coordinator}');
         INSERT INTO duplicate_runs (id, operation_id, cause, threshold, created_by) VALUES ('{DUPLICATE_RUN}', '{OPERATION}', 'asked', 0.5, '{coordinator}');
         INSERT INTO duplicate_candidates (id, kind, a_id, b_id, score, run_id) VALUES ('{DUPLICATE}', 'person', '{PERSON}', '{CHILD}', 0.8, '{DUPLICATE_RUN}');
         INSERT INTO saved_views (id, owner_id, screen, name, sharing) VALUES ('{VIEW}', '{worker}', 'problems', 'Menunggu verifikasi', 'team');
         INSERT INTO calendars (id, code, name) VALUES ('{CALENDAR}', 'test', '{{\"id\": \"Uji\", \"en\": \"Test\"}}');
         INSERT INTO calendar_holidays (calendar_id, date, name, kind) VALUES ('{CALENDAR}', '2026-08-17', '{{\"id\": \"Uji\", \"en\": \"Test\"}}', 'national');
         INSERT INTO mandates (id, need_code, organization_id, calendar_id, sla_days, valid_from) VALUES ('{MANDATE}', 'transportasi', '{AGENCY}', '{CALENDAR}', 3, '2026-01-01');
         INSERT INTO service_requests (id, service_code, subject_kind, household_id, status, calendar_id, due_from, due_days, due_on, received_by)
         VALUES ('{REQUEST}', 'sk_dtsen', 'household', '{HOUSEHOLD}', 'received', '{CALENDAR}', '2026-11-02', 3, '2026-11-05', '{reporter}'),
                ('{ISSUED_REQUEST}', 'sk_dtsen', 'household', '{HOUSEHOLD}', 'issued', '{CALENDAR}', '2026-11-02', 3, '2026-11-05', '{reporter}');
         INSERT INTO letters (id, request_id, template_id, service_code, sensitivity, year, number, number_text, title, body, subject_initials, office, signatory_name, signatory_title, issued_on, code, secret_hash, file, file_sha256)
         SELECT '{LETTER}', '{ISSUED_REQUEST}', t.id, 'sk_dtsen', 'open', 2025, 1, '400.9/0001/SK-DTSEN/2025', 'Surat', 'Isi', 'S.A.', 'Dinas Sosial', 'Koordinator', 'a.n.', '2025-11-02', 'TESTCODE', '\\x00', '%PDF-'::bytea, '\\x00'
         FROM letter_templates t WHERE t.service_code = 'sk_dtsen' AND t.version = 1;
         INSERT INTO letter_templates (id, service_code, version, title, body, created_by)
         VALUES ('{LETTER_TEMPLATE}', 'sk_dtsen', 2, 'Surat', 'Isi {{{{subject_name}}}}', '{admin}');
         INSERT INTO decisions (id, effect, household_id, problem_id, referral_id, sensitivity, reason_code, reasons, status, proposed_by, notice_channel, notified_by, notified_at, calendar_id, due_from, due_days, due_on, effective_on)
         VALUES ('{DECISION}', 'stop_benefit', '{HOUSEHOLD}', '{VERIFIED_PROBLEM}', '{REFERRAL}', 'open', 'no_longer_eligible', 'Uji', 'notified', '{worker}', 'letter', '{worker}', now(), '{CALENDAR}', current_date, 10, current_date + 20, current_date + 21);
         INSERT INTO allocation_plans (id, name, policy, parameters, seed, seed_commitment, status, operation_id, as_of, input_sha256, result_sha256, result, solved_at, created_by, proposed_by, proposed_at)
         VALUES ('{PLAN}', 'Uji', 'optimal', '{{\"program_ids\": null, \"cycle_ids\": null, \"funding_source_ids\": null, \"weights\": {{}}, \"awards_per_household\": 3, \"duty_ppks_codes\": [], \"extra_budgets\": [], \"iterations\": null}}',
             'undian uji 2026-11-22', repeat('0f', 32), 'proposed', '{OPERATION}', now(), repeat('0e', 32), repeat('0d', 32),
             '{{\"counts\": {{\"needs\": 2, \"households\": 1, \"pairs\": 2, \"cycles\": 1, \"lines\": 1, \"amount_idr\": 300000, \"left_out\": 1, \"needs_data\": 0, \"stale_programs\": 0}}, \"value\": 1, \"upper_bound\": 1, \"gap\": 0, \"complete\": true, \"tiers\": [], \"left_out\": []}}',
             now(), '{coordinator}', '{proposer}', now());
         INSERT INTO allocation_lines (id, plan_id, problem_id, household_id, region_code, need_code, severity, program_id, cycle_id, funding_source_id, amount_idr, tier, rank, score, points)
         VALUES ('{PLAN_LINE}', '{PLAN}', '{VERIFIED_PROBLEM}', '{HOUSEHOLD}', '{VILLAGE}', 'pangan', 'high', '{PROGRAM}', '{CYCLE}', '{SOURCE}', 300000, 2, 1, 1000000, '{{700, 900, 0, 0}}');
         INSERT INTO allocation_left_out (id, plan_id, problem_id, household_id, region_code, need_code, severity, tier, rank, score, points, reason)
         VALUES ('{PLAN_LEFT_OUT}', '{PLAN}', '{PROBLEM}', '{HOUSEHOLD}', '{VILLAGE}', 'pangan', 'medium', 2, 2, 900000, '{{400, 900, 0, 0}}', 'no_program');
         INSERT INTO legal_holds (id, household_id, reason, placed_by) VALUES ('{HOLD}', '{HOUSEHOLD}', 'Uji', '{coordinator}');
         INSERT INTO retention_runs (id, status, operation_id, as_of, report, requested_by) VALUES ('{RETENTION}', 'reported', '{OPERATION}', now(), '[]', '{admin}');
         INSERT INTO grants (id, account_id, role, scope_kind, scope_ref, from_date, status, proposed_by)
         VALUES ('{GRANT}', '{granted}', 'village_operator', 'kelurahan', '{VILLAGE}', current_date, 'proposed', '{admin}');"
    ))
    .unwrap();
}
