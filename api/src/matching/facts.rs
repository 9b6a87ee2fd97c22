//! From what the registry stores to the cells rules are read over. Pure.

use std::collections::{BTreeSet, HashMap};

use satupintu_rules::{Cell, Clause, Kind, Subject, Vocabulary};
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

/// What a variable of a stored object means.
#[derive(Debug)]
pub(super) struct Entry {
    pub number: usize,
    kind: Kind,
    codes: HashMap<String, u8>,
}

impl Entry {
    /// A value in the text of the registry, without quotes.
    pub fn read(&self, text: &str) -> Option<Cell> {
        match self.kind {
            Kind::Code => self.codes.get(text).map(|c| Cell::Code(*c)),
            _ => cell(self, text),
        }
    }
}

/// Facts by their stored names.
#[derive(Debug, Default)]
pub(super) struct Lookup {
    entries: HashMap<String, Entry>,
    counts: Vec<usize>,
}

impl Lookup {
    pub fn new(vocabulary: &Vocabulary) -> Self {
        let mut lookup = Self::default();
        for (number, fact) in vocabulary.facts().iter().enumerate() {
            let list = fact.list.as_deref().unwrap_or_default();
            let codes = vocabulary.list(list).iter();
            let codes = codes
                .filter_map(|c| Some((c.code.clone(), vocabulary.number(list, &c.code)?)))
                .collect::<HashMap<_, _>>();
            if fact.name.starts_with("asset_") || fact.name.starts_with("livestock_") {
                lookup.counts.push(number);
            }
            // The form of the office names the unit.
            if fact.name == "floor_area" {
                let entry = Entry { number, kind: fact.kind, codes: HashMap::new() };
                lookup.entries.insert("floor_area_m2".to_owned(), entry);
            }
            lookup.entries.insert(fact.name.clone(), Entry { number, kind: fact.kind, codes });
        }
        lookup
    }

    /// How values of a fact are read.
    pub fn entry(&self, fact: &str) -> Option<&Entry> {
        self.entries.get(fact)
    }

    /// A code of a fact.
    pub fn code(&self, fact: &str, code: &str) -> Option<(usize, Cell)> {
        let entry = self.entries.get(fact)?;
        Some((entry.number, Cell::Code(*entry.codes.get(code)?)))
    }

    /// Sets a coded fact where the code is known.
    pub fn set(&self, facts: &mut [Cell], fact: &str, code: Option<&str>) {
        if let Some((number, cell)) = code.and_then(|c| self.code(fact, c))
            && let Some(slot) = facts.get_mut(number)
        {
            *slot = cell;
        }
    }

    /// Sets any fact.
    pub fn put(&self, facts: &mut [Cell], fact: &str, cell: Cell) {
        if let Some(slot) = self.entries.get(fact).and_then(|e| facts.get_mut(e.number)) {
            *slot = cell;
        }
    }

    /// Reads a stored JSON object; what it does not know it passes over.
    pub fn read(&self, json: &str, facts: &mut [Cell]) {
        let mut reader = serde_json::Deserializer::from_str(json);
        // A damaged object leaves the facts unknown.
        let _ = reader.deserialize_map(Object { lookup: self, facts });
    }

    /// Reads the things a household owns. Once any is counted, those not named are none; an empty object says nothing.
    pub fn read_assets(&self, json: &str, facts: &mut [Cell]) {
        if json.len() > 2 {
            for number in &self.counts {
                if let Some(slot) = facts.get_mut(*number) {
                    *slot = Cell::Int(0);
                }
            }
        }
        self.read(json, facts);
    }
}

struct Object<'a> {
    lookup: &'a Lookup,
    facts: &'a mut [Cell],
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object of facts")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            let Some(entry) = self.lookup.entries.get(name.as_ref()) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let raw = map.next_value::<&'de RawValue>()?.get();
            if let (Some(cell), Some(slot)) = (cell(entry, raw), self.facts.get_mut(entry.number)) {
                *slot = cell;
            }
        }
        Ok(())
    }
}

