//! From JSON to the tree. Strict: an unknown member, a wrong type or too much of anything is refused with its place.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::tree::{
    Age, AgeUnit, Among, Between, Clause, Compare, Count, Decile, HasProblem, Literal, Op, Receives, Scope, Severity,
    Status,
};

/// Most levels of clauses.
pub const MAX_DEPTH: usize = 16;
/// Most clauses.
pub const MAX_CLAUSES: usize = 400;
/// Most values of one list.
pub const MAX_VALUES: usize = 300;
/// Longest text of a rule, in bytes.
pub const MAX_BYTES: usize = 256 * 1024;
/// Most faults reported.
const MAX_FAULTS: usize = 50;

/// What is wrong with a rule, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// JSON pointer into the rule.
    pub pointer: String,
    /// Stable code.
    pub code: &'static str,
    /// In English; never the value itself.
    pub detail: String,
}

impl Fault {
    pub(crate) fn new(pointer: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code, detail: detail.into() }
    }
}

/// Brackets open at the same time at most, without parsing.
fn depth(text: &str) -> usize {
    let (mut open, mut most, mut quoted, mut escaped) = (0usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => {
                open += 1;
                most = most.max(open);
            }
            b'}' | b']' if !quoted => open = open.saturating_sub(1),
            _ => {}
        }
    }
    most
}

/// Reads a rule from its text.
///
/// # Errors
/// Every fault found, each with its pointer.
pub fn parse(text: &str) -> Result<Clause, Vec<Fault>> {
    if text.len() > MAX_BYTES {
        return Err(vec![Fault::new("", "too_long", format!("a rule has at most {MAX_BYTES} bytes"))]);
    }
    // An object and a list a level; looked at before anything recurses.
    if depth(text) > 3 * MAX_DEPTH {
        return Err(vec![Fault::new("", "too_deep", format!("clauses stand at most {MAX_DEPTH} deep"))]);
    }
    let value: Value = serde_json::from_str(text).map_err(|e| {
        vec![Fault::new("", "malformed_json", format!("not JSON at line {} column {}", e.line(), e.column()))]
    })?;
    from_value(&value)
}

/// Reads a rule from JSON that has been parsed.
///
/// # Errors
/// Every fault found, each with its pointer.
pub fn from_value(value: &Value) -> Result<Clause, Vec<Fault>> {
    let mut reader = Reader { faults: Vec::new(), clauses: 0 };
    let clause = reader.clause(value, "", 1);
    match clause {
        Some(clause) if reader.faults.is_empty() => Ok(clause),
        _ => Err(reader.faults),
    }
}

struct Reader {
    faults: Vec<Fault>,
    clauses: usize,
}

