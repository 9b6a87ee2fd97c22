//! Layouts of the agencies' files, as data: which heading means which variable.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::fault::Fault;
use crate::kernel::cells::heading_key;
use crate::programs::BenefitKind;

/// Layout of the files of one source.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ImportLayout)]
pub struct Profile {
    /// Source of the snapshots and claims made from it.
    #[schema(max_length = 40, pattern = "^[a-z][a-z0-9_]{1,39}$", example = "list")]
    pub source: String,
    /// Version of the source's codes (key of the code maps).
    #[schema(max_length = 20, pattern = "^[A-Za-z0-9.]{1,20}$", example = "1")]
    pub code_version: String,
    /// Kind of the claim that a family is known by: family_card, or the source's own key (dtsen, p3ke, other).
    #[serde(default = "card")]
    #[schema(required = false, max_length = 20, example = "family_card")]
    pub family_key: String,
    /// Whether its rows can name what is restricted: then an import of it is for who sent it and for supervisors. Lists of
    /// needs and of offers must be.
    #[serde(default)]
    #[schema(required = false, example = true)]
    pub sensitive: bool,
    /// Whether only people whom the registry knows are taken: nobody is made from it.
    #[serde(default)]
    #[schema(required = false, example = false)]
    pub known_only: bool,
    /// What a list says; none for files of families.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<ListKind>,
    /// What the source calls a type of need, where that is none of its names: code of the list `ppks_types` (lists of needs).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(example = json!({"anak punk": "anak_jalanan"}))]
    pub types: BTreeMap<String, String>,
    /// What each type of need in the list is reported as.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(example = json!({"pengemis": {"need": "jalanan", "severity": "medium"}}))]
    pub needs: BTreeMap<String, NeedOfType>,
    /// What a partner calls a benefit, in small letters, and what it is (offers).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(example = json!({"beasiswa": {"kind": "scholarship", "need": "pendidikan"}}))]
    pub benefits: BTreeMap<String, BenefitOf>,
    /// Its files, in the order they are read.
    #[schema(min_items = 1, max_items = 2)]
    pub files: Vec<FileLayout>,
}

crate::slugs! {
    /// What a list is about.
    ListKind {
        /// Types of need (PPKS).
        Needs "needs",
        /// Measurements of children.
        Growth "growth",
        /// People who look for work.
        Work "work",
        /// What partners offer: drafts of programs, no people.
        Offers "offers",
    }
}

/// A need as it is reported for a type of the list.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NeedOfType {
    /// Code of the list `needs`.
    #[schema(max_length = 60, example = "jalanan")]
    pub need: String,
    /// How urgent: emergency, high, medium or low.
    #[schema(max_length = 20, example = "medium")]
    pub severity: String,
}

/// What a benefit of an offer is.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BenefitOf {
    /// What is given.
    pub kind: BenefitKind,
    /// Code of the list `needs`, where the benefit alone says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 60, example = "pendidikan")]
    pub need: Option<String>,
}

fn card() -> String {
    CARD.into()
}

/// Kind of claim of family cards.
pub const CARD: &str = "family_card";

/// Layout of one file.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FileLayout {
    /// Part of the upload: families, members or list.
    #[schema(max_length = 20, example = "list")]
    pub file: String,
    /// Of each group at least one variable must have a column.
    #[schema(max_items = 20, example = json!([["name"], ["region_name", "region_code"]]))]
    pub required: Vec<Vec<String>>,
    /// The columns that mean something.
    #[schema(min_items = 1, max_items = 300)]
    pub columns: Vec<ColumnLayout>,
}

/// One variable and the headings it goes by.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ColumnLayout {
    /// Our name of it.
    #[schema(max_length = 120, example = "sex")]
    pub variable: String,
    /// The source's own heading as a key (small letters and digits, words joined by _), also its name in the code maps.
    #[schema(max_length = 120, example = "jenis_kelamin")]
    pub header: String,
    /// Other headings seen, the likelier first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false, max_items = 40, example = json!(["jk", "l_p"]))]
    pub aliases: Vec<String>,
    /// Where a coded value goes.
    #[serde(default = "field", skip_serializing_if = "is_field")]
    #[schema(required = false)]
    pub kind: ColumnKind,
    /// `source/version/variable` of another code map than the column's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 120, example = "dtsen/1/jenis_lantai_terluas")]
    pub map: Option<String>,
    /// What the source writes and the canonical code it means, where no code map says so.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(example = json!({"cowok": "male"}))]
    pub codes: BTreeMap<String, String>,
    /// Further variables that the same cell speaks of, each through its own map; a value that such a map does not know
    /// says nothing of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false, max_items = 10)]
    pub also: Vec<Also>,
}

