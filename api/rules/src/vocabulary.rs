//! What rules may speak of: facts with their types and units, codes with their labels. Data, given by the caller.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

/// A text in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// Indonesian.
    pub id: String,
    /// English.
    pub en: String,
}

impl Label {
    /// The same word in both.
    #[must_use]
    pub fn same(text: &str) -> Self {
        Self { id: text.to_owned(), en: text.to_owned() }
    }
}

/// Whose fact it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// The household's.
    Household,
    /// One member's.
    Member,
}

/// Type of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Yes or no.
    Bool,
    /// A whole number.
    Int,
    /// Rupiah.
    Money,
    /// A code of a list.
    Code,
    /// A civil date.
    Date,
}

/// A fact rules may ask for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// Name.
    pub name: String,
    /// Whose.
    pub subject: Subject,
    /// Type.
    pub kind: Kind,
    /// List its codes are of.
    #[serde(default)]
    pub list: Option<String>,
    /// Unit of its numbers.
    #[serde(default)]
    pub unit: Option<String>,
    /// Least possible number.
    #[serde(default)]
    pub min: Option<i64>,
    /// Greatest possible number.
    #[serde(default)]
    pub max: Option<i64>,
    /// How people call it.
    pub label: Label,
    /// Documents that show it.
    #[serde(default)]
    pub documents: Vec<String>,
}

/// A code of a list.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Code {
    /// The code.
    pub code: String,
    /// How people call it.
    pub label: Label,
    /// Whether only those who work on it may see it.
    #[serde(default)]
    pub restricted: bool,
    /// Finer codes that a coarse one stands for: the source did not say which.
    #[serde(default)]
    pub merges: Vec<String>,
}

/// The facts as shipped.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shipped {
    #[expect(dead_code, reason = "the edition is for readers of the file")]
    version: String,
    facts: Vec<Fact>,
    lists: Vec<List>,
}

#[derive(Debug, Clone, Deserialize)]
struct List {
    slug: String,
    entries: Vec<Code>,
}

/// A program rules may name.
#[derive(Debug, Clone, Default)]
pub struct ProgramName {
    /// How people call it.
    pub label: Label,
    /// Whether only those who work on it may see it.
    pub restricted: bool,
    /// Its number, which stays.
    pub number: u16,
    /// Its overlap class.
    pub overlap_class: Option<String>,
    /// Whether every benefit of it is an award of this registry, so that none recorded means none given.
    pub own: bool,
}

/// Facts, lists, regions and programs, with what is needed to look them up fast.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    facts: Vec<Fact>,
    by_name: HashMap<String, usize>,
    lists: BTreeMap<String, Vec<Code>>,
    areas: BTreeMap<String, String>,
    programs: BTreeMap<String, ProgramName>,
    sources: Vec<String>,
}

/// Slug of the list of needs.
pub const NEEDS: &str = "needs";
/// Slug of the list of PPKS types.
pub const PPKS: &str = "ppks_types";
/// Slug of the list of overlap classes.
pub const CLASSES: &str = "overlap_classes";
/// Most codes a list may have to be asked for.
const MAX_CODES: usize = 250;

impl Vocabulary {
    /// The shipped facts over the lists of an installation. Facts whose list it does not have are left out.
    ///
    /// # Errors
    /// When the shipped file cannot be read, which a test excludes.
    pub fn new(lists: BTreeMap<String, Vec<Code>>) -> Result<Self, serde_json::Error> {
        let shipped: Shipped = serde_json::from_str(include_str!("../data/facts.json"))?;
        let mut all = lists;
        for list in shipped.lists {
            all.entry(list.slug).or_insert(list.entries);
        }
        let known = |f: &Fact| f.list.as_ref().is_none_or(|l| all.get(l).is_some_and(|c| c.len() <= MAX_CODES));
        let facts: Vec<Fact> = shipped.facts.into_iter().filter(known).collect();
        let by_name = facts.iter().enumerate().map(|(i, f)| (f.name.clone(), i)).collect();
        Ok(Self { facts, by_name, lists: all, ..Self::default() })
    }

    /// Adds the regions of the city by code: name.
    #[must_use]
    pub fn with_areas(mut self, areas: BTreeMap<String, String>) -> Self {
        self.areas = areas;
        self
    }
    /// Adds programs by code.
    #[must_use]
    pub fn with_programs(mut self, programs: BTreeMap<String, ProgramName>) -> Self {
        self.programs = programs;
        self
    }
    /// Adds the sources of welfare snapshots.
    #[must_use]
    pub fn with_sources(mut self, sources: Vec<String>) -> Self {
        self.sources = sources;
        self
    }

    /// Every fact, in the order of their numbers.
    #[must_use]
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }
    /// Number and description of a fact.
    #[must_use]
    pub fn fact(&self, name: &str) -> Option<(usize, &Fact)> {
        let number = *self.by_name.get(name)?;
        Some((number, self.facts.get(number)?))
    }
    /// Codes of a list.
    #[must_use]
    pub fn list(&self, slug: &str) -> &[Code] {
        self.lists.get(slug).map_or(&[], Vec::as_slice)
    }
    /// Number of a code in its list, from 1.
    #[must_use]
    pub fn number(&self, slug: &str, code: &str) -> Option<u8> {
        let at = self.list(slug).iter().position(|c| c.code == code)?;
        u8::try_from(at + 1).ok()
    }
    /// A code of a list.
    #[must_use]
    pub fn code(&self, slug: &str, code: &str) -> Option<&Code> {
        self.list(slug).iter().find(|c| c.code == code)
    }
    /// Name of a region.
    #[must_use]
    pub fn area(&self, code: &str) -> Option<&str> {
        self.areas.get(code).map(String::as_str)
    }
    /// Every region.
    #[must_use]
    pub fn areas(&self) -> &BTreeMap<String, String> {
        &self.areas
    }
    /// A program by code.
    #[must_use]
    pub fn program(&self, code: &str) -> Option<&ProgramName> {
        self.programs.get(code)
    }
    /// Every program.
    #[must_use]
    pub fn programs(&self) -> &BTreeMap<String, ProgramName> {
        &self.programs
    }
    /// Sources of welfare snapshots.
    #[must_use]
    pub fn sources(&self) -> &[String] {
        &self.sources
    }
    /// What a coarse code may stand for, or the code itself.
    #[must_use]
    pub fn finer<'a>(&'a self, slug: &str, code: &'a str) -> Vec<&'a str> {
        match self.code(slug, code) {
            Some(entry) if !entry.merges.is_empty() => entry.merges.iter().map(String::as_str).collect(),
            _ => vec![code],
        }
    }
    /// Whether a recorded code satisfies "is one of these": coarse codes may do so, for all that is known.
    #[must_use]
    pub fn covers(&self, slug: &str, wanted: &[&str], recorded: &str) -> crate::Tri {
        if wanted.contains(&recorded) {
            return crate::Tri::True;
        }
        let wanted: Vec<&str> = wanted.iter().flat_map(|w| self.finer(slug, w).into_iter().chain([*w])).collect();
        let finer = self.finer(slug, recorded);
        let hits = finer.iter().filter(|f| wanted.contains(f)).count();
        crate::Tri::of(hits == finer.len(), hits > 0)
    }
}