impl Reader {
    fn fault<T>(&mut self, at: &str, code: &'static str, detail: impl Into<String>) -> Option<T> {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(Fault::new(at, code, detail));
        }
        None
    }

    fn clause(&mut self, value: &Value, at: &str, depth: usize) -> Option<Clause> {
        self.clauses += 1;
        if depth > MAX_DEPTH {
            return self.fault(at, "too_deep", format!("clauses stand at most {MAX_DEPTH} deep"));
        }
        if self.clauses > MAX_CLAUSES {
            let first = self.clauses == MAX_CLAUSES + 1;
            return if first {
                self.fault("", "too_many_clauses", format!("a rule has at most {MAX_CLAUSES} clauses"))
            } else {
                None
            };
        }
        let Some((operator, body)) = value.as_object().filter(|o| o.len() == 1).and_then(|o| o.iter().next()) else {
            return self.fault(at, "wrong_type", "a clause is an object with one member, its operator");
        };
        let here = format!("{at}/{operator}");
        match operator.as_str() {
            "all" => self.list(body, &here, depth).map(Clause::All),
            "any" => self.list(body, &here, depth).map(Clause::Any),
            "not" => self.clause(body, &here, depth + 1).map(|c| Clause::Not(Box::new(c))),
            "any_member" => self.clause(body, &here, depth + 1).map(|c| Clause::AnyMember(Box::new(c))),
            "area_in" => self.words(body, &here, 1).map(Clause::AreaIn),
            "compare" => self.compare(body, &here),
            "in" => self.among(body, &here),
            "between" => self.between(body, &here),
            "count_members" => self.count(body, &here, depth),
            "has_problem" => self.problem(body, &here),
            "receives" => self.receives(body, &here),
            "age" => self.age(body, &here),
            "decile" => self.decile(body, &here),
            _ => self.fault(at, "unknown_operator", "is not an operator of the language"),
        }
    }

    fn list(&mut self, body: &Value, at: &str, depth: usize) -> Option<Vec<Clause>> {
        let Some(items) = body.as_array() else { return self.fault(at, "wrong_type", "expected a list of clauses") };
        if items.is_empty() {
            return self.fault(at, "empty", "needs at least one clause");
        }
        if items.len() > MAX_VALUES {
            return self.fault(at, "too_many", format!("has at most {MAX_VALUES} clauses"));
        }
        let read: Vec<Option<Clause>> =
            items.iter().enumerate().map(|(i, item)| self.clause(item, &format!("{at}/{i}"), depth + 1)).collect();
        read.into_iter().collect()
    }

    /// The members of an object, of which no other may be there.
    fn object<'v>(&mut self, body: &'v Value, at: &str, known: &[&str]) -> Option<&'v Map<String, Value>> {
        let Some(object) = body.as_object() else { return self.fault(at, "wrong_type", "expected an object") };
        let before = self.faults.len();
        for name in object.keys().filter(|k| !known.contains(&k.as_str())) {
            self.fault::<()>(&format!("{at}/{}", escape(name)), "unknown_member", "is not a member of this object");
        }
        (self.faults.len() == before).then_some(object)
    }

    fn text(&mut self, object: &Map<String, Value>, at: &str, name: &str) -> Option<String> {
        match object.get(name).and_then(Value::as_str) {
            Some(text) if !text.is_empty() && text.len() <= 100 => Some(text.to_owned()),
            _ => self.fault(&format!("{at}/{name}"), "required", "expected a text of 1 to 100 characters"),
        }
    }

    /// An optional number; the outer `None` is a fault.
    fn number(&mut self, object: &Map<String, Value>, at: &str, name: &str, most: u32) -> Option<Option<u32>> {
        match object.get(name) {
            None | Some(Value::Null) => Some(None),
            Some(value) => match value.as_u64().and_then(|n| u32::try_from(n).ok()).filter(|n| *n <= most) {
                Some(number) => Some(Some(number)),
                None => self.fault(&format!("{at}/{name}"), "range", format!("must be a whole number up to {most}")),
            },
        }
    }

    fn choice<T: Copy>(
        &mut self,
        object: &Map<String, Value>,
        at: &str,
        name: &str,
        all: &[(&str, T)],
        default: Option<T>,
    ) -> Option<T> {
        match (object.get(name), default) {
            (None | Some(Value::Null), Some(default)) => Some(default),
            (value, _) => {
                let found = value.and_then(Value::as_str).and_then(|v| all.iter().find(|(n, _)| *n == v));
                match found {
                    Some((_, choice)) => Some(*choice),
                    None => {
                        let names: Vec<&str> = all.iter().map(|(n, _)| *n).collect();
                        let detail = format!("expected one of {}", names.join(", "));
                        self.fault(&format!("{at}/{name}"), "not_allowed", detail)
                    }
                }
            }
        }
    }

    /// A list of different words.
    fn words(&mut self, value: &Value, at: &str, least: usize) -> Option<Vec<String>> {
        let Some(items) = value.as_array() else { return self.fault(at, "wrong_type", "expected a list of codes") };
        if items.len() < least || items.len() > MAX_VALUES {
            return self.fault(at, "too_many", format!("has {least} to {MAX_VALUES} codes"));
        }
        let mut words: Vec<String> = Vec::with_capacity(items.len());
        for (i, item) in items.iter().enumerate() {
            match item.as_str().filter(|t| !t.is_empty() && t.len() <= 100) {
                Some(text) if words.iter().any(|w| w == text) => {
                    return self.fault(&format!("{at}/{i}"), "duplicate", "is given twice");
                }
                Some(text) => words.push(text.to_owned()),
                None => return self.fault(&format!("{at}/{i}"), "wrong_type", "expected a code"),
            }
        }
        Some(words)
    }

    fn optional_words(&mut self, object: &Map<String, Value>, at: &str, name: &str) -> Option<Vec<String>> {
        match object.get(name) {
            None | Some(Value::Null) => Some(Vec::new()),
            Some(value) => self.words(value, &format!("{at}/{name}"), 1),
        }
    }

    fn literal(&mut self, value: Option<&Value>, at: &str) -> Option<Literal> {
        match value {
            Some(Value::Bool(b)) => Some(Literal::Bool(*b)),
            Some(Value::Number(n)) => match n.as_i64() {
                Some(n) => Some(Literal::Int(n)),
                None => self.fault(at, "wrong_type", "must be a whole number"),
            },
            Some(Value::String(text)) if text.len() <= 100 => Some(Literal::Text(text.clone())),
            _ => self.fault(at, "required", "expected a value"),
        }
    }

    fn unit(&mut self, object: &Map<String, Value>, at: &str) -> Option<Option<String>> {
        match object.get("unit") {
            None | Some(Value::Null) => Some(None),
            Some(_) => self.text(object, at, "unit").map(Some),
        }
    }

    fn compare(&mut self, body: &Value, at: &str) -> Option<Clause> {
        let object = self.object(body, at, &["fact", "op", "value", "unit"])?;
        let fact = self.text(object, at, "fact");
        let op = self.choice(object, at, "op", &Op::ALL, None);
        let value = self.literal(object.get("value"), &format!("{at}/value"));
        let unit = self.unit(object, at)?;
        Some(Clause::Compare(Compare { fact: fact?, op: op?, value: value?, unit }))
    }

    fn among(&mut self, body: &Value, at: &str) -> Option<Clause> {
        let object = self.object(body, at, &["fact", "values"])?;
        let fact = self.text(object, at, "fact")?;
        let here = format!("{at}/values");
        let Some(items) = object.get("values").and_then(Value::as_array).filter(|i| !i.is_empty()) else {
            return self.fault(&here, "required", "expected a list of values");
        };
        if items.len() > MAX_VALUES {
            return self.fault(&here, "too_many", format!("has at most {MAX_VALUES} values"));
        }
        let mut values = Vec::with_capacity(items.len());
        for (i, item) in items.iter().enumerate() {
            let value = self.literal(Some(item), &format!("{here}/{i}"))?;
            if values.contains(&value) {
                return self.fault(&format!("{here}/{i}"), "duplicate", "is given twice");
            }
            values.push(value);
        }
        Some(Clause::In(Among { fact, values }))
    }

    fn between(&mut self, body: &Value, at: &str) -> Option<Clause> {
        let object = self.object(body, at, &["fact", "from", "to", "unit"])?;
        let fact = self.text(object, at, "fact")?;
        let from = self.literal(object.get("from"), &format!("{at}/from"))?;
        let to = self.literal(object.get("to"), &format!("{at}/to"))?;
        let unit = self.unit(object, at)?;
        Some(Clause::Between(Between { fact, from, to, unit }))
    }

    fn count(&mut self, body: &Value, at: &str, depth: usize) -> Option<Clause> {
        let object = self.object(body, at, &["where", "op", "value"])?;
        let filter = match object.get("where") {
            None | Some(Value::Null) => None,
            Some(inner) => Some(Box::new(self.clause(inner, &format!("{at}/where"), depth + 1)?)),
        };
        let op = self.choice(object, at, "op", &Op::ALL, None)?;
        match self.number(object, at, "value", 100)? {
            Some(value) => Some(Clause::CountMembers(Count { filter, op, value })),
            None => self.fault(&format!("{at}/value"), "required", "value is required"),
        }
    }

    fn problem(&mut self, body: &Value, at: &str) -> Option<Clause> {
        let object = self.object(body, at, &["needs", "ppks", "min_severity", "statuses"])?;
        let needs = self.optional_words(object, at, "needs")?;
        let ppks = self.optional_words(object, at, "ppks")?;
        if needs.is_empty() && ppks.is_empty() {
            return self.fault(at, "required", "names needs, PPKS types or both");
        }
        let min_severity = self.choice(object, at, "min_severity", &Severity::ALL, Some(Severity::Low))?;
        let words = self.optional_words(object, at, "statuses")?;
        let mut statuses = Vec::new();
        for (i, word) in words.iter().enumerate() {
            match Status::ALL.iter().find(|(n, _)| n == word) {
                Some((_, status)) => statuses.push(*status),
                None => {
                    return self.fault(&format!("{at}/statuses/{i}"), "not_allowed", "is not a status rules ask for");
                }
            }
        }
        if statuses.is_empty() {
            statuses = Status::OPEN.to_vec();
        }
        Some(Clause::HasProblem(HasProblem { needs, ppks, min_severity, statuses }))
    }

    fn receives(&mut self, body: &Value, at: &str) -> Option<Clause> {
        let object = self.object(body, at, &["overlap_classes", "programs", "within_days"])?;
        let overlap_classes = self.optional_words(object, at, "overlap_classes")?;
        let programs = self.optional_words(object, at, "programs")?;
        if overlap_classes.is_empty() && programs.is_empty() {
            return self.fault(at, "required", "names overlap classes, programs or both");
        }
        let within_days = self.number(object, at, "within_days", 36_600)?.unwrap_or(0);
        Some(Clause::Receives(Receives { overlap_classes, programs, within_days }))
    }

    fn age(&mut self, body: &Value, at: &str) -> Option<Clause> {
        let object = self.object(body, at, &["min", "max", "unit", "on"])?;
        let units = [("years", AgeUnit::Years), ("months", AgeUnit::Months)];
        let unit = self.choice(object, at, "unit", &units, Some(AgeUnit::Years))?;
        let most = if unit == AgeUnit::Years { 130 } else { 1_560 };
        let min = self.number(object, at, "min", most)?;
        let max = self.number(object, at, "max", most)?;
        if min.is_none() && max.is_none() {
            return self.fault(at, "required", "names the least age, the greatest or both");
        }
        let on = match object.get("on") {
            None | Some(Value::Null) => None,
            Some(value) => match value.as_str().and_then(date) {
                Some(date) => Some(date),
                None => return self.fault(&format!("{at}/on"), "wrong_type", "expected a date as YYYY-MM-DD"),
            },
        };
        Some(Clause::Age(Age { min, max, unit, on }))
    }

    fn decile(&mut self, body: &Value, at: &str) -> Option<Clause> {
        let object = self.object(body, at, &["min", "max", "scope", "sources", "max_age_months"])?;
        let min = self.number(object, at, "min", 10)?.unwrap_or(1);
        let max = self.number(object, at, "max", 10)?.unwrap_or(10);
        let scope = self.choice(object, at, "scope", &Scope::ALL, Some(Scope::National))?;
        let sources = self.optional_words(object, at, "sources")?;
        let max_age_months = self.number(object, at, "max_age_months", 600)?;
        let small = |n: u32| u8::try_from(n).unwrap_or(u8::MAX);
        Some(Clause::Decile(Decile { min: small(min), max: small(max), scope, sources, max_age_months }))
    }
}

/// A civil date as `YYYY-MM-DD`, nothing else.
pub(crate) fn date(text: &str) -> Option<NaiveDate> {
    let date: NaiveDate = text.parse().ok()?;
    (date.to_string() == text).then_some(date)
}

fn escape(name: &str) -> String {
    name.chars().take(40).collect::<String>().replace('~', "~0").replace('/', "~1")
}
