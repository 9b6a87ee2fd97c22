//! The rules, one line each. A changed condition gets a new version.
//!
//! `when`, `severity`, `ppks` and `fact` are SQL over one row of `p`: of a person with his household for a rule of
//! persons, of a household for the others. See `queries.rs` for the columns. `fact` names what the rule goes by.

use crate::problems::model::SubjectKind::{self, Household, Individual};

/// A need that facts may speak of.
#[derive(Debug)]
pub(super) struct Rule {
    /// Stable name, kept with every candidate.
    pub code: &'static str,
    /// Raised when the condition changes.
    pub version: i16,
    /// Code of the list `needs`.
    pub need: &'static str,
    /// Whose need it is.
    pub subject: SubjectKind,
    /// In Indonesian and English.
    pub says: (&'static str, &'static str),
    pub when: &'static str,
    pub severity: &'static str,
    /// PPKS type, or NULL.
    pub ppks: &'static str,
    pub fact: &'static str,
}

const NOBODY: &str = "NULL::text";
const DISABILITY: &str =
    "CASE WHEN p.age < 18 THEN 'anak_disabilitas' WHEN p.age >= 18 THEN 'penyandang_disabilitas' END";
const POORER_FIRST: &str = "CASE WHEN p.decile <= 2 THEN 'medium' ELSE 'low' END";

macro_rules! rules {
    ($($code:literal $version:literal $subject:ident $need:literal { $id:literal, $en:literal } when $when:expr, severity $severity:expr, ppks $ppks:expr, fact $fact:expr;)*) => {
        /// Every rule.
        pub(super) static RULES: &[Rule] = &[$(Rule { code: $code, version: $version, need: $need, subject: $subject,
            says: ($id, $en), when: $when, severity: $severity, ppks: $ppks, fact: $fact }),*];
    };
}