/// One more variable of a column.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FurtherVariable)]
pub struct Also {
    /// Our name of it.
    #[schema(max_length = 120, example = "working")]
    pub variable: String,
    /// `source/version/variable`.
    #[schema(max_length = 120, example = "p3ke/1/pekerjaan")]
    pub map: String,
}

crate::slugs! {
    /// Where a column's value goes.
    ColumnKind {
        /// A field that the row's own code reads.
        Field "field",
        /// A code of the house.
        Housing "housing",
        /// A code of the person, or of the household in the family file.
        Fact "fact",
        /// A count or a yes/no of what the household owns.
        Asset "asset",
    }
}

fn field() -> ColumnKind {
    ColumnKind::Field
}

fn is_field(kind: &ColumnKind) -> bool {
    *kind == ColumnKind::Field
}

impl ColumnLayout {
    /// The code map of its values: its own codes, the map it names, or that of its source.
    #[must_use]
    pub fn map_name(&self, profile: &Profile) -> String {
        if !self.codes.is_empty() {
            return own_map(&self.variable);
        }
        let own = || format!("{}/{}/{}", profile.source, profile.code_version, self.header);
        self.map.clone().unwrap_or_else(own)
    }
}

/// Name of the map that a column's own codes make.
#[must_use]
pub fn own_map(variable: &str) -> String {
    format!("of this profile/{variable}")
}

const BUILT_IN: &[(&str, &str)] = &[
    ("dtsen", include_str!("../../data/profiles/dtsen.json")),
    ("p3ke", include_str!("../../data/profiles/p3ke.json")),
    ("ppks", include_str!("../../data/profiles/ppks.json")),
    ("growth", include_str!("../../data/profiles/growth.json")),
    ("programs", include_str!("../../data/profiles/programs.json")),
    ("jobseekers", include_str!("../../data/profiles/jobseekers.json")),
];

/// Names of the profiles that come with the service.
pub fn names() -> impl Iterator<Item = &'static str> {
    BUILT_IN.iter().map(|(name, _)| *name)
}

/// The profile of a name, where there is one.
///
/// # Errors
/// The embedded file is damaged: a mistake of the build, reported rather than hidden.
pub fn profile(name: &str) -> Result<Option<Profile>, serde_json::Error> {
    BUILT_IN.iter().find(|(known, _)| *known == name).map(|(_, text)| serde_json::from_str(text)).transpose()
}

/// The columns of one file by variable.
#[derive(Debug)]
pub struct Columns {
    by_variable: HashMap<String, usize>,
    headings: Vec<String>,
}

impl Columns {
    /// Field that holds a variable.
    #[must_use]
    pub fn field(&self, variable: &str) -> Option<usize> {
        self.by_variable.get(variable).copied()
    }

    /// Heading of a variable as the file writes it.
    #[must_use]
    pub fn heading(&self, variable: &str) -> Option<&str> {
        self.field(variable).and_then(|at| self.headings.get(at)).map(String::as_str)
    }

    /// All headings as the file writes them.
    #[must_use]
    pub fn headings(&self) -> &[String] {
        &self.headings
    }

    /// Headings that mean nothing to us.
    #[must_use]
    pub fn unknown(&self) -> Vec<&str> {
        let known: std::collections::HashSet<usize> = self.by_variable.values().copied().collect();
        self.headings
            .iter()
            .enumerate()
            .filter(|(at, name)| !known.contains(at) && !name.is_empty())
            .map(|(_, name)| name.as_str())
            .collect()
    }

    /// How many variables have a column.
    #[must_use]
    pub fn known(&self) -> usize {
        self.by_variable.len()
    }
}

