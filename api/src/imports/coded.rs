//! From a source's code numbers to canonical codes. A number that the map does not know is kept as it came.

use std::collections::{BTreeMap, HashMap};

use super::lines::Row;
use super::profile::{ColumnKind, Columns, FileLayout, Profile};

/// One line of the code maps with the label of the entry it leads to.
#[derive(Debug, Clone)]
pub struct MapLine {
    /// `source/version/variable`.
    pub map: String,
    /// What the source writes.
    pub source_code: String,
    /// Canonical code.
    pub code: String,
    /// Whether the entry is labelled restricted.
    pub restricted: bool,
}

/// A canonical code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    code: String,
    restricted: bool,
}

#[derive(Debug, Clone, Default)]
struct Map {
    codes: HashMap<String, Code>,
    /// Some entry of the variable is restricted, so its absence must say nothing either.
    sensitive: bool,
}

/// All code maps.
#[derive(Debug, Default)]
pub struct CodeMaps(HashMap<String, Map>);

impl CodeMaps {
    /// Index over the lines.
    #[must_use]
    pub fn new(lines: &[MapLine]) -> Self {
        let mut maps: HashMap<String, Map> = HashMap::new();
        for line in lines {
            let map = maps.entry(line.map.clone()).or_default();
            map.sensitive |= line.restricted;
            map.codes
                .insert(source_key(&line.source_code), Code { code: line.code.clone(), restricted: line.restricted });
        }
        Self(maps)
    }

    /// Canonical code of one value, for variables that are fields of their own.
    #[must_use]
    pub fn find(&self, map: &str, raw: &str) -> Option<&str> {
        self.0.get(map).and_then(|m| m.codes.get(&source_key(raw))).map(|c| c.code.as_str())
    }
}

/// `04`, `4.0` and ` 4 ` are one code; words are compared in capitals.
fn source_key(raw: &str) -> String {
    let text = raw.trim().trim_start_matches('\'');
    let text = text.strip_suffix(".0").unwrap_or(text);
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        let number = text.trim_start_matches('0');
        return if number.is_empty() { "0".to_owned() } else { number.to_owned() };
    }
    text.to_uppercase()
}

#[derive(Debug)]
struct Column {
    field: usize,
    variable: String,
    kind: ColumnKind,
    map: Option<Map>,
    /// Another variable speaks for the cell: what this one's map does not know is not kept for it.
    aside: bool,
}

/// The coded columns of one file.
#[derive(Debug)]
pub struct CodedColumns(Vec<Column>);

/// Values that no map knows, counted by variable and value: to be put into the maps, not to be lost.
pub type Unknown = BTreeMap<(String, String), u64>;
/// Distinct unknown values that are counted; more of them are not codes.
const MAX_UNKNOWN: usize = 200;
/// Longest value that is kept as a raw code.
const MAX_RAW: usize = 60;

/// What the coded columns of a row hold.
#[derive(Debug, Default)]
pub struct Coded {
    /// JSON object of the house's codes.
    pub housing: String,
    /// JSON object of open facts.
    pub facts: String,
    /// JSON object of assets.
    pub assets: String,
    /// Facts whose code is restricted: variable and code.
    pub restricted: Vec<(String, String)>,
}

impl CodedColumns {
    /// The coded columns that a file has.
    #[must_use]
    pub fn new(profile: &Profile, layout: &FileLayout, columns: &Columns, maps: &CodeMaps) -> Self {
        let coded = layout.columns.iter().filter(|c| c.kind != ColumnKind::Field).filter_map(|c| {
            let field = columns.field(&c.variable)?;
            let column = |variable: &str, map: &str, aside| Column {
                field,
                variable: variable.to_owned(),
                kind: c.kind,
                map: maps.0.get(map).cloned(),
                aside,
            };
            let mut of_cell = vec![column(&c.variable, &c.map_name(profile), false)];
            of_cell.extend(c.also.iter().map(|a| column(&a.variable, &a.map, true)));
            Some(of_cell)
        });
        Self(coded.flatten().collect())
    }

