//! What a definition must keep, with the place of each mistake. Pure.

use std::collections::{HashMap, HashSet};

use super::definition::{Condition, Definition, Question, QuestionKind};
use crate::kernel::problem::FieldError;

/// More than any form in the field has, and little enough to evaluate on each keystroke.
const MAX_QUESTIONS: usize = 300;
const MAX_DEPTH: usize = 8;
const MAX_CONDITIONS: usize = 40;
/// How urgent a finding can be.
pub const SEVERITIES: &[&str] = &["emergency", "high", "medium", "low"];

struct Check<'d> {
    errors: Vec<FieldError>,
    /// Questions that stand before the place being checked.
    known: HashMap<&'d str, &'d Question>,
    scores: HashSet<&'d str>,
}

/// Every mistake, by JSON pointer below `/definition`.
pub fn check(definition: &Definition) -> Vec<FieldError> {
    let mut check = Check { errors: Vec::new(), known: HashMap::new(), scores: HashSet::new() };
    let asked = definition.questions().count();
    if asked == 0 || asked > MAX_QUESTIONS {
        check.refuse("/sections", "length", "a form has 1 to 300 questions");
        return check.errors;
    }
    let parts = [
        ("/sections", definition.sections.len(), 100),
        ("/scores", definition.scores.len(), 20),
        ("/findings", definition.findings.len(), 100),
    ];
    if let Some((pointer, _, most)) = parts.into_iter().find(|(_, has, most)| has > most) {
        check.refuse(pointer, "length", &format!("has at most {most}"));
        return check.errors;
    }
    check.sections(definition);
    check.scores(definition);
    check.findings(definition);
    check.errors
}

