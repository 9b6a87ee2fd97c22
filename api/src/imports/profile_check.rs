//! Whether a profile that somebody made is one: every mistake with the place it stands at.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::profile::{ColumnKind, ColumnLayout, FileLayout, ListKind, Profile};
use crate::kernel::cells::heading_key;
use crate::kernel::problem::FieldError;

/// Longest heading, value or code.
const MAX_WORD: usize = 120;
/// Columns of a file.
const MAX_COLUMNS: usize = 300;
/// Headings of a column beside its own.
const MAX_ALIASES: usize = 40;
/// Codes of a column, types and benefits of a list.
const MAX_CODES: usize = 500;
/// Groups of required variables, and variables of a group.
const MAX_REQUIRED: usize = 20;

/// What a profile may name.
#[derive(Debug, Default)]
pub struct Known {
    /// Variables that the readers understand: (part, list, variable) with where its value goes.
    pub variables: BTreeMap<(String, Option<ListKind>, String), ColumnKind>,
    /// Of each group one variable must have a column: (part, list, by card).
    pub required: Vec<(String, Option<ListKind>, bool, Vec<Vec<String>>)>,
    /// List that the values of a variable are codes of.
    pub lists: HashMap<String, String>,
    /// Entries of lists.
    pub entries: BTreeSet<(String, String)>,
    /// `source/version/variable` of the code maps.
    pub maps: BTreeSet<String>,
}

struct Check<'a> {
    known: &'a Known,
    profile: &'a Profile,
    errors: Vec<FieldError>,
}

/// Every mistake of a profile; none is a profile that can be used.
#[must_use]
pub fn check(profile: &Profile, known: &Known) -> Vec<FieldError> {
    let mut check = Check { known, profile, errors: Vec::new() };
    check.head();
    check.parts();
    check.of_list();
    for (at, layout) in profile.files.iter().enumerate() {
        check.file(at, layout);
    }
    check.errors
}

