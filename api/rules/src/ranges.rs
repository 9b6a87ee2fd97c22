//! Clauses that always or never hold, over the values their facts can have.
//!
//! A clause becomes a formula over variables with a few cells each (the values its atoms tell apart); a search that
//! splits one variable at a time finds a case for it and a case against it, or shows that there is none. The number of
//! steps is bounded: what is not settled by then is reported as not proven, never guessed.

use std::collections::HashMap;

use crate::check::Report;
use crate::judge::number;
use crate::parse::Fault;
use crate::tree::{AgeUnit, Clause, Literal, Op};
use crate::vocabulary::{Kind, Vocabulary};

/// Steps of the search, for a whole rule.
const BUDGET: usize = 200_000;
/// Oldest age in months.
const MONTHS: i64 = 131 * 12 - 1;

/// Reports what always or never holds, at the smallest clause that does.
pub(crate) fn prove(rule: &Clause, vocabulary: &Vocabulary, report: &mut Report) {
    let mut prover = Prover { vocabulary, budget: BUDGET, report };
    prover.clause(rule, "");
    if prover.budget == 0 {
        let detail = "whether some clause always or never holds was not proven: the rule has too many combinations";
        report.warnings.push(Fault::new("", "not_proven", detail));
    }
}

struct Prover<'a> {
    vocabulary: &'a Vocabulary,
    budget: usize,
    report: &'a mut Report,
}

impl Prover<'_> {
    /// Whether the clause or one below it was reported.
    fn clause(&mut self, clause: &Clause, at: &str) -> bool {
        let mut found = false;
        for (end, child) in clause.children() {
            found |= self.clause(child, &format!("{at}{end}"));
        }
        // What follows from a part that was reported is not reported again.
        if found || matches!(clause, Clause::Not(_)) && !at.is_empty() {
            return found;
        }
        let mut space = Space::new(self.vocabulary);
        space.cut(clause);
        let formula = space.formula(clause);
        let domains = space.domains();
        let composed = matches!(clause, Clause::All(_) | Clause::Any(_));
        if self.satisfiable(&formula, domains.clone(), true) == Some(false) {
            let (code, detail) = if composed {
                ("contradiction", "its clauses contradict each other: no household can fulfil it")
            } else {
                ("never_true", "no household can fulfil it")
            };
            self.report.errors.push(Fault::new(at, code, detail));
            return true;
        }
        if self.satisfiable(&formula, domains, false) == Some(false) {
            self.report.errors.push(Fault::new(at, "always_true", "every household fulfils it: it says nothing"));
            return true;
        }
        false
    }

    /// Whether some case makes the formula `wanted`; `None`: not settled within the budget.
    fn satisfiable(&mut self, formula: &Formula, domains: Vec<Cells>, wanted: bool) -> Option<bool> {
        if self.budget == 0 {
            return None;
        }
        self.budget -= 1;
        match formula.value(&domains) {
            Ok(value) => Some(value == wanted),
            Err((variable, cells)) => {
                let mut open = false;
                for inside in [true, false] {
                    let mut narrowed = domains.clone();
                    let domain = narrowed.get_mut(variable)?;
                    domain.iter_mut().zip(cells).for_each(|(d, c)| *d &= *c == inside);
                    match self.satisfiable(formula, narrowed, wanted) {
                        Some(true) => return Some(true),
                        Some(false) => {}
                        None => open = true,
                    }
                }
                (!open).then_some(false)
            }
        }
    }
}

type Cells = Vec<bool>;

enum Formula {
    All(Vec<Formula>),
    Any(Vec<Formula>),
    Not(Box<Formula>),
    Atom(usize, Cells),
}

impl Formula {
    /// Its value where the domains settle it, else an atom to split on.
    fn value<'f>(&'f self, domains: &[Cells]) -> Result<bool, (usize, &'f Cells)> {
        let fold = |list: &'f [Formula], settles: bool| {
            let mut open = None;
            for part in list {
                match part.value(domains) {
                    Ok(value) if value == settles => return Ok(settles),
                    Ok(_) => {}
                    Err(atom) => open = open.or(Some(atom)),
                }
            }
            open.map_or(Ok(!settles), Err)
        };
        match self {
            Self::All(list) => fold(list, false),
            Self::Any(list) => fold(list, true),
            Self::Not(inner) => inner.value(domains).map(|v| !v),
            Self::Atom(variable, cells) => {
                let Some(domain) = domains.get(*variable) else { return Ok(false) };
                let hit = |inside: bool| domain.iter().zip(cells).any(|(d, c)| *d && *c == inside);
                match (hit(true), hit(false)) {
                    (true, true) => Err((*variable, cells)),
                    (holds, _) => Ok(holds),
                }
            }
        }
    }
}