/// Whether a code may stand in the data: lower case, digits and underscores.
pub fn is_code(code: &str) -> bool {
    (1..=60).contains(&code.len())
        && code.starts_with(|c: char| c.is_ascii_lowercase())
        && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

impl<'d> Check<'d> {
    fn refuse(&mut self, pointer: &str, code: &str, detail: &str) {
        self.errors.push(FieldError {
            pointer: format!("/definition{pointer}"),
            code: code.into(),
            detail: detail.into(),
        });
    }

    fn code(&mut self, code: &'d str, seen: &mut HashSet<&'d str>, at: &str) {
        if !is_code(code) {
            self.refuse(&format!("{at}/code"), "invalid", "must be lower-case letters, digits and underscores");
        } else if !seen.insert(code) {
            self.refuse(&format!("{at}/code"), "duplicate", "this code stands here twice");
        }
    }

    fn sections(&mut self, definition: &'d Definition) {
        let (mut sections, mut questions) = (HashSet::new(), HashSet::new());
        for (i, section) in definition.sections.iter().enumerate() {
            let at = format!("/sections/{i}");
            self.code(&section.code, &mut sections, &at);
            if let Some(when) = &section.when {
                self.condition(when, &format!("{at}/when"), false);
            }
            for (k, question) in section.questions.iter().enumerate() {
                let at = format!("{at}/questions/{k}");
                self.code(&question.code, &mut questions, &at);
                self.question(question, &at);
                if let Some(when) = &question.when {
                    self.condition(when, &format!("{at}/when"), false);
                }
                // Only now: a condition names what was asked before, so that no circle can arise.
                self.known.entry(&question.code).or_insert(question);
            }
        }
    }

    fn question(&mut self, question: &'d Question, at: &str) {
        let chosen = matches!(question.kind, QuestionKind::Choice | QuestionKind::Choices);
        if chosen == question.options.is_empty() {
            self.refuse(&format!("{at}/options"), "required", "choices have options, other questions have none");
        }
        let mut codes = HashSet::new();
        for (n, option) in question.options.iter().enumerate() {
            self.code(&option.code, &mut codes, &format!("{at}/options/{n}"));
        }
        let number = matches!(question.kind, QuestionKind::Integer | QuestionKind::Money);
        if !number && (question.min.is_some() || question.max.is_some()) {
            self.refuse(&format!("{at}/min"), "not_allowed", "only numbers have bounds");
        }
        if let (Some(min), Some(max)) = (question.min, question.max)
            && min > max
        {
            self.refuse(&format!("{at}/max"), "invalid", "must not lie below min");
        }
    }

    fn scores(&mut self, definition: &'d Definition) {
        let mut seen = HashSet::new();
        for (i, score) in definition.scores.iter().enumerate() {
            let at = format!("/scores/{i}");
            self.code(&score.code, &mut seen, &at);
            for (k, item) in score.items.iter().enumerate() {
                self.condition(&item.when, &format!("{at}/items/{k}/when"), false);
                if !(-1000..=1000).contains(&item.points) {
                    self.refuse(&format!("{at}/items/{k}/points"), "range", "must be -1000 to 1000");
                }
            }
            if score.bands.windows(2).any(|pair| pair[0].from >= pair[1].from) {
                self.refuse(&format!("{at}/bands"), "invalid", "must rise from low to high");
            }
            let lowest: i64 = score.items.iter().map(|item| item.points.min(0)).sum();
            if score.bands.first().is_some_and(|band| band.from > lowest) {
                self.refuse(&format!("{at}/bands/0/from"), "invalid", "must not lie above the lowest possible sum");
            }
            self.scores.insert(&score.code);
        }
    }

    fn findings(&mut self, definition: &'d Definition) {
        for (i, finding) in definition.findings.iter().enumerate() {
            self.condition(&finding.when, &format!("/findings/{i}/when"), true);
            if !SEVERITIES.contains(&finding.severity.as_str()) {
                self.refuse(
                    &format!("/findings/{i}/severity"),
                    "not_allowed",
                    "expected emergency, high, medium or low",
                );
            }
        }
    }

    fn condition(&mut self, condition: &'d Condition, at: &str, scores_too: bool) {
        let mut stack = vec![(condition, at.to_owned(), 0)];
        let mut seen = 0;
        while let Some((condition, at, depth)) = stack.pop() {
            seen += 1;
            if depth > MAX_DEPTH || seen > MAX_CONDITIONS {
                self.refuse(&at, "too_deep", "has too many parts");
                return;
            }
            match condition {
                Condition::All { conditions } | Condition::Any { conditions } => {
                    if conditions.is_empty() {
                        self.refuse(&format!("{at}/conditions"), "required", "needs at least one condition");
                    }
                    let inner = conditions.iter().enumerate();
                    stack.extend(inner.map(|(n, c)| (c, format!("{at}/conditions/{n}"), depth + 1)));
                }
                Condition::Not { condition } => stack.push((condition, format!("{at}/condition"), depth + 1)),
                Condition::ScoreAtLeast { score, .. } => {
                    if !scores_too {
                        self.refuse(&at, "not_allowed", "only findings look at scores");
                    } else if !self.scores.contains(score.as_str()) {
                        self.refuse(&format!("{at}/score"), "unknown_code", "is not a score of this form");
                    }
                }
                leaf => self.leaf(leaf, &at),
            }
        }
    }

    fn leaf(&mut self, leaf: &Condition, at: &str) {
        use QuestionKind as K;
        let (question, fits): (&str, &[K]) = match leaf {
            Condition::Yes { question } | Condition::No { question } => (question, &[K::YesNo]),
            Condition::AnyOf { question, .. } => (question, &[K::Choice, K::Choices]),
            Condition::AtLeast { question, .. } | Condition::AtMost { question, .. } => {
                (question, &[K::Integer, K::Money])
            }
            _ => return,
        };
        let Some(known) = self.known.get(question).copied() else {
            self.refuse(&format!("{at}/question"), "unknown_code", "is not a question that stands before this place");
            return;
        };
        if !fits.contains(&known.kind) {
            self.refuse(&format!("{at}/op"), "wrong_type", "does not fit how the question is answered");
        }
        if let Condition::AnyOf { codes, .. } = leaf {
            let unknown = codes.iter().position(|code| known.options.iter().all(|o| o.code != *code));
            if let Some(n) = unknown {
                self.refuse(&format!("{at}/codes/{n}"), "unknown_code", "is not an option of the question");
            } else if codes.is_empty() {
                self.refuse(&format!("{at}/codes"), "required", "needs at least one option");
            }
        }
    }
}
