//! A version of a rule as people read it: the whole in words, and what tells it from the one before.

use satupintu_rules::{Clause, Vocabulary, from_value, phrase, sentence};
use serde_json::Value;

use super::queries::versions::VersionRow;
use super::rule_model::{ProgramRuleVersion, RuleDifference};
use super::view;

/// How the conditions of a rule stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joint {
    Each,
    Either,
}

/// The conditions of a rule, as the reader sees them: a single one is a list of one.
fn parts(rule: &Clause, joint: Joint) -> Vec<&Clause> {
    match (rule, joint) {
        (Clause::All(list), Joint::Each) | (Clause::Any(list), Joint::Either) => list.iter().collect(),
        (other, _) => vec![other],
    }
}

/// Conditions that came and went. Two lists of alternatives are compared as such; else what must hold together is.
fn difference(before: &Clause, after: &Clause, vocabulary: &Vocabulary) -> RuleDifference {
    let alternatives = matches!((before, after), (Clause::Any(_), Clause::Any(_)));
    let joint = if alternatives { Joint::Either } else { Joint::Each };
    let (old, new) = (parts(before, joint), parts(after, joint));
    let only = |these: &[&Clause], others: &[&Clause]| {
        these.iter().filter(|c| !others.contains(c)).map(|c| view::text(&phrase(c, vocabulary))).collect()
    };
    RuleDifference { added: only(&new, &old), removed: only(&old, &new) }
}

/// The version on the wire; who wrote it is left out where the reader is not to know.
pub(super) fn view(row: VersionRow, vocabulary: &Vocabulary, named: bool) -> ProgramRuleVersion {
    let read = |rule: &Value| from_value(rule).ok();
    let clause = read(&row.rule);
    let before = row.before.as_ref().and_then(read);
    let difference = clause.as_ref().zip(before.as_ref()).map(|(now, old)| difference(old, now, vocabulary));
    ProgramRuleVersion {
        version: row.version,
        sentence: clause.map(|c| view::text(&sentence(&c, vocabulary))),
        difference,
        rule: row.rule,
        note: row.note,
        created_by: row.created_by.filter(|_| named),
        author_name: row.author_name.filter(|_| named),
        created_at: row.created_at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_came_and_what_went_is_told_condition_by_condition() {
        let vocabulary = satupintu_rules::generate::vocabulary(include_str!("../../data/code_lists.json")).unwrap();
        let tell = |before: Value, after: Value| {
            let (before, after) = (from_value(&before).unwrap(), from_value(&after).unwrap());
            let told = difference(&before, &after, &vocabulary);
            let english =
                |texts: &[crate::programs::ProgramText]| texts.iter().map(|t| t.en.clone()).collect::<Vec<_>>();
            (english(&told.added), english(&told.removed))
        };
        let decile = |max: u32| json!({"decile": {"max": max}});
        let old = json!({"any_member": {"age": {"min": 60}}});
        let (added, removed) = tell(json!({"all": [decile(4), old]}), json!({"all": [old, decile(3)]}));
        assert!(added.len() == 1 && removed.len() == 1 && added[0].contains('3') && removed[0].contains('4'));
        // One condition becomes two: only the second is new.
        let (added, removed) = tell(decile(4), json!({"all": [decile(4), old]}));
        assert!(added.len() == 1 && removed.is_empty() && added[0].contains("60"), "{added:?}");
        // Alternatives against alternatives.
        let (added, removed) = tell(json!({"any": [decile(4), old]}), json!({"any": [decile(4)]}));
        assert!(added.is_empty() && removed.len() == 1, "{removed:?}");
        assert_eq!(tell(decile(4), decile(4)), (Vec::new(), Vec::new()));
    }
}