/// What an atom is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key<'a> {
    Fact(&'a str),
    Age(Option<chrono::NaiveDate>),
    Decile(crate::tree::Scope, &'a [String], Option<u32>),
    Area,
    Count(Option<&'a Clause>),
    Other(&'a Clause),
}

/// A variable: named cells, or numbers cut into ranges.
enum Variable {
    Names(Vec<String>),
    /// First number of each cell, and one past the last.
    Numbers(Vec<i64>),
}

struct Space<'a> {
    vocabulary: &'a Vocabulary,
    keys: HashMap<Key<'a>, usize>,
    variables: Vec<Variable>,
}

impl<'a> Space<'a> {
    fn new(vocabulary: &'a Vocabulary) -> Self {
        Self { vocabulary, keys: HashMap::new(), variables: Vec::new() }
    }

    fn domains(&self) -> Vec<Cells> {
        let cells = |v: &Variable| match v {
            Variable::Names(names) => names.len(),
            Variable::Numbers(starts) => starts.len().saturating_sub(1),
        };
        self.variables.iter().map(|v| vec![true; cells(v)]).collect()
    }

    /// Key and numeric ranges of an atom, before they are cells.
    fn atom<'c: 'a>(&self, clause: &'c Clause) -> Option<(Key<'a>, Asked<'a>)> {
        Some(match clause {
            Clause::Compare(c) => {
                let asked = match (&c.value, number(&c.value)) {
                    (Literal::Text(_) | Literal::Bool(_), n) if !self.numeric(&c.fact) || n.is_none() => {
                        Asked::Names(std::slice::from_ref(&c.value), c.op == Op::Ne)
                    }
                    (_, Some(n)) => Asked::Range(c.op.range(n)),
                    _ => return None,
                };
                (Key::Fact(&c.fact), asked)
            }
            Clause::In(c) if self.numeric(&c.fact) => (Key::Fact(&c.fact), Asked::Values(&c.values)),
            Clause::In(c) => (Key::Fact(&c.fact), Asked::Names(&c.values, false)),
            Clause::Between(c) => (Key::Fact(&c.fact), Asked::Range((number(&c.from)?, number(&c.to)?, false))),
            Clause::Age(c) => {
                let months = if c.unit == AgeUnit::Years { 12 } else { 1 };
                let from = i64::from(c.min.unwrap_or(0)) * months;
                let to = c.max.map_or(MONTHS, |max| i64::from(max) * months + months - 1);
                (Key::Age(c.on), Asked::Range((from, to, false)))
            }
            Clause::Decile(c) => {
                let range = (i64::from(c.min), i64::from(c.max), false);
                (Key::Decile(c.scope, &c.sources, c.max_age_months), Asked::Range(range))
            }
            Clause::AnyMember(inner) => (Key::Count(Some(inner)), Asked::Range((1, i64::MAX, false))),
            Clause::CountMembers(c) => (Key::Count(c.filter.as_deref()), Asked::Range(c.op.range(i64::from(c.value)))),
            Clause::AreaIn(areas) => (Key::Area, Asked::Areas(areas)),
            Clause::HasProblem(_) | Clause::Receives(_) => (Key::Other(clause), Asked::Yes),
            Clause::All(_) | Clause::Any(_) | Clause::Not(_) => return None,
        })
    }

    fn numeric(&self, fact: &str) -> bool {
        self.vocabulary.fact(fact).is_some_and(|(_, f)| !matches!(f.kind, Kind::Bool | Kind::Code))
    }

    /// Least and greatest number of a variable.
    fn bounds(&self, key: &Key<'_>) -> (i64, i64) {
        match key {
            Key::Fact(name) => match self.vocabulary.fact(name) {
                Some((_, f)) if f.kind != Kind::Date => (f.min.unwrap_or(i64::MIN / 4), f.max.unwrap_or(i64::MAX / 4)),
                _ => (1, 4_000_000),
            },
            Key::Age(_) => (0, MONTHS),
            Key::Decile(..) => (1, 10),
            _ => (0, 1_000),
        }
    }

    fn names(&self, key: &Key<'_>) -> Vec<String> {
        match key {
            Key::Fact(name) => match self.vocabulary.fact(name) {
                Some((_, f)) if f.kind == Kind::Code => {
                    let list = self.vocabulary.list(f.list.as_deref().unwrap_or_default());
                    list.iter().filter(|c| c.merges.is_empty()).map(|c| c.code.clone()).collect()
                }
                _ => vec!["true".to_owned(), "false".to_owned()],
            },
            Key::Area => {
                let all = self.vocabulary.areas();
                let leaf = |code: &&String| !all.keys().any(|other| other.starts_with(&format!("{code}.")));
                all.keys().filter(leaf).cloned().collect()
            }
            _ => vec!["true".to_owned(), "false".to_owned()],
        }
    }

    /// Makes the variables of a clause's atoms and cuts their numbers where an atom begins or ends.
    fn cut(&mut self, clause: &'a Clause) {
        if matches!(clause, Clause::All(_) | Clause::Any(_) | Clause::Not(_)) {
            for (_, child) in clause.children() {
                self.cut(child);
            }
            return;
        }
        let Some((key, asked)) = self.atom(clause) else { return };
        let ranges = asked.ranges();
        let at = match self.keys.get(&key) {
            Some(at) => *at,
            None => {
                let (low, high) = self.bounds(&key);
                let numeric = matches!(asked, Asked::Range(_) | Asked::Values(_));
                self.variables.push(if numeric {
                    Variable::Numbers(vec![low, high + 1])
                } else {
                    Variable::Names(self.names(&key))
                });
                self.keys.insert(key, self.variables.len() - 1);
                self.variables.len() - 1
            }
        };
        if let Some(Variable::Numbers(starts)) = self.variables.get_mut(at) {
            let (low, end) = (starts.first().copied().unwrap_or(0), starts.last().copied().unwrap_or(0));
            let cuts = ranges.iter().flat_map(|(from, to)| [*from, to.saturating_add(1)]);
            starts.extend(cuts.filter(|c| (low..end).contains(c)));
            starts.sort_unstable();
            starts.dedup();
        }
    }

    fn formula(&self, clause: &'a Clause) -> Formula {
        match clause {
            Clause::All(list) => Formula::All(list.iter().map(|c| self.formula(c)).collect()),
            Clause::Any(list) => Formula::Any(list.iter().map(|c| self.formula(c)).collect()),
            Clause::Not(inner) => Formula::Not(Box::new(self.formula(inner))),
            atom => {
                let Some((key, asked)) = self.atom(atom) else { return Formula::All(Vec::new()) };
                let Some(at) = self.keys.get(&key) else { return Formula::All(Vec::new()) };
                let cells = match self.variables.get(*at) {
                    Some(Variable::Numbers(starts)) => self.numbers(starts, &asked),
                    Some(Variable::Names(names)) => names.iter().map(|n| self.named(&key, &asked, n)).collect(),
                    None => Vec::new(),
                };
                Formula::Atom(*at, cells)
            }
        }
    }

    #[expect(clippy::unused_self, reason = "beside its sibling")]
    fn numbers(&self, starts: &[i64], asked: &Asked<'_>) -> Cells {
        let outside = matches!(asked, Asked::Range((_, _, true)));
        let ranges = asked.ranges();
        let cells = starts.iter().take(starts.len().saturating_sub(1));
        cells.map(|start| ranges.iter().any(|(from, to)| (from..=to).contains(&start)) != outside).collect()
    }

    fn named(&self, key: &Key<'_>, asked: &Asked<'_>, cell: &str) -> bool {
        match asked {
            Asked::Yes => cell == "true",
            Asked::Areas(areas) => areas.iter().any(|a| crate::subject::holds(a, cell)),
            Asked::Names(values, not) => {
                let list = match key {
                    Key::Fact(name) => self.vocabulary.fact(name).and_then(|(_, f)| f.list.as_deref()),
                    _ => None,
                };
                let hit = values.iter().any(|v| match (v, list) {
                    (Literal::Text(code), Some(list)) => self.vocabulary.finer(list, code).contains(&cell),
                    (Literal::Bool(is), _) => is.to_string() == cell,
                    _ => false,
                });
                hit != *not
            }
            Asked::Range(_) | Asked::Values(_) => false,
        }
    }
}

/// What an atom asks of its variable.
enum Asked<'a> {
    /// One of these, or none of them.
    Names(&'a [Literal], bool),
    /// A number in a range, or outside it.
    Range((i64, i64, bool)),
    /// One of these numbers.
    Values(&'a [Literal]),
    /// The domicile in one of these.
    Areas(&'a [String]),
    /// That it is so.
    Yes,
}

impl Asked<'_> {
    fn ranges(&self) -> Vec<(i64, i64)> {
        match self {
            Self::Range((from, to, _)) => vec![(*from, *to)],
            Self::Values(values) => values.iter().filter_map(number).map(|n| (n, n)).collect(),
            _ => Vec::new(),
        }
    }
}