impl FileLayout {
    /// Reads a row as the header of this file, whether or not it suffices.
    #[must_use]
    pub fn columns(&self, cells: &[&str]) -> Columns {
        let keys: Vec<String> = cells.iter().map(|cell| heading_key(cell)).collect();
        let mut by_variable = HashMap::new();
        let mut taken = vec![false; keys.len()];
        for column in &self.columns {
            let names = std::iter::once(&column.header).chain(&column.aliases);
            let found = names
                .filter_map(|name| keys.iter().position(|key| key == name))
                .find(|at| taken.get(*at) == Some(&false));
            if let Some(at) = found {
                if let Some(slot) = taken.get_mut(at) {
                    *slot = true;
                }
                by_variable.insert(column.variable.clone(), at);
            }
        }
        let headings = cells.iter().map(|cell| crate::kernel::cells::tidy(cell).chars().take(120).collect()).collect();
        Columns { by_variable, headings }
    }

    /// The variables of which none has a column, one name a group.
    #[must_use]
    pub fn missing(&self, columns: &Columns) -> Vec<String> {
        let absent =
            self.required.iter().filter(|group| group.iter().all(|variable| columns.field(variable).is_none()));
        absent.filter_map(|group| group.first()).map(|variable| self.header_of(variable)).collect()
    }

    fn header_of(&self, variable: &str) -> String {
        self.columns.iter().find(|c| c.variable == variable).map_or_else(|| variable.to_owned(), |c| c.header.clone())
    }
}

impl Profile {
    /// Whether its families are known by their card.
    #[must_use]
    pub fn by_card(&self) -> bool {
        self.family_key == CARD
    }

    /// Layout of a part.
    #[must_use]
    pub fn file(&self, name: &str) -> Option<&FileLayout> {
        self.files.iter().find(|layout| layout.file == name)
    }

    /// What to say when no row of a file is the header of `layout`: perhaps it is another part's.
    #[must_use]
    pub fn header_fault(&self, layout: &FileLayout, best: &[&str]) -> Fault {
        let other = self.files.iter().find(|l| l.file != layout.file && l.missing(&l.columns(best)).is_empty());
        match other.map(|l| l.file.as_str()) {
            _ if self.list.is_some() => Fault::HeaderMissing(layout.missing(&layout.columns(best))),
            Some("families") => Fault::OtherFile("families"),
            Some("members") => Fault::OtherFile("members"),
            _ => Fault::HeaderMissing(layout.missing(&layout.columns(best))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_heading_means_one_variable() {
        for profile in names().map(|name| profile(name).unwrap().unwrap()) {
            one_meaning(&profile);
        }
    }

    fn one_meaning(profile: &Profile) {
        for layout in &profile.files {
            let mut seen = HashMap::new();
            for column in &layout.columns {
                for name in std::iter::once(&column.header).chain(&column.aliases) {
                    assert_eq!(&heading_key(name), name, "a heading is written as its key");
                    assert_eq!(seen.insert(name.clone(), column.variable.clone()), None, "{name}");
                }
            }
            assert!(layout.required.iter().flatten().all(|v| layout.columns.iter().any(|c| &c.variable == v)));
        }
    }

    #[test]
    fn headings_match_by_alias_and_in_any_order() {
        let profile = profile("dtsen").unwrap().unwrap();
        let members = profile.file("members").unwrap();
        let columns = members.columns(&["TGL LAHIR", "NIK", " No. KK", "catatan", "Nama Lengkap"]);
        assert_eq!(
            (columns.field("birth_date"), columns.field("nik"), columns.field("family_card"), columns.field("name")),
            (Some(0), Some(1), Some(2), Some(4))
        );
        assert_eq!(columns.unknown(), ["catatan"]);
        assert!(members.missing(&columns).is_empty());
        assert_eq!(members.missing(&members.columns(&["nama"])), ["nomor_kartu_keluarga", "nomor_induk_kependudukan"]);
    }

    #[test]
    fn the_other_part_is_named() {
        let profile = profile("dtsen").unwrap().unwrap();
        let families = profile.file("families").unwrap();
        assert_eq!(profile.header_fault(families, &["nik", "no_kk", "nama"]), Fault::OtherFile("members"));
        assert!(matches!(profile.header_fault(families, &["a", "b"]), Fault::HeaderMissing(_)));
    }
}
