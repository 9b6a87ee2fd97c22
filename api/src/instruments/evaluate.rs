//! What answers amount to: what is asked, what is missing, scores, findings. Pure.

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::definition::{Condition, Definition, Question, QuestionKind};
use crate::kernel::label::Label;
use crate::kernel::problem::FieldError;

/// Longest answer in words, in characters.
const MAX_TEXT: usize = 4000;

/// Answers by the code of their question.
pub type Answers = BTreeMap<String, Value>;

/// Points that counted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Counted {
    /// What for.
    pub label: Label,
    /// How many.
    #[schema(example = 1)]
    pub points: i64,
}

/// A score with its breakdown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Scored {
    /// Code of the score.
    #[schema(example = "total")]
    pub code: String,
    /// Its name.
    pub name: Label,
    /// The sum.
    #[schema(example = 6)]
    pub points: i64,
    /// The most there could be.
    #[schema(example = 17)]
    pub most: i64,
    /// Code of what it means.
    #[schema(example = "poor")]
    pub band_code: Option<String>,
    /// What it means.
    pub band: Option<Label>,
    /// What counted.
    pub counted: Vec<Counted>,
}

/// A need that the answers point to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Found {
    /// Code of the list `needs`.
    #[schema(example = "pangan")]
    pub need_code: String,
    /// Code of the list `ppks_types`.
    #[schema(example = "fakir_miskin")]
    pub ppks_code: Option<String>,
    /// emergency, high, medium or low.
    #[schema(example = "high")]
    pub severity: String,
}

/// How far a section is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SectionProgress {
    /// Code of the section.
    #[schema(example = "dwelling")]
    pub section: String,
    /// Questions asked now.
    #[schema(example = 4)]
    pub asked: usize,
    /// Of them answered.
    #[schema(example = 3)]
    pub answered: usize,
    /// Codes of required questions still open.
    #[schema(example = json!(["no_toilet"]))]
    pub missing: Vec<String>,
}

/// What the answers amount to.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
pub struct Evaluation {
    /// Sections asked now, each with how far it is.
    pub progress: Vec<SectionProgress>,
    /// Scores over what is answered.
    pub scores: Vec<Scored>,
    /// Findings over what is answered.
    pub findings: Vec<Found>,
}

impl Evaluation {
    /// Whether every required question is answered.
    pub fn complete(&self) -> bool {
        self.progress.iter().all(|p| p.missing.is_empty())
    }
}

/// Whether a value answers the question; says why not.
pub fn refuse(question: &Question, value: &Value) -> Option<(&'static str, &'static str)> {
    let known = |code: &Value| code.as_str().is_some_and(|c| question.options.iter().any(|o| o.code == c));
    match question.kind {
        QuestionKind::YesNo if !value.is_boolean() => Some(("wrong_type", "expected true or false")),
        QuestionKind::Choice if !known(value) => Some(("unknown_code", "is not an option of the question")),
        QuestionKind::Choices => match value.as_array() {
            Some(codes) if codes.iter().all(known) && codes.iter().collect::<HashSet<_>>().len() == codes.len() => None,
            _ => Some(("unknown_code", "expected options of the question, each once")),
        },
        QuestionKind::Integer | QuestionKind::Money => match value.as_i64() {
            None => Some(("wrong_type", "expected a whole number")),
            Some(n) if question.min.is_some_and(|min| n < min) || question.max.is_some_and(|max| n > max) => {
                Some(("range", "lies outside its bounds"))
            }
            Some(_) => None,
        },
        QuestionKind::Date => {
            let date = value.as_str().filter(|t| t.len() == 10).and_then(|t| t.parse::<NaiveDate>().ok());
            date.is_none().then_some(("wrong_type", "expected a date such as 2026-10-01"))
        }
        QuestionKind::Text => match value.as_str() {
            None => Some(("wrong_type", "expected text")),
            Some(text) if text.chars().count() > MAX_TEXT => Some(("length", "is too long")),
            Some(_) => None,
        },
        _ => None,
    }
}

/// What is wrong with the answers, by pointer below `/answers`. An open question is no mistake.
pub fn check(definition: &Definition, answers: &Answers) -> Vec<FieldError> {
    let wrong = |code: &str, why: (&str, &str)| FieldError {
        pointer: format!("/answers/{code}"),
        code: why.0.into(),
        detail: why.1.into(),
    };
    answers
        .iter()
        .filter_map(|(code, value)| match definition.questions().find(|(_, q)| q.code == *code) {
            None => Some(wrong(code, ("unknown_code", "is not a question of this instrument"))),
            Some((_, question)) => refuse(question, value).map(|why| wrong(code, why)),
        })
        .collect()
}