fn cell(entry: &Entry, raw: &str) -> Option<Cell> {
    let text = raw.strip_prefix('"').and_then(|r| r.strip_suffix('"'));
    match entry.kind {
        Kind::Code => entry.codes.get(text?).map(|c| Cell::Code(*c)),
        Kind::Bool => raw.parse().ok().map(Cell::Bool),
        Kind::Int | Kind::Money => match raw {
            "true" => Some(Cell::Int(1)),
            "false" => Some(Cell::Int(0)),
            // A measure with decimals counts by its whole part.
            _ => raw.split('.').next()?.parse().ok().map(Cell::Int),
        },
        Kind::Date => None,
    }
}

/// What of a household some rules read: the rest is not loaded.
#[derive(Debug, Clone, Default)]
pub(super) struct Reads {
    /// Facts by their numbers.
    pub facts: BTreeSet<usize>,
    /// Who is a member.
    pub members: bool,
    /// Problems: those of these needs, or none named: all.
    pub problems: Option<BTreeSet<String>>,
    pub benefits: bool,
    pub snapshots: bool,
}

impl Reads {
    /// What these rules read.
    pub fn of<'a>(clauses: impl Iterator<Item = &'a Clause>, vocabulary: &Vocabulary) -> Self {
        let mut reads = Self::default();
        let mut every_need = false;
        clauses.for_each(|clause| reads.add(clause, vocabulary, &mut every_need));
        if every_need {
            reads.problems = Some(BTreeSet::new());
        }
        reads.members |= reads.of_members(vocabulary);
        reads
    }

    /// Whether some fact of members is read.
    pub fn of_members(&self, vocabulary: &Vocabulary) -> bool {
        self.facts.iter().any(|f| vocabulary.facts().get(*f).is_some_and(|f| f.subject == Subject::Member))
    }

    fn add(&mut self, clause: &Clause, vocabulary: &Vocabulary, every_need: &mut bool) {
        let mut fact = |name: &str| self.facts.extend(vocabulary.fact(name).map(|(number, _)| number));
        match clause {
            Clause::Compare(c) => fact(&c.fact),
            Clause::In(c) => fact(&c.fact),
            Clause::Between(c) => fact(&c.fact),
            Clause::Age(_) => fact("birth_date"),
            Clause::AnyMember(_) | Clause::CountMembers(_) => self.members = true,
            Clause::HasProblem(c) => {
                *every_need |= c.needs.is_empty();
                self.problems.get_or_insert_default().extend(c.needs.iter().cloned());
            }
            Clause::Receives(_) => self.benefits = true,
            Clause::Decile(_) => self.snapshots = true,
            Clause::All(_) | Clause::Any(_) | Clause::Not(_) | Clause::AreaIn(_) => {}
        }
        for (_, child) in clause.children() {
            self.add(child, vocabulary, every_need);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_objects_become_cells() {
        let vocabulary = satupintu_rules::generate::vocabulary(include_str!("../../data/code_lists.json")).unwrap();
        let lookup = Lookup::new(&vocabulary);
        let mut facts = vec![Cell::Missing; vocabulary.facts().len()];
        lookup.read(
            r#"{"floor":"earth","floor_area_m2":36.5,"raw":{"x":"1"},"roof":"unheard of","wall":null}"#,
            &mut facts,
        );
        lookup.read_assets(r#"{"asset_car":true,"asset_gold":2}"#, &mut facts);
        let of = |name: &str| facts[vocabulary.fact(name).unwrap().0];
        assert_eq!(of("floor"), Cell::Code(vocabulary.number("floor", "earth").unwrap()));
        assert_eq!((of("floor_area"), of("roof"), of("wall")), (Cell::Int(36), Cell::Missing, Cell::Missing));
        assert_eq!((of("asset_car"), of("asset_gold"), of("asset_boat")), (Cell::Int(1), Cell::Int(2), Cell::Int(0)));
        let mut facts = vec![Cell::Missing; vocabulary.facts().len()];
        lookup.read_assets("{}", &mut facts);
        assert!(facts.iter().all(|c| *c == Cell::Missing));
    }
}
