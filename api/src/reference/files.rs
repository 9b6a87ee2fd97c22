//! The embedded files, parsed and typed. Pure.

use serde::{Deserialize, Serialize};

const REGIONS: &str = include_str!("../../data/regions.csv");
const CODE_LISTS: &str = include_str!("../../data/code_lists.json");
const CODE_MAPS: &str = include_str!("../../data/code_maps.csv");
const CALENDARS: &str = include_str!("../../data/calendars.json");
const TEMPLATES: &str = include_str!("../../data/letter_templates.json");
const MANDATES: &str = include_str!("../../data/mandates.csv");

/// A shipped file that cannot be read; only a broken build has one.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// A CSV file.
    #[error("reference file {0}: {1}")]
    Csv(&'static str, csv::Error),
    /// A JSON file.
    #[error("reference file {0}: {1}")]
    Json(&'static str, serde_json::Error),
}

/// A name in both languages of the screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// Official Indonesian name.
    pub id: String,
    /// English gloss.
    pub en: String,
}

/// One row of `regions.csv`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Region {
    /// Dotted Kemendagri code: `32`, `32.73`, `32.73.01`, `32.73.01.1001`.
    pub code: String,
    /// Official name.
    pub name: String,
    /// `province`, `city`, `kecamatan` or `kelurahan`.
    pub level: String,
    /// Code of the region above; none for a province.
    pub parent_code: Option<String>,
    /// Latitude of the centroid, WGS84 degrees.
    pub lat: Option<f64>,
    /// Longitude of the centroid, WGS84 degrees.
    pub lng: Option<f64>,
    /// Postal code of a kelurahan.
    pub postal_code: Option<String>,
    /// Other spellings, separated by `|`.
    #[serde(deserialize_with = "pipe_separated")]
    pub aliases: Vec<String>,
}

/// `code_lists.json`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeLists {
    /// Edition of the shipped data, a date.
    pub version: String,
    /// The lists.
    pub lists: Vec<CodeList>,
}

/// One list with its entries.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeList {
    /// Stable name of the list.
    pub slug: String,
    /// What it is called on screens.
    pub name: Label,
    /// Entries in display order.
    pub entries: Vec<CodeEntry>,
}

/// One entry of a list.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeEntry {
    /// Stable slug inside its list.
    pub code: String,
    /// What it is called on screens.
    pub name: Label,
    /// `open` or `restricted`; whatever is made from the entry inherits it.
    pub sensitivity: String,
    /// Display order.
    pub sort: i32,
    /// What only this list knows: age range, merged codes, unit.
    pub attrs: serde_json::Value,
}

/// One row of `code_maps.csv`: what a source writes, and the entry it means.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CodeMap {
    /// `dtsen`, `regsosek`, `dukcapil` or `p3ke`.
    pub source: String,
    /// Version of that source's layout.
    pub version: String,
    /// Column or question, in the source's own spelling.
    pub variable: String,
    /// What the source writes.
    pub source_code: String,
    /// List of the canonical entry.
    pub list_slug: String,
    /// Canonical entry.
    pub code: String,
}

/// `calendars.json`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Calendars {
    #[expect(dead_code, reason = "the edition is for readers of the file")]
    version: String,
    calendars: Vec<Calendar>,
}

/// A working calendar.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// Stable name.
    pub code: String,
    /// What it is called on screens.
    pub name: Label,
    /// ISO weekdays that are worked.
    pub working_weekdays: Vec<i32>,
    /// The city's own.
    pub is_default: bool,
    /// By date.
    pub holidays: Vec<Holiday>,
}

/// A day on which nobody works.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// Civil date.
    pub date: chrono::NaiveDate,
    /// What it is called on screens.
    pub name: Label,
    /// `national`, `collective_leave` or `local`.
    pub kind: String,
    /// Whether a decree fixed the date; otherwise it is an estimate.
    pub decreed: bool,
    /// The decree, or how the date was estimated.
    pub source: String,
}

/// `letter_templates.json`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Templates {
    #[expect(dead_code, reason = "the edition is for readers of the file")]
    version: String,
    templates: Vec<LetterTemplate>,
}

/// The first text of a service's letters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LetterTemplate {
    /// Service.
    pub service_code: String,
    /// Heading.
    pub title: String,
    /// Paragraphs with placeholders.
    pub body: String,
}

