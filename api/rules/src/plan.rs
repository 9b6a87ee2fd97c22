//! Many rules as one graph in which every distinct condition stands once.

use std::collections::{BTreeMap, HashMap};

use chrono::{Months, NaiveDate};

use crate::judge::{month, number};
use crate::subject::{Day, date_of, day};
use crate::tree::{Age, AgeUnit, Clause, Decile, HasProblem, Literal, Op, Receives, Severity, Status};
use crate::tri::Tri;
use crate::vocabulary::{CLASSES, Kind, NEEDS, PPKS, Subject, Vocabulary};

/// A rule with the label of its program.
#[derive(Debug, Clone, Copy)]
pub struct Rule<'a> {
    /// The rule.
    pub clause: &'a Clause,
    /// Whether the program is restricted and so may use what is restricted.
    pub restricted: bool,
}

/// A condition on one row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Test {
    /// Truth by code number.
    Codes { fact: usize, truth: Vec<Tri>, restricted: bool },
    /// A number or day in one of these ranges; `not`: in none of them.
    Ranges { fact: usize, ranges: Vec<(i64, i64)>, not: bool },
    /// A problem.
    Problem { needs: Vec<u8>, ppks: Vec<u8>, least: Severity, statuses: Vec<Status>, restricted: bool },
    /// A benefit between two days; programs whose lists must be loaded for an absence to count.
    Receives { classes: Vec<u8>, programs: Vec<u16>, since: Day, today: Day, lists: Vec<u16>, restricted: bool },
    /// The domicile.
    Area(Vec<String>),
    /// Decile by the newest snapshot: place among the deciles, sources, oldest month.
    Decile { min: u8, max: u8, scope: usize, sources: Option<Vec<u8>>, oldest: i32 },
    /// The same for all.
    Constant(Tri),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Node {
    All(Vec<usize>),
    Any(Vec<usize>),
    Not(usize),
    /// On rows of households, or of members.
    Test(Test),
    /// How many members of the household satisfy a node of members (all where none is named): from, to, outside.
    Count(Option<usize>, i64, i64, bool),
}

/// Rules made ready for a day.
#[derive(Debug)]
pub struct Plan {
    pub(crate) nodes: Vec<(Node, Subject)>,
    pub(crate) roots: Vec<usize>,
    /// Conditions of each rule by what they ask for.
    pub(crate) leaves: Vec<BTreeMap<String, Vec<usize>>>,
}

impl Plan {
    /// Makes rules ready; they must have passed the checker over this vocabulary.
    #[must_use]
    pub fn new(rules: &[Rule<'_>], vocabulary: &Vocabulary, today: NaiveDate) -> Self {
        let mut builder = Builder {
            vocabulary,
            today,
            restricted: false,
            nodes: Vec::new(),
            known: HashMap::new(),
            leaves: BTreeMap::new(),
        };
        let (mut roots, mut leaves) = (Vec::new(), Vec::new());
        for rule in rules {
            builder.restricted = rule.restricted;
            roots.push(builder.clause(rule.clause, Subject::Household));
            leaves.push(std::mem::take(&mut builder.leaves));
        }
        Self { nodes: builder.nodes, roots, leaves }
    }

    /// How many rules it holds.
    #[must_use]
    pub fn rules(&self) -> usize {
        self.roots.len()
    }
    /// How many distinct conditions and combinations.
    #[must_use]
    pub fn conditions(&self) -> usize {
        self.nodes.len()
    }
}

struct Builder<'a> {
    vocabulary: &'a Vocabulary,
    today: NaiveDate,
    restricted: bool,
    nodes: Vec<(Node, Subject)>,
    known: HashMap<(Node, Subject), usize>,
    leaves: BTreeMap<String, Vec<usize>>,
}

