//! A rule as a sentence, in Indonesian and English.

use crate::tree::{Age, AgeUnit, Clause, Decile, HasProblem, Literal, Op, Receives, Scope, Severity, Status};
use crate::vocabulary::{CLASSES, Kind, Label, NEEDS, PPKS, Vocabulary};

/// The sentence of a rule.
#[must_use]
pub fn sentence(rule: &Clause, vocabulary: &Vocabulary) -> Label {
    let say = |english: bool| {
        let words = Words { vocabulary, english };
        let body = words.clause(rule, false);
        words.pick(&format!("Berhak bila {body}."), &format!("Eligible if {body}."))
    };
    Label { id: say(false), en: say(true) }
}

/// One clause in words.
#[must_use]
pub fn phrase(clause: &Clause, vocabulary: &Vocabulary) -> Label {
    let say = |english: bool| Words { vocabulary, english }.clause(clause, false);
    Label { id: say(false), en: say(true) }
}

struct Words<'a> {
    vocabulary: &'a Vocabulary,
    english: bool,
}

impl Words<'_> {
    fn pick(&self, id: &str, en: &str) -> String {
        if self.english { en } else { id }.to_owned()
    }

    fn label(&self, label: &Label) -> String {
        self.pick(&label.id, &label.en)
    }

    fn join(&self, parts: &[String], all: bool) -> String {
        let word = match (all, self.english) {
            (true, false) => "dan",
            (true, true) => "and",
            (false, false) => "atau",
            (false, true) => "or",
        };
        match parts {
            [] => String::new(),
            [one] => one.clone(),
            [first, second] => format!("{first} {word} {second}"),
            [head @ .., last] => format!("{}, {word} {last}", head.join(", ")),
        }
    }

    fn clause(&self, clause: &Clause, inside: bool) -> String {
        match clause {
            Clause::All(list) | Clause::Any(list) => {
                let all = matches!(clause, Clause::All(_));
                let parts: Vec<String> = list.iter().map(|c| self.clause(c, list.len() > 1)).collect();
                let text = self.join(&parts, all);
                if inside && parts.len() > 1 { format!("({text})") } else { text }
            }
            Clause::Not(inner) => {
                let text = self.clause(inner, true);
                self.pick(&format!("bukan ({text})"), &format!("not ({text})")).replace("((", "(").replace("))", ")")
            }
            Clause::Compare(c) => {
                let value = self.value(&c.fact, &c.value);
                format!("{} {} {value}{}", self.fact(&c.fact), self.op(c.op), self.unit(&c.fact))
            }
            Clause::In(c) => {
                let values: Vec<String> = c.values.iter().map(|v| self.value(&c.fact, v)).collect();
                format!("{} {} {}", self.fact(&c.fact), self.pick("adalah", "is"), self.join(&values, false))
            }
            Clause::Between(c) => {
                let (from, to) = (self.value(&c.fact, &c.from), self.value(&c.fact, &c.to));
                let unit = self.unit(&c.fact);
                let fact = self.fact(&c.fact);
                self.pick(
                    &format!("{fact} antara {from} dan {to}{unit}"),
                    &format!("{fact} is between {from} and {to}{unit}"),
                )
            }
            Clause::AnyMember(inner) => {
                let text = self.clause(inner, false);
                self.pick(&format!("ada anggota dengan [{text}]"), &format!("some member has [{text}]"))
            }
            Clause::CountMembers(c) => {
                let of = c.filter.as_deref().map(|f| self.clause(f, false));
                let (op, n) = (self.op(c.op), c.value);
                match of {
                    Some(of) => self.pick(
                        &format!("jumlah anggota dengan [{of}] {op} {n}"),
                        &format!("the number of members with [{of}] {op} {n}"),
                    ),
                    None => self.pick(&format!("jumlah anggota {op} {n}"), &format!("the number of members {op} {n}")),
                }
            }
            Clause::HasProblem(c) => self.problem(c),
            Clause::Receives(c) => self.receives(c),
            Clause::AreaIn(areas) => {
                let names: Vec<String> =
                    areas.iter().map(|a| self.vocabulary.area(a).unwrap_or(a).to_owned()).collect();
                let text = self.join(&names, false);
                self.pick(&format!("berdomisili di {text}"), &format!("lives in {text}"))
            }
            Clause::Age(c) => self.age(c),
            Clause::Decile(c) => self.decile(c),
        }
    }

    fn fact(&self, name: &str) -> String {
        self.vocabulary.fact(name).map_or_else(|| name.to_owned(), |(_, f)| self.label(&f.label))
    }

    fn unit(&self, name: &str) -> String {
        match self.vocabulary.fact(name).and_then(|(_, f)| f.unit.as_deref()) {
            Some("m2") => " m²".to_owned(),
            _ => String::new(),
        }
    }

    fn op(&self, op: Op) -> String {
        match op {
            Op::Eq => self.pick("adalah", "is"),
            Op::Ne => self.pick("bukan", "is not"),
            Op::Lt => self.pick("kurang dari", "is less than"),
            Op::Le => self.pick("paling banyak", "is at most"),
            Op::Gt => self.pick("lebih dari", "is more than"),
            Op::Ge => self.pick("paling sedikit", "is at least"),
        }
    }

    fn value(&self, fact: &str, value: &Literal) -> String {
        let fact = self.vocabulary.fact(fact).map(|(_, f)| f);
        match value {
            Literal::Bool(true) => self.pick("ya", "yes"),
            Literal::Bool(false) => self.pick("tidak", "no"),
            Literal::Int(n) if fact.is_some_and(|f| f.kind == Kind::Money) => format!("Rp {}", grouped(*n)),
            Literal::Int(n) => n.to_string(),
            Literal::Text(code) => {
                let list = fact.and_then(|f| f.list.as_deref()).unwrap_or_default();
                self.coded(list, code)
            }
        }
    }

    fn coded(&self, list: &str, code: &str) -> String {
        self.vocabulary.code(list, code).map_or_else(|| code.to_owned(), |c| format!("\"{}\"", self.label(&c.label)))
    }

    fn problem(&self, c: &HasProblem) -> String {
        let names =
            |list: &str, codes: &[String]| -> Vec<String> { codes.iter().map(|code| self.coded(list, code)).collect() };
        let mut text = self.pick("memiliki masalah", "has a problem");
        if !c.needs.is_empty() {
            text += &format!(" {} {}", self.pick("kebutuhan", "of need"), self.join(&names(NEEDS, &c.needs), false));
        }
        if !c.ppks.is_empty() {
            text +=
                &format!(" {} {}", self.pick("jenis PPKS", "of PPKS type"), self.join(&names(PPKS, &c.ppks), false));
        }
        let severity = match c.min_severity {
            Severity::Low => None,
            Severity::Medium => Some(self.pick("sedang", "medium")),
            Severity::High => Some(self.pick("tinggi", "high")),
            Severity::Emergency => Some(self.pick("darurat", "emergency")),
        };
        if let Some(severity) = severity {
            text += &self
                .pick(&format!(", tingkat paling rendah {severity}"), &format!(" of at least {severity} severity"));
        }
        if c.statuses != Status::OPEN {
            let names: Vec<String> = c.statuses.iter().map(|s| self.status(*s)).collect();
            text += &format!(" ({})", self.join(&names, false));
        }
        text
    }

    fn status(&self, status: Status) -> String {
        match status {
            Status::Candidate => self.pick("calon", "candidate"),
            Status::Reported => self.pick("dilaporkan", "reported"),
            Status::Verified => self.pick("terverifikasi", "verified"),
            Status::InService => self.pick("ditangani", "in service"),
            Status::PartlyResolved => self.pick("terpenuhi sebagian", "partly resolved"),
            Status::Resolved => self.pick("terpenuhi", "resolved"),
        }
    }

    fn receives(&self, c: &Receives) -> String {
        let mut names: Vec<String> = c.overlap_classes.iter().map(|code| self.coded(CLASSES, code)).collect();
        names.extend(
            c.programs
                .iter()
                .map(|code| self.vocabulary.program(code).map_or_else(|| code.clone(), |p| self.label(&p.label))),
        );
        let text = self.join(&names, false);
        match c.within_days {
            0 => self.pick(&format!("menerima {text}"), &format!("receives {text}")),
            days => self.pick(
                &format!("menerima {text} dalam {days} hari terakhir"),
                &format!("received {text} within the last {days} days"),
            ),
        }
    }

    fn age(&self, c: &Age) -> String {
        let unit = match c.unit {
            AgeUnit::Years => self.pick("tahun", "years"),
            AgeUnit::Months => self.pick("bulan", "months"),
        };
        let range = match (c.min, c.max) {
            (Some(min), Some(max)) if min == max => format!("{min} {unit}"),
            (Some(min), Some(max)) => format!("{min}–{max} {unit}"),
            (Some(min), None) => self.pick(&format!("{min} {unit} atau lebih"), &format!("{min} {unit} or more")),
            (None, Some(max)) => self.pick(&format!("paling tua {max} {unit}"), &format!("at most {max} {unit}")),
            (None, None) => String::new(),
        };
        let on = c.on.map_or_else(String::new, |d| self.pick(&format!(" pada {d}"), &format!(" on {d}")));
        self.pick(&format!("usia {range}{on}"), &format!("an age of {range}{on}"))
    }

    fn decile(&self, c: &Decile) -> String {
        let scope = match c.scope {
            Scope::National => self.pick("nasional", "national"),
            Scope::Province => self.pick("provinsi", "provincial"),
            Scope::City => self.pick("kota", "city"),
        };
        let range = if c.min == c.max { c.min.to_string() } else { format!("{}–{}", c.min, c.max) };
        let mut text = self.pick(&format!("desil {scope} {range}"), &format!("the {scope} decile is {range}"));
        if !c.sources.is_empty() {
            let names: Vec<String> = c.sources.iter().map(|s| s.to_uppercase()).collect();
            text += &format!(" {} {}", self.pick("menurut", "by"), self.join(&names, false));
        }
        if let Some(months) = c.max_age_months {
            text += &self.pick(
                &format!(" dari data paling lama {months} bulan"),
                &format!(" in data of at most {months} months ago"),
            );
        }
        text
    }
}

/// Thousands with dots, as rupiah are written.
fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('.');
        }
        out.push(digit);
    }
    if number < 0 { format!("-{out}") } else { out }
}