/// One row of `mandates.csv`: who answers for a need in the demo city.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MandateRow {
    /// Need.
    pub need_code: String,
    /// Service to it; none is the need as a whole.
    pub service_code: Option<String>,
    /// Code of the organization.
    pub organization_code: String,
    /// Working days until it is due.
    pub sla_days: i32,
    /// Working days in an emergency.
    pub emergency_days: Option<i32>,
    /// Legal basis.
    pub decree: String,
}

fn pipe_separated<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    Ok(text.split('|').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect())
}

fn csv_rows<T: serde::de::DeserializeOwned>(name: &'static str, text: &str) -> Result<Vec<T>, FileError> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|e| FileError::Csv(name, e))
}

/// Provinces of the country, the city, its kecamatan and kelurahan.
pub fn regions() -> Result<Vec<Region>, FileError> {
    csv_rows("regions.csv", REGIONS)
}

/// All code lists.
pub fn code_lists() -> Result<CodeLists, FileError> {
    serde_json::from_str(CODE_LISTS).map_err(|e| FileError::Json("code_lists.json", e))
}

/// All code maps.
pub fn code_maps() -> Result<Vec<CodeMap>, FileError> {
    csv_rows("code_maps.csv", CODE_MAPS)
}

/// Working calendars with their holidays.
pub fn calendars() -> Result<Vec<Calendar>, FileError> {
    let file: Calendars = serde_json::from_str(CALENDARS).map_err(|e| FileError::Json("calendars.json", e))?;
    Ok(file.calendars)
}

/// The first text of every service's letters.
pub fn letter_templates() -> Result<Vec<LetterTemplate>, FileError> {
    let file: Templates = serde_json::from_str(TEMPLATES).map_err(|e| FileError::Json("letter_templates.json", e))?;
    Ok(file.templates)
}