rules! {
    "low_decile_without_food_aid" 1 Household "pangan" { "Keluarga desil 1–2 tanpa bantuan pangan yang tercatat", "Household of decile 1–2 without recorded food aid" }
        // The two poorest tenths: with five of ten the list would be half the city.
        when "p.decile <= 2 AND NOT p.fed", severity "CASE WHEN p.decile = 1 THEN 'high' ELSE 'medium' END",
        ppks "CASE WHEN p.decile = 1 THEN 'fakir_miskin' END", fact "p.decile::text";
    "unfit_house" 1 Household "perumahan" { "Lantai tanah atau bambu, dinding bambu, atau kurang dari 7,2 m² per orang", "Floor of earth or bamboo, wall of bamboo, or less than 7.2 m² a person" }
        when "(p.housing->>'floor' IN ('earth', 'bamboo') OR p.housing->>'wall' IN ('bamboo', 'woven_bamboo', 'bamboo_any') OR p.floor_area < 7.2 * p.living) AND coalesce(p.decile, 1) <= 5",
        severity "CASE WHEN p.housing->>'floor' IN ('earth', 'bamboo') AND p.housing->>'wall' IN ('bamboo', 'woven_bamboo', 'bamboo_any') THEN 'high' ELSE 'medium' END",
        ppks NOBODY, fact "concat_ws('|', p.housing->>'floor', p.housing->>'wall', p.floor_area, p.living)";
    "unsafe_water_or_toilet" 1 Household "air_sanitasi" { "Sumber air tidak terlindung, atau tanpa jamban sendiri", "Unprotected source of water, or no toilet of one's own" }
        when "p.housing->>'water' IN ('unprotected_well', 'unprotected_spring', 'surface', 'rain') OR p.housing->>'toilet' IN ('none', 'unused', 'shared', 'communal', 'public', 'public_any', 'shared_or_public')",
        severity "CASE WHEN p.housing->>'toilet' IN ('none', 'unused') OR p.housing->>'water' = 'surface' THEN 'medium' ELSE 'low' END",
        ppks NOBODY, fact "concat_ws('|', p.housing->>'water', p.housing->>'toilet')";
    "malnourished_child" 1 Individual "gizi_stunting" { "Anak di bawah enam tahun dengan gizi kurang atau stunting", "Child under six who is wasted or stunted" }
        when "p.age <= 5 AND p.facts->>'nutrition' IN ('wasting', 'stunting')",
        severity "CASE WHEN p.facts->>'nutrition' = 'wasting' THEN 'high' ELSE 'medium' END", ppks NOBODY, fact "p.facts->>'nutrition'";
    "no_health_insurance" 1 Individual "kesehatan" { "Tanpa jaminan kesehatan", "Without health insurance" }
        when "p.facts->>'insurance' = 'none'",
        severity "CASE WHEN coalesce(p.facts->>'illness', 'none') <> 'none' THEN 'high' WHEN p.decile <= 4 THEN 'medium' ELSE 'low' END",
        ppks NOBODY, fact "concat_ws('|', p.facts->>'insurance', p.facts->>'illness')";
    "chronically_ill_and_poor" 1 Individual "kesehatan" { "Penyakit menahun dalam keluarga desil 1–4", "Chronic illness in a household of decile 1–4" }
        when "p.decile <= 4 AND coalesce(p.facts->>'illness', 'none') <> 'none' AND p.facts->>'insurance' IS DISTINCT FROM 'none'",
        severity "'medium'", ppks NOBODY, fact "p.facts->>'illness'";
    "out_of_school" 1 Individual "pendidikan" { "Usia 7–18 tahun dan tidak bersekolah", "Aged 7 to 18 and not at school" }
        when "p.age BETWEEN 7 AND 18 AND p.facts->>'school_participation' IN ('never', 'left')",
        severity "CASE WHEN p.age <= 15 THEN 'high' ELSE 'medium' END", ppks NOBODY, fact "p.facts->>'school_participation'";
    "working_age_without_work" 1 Individual "pekerjaan" { "Usia 15–64 tahun dalam keluarga desil 1–4, tidak bekerja, tidak bersekolah, tidak mengurus rumah tangga", "Aged 15 to 64 in a household of decile 1–4, neither working nor at school nor keeping house" }
        when "p.age BETWEEN 15 AND 64 AND p.decile <= 4 AND p.facts->>'working' = 'no' AND p.facts->>'school_participation' IS DISTINCT FROM 'attending' AND coalesce(p.facts->>'occupation', '') NOT IN ('homemaker', 'retired', 'student')",
        severity POORER_FIRST, ppks NOBODY, fact "concat_ws('|', p.facts->>'working', p.facts->>'school_participation', p.facts->>'occupation')";
    "small_business" 1 Individual "modal_usaha" { "Usaha beromzet di bawah Rp5 juta dalam keluarga desil 1–5", "Business with a turnover below Rp5 million in a household of decile 1–5" }
        when "p.decile <= 5 AND p.facts->>'turnover' = 'under_5m'", severity POORER_FIRST,
        ppks "CASE WHEN p.sex = 'female' AND p.age BETWEEN 18 AND 59 AND p.relation = 'head' THEN 'perempuan_rawan_sosek' END",
        fact "p.facts->>'turnover'";
    "nik_missing" 1 Individual "adminduk" { "NIK kosong atau tidak padan", "NIK missing or not matched" }
        when "p.nik IS NULL OR p.nik_status = 'not_matched'",
        severity "CASE WHEN p.decile <= 2 THEN 'high' ELSE 'medium' END", ppks NOBODY, fact "coalesce(p.nik_status, 'none')";
    "moves_with_difficulty" 1 Individual "transportasi" { "Sangat sulit atau tidak dapat berjalan atau melihat", "Walks or sees with much difficulty or not at all" }
        when "p.facts->>'walking' IN ('cannot', 'much_difficulty') OR p.facts->>'seeing' = 'cannot'",
        severity "CASE WHEN p.facts->>'walking' = 'cannot' THEN 'medium' ELSE 'low' END", ppks DISABILITY,
        fact "concat_ws('|', p.facts->>'walking', p.facts->>'seeing')";
    "limited_function" 1 Individual "alat_bantu_disabilitas" { "Sangat sulit atau tidak dapat melakukan salah satu fungsi", "Cannot do one of the functions, or with much difficulty" }
        when "p.facts ?| ARRAY['seeing', 'hearing', 'walking', 'hands', 'self_care', 'communicating'] AND ARRAY[p.facts->>'seeing', p.facts->>'hearing', p.facts->>'walking', p.facts->>'hands', p.facts->>'self_care', p.facts->>'communicating'] && ARRAY['cannot', 'much_difficulty']",
        severity "CASE WHEN 'cannot' = ANY(ARRAY[p.facts->>'seeing', p.facts->>'hearing', p.facts->>'walking', p.facts->>'hands', p.facts->>'self_care', p.facts->>'communicating']) THEN 'high' ELSE 'medium' END",
        ppks DISABILITY,
        fact "concat_ws('|', p.facts->>'seeing', p.facts->>'hearing', p.facts->>'walking', p.facts->>'hands', p.facts->>'self_care', p.facts->>'communicating')";
    "elder_alone" 1 Individual "perawatan_lansia" { "Usia 60 tahun ke atas dan tinggal sendiri", "Aged 60 or more and living alone" }
        when "p.age >= 60 AND p.living = 1 AND p.kind = 'family'",
        severity "CASE WHEN p.age >= 75 THEN 'high' ELSE 'medium' END", ppks "CASE WHEN p.decile <= 2 THEN 'lansia_telantar' END", fact "'alone'";
    "child_without_parents" 1 Individual "pengasuhan_anak" { "Anak di bawah 18 tahun tanpa orang tua dalam kartu keluarganya", "Child under 18 without a parent on its family card" }
        when "p.age < 18 AND p.kind = 'family' AND coalesce(p.marital_status, 'single') = 'single' AND (p.adults = 0 OR p.relation IN ('grandchild', 'other_family', 'other', 'other_any') AND p.grown_children = 0)",
        severity "CASE WHEN p.adults = 0 THEN 'high' ELSE 'medium' END",
        ppks "CASE WHEN p.adults > 0 THEN NULL WHEN p.age <= 5 THEN 'anak_balita_telantar' ELSE 'anak_terlantar' END",
        fact "concat_ws('|', p.relation, p.adults = 0)";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_needs_are_the_detectable_ones() {
        let mut codes: Vec<_> = RULES.iter().map(|r| r.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), RULES.len());
        let lists = crate::reference::code_lists().map(|l| l.lists).unwrap_or_default();
        assert!(!lists.is_empty());
        for list in lists.iter().filter(|l| l.slug == "needs") {
            for entry in &list.entries {
                let detectable = entry.attrs["rule_detectable"] == serde_json::json!(true);
                let open = entry.sensitivity == "open";
                let found = RULES.iter().any(|r| r.need == entry.code);
                assert_eq!(found, detectable && open, "{}", entry.code);
            }
        }
    }
}