    /// Reads the coded columns of a row into `out`.
    pub fn read(&self, row: &Row, out: &mut Coded, unknown: &mut Unknown) {
        out.restricted.clear();
        let mut raw = String::new();
        for text in [&mut out.housing, &mut out.facts, &mut out.assets] {
            text.clear();
            text.push('{');
        }
        for column in &self.0 {
            let value = row.cell(column.field).trim();
            if value.is_empty() {
                continue;
            }
            let target = match column.kind {
                ColumnKind::Housing => &mut out.housing,
                ColumnKind::Asset => &mut out.assets,
                ColumnKind::Fact | ColumnKind::Field => &mut out.facts,
            };
            if column.kind == ColumnKind::Asset {
                if let Some(count) = count(value).filter(|n| *n > 0) {
                    member(target, &column.variable, &count.to_string());
                }
                continue;
            }
            let Some(map) = &column.map else {
                if column.aside {
                    continue;
                }
                keep_raw(&mut raw, &column.variable, value);
                continue;
            };
            match map.codes.get(&source_key(value)) {
                // Where one answer of a question is restricted, the harmless one is not stored: its absence would
                // point at the others.
                Some(code) if map.sensitive && matches!(code.code.as_str(), "none" | "never") => {}
                Some(code) if code.restricted => out.restricted.push((column.variable.clone(), code.code.clone())),
                Some(code) => member(target, &column.variable, &format!("\"{}\"", code.code)),
                None if column.aside => {}
                None => {
                    let short: String = value.chars().take(MAX_RAW).collect();
                    if map.sensitive {
                        out.restricted.push((column.variable.clone(), format!("unknown:{short}")));
                    } else {
                        let key = (column.variable.clone(), short);
                        if unknown.len() < MAX_UNKNOWN || unknown.contains_key(&key) {
                            *unknown.entry(key).or_default() += 1;
                        }
                        keep_raw(&mut raw, &column.variable, value);
                    }
                }
            }
        }
        if !raw.is_empty() {
            let target = if out.housing.len() > 1 { &mut out.housing } else { &mut out.facts };
            member(target, "raw", &format!("{{{raw}}}"));
        }
        for text in [&mut out.housing, &mut out.facts, &mut out.assets] {
            text.push('}');
        }
    }
}

fn count(value: &str) -> Option<u32> {
    let value = value.strip_suffix(".0").unwrap_or(value);
    match value.to_ascii_uppercase().as_str() {
        "YA" | "ADA" | "Y" => Some(1),
        _ => value.parse().ok(),
    }
}

fn member(target: &mut String, name: &str, json: &str) {
    if target.len() > 1 {
        target.push(',');
    }
    target.push('"');
    target.push_str(name);
    target.push_str("\":");
    target.push_str(json);
}

fn keep_raw(raw: &mut String, name: &str, value: &str) {
    let short: String = value.chars().filter(|c| !c.is_control()).take(MAX_RAW).collect();
    if !raw.is_empty() {
        raw.push(',');
    }
    raw.push_str(&format!("\"{name}\":{}", serde_json::Value::from(short)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::profile::profile;

    fn line(variable: &str, source_code: &str, code: &str, restricted: bool) -> MapLine {
        MapLine { map: format!("dtsen/1/{variable}"), source_code: source_code.into(), code: code.into(), restricted }
    }

    fn read(headings: &[&str], cells: &[&str]) -> (Coded, Unknown) {
        let profile = profile("dtsen").unwrap().unwrap();
        let layout = profile.file("members").unwrap();
        let maps = CodeMaps::new(&[
            line("penyakit_kronis", "1", "none", false),
            line("penyakit_kronis", "6", "diabetes", false),
            line("penyakit_kronis", "12", "hiv", true),
            line("kondisi_gizi", "3", "no_record", false),
        ]);
        let columns = layout.columns(headings);
        let mut row = Row::default();
        cells.iter().for_each(|cell| row.push(cell, false));
        let (mut coded, mut unknown) = (Coded::default(), Unknown::new());
        CodedColumns::new(&profile, layout, &columns, &maps).read(&row, &mut coded, &mut unknown);
        (coded, unknown)
    }

    #[test]
    fn codes_become_canonical_and_unknown_ones_stay() {
        let (coded, unknown) = read(&["penyakit_kronis", "kondisi_gizi"], &["06", "9"]);
        assert_eq!(coded.facts, r#"{"illness":"diabetes","raw":{"nutrition":"9"}}"#);
        assert_eq!(unknown.get(&("nutrition".to_owned(), "9".to_owned())), Some(&1));
    }

    #[test]
    fn a_restricted_illness_leaves_the_open_facts_as_if_there_were_none() {
        let (ill, _) = read(&["penyakit_kronis", "kondisi_gizi"], &["12", "3"]);
        let (well, _) = read(&["penyakit_kronis", "kondisi_gizi"], &["1", "3"]);
        let (odd, unknown) = read(&["penyakit_kronis", "kondisi_gizi"], &["HIV", "3"]);
        assert_eq!(ill.facts, well.facts);
        assert_eq!(odd.facts, well.facts);
        assert_eq!(ill.restricted, [("illness".to_owned(), "hiv".to_owned())]);
        assert!(well.restricted.is_empty() && unknown.is_empty());
        assert_eq!(odd.restricted.len(), 1);
    }
}