/// Who answers for which need, by organization code.
pub fn mandates() -> Result<Vec<MandateRow>, FileError> {
    csv_rows("mandates.csv", MANDATES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{HashMap, HashSet};

    #[test]
    fn regions_are_complete_and_hang_together() {
        let all = regions().unwrap();
        let count = |level: &str| all.iter().filter(|r| r.level == level).count();
        assert_eq!((count("province"), count("city"), count("kecamatan"), count("kelurahan")), (38, 1, 30, 151));
        let codes: HashSet<&str> = all.iter().map(|r| r.code.as_str()).collect();
        assert_eq!(codes.len(), all.len());
        for region in &all {
            match &region.parent_code {
                Some(parent) => assert!(
                    codes.contains(parent.as_str()) && region.code.starts_with(parent.as_str()),
                    "{}",
                    region.code
                ),
                None => assert_eq!(region.level, "province"),
            }
            assert_eq!(region.postal_code.is_some(), region.level == "kelurahan", "{}", region.code);
            assert_eq!(
                region.lat.is_some(),
                matches!(region.level.as_str(), "kecamatan" | "kelurahan"),
                "{}",
                region.code
            );
        }
        let alias = |code: &str| all.iter().find(|r| r.code == code).map(|r| r.aliases.clone()).unwrap();
        assert_eq!(alias("32.73.23.1004"), ["Mekarmulya"]);
    }

    #[test]
    fn lists_have_the_official_counts() {
        let lists = code_lists().unwrap().lists;
        let size: HashMap<&str, usize> = lists.iter().map(|l| (l.slug.as_str(), l.entries.len())).collect();
        assert_eq!(
            (size["ppks_types"], size["needs"], size["pillars"], size["psks_types"], size["function"], size["illness"]),
            (26, 21, 5, 12, 10, 18)
        );
        for list in &lists {
            let codes: HashSet<&str> = list.entries.iter().map(|e| e.code.as_str()).collect();
            assert_eq!(codes.len(), list.entries.len(), "{}", list.slug);
            for entry in &list.entries {
                assert!(matches!(entry.sensitivity.as_str(), "open" | "restricted"), "{}", entry.code);
                assert!(
                    !entry.name.id.is_empty() && !entry.name.en.is_empty() && entry.attrs.is_object(),
                    "{}",
                    entry.code
                );
                for merged in entry.attrs["merges"].as_array().into_iter().flatten() {
                    assert!(codes.contains(merged.as_str().unwrap()), "{} merges {merged}", entry.code);
                }
            }
        }
    }

    #[test]
    fn what_the_law_calls_secret_is_restricted() {
        let lists = code_lists().unwrap().lists;
        let restricted = |slug: &str| -> Vec<String> {
            let list = lists.iter().find(|l| l.slug == slug).unwrap();
            list.entries.iter().filter(|e| e.sensitivity == "restricted").map(|e| e.code.clone()).collect()
        };
        assert_eq!(restricted("illness"), ["hiv"]);
        assert_eq!(restricted("needs"), ["kesehatan_jiwa", "kekerasan", "rehab_napza"]);
        for code in [
            "odha",
            "korban_napza",
            "tuna_susila",
            "korban_trafficking",
            "korban_kekerasan",
            "anak_korban_kekerasan",
            "anak_berhadapan_hukum",
        ] {
            assert!(restricted("ppks_types").contains(&code.to_owned()), "{code}");
        }
    }

    #[test]
    fn every_map_ends_in_an_entry_and_no_code_is_mapped_twice() {
        let lists = code_lists().unwrap().lists;
        let known: HashSet<(&str, &str)> =
            lists.iter().flat_map(|l| l.entries.iter().map(|e| (l.slug.as_str(), e.code.as_str()))).collect();
        let maps = code_maps().unwrap();
        let mut seen = HashSet::new();
        for map in &maps {
            assert!(known.contains(&(map.list_slug.as_str(), map.code.as_str())), "{map:?}");
            assert!(seen.insert((&map.source, &map.version, &map.variable, &map.source_code)), "{map:?}");
        }
    }

    #[test]
    fn the_same_number_means_different_things_in_different_sources() {
        let maps = code_maps().unwrap();
        let code = |source: &str, variable: &str, number: &str| {
            maps.iter()
                .find(|m| m.source == source && m.variable == variable && m.source_code == number)
                .map(|m| m.code.as_str())
        };
        assert_eq!(
            (code("regsosek", "jenis_atap_terluas", "5"), code("dtsen", "jenis_atap_terluas", "5")),
            (Some("wood_shingle"), Some("bamboo"))
        );
        assert_eq!(
            (code("regsosek", "pembuangan_akhir_tinja", "3"), code("dtsen", "pembuangan_akhir_tinja", "3")),
            (Some("water_body"), Some("pit"))
        );
        assert_eq!(
            (code("regsosek", "fasilitas_bab", "4"), code("dtsen", "fasilitas_bab", "4")),
            (Some("public"), Some("none"))
        );
        assert_eq!(
            (code("regsosek", "status_kawin", "3"), code("dtsen", "status_kawin", "3")),
            (Some("divorced"), Some("married_unregistered"))
        );
        assert_eq!(
            (code("regsosek", "bahan_bakar_utama_memasak", "12"), code("dtsen", "bahan_bakar_utama_memasak", "12")),
            (Some("none"), Some("electricity_or_gas"))
        );
        assert_eq!(
            (code("dtsen", "penyakit_kronis", "12"), code("dukcapil", "hubungan", "3")),
            (Some("hiv"), Some("spouse"))
        );
        assert_eq!(code("dtsen", "ijazah_tertinggi_yang_dimiliki", "3"), None);
    }

    #[test]
    fn every_need_is_somebodys_and_holidays_are_in_order() {
        let lists = code_lists().unwrap().lists;
        let codes = |slug: &str| -> HashSet<String> {
            let entries = &lists.iter().find(|l| l.slug == slug).unwrap().entries;
            entries.iter().map(|e| e.code.clone()).collect()
        };
        let rows = mandates().unwrap();
        let whole: HashSet<String> =
            rows.iter().filter(|m| m.service_code.is_none()).map(|m| m.need_code.clone()).collect();
        assert_eq!(whole, codes("needs"));
        assert!(rows.iter().filter_map(|m| m.service_code.as_ref()).all(|s| codes("services").contains(s)));
        for calendar in calendars().unwrap() {
            assert!(calendar.holidays.windows(2).all(|w| w[0].date < w[1].date), "{}", calendar.code);
        }
    }
}