impl Builder<'_> {
    fn node(&mut self, node: Node, of: Subject) -> usize {
        let key = (node, of);
        if let Some(at) = self.known.get(&key) {
            return *at;
        }
        self.nodes.push(key.clone());
        self.known.insert(key, self.nodes.len() - 1);
        self.nodes.len() - 1
    }

    fn list(&mut self, list: &[Clause], of: Subject) -> Vec<usize> {
        let mut parts: Vec<usize> = list.iter().map(|c| self.clause(c, of)).collect();
        parts.sort_unstable();
        parts.dedup();
        parts
    }

    fn clause(&mut self, clause: &Clause, of: Subject) -> usize {
        let node = match clause {
            Clause::All(list) => Node::All(self.list(list, of)),
            Clause::Any(list) => Node::Any(self.list(list, of)),
            Clause::Not(inner) => Node::Not(self.clause(inner, of)),
            Clause::AnyMember(inner) => {
                let inner = self.clause(inner, Subject::Member);
                Node::Count(Some(inner), 1, i64::MAX, false)
            }
            Clause::CountMembers(count) => {
                let inner = count.filter.as_deref().map(|c| self.clause(c, Subject::Member));
                let (from, to, outside) = count.op.range(i64::from(count.value));
                Node::Count(inner, from, to, outside)
            }
            leaf => Node::Test(self.test(leaf)),
        };
        let at = self.node(node, of);
        if let Some(name) = asked(clause) {
            let nodes = self.leaves.entry(name.to_owned()).or_default();
            if !nodes.contains(&at) {
                nodes.push(at);
            }
        }
        at
    }

    fn test(&self, leaf: &Clause) -> Test {
        match leaf {
            Clause::Compare(c) => {
                let not = c.op == Op::Ne;
                let range = number(&c.value).map(|n| c.op.range(n)).map(|(from, to, _)| (from, to));
                self.fact(&c.fact, std::slice::from_ref(&c.value), range, not)
            }
            Clause::In(c) => self.fact(&c.fact, &c.values, None, false),
            Clause::Between(c) => {
                let range = number(&c.from).zip(number(&c.to));
                self.fact(&c.fact, &[], range, false)
            }
            Clause::HasProblem(c) => self.problem(c),
            Clause::Receives(c) => self.receives(c),
            Clause::AreaIn(areas) => Test::Area(areas.clone()),
            Clause::Age(c) => self.age(c),
            Clause::Decile(c) => self.decile(c),
            _ => Test::Constant(Tri::Unknown),
        }
    }

    fn fact(&self, name: &str, values: &[Literal], range: Option<(i64, i64)>, not: bool) -> Test {
        let Some((fact, entry)) = self.vocabulary.fact(name) else { return Test::Constant(Tri::Unknown) };
        match entry.kind {
            Kind::Code | Kind::Bool => {
                let flip = |truth: Tri| if not { !truth } else { truth };
                let mut truth = vec![Tri::Unknown];
                let slug = entry.list.as_deref().unwrap_or_default();
                if entry.kind == Kind::Bool {
                    let is =
                        |yes: bool| Tri::of(values.contains(&Literal::Bool(yes)), values.contains(&Literal::Bool(yes)));
                    truth.extend([flip(is(false)), flip(is(true))]);
                } else {
                    let wanted: Vec<&str> = values
                        .iter()
                        .filter_map(|v| if let Literal::Text(t) = v { Some(t.as_str()) } else { None })
                        .collect();
                    let list = self.vocabulary.list(slug);
                    truth.extend(list.iter().map(|c| flip(self.vocabulary.covers(slug, &wanted, &c.code))));
                }
                // Only lists with a restricted code have values kept apart.
                let secret = self.vocabulary.list(slug).iter().any(|c| c.restricted);
                Test::Codes { fact, truth, restricted: self.restricted && secret }
            }
            Kind::Int | Kind::Money | Kind::Date => {
                let each = || values.iter().filter_map(number).map(|n| (n, n)).collect();
                let mut ranges: Vec<(i64, i64)> = range.map_or_else(each, |r| vec![r]);
                ranges.sort_unstable();
                Test::Ranges { fact, ranges, not }
            }
        }
    }

    fn numbers(&self, list: &str, codes: &[String]) -> Vec<u8> {
        let mut numbers: Vec<u8> = codes.iter().filter_map(|c| self.vocabulary.number(list, c)).collect();
        numbers.sort_unstable();
        numbers
    }

    fn problem(&self, c: &HasProblem) -> Test {
        let mut statuses = c.statuses.clone();
        statuses.sort_unstable();
        Test::Problem {
            needs: self.numbers(NEEDS, &c.needs),
            ppks: self.numbers(PPKS, &c.ppks),
            least: c.min_severity,
            statuses,
            restricted: self.restricted,
        }
    }

    fn receives(&self, c: &Receives) -> Test {
        let today = day(self.today);
        let known = |p: &&crate::vocabulary::ProgramName| self.restricted || !p.restricted;
        let named = c.programs.iter().filter_map(|code| self.vocabulary.program(code));
        let class = self
            .vocabulary
            .programs()
            .values()
            .filter(|p| p.overlap_class.as_ref().is_some_and(|class| c.overlap_classes.contains(class)));
        let asked: Vec<_> = named.clone().chain(class).filter(known).collect();
        let mut lists: Vec<u16> = asked.iter().filter(|p| !p.own).map(|p| p.number).collect();
        lists.sort_unstable();
        lists.dedup();
        let mut programs: Vec<u16> = named.map(|p| p.number).collect();
        programs.sort_unstable();
        Test::Receives {
            classes: self.numbers(CLASSES, &c.overlap_classes),
            programs,
            since: today.saturating_sub(Day::try_from(c.within_days).unwrap_or(Day::MAX)),
            today,
            lists,
            restricted: self.restricted,
        }
    }

    /// Birth days of those who are of an age on its day.
    fn age(&self, c: &Age) -> Test {
        let on = c.on.unwrap_or(self.today);
        let back = |count: u32| {
            let months = if c.unit == AgeUnit::Years { count.saturating_mul(12) } else { count };
            on.checked_sub_months(Months::new(months)).map_or(Day::MIN + 1, day)
        };
        let last = back(c.min.unwrap_or(0));
        let first = c.max.map_or(i64::MIN + 1, |max| i64::from(back(max + 1)) + 1);
        let Some((fact, _)) = self.vocabulary.fact("birth_date") else { return Test::Constant(Tri::Unknown) };
        debug_assert!(date_of(last) <= on || c.min.is_none());
        Test::Ranges { fact, ranges: vec![(first, i64::from(last))], not: false }
    }

    fn decile(&self, c: &Decile) -> Test {
        let position = |name: &String| self.vocabulary.sources().iter().position(|s| s == name);
        let small = |at: usize| u8::try_from(at).ok();
        let sources = (!c.sources.is_empty())
            .then(|| c.sources.iter().filter_map(|s| position(s).and_then(small)).collect::<Vec<u8>>());
        let oldest = c
            .max_age_months
            .map_or(i32::MIN, |most| month(self.today).saturating_sub(i32::try_from(most).unwrap_or(i32::MAX)));
        Test::Decile { min: c.min, max: c.max, scope: c.scope as usize, sources, oldest }
    }
}

/// Name of the fact a clause asks for, as explanations name it.
fn asked(clause: &Clause) -> Option<&str> {
    Some(match clause {
        Clause::Compare(c) => &c.fact,
        Clause::In(c) => &c.fact,
        Clause::Between(c) => &c.fact,
        Clause::Age(_) => "birth_date",
        Clause::Decile(_) => "decile",
        Clause::HasProblem(_) => "problem",
        Clause::Receives(_) => "benefits",
        Clause::AnyMember(_) | Clause::CountMembers(_) => "members",
        Clause::All(_) | Clause::Any(_) | Clause::Not(_) | Clause::AreaIn(_) => return None,
    })
}