struct World<'a> {
    answers: &'a Answers,
    asked: HashSet<&'a str>,
    scores: BTreeMap<&'a str, i64>,
}

impl World<'_> {
    /// The answer, if the question is asked at all: what was typed before it was hidden does not count.
    fn answer(&self, question: &str) -> Option<&Value> {
        self.answers.get(question).filter(|_| self.asked.contains(question))
    }

    fn met(&self, condition: &Condition) -> bool {
        match condition {
            Condition::Yes { question } => self.answer(question) == Some(&Value::Bool(true)),
            Condition::No { question } => self.answer(question) == Some(&Value::Bool(false)),
            Condition::AnyOf { question, codes } => self.answer(question).is_some_and(|value| {
                let has = |v: &Value| v.as_str().is_some_and(|c| codes.iter().any(|code| code == c));
                value.as_array().map_or_else(|| has(value), |list| list.iter().any(has))
            }),
            Condition::AtLeast { question, number } => {
                self.answer(question).and_then(Value::as_i64).is_some_and(|n| n >= *number)
            }
            Condition::AtMost { question, number } => {
                self.answer(question).and_then(Value::as_i64).is_some_and(|n| n <= *number)
            }
            Condition::ScoreAtLeast { score, points } => self.scores.get(score.as_str()).is_some_and(|n| n >= points),
            Condition::All { conditions } => conditions.iter().all(|c| self.met(c)),
            Condition::Any { conditions } => conditions.iter().any(|c| self.met(c)),
            Condition::Not { condition } => !self.met(condition),
        }
    }
}

/// Whether a question counts as answered: an empty text or list is none.
fn given(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => false,
        Some(Value::String(text)) => !text.trim().is_empty(),
        Some(_) => true,
    }
}

/// What the answers amount to. The answers have passed [`check`].
pub fn evaluate(definition: &Definition, answers: &Answers) -> Evaluation {
    let mut world = World { answers, asked: HashSet::new(), scores: BTreeMap::new() };
    let mut progress = Vec::new();
    for section in &definition.sections {
        if section.when.as_ref().is_some_and(|when| !world.met(when)) {
            continue;
        }
        let mut line = SectionProgress { section: section.code.clone(), asked: 0, answered: 0, missing: Vec::new() };
        for question in &section.questions {
            if question.when.as_ref().is_some_and(|when| !world.met(when)) {
                continue;
            }
            world.asked.insert(&question.code);
            line.asked += 1;
            if given(answers.get(&question.code)) {
                line.answered += 1;
            } else if question.required {
                line.missing.push(question.code.clone());
            }
        }
        progress.push(line);
    }
    let mut scores = Vec::new();
    for score in &definition.scores {
        let counted: Vec<Counted> = score
            .items
            .iter()
            .filter(|item| world.met(&item.when))
            .map(|item| Counted { label: item.label.clone(), points: item.points })
            .collect();
        let points = counted.iter().map(|c| c.points).sum();
        let band = score.bands.iter().rev().find(|band| points >= band.from);
        world.scores.insert(&score.code, points);
        scores.push(Scored {
            code: score.code.clone(),
            name: score.name.clone(),
            points,
            most: score.items.iter().map(|item| item.points.max(0)).sum(),
            band_code: band.map(|b| b.code.clone()),
            band: band.map(|b| b.name.clone()),
            counted,
        });
    }
    let findings = definition.findings.iter().filter(|f| world.met(&f.when));
    let findings = findings
        .map(|f| Found { need_code: f.need_code.clone(), ppks_code: f.ppks_code.clone(), severity: f.severity.clone() })
        .collect();
    Evaluation { progress, scores, findings }
}

/// The answers to what is asked: the rest was typed before a condition hid its question, and is not part of what is
/// signed.
pub fn asked_only(definition: &Definition, answers: &Answers) -> Answers {
    let mut world = World { answers, asked: HashSet::new(), scores: BTreeMap::new() };
    for section in &definition.sections {
        if section.when.as_ref().is_some_and(|when| !world.met(when)) {
            continue;
        }
        for question in &section.questions {
            if question.when.as_ref().is_none_or(|when| world.met(when)) {
                world.asked.insert(&question.code);
            }
        }
    }
    let asked = world.asked;
    answers.iter().filter(|(code, _)| asked.contains(code.as_str())).map(|(c, v)| (c.clone(), v.clone())).collect()
}