fn is_slug(text: &str) -> bool {
    (2..=40).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

impl Check<'_> {
    fn say(&mut self, pointer: impl Into<String>, code: &str, detail: impl Into<String>) {
        self.errors.push(FieldError {
            pointer: format!("/definition{}", pointer.into()),
            code: code.into(),
            detail: detail.into(),
        });
    }

    fn head(&mut self) {
        let profile = self.profile;
        if !is_slug(&profile.source) || matches!(profile.source.as_str(), "manual" | "undo") {
            self.say(
                "/source",
                "pattern",
                "must be 2 to 40 lower-case letters, digits and underscores, and no word of ours",
            );
        }
        let version = &profile.code_version;
        if version.is_empty() || version.len() > 20 || !version.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.')
        {
            self.say("/code_version", "pattern", "must be 1 to 20 letters, digits and points");
        }
        if !matches!(profile.family_key.as_str(), "family_card" | "dtsen" | "p3ke" | "other") {
            self.say("/family_key", "not_allowed", "expected family_card, dtsen, p3ke or other");
        }
        // What can name a restricted need is for its sender and for supervisors, whatever its author thinks.
        if matches!(profile.list, Some(ListKind::Needs | ListKind::Offers)) && !profile.sensitive {
            self.say("/sensitive", "required", "must be true: such a list can name what is restricted");
        }
    }

    fn parts(&mut self) {
        let parts: &[&str] = if self.profile.list.is_some() { &["list"] } else { &["families", "members"] };
        if self.profile.files.is_empty() || self.profile.files.len() > parts.len() {
            self.say("/files", "length", format!("must hold 1 to {} files", parts.len()));
        }
        let mut seen = BTreeSet::new();
        for (at, layout) in self.profile.files.iter().enumerate() {
            if !parts.contains(&layout.file.as_str()) {
                self.say(format!("/files/{at}/file"), "not_allowed", format!("expected {}", parts.join(" or ")));
            } else if !seen.insert(&layout.file) {
                self.say(format!("/files/{at}/file"), "duplicate", "is given twice");
            }
        }
    }

    fn of_list(&mut self) {
        let profile = self.profile;
        let lists = [
            ("types", profile.types.len(), matches!(profile.list, Some(ListKind::Needs))),
            ("needs", profile.needs.len(), profile.list.is_some()),
            ("benefits", profile.benefits.len(), matches!(profile.list, Some(ListKind::Offers))),
        ];
        for (member, length, allowed) in lists {
            if length > 0 && !allowed {
                self.say(format!("/{member}"), "not_allowed", "says nothing in such a file");
            } else if length > MAX_CODES {
                self.say(format!("/{member}"), "length", format!("must hold at most {MAX_CODES}"));
            } else if length == 0 && allowed && member != "types" {
                self.say(format!("/{member}"), "required", "is empty: the list would say nothing");
            }
        }
        for (raw, code) in &profile.types {
            self.word(&format!("/types/{}", escaped(raw)), raw);
            self.entry(format!("/types/{}", escaped(raw)), "ppks_types", code);
        }
        for (code, need) in &profile.needs {
            let at = format!("/needs/{}", escaped(code));
            match profile.list {
                Some(ListKind::Growth) if !matches!(code.as_str(), "stunted" | "severely_stunted") => {
                    self.say(&at, "not_allowed", "expected stunted or severely_stunted");
                }
                Some(ListKind::Work) if code != "job_seeker" => self.say(&at, "not_allowed", "expected job_seeker"),
                Some(ListKind::Needs | ListKind::Offers) => self.entry(at.clone(), "ppks_types", code),
                _ => {}
            }
            self.entry(format!("{at}/need"), "needs", &need.need);
            if !matches!(need.severity.as_str(), "emergency" | "high" | "medium" | "low") {
                self.say(format!("{at}/severity"), "not_allowed", "expected emergency, high, medium or low");
            }
        }
        for (raw, benefit) in &profile.benefits {
            let at = format!("/benefits/{}", escaped(raw));
            if crate::kernel::cells::place_key(raw).to_lowercase() != *raw {
                self.say(&at, "pattern", "must be small letters without spaces");
            }
            if let Some(need) = &benefit.need {
                self.entry(format!("{at}/need"), "needs", need);
            }
        }
    }

    fn entry(&mut self, pointer: String, list: &str, code: &str) {
        if !self.known.entries.contains(&(list.to_owned(), code.to_owned())) {
            self.say(pointer, "unknown_code", format!("is not a code of {list}"));
        }
    }

    fn word(&mut self, pointer: &str, text: &str) {
        if text.trim().is_empty() || text.chars().count() > MAX_WORD {
            self.say(pointer, "length", format!("must have 1 to {MAX_WORD} characters"));
        }
    }

    fn file(&mut self, at: usize, layout: &FileLayout) {
        let here = format!("/files/{at}");
        if layout.columns.is_empty() || layout.columns.len() > MAX_COLUMNS {
            self.say(format!("{here}/columns"), "length", format!("must hold 1 to {MAX_COLUMNS} columns"));
        }
        let (mut variables, mut headings) = (BTreeSet::new(), BTreeSet::new());
        for (i, column) in layout.columns.iter().take(MAX_COLUMNS).enumerate() {
            let place = format!("{here}/columns/{i}");
            if !variables.insert(column.variable.as_str()) {
                self.say(format!("{place}/variable"), "duplicate", "has a column already");
            }
            if column.aliases.len() > MAX_ALIASES {
                self.say(format!("{place}/aliases"), "length", format!("must hold at most {MAX_ALIASES}"));
            }
            let names = std::iter::once((format!("{place}/header"), &column.header))
                .chain(column.aliases.iter().enumerate().map(|(n, alias)| (format!("{place}/aliases/{n}"), alias)));
            for (pointer, name) in names.take(1 + MAX_ALIASES) {
                self.word(&pointer, name);
                if heading_key(name) != *name {
                    self.say(
                        &pointer,
                        "pattern",
                        "is not written as a key: small letters and digits, words joined by _",
                    );
                } else if !headings.insert(name.clone()) {
                    self.say(&pointer, "duplicate", "another column has this heading");
                }
            }
            self.column(&place, &layout.file, column);
        }
        if layout.required.len() > MAX_REQUIRED {
            self.say(format!("{here}/required"), "length", format!("must hold at most {MAX_REQUIRED} groups"));
        }
        for (i, group) in layout.required.iter().take(MAX_REQUIRED).enumerate() {
            if group.is_empty() || group.len() > MAX_REQUIRED {
                self.say(format!("{here}/required/{i}"), "length", format!("must hold 1 to {MAX_REQUIRED} variables"));
            }
            for (n, variable) in group.iter().enumerate() {
                if !variables.contains(variable.as_str()) {
                    self.say(format!("{here}/required/{i}/{n}"), "not_found", "has no column");
                }
            }
        }
        let card = self.profile.by_card();
        let known = self.known;
        let groups = known
            .required
            .iter()
            .filter(|(part, list, by_card, _)| *part == layout.file && *list == self.profile.list && *by_card == card);
        let absent: Vec<String> = groups
            .flat_map(|(_, _, _, groups)| groups)
            .filter(|group| group.iter().all(|variable| !variables.contains(variable.as_str())))
            .map(|group| group.join(" or "))
            .collect();
        for group in absent {
            self.say(format!("{here}/columns"), "required", format!("needs a column for {group}"));
        }
    }

    fn column(&mut self, place: &str, part: &str, column: &ColumnLayout) {
        let known = self.known;
        let list = self.profile.list;
        let kind = |variable: &str| known.variables.get(&(part.to_owned(), list, variable.to_owned()));
        match kind(&column.variable) {
            None => self.say(format!("{place}/variable"), "unknown_code", "is no variable of such a file"),
            Some(kind) if *kind != column.kind => {
                self.say(format!("{place}/kind"), "not_allowed", format!("of this variable is {}", kind.slug()));
            }
            Some(_) => {}
        }
        let also: Vec<bool> = column.also.iter().map(|also| kind(&also.variable).is_some()).collect();
        for (n, (also, there)) in column.also.iter().zip(also).enumerate() {
            if !there {
                self.say(format!("{place}/also/{n}/variable"), "unknown_code", "is no variable of such a file");
            }
            self.map(format!("{place}/also/{n}/map"), &also.map);
        }
        if column.also.len() > 10 {
            self.say(format!("{place}/also"), "length", "must hold at most 10");
        }
        if let Some(map) = &column.map {
            self.map(format!("{place}/map"), map);
        }
        if column.codes.is_empty() {
            return;
        }
        if column.map.is_some() {
            self.say(format!("{place}/codes"), "not_allowed", "the column has a map already");
        }
        if column.codes.len() > MAX_CODES {
            self.say(format!("{place}/codes"), "length", format!("must hold at most {MAX_CODES}"));
        }
        let Some(list) = known.lists.get(&column.variable) else {
            self.say(format!("{place}/codes"), "not_allowed", "the variable is not coded");
            return;
        };
        for (raw, code) in column.codes.iter().take(MAX_CODES) {
            let pointer = format!("{place}/codes/{}", escaped(raw));
            self.word(&pointer, raw);
            self.entry(pointer, list, code);
        }
    }

    fn map(&mut self, pointer: String, map: &str) {
        if !self.known.maps.contains(map) {
            self.say(pointer, "unknown_code", "is no source/version/variable of the code maps");
        }
    }
}

/// A member's name inside a JSON pointer.
fn escaped(name: &str) -> String {
    name.chars().take(40).collect::<String>().replace('~', "~0").replace('/', "~1")
}
