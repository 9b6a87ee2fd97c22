//! Chains of exchanges: one household's change takes a seat or money that is not there, another's gives it back and
//! takes something else, and so on, until every limit holds again.
//!
//! At the prices of the relaxation the plan falls short of the bound by what households regret and by the price of what
//! is left over, and by nothing else. So a chain is begun where most is lost, at a line with money left or a household
//! that regrets much, and is followed only while the regret of its changes is less than what it could win back.

use crate::bound::{Prices, SHIFT};
use crate::draft::Draft;
use crate::exchange::{Change, NO_PAIR, changes};

/// Changes kept of each good: those of least regret that give it back, and those that take it.
const KEPT: usize = 64;
/// Changes tried at each link of a chain.
const BREADTH: [usize; 7] = [48, 14, 10, 7, 5, 4, 3];
/// Links looked at from one beginning: few at first, more when that wins nothing any more.
const NODES: [u32; 5] = [1_000, 4_000, 16_000, 64_000, 256_000];
/// Links looked at in a tier: so many for each pair, and never more than the second number.
const NODES_PER_PAIR: u32 = 200;
const MOST_NODES: u32 = 6_000_000;

/// One link: a household's change with the lines that pay and are repaid, or an award that another line pays.
#[derive(Debug, Clone, Copy)]
enum Link {
    Change { change: Change, drop_at: usize, add_at: usize },
    Shift { program: usize, from: usize, to: usize },
}

/// Lists of changes by good: lines first, then programs.
struct Lists {
    give: Vec<Vec<Change>>,
    take: Vec<Vec<Change>>,
}

struct Search<'s, 'a> {
    draft: &'s mut Draft<'a>,
    prices: &'s Prices,
    lists: Lists,
    /// Households changed in this round, whose filed changes are out of date.
    stale: Vec<bool>,
    most: u32,
    nodes: u32,
    links: Vec<Link>,
    /// Goods of the chain, and what was left of each before it.
    goods: Vec<(usize, i64)>,
    best: (i64, Vec<Link>),
}

/// Makes chains until none helps, or the work allowed is done.
pub(crate) fn chain(draft: &mut Draft<'_>, prices: &Prices, gains: &[i64]) {
    let pairs = draft.problem.need.len() as u32;
    let mut left = pairs.saturating_mul(NODES_PER_PAIR).min(MOST_NODES);
    for most in NODES {
        loop {
            let lists = file(draft, prices);
            let stale = vec![false; draft.problem.households()];
            let (links, goods, best) = (Vec::new(), Vec::new(), (0, Vec::new()));
            let mut search = Search { draft, prices, lists, stale, most, nodes: 0, links, goods, best };
            if !search.round(gains, &mut left) {
                break;
            }
        }
    }
}

fn file(draft: &Draft<'_>, prices: &Prices) -> Lists {
    let problem = draft.problem;
    let lines = problem.money.len();
    let goods = lines + problem.cost.len();
    let mut lists = Lists { give: vec![Vec::new(); goods], take: vec![Vec::new(); goods] };
    let add = |list: &mut Vec<Change>, change: Change| {
        list.push(change);
        if list.len() >= 4 * KEPT {
            cut(list);
        }
    };
    for household in 0..problem.households() {
        changes(draft, &prices.program, household, &mut |change| {
            for (pair, side) in [(change.drop, &mut lists.give), (change.add, &mut lists.take)] {
                if pair == NO_PAIR {
                    continue;
                }
                let program = problem.program[pair as usize] as usize;
                add(&mut side[lines + program], change);
                problem.lines[program].iter().for_each(|&line| add(&mut side[line as usize], change));
            }
        });
    }
    lists.give.iter_mut().chain(&mut lists.take).for_each(cut);
    lists
}

fn cut(list: &mut Vec<Change>) {
    list.sort_unstable_by_key(|c| (c.regret, c.lot, c.household, c.drop, c.add));
    list.truncate(KEPT);
}

impl Search<'_, '_> {
    /// One beginning after the other, the dearest loss first; true where something was won.
    fn round(&mut self, gains: &[i64], left: &mut u32) -> bool {
        let mut won = false;
        for good in self.leftovers() {
            while *left > 0 && self.begin_at(good, left) {
                won = true;
            }
        }
        for household in self.regretful(gains) {
            if *left > 0 && !self.stale[household] {
                won |= self.begin_with(household, left);
            }
        }
        won
    }

    /// Goods of which something of value is left, the dearest first.
    fn leftovers(&self) -> Vec<usize> {
        let goods = self.draft.problem.money.len() + self.draft.problem.cost.len();
        let mut worth: Vec<(i64, usize)> =
            (0..goods).map(|g| (self.worth(g, self.left(g)), g)).filter(|&(w, _)| w > 0).collect();
        worth.sort_unstable_by_key(|&(worth, good)| (std::cmp::Reverse(worth), good));
        worth.into_iter().map(|(_, good)| good).collect()
    }

    fn regretful(&self, gains: &[i64]) -> Vec<usize> {
        let problem = self.draft.problem;
        let net = |p: usize| problem.value[p] - self.prices.program[problem.program[p] as usize];
        let has = |h: usize| problem.pairs(h).filter(|&p| self.draft.chosen[p]).map(net).sum::<i64>();
        let mut regrets: Vec<(i64, usize)> =
            (0..problem.households()).map(|h| (gains[h] - has(h), h)).filter(|&(r, _)| r > 0).collect();
        regrets.sort_unstable_by_key(|&(regret, household)| (std::cmp::Reverse(regret), household));
        regrets.truncate(400);
        regrets.into_iter().map(|(_, household)| household).collect()
    }

    fn left(&self, good: usize) -> i64 {
        let lines = self.draft.purse.money.len();
        if good < lines { self.draft.purse.money[good] } else { self.draft.purse.seats[good - lines] }
    }

    fn worth(&self, good: usize, amount: i64) -> i64 {
        let lines = self.prices.line.len();
        if good < lines {
            ((self.prices.line[good] * i128::from(amount)) >> SHIFT) as i64
        } else {
            self.prices.seat[good - lines].saturating_mul(amount)
        }
    }

    fn begin_at(&mut self, good: usize, left: &mut u32) -> bool {
        self.begin(left);
        self.touch(good);
        self.extend(good, false, 0, 0, 0);
        self.finish(left)
    }

    fn begin_with(&mut self, household: usize, left: &mut u32) -> bool {
        self.begin(left);
        let mut own = Vec::new();
        changes(self.draft, &self.prices.program, household, &mut |c| own.push(c));
        own.retain(|c| c.regret < 0);
        own.sort_unstable_by_key(|c| (c.regret, c.drop, c.add));
        for change in own {
            self.follow(change, None, None, 0, 0, 0);
        }
        self.finish(left)
    }

    fn begin(&mut self, left: &u32) {
        self.nodes = self.most.min(*left);
        self.links.clear();
        self.goods.clear();
        self.best = (0, Vec::new());
    }

    /// Makes the best chain found, if any.
    fn finish(&mut self, left: &mut u32) -> bool {
        *left -= self.most.min(*left) - self.nodes;
        let links = std::mem::take(&mut self.best.1);
        for link in &links {
            self.apply(*link, 1);
            if let Link::Change { change, .. } = link {
                self.stale[change.household as usize] = true;
                for (pair, chosen) in [(change.drop, false), (change.add, true)] {
                    if pair != NO_PAIR {
                        self.draft.chosen[pair as usize] = chosen;
                    }
                }
            }
        }
        !links.is_empty()
    }

    fn touch(&mut self, good: usize) {
        if !self.goods.iter().any(|g| g.0 == good) {
            self.goods.push((good, self.left(good)));
        }
    }

    /// Books a link's seats and money, or with -1 takes it back. Limits may be broken while a chain is searched.
    fn apply(&mut self, link: Link, sign: i64) {
        let problem = self.draft.problem;
        let purse = &mut self.draft.purse;
        match link {
            Link::Shift { program, from, to } => {
                purse.pay(program, from, -sign);
                purse.pay(program, to, sign);
            }
            Link::Change { change, drop_at, add_at } => {
                if change.drop != NO_PAIR {
                    let program = problem.program[change.drop as usize] as usize;
                    purse.pay(program, drop_at, -sign);
                    purse.sit(program, -sign);
                }
                if change.add != NO_PAIR {
                    let program = problem.program[change.add as usize] as usize;
                    purse.pay(program, add_at, sign);
                    purse.sit(program, sign);
                }
            }
        }
        purse.mark();
    }

    /// From here on: mends what is broken most, or where nothing is, keeps the chain and looks for more.
    fn step(&mut self, depth: usize, value: i64, regret: i64) {
        if self.nodes == 0 {
            return;
        }
        self.nodes -= 1;
        let broken = self.goods.iter().map(|&(good, _)| good).filter(|&good| self.left(good) < 0);
        let broken = broken.max_by_key(|&good| (self.worth(good, -self.left(good)), good));
        if broken.is_none() && value > self.best.0 {
            self.best = (value, self.links.clone());
        }
        if depth >= BREADTH.len() {
            return;
        }
        match broken {
            Some(good) => self.extend(good, true, depth, value, regret),
            None => {
                let open = self.goods.iter().map(|&(good, _)| (self.worth(good, self.left(good)), good));
                if let Some((_, good)) = open.filter(|o| o.0 > 0).max() {
                    self.extend(good, false, depth, value, regret);
                }
            }
        }
    }

    /// What a chain over these goods could win at most.
    fn hope(&self) -> i64 {
        self.goods.iter().map(|&(good, before)| self.worth(good, before.max(0))).sum()
    }

    /// Tries the changes that give the good back, or take of it.
    fn extend(&mut self, good: usize, give: bool, depth: usize, value: i64, regret: i64) {
        let list = if give { &self.lists.give[good] } else { &self.lists.take[good] };
        let mut tried: [Option<Change>; BREADTH[0]] = [None; BREADTH[0]];
        let free = list.iter().filter(|c| !self.stale[c.household as usize] && !self.in_chain(c.household));
        for (slot, change) in tried.iter_mut().zip(free).take(BREADTH[depth]) {
            *slot = Some(*change);
        }
        for change in tried.into_iter().flatten() {
            let line = (good < self.draft.problem.money.len()).then_some(good as u32);
            let (from, to) = if give { (line, None) } else { (None, line) };
            self.follow(change, from, to, depth, value, regret);
        }
        if good < self.draft.problem.money.len() {
            self.shifts(good, give, depth, value, regret);
        }
    }

    fn in_chain(&self, household: u32) -> bool {
        self.links.iter().any(|l| matches!(l, Link::Change { change, .. } if change.household == household))
    }

    fn follow(&mut self, change: Change, from: Option<u32>, to: Option<u32>, depth: usize, value: i64, regret: i64) {
        if regret + change.regret >= self.hope() - self.best.0 + change.regret.min(0) && depth > 0 {
            return;
        }
        let Some(drop_at) = self.repaid(change.drop, from) else { return };
        let Some(add_at) = self.payer(change.add, to) else { return };
        let known = self.goods.len();
        for (pair, at) in [(change.drop, drop_at), (change.add, add_at)] {
            if pair != NO_PAIR {
                let program = self.draft.problem.program[pair as usize] as usize;
                self.touch(self.draft.problem.lines[program][at] as usize);
                self.touch(self.draft.problem.money.len() + program);
            }
        }
        let link = Link::Change { change, drop_at, add_at };
        self.apply(link, 1);
        self.links.push(link);
        self.step(depth + 1, value + change.value, regret + change.regret);
        self.links.pop();
        self.apply(link, -1);
        self.goods.truncate(known);
    }

    /// The line that gets the money of an award given up: this one, or the one with the least left.
    fn repaid(&self, pair: u32, line: Option<u32>) -> Option<usize> {
        if pair == NO_PAIR {
            return line.is_none().then_some(0);
        }
        let program = self.draft.problem.program[pair as usize] as usize;
        let lines = &self.draft.problem.lines[program];
        let paid = (0..lines.len()).filter(|&at| self.draft.purse.paid(program, at) > 0);
        let fits = paid.filter(|&at| line.is_none_or(|l| lines[at] == l));
        fits.min_by_key(|&at| (self.draft.purse.money[lines[at] as usize], at))
    }

    /// The line that pays a new award: this one, or the one with the most left.
    fn payer(&self, pair: u32, line: Option<u32>) -> Option<usize> {
        if pair == NO_PAIR {
            return Some(0);
        }
        let program = self.draft.problem.program[pair as usize] as usize;
        let lines = &self.draft.problem.lines[program];
        let fits = (0..lines.len()).filter(|&at| line.is_none_or(|l| lines[at] == l));
        fits.max_by_key(|&at| (self.draft.purse.money[lines[at] as usize], std::cmp::Reverse(at)))
    }

    /// Lets another line pay for an award that this one cannot, or this one for an award that another paid.
    fn shifts(&mut self, line: usize, give: bool, depth: usize, value: i64, regret: i64) {
        let problem = self.draft.problem;
        for program in 0..problem.cost.len() {
            let lines = &problem.lines[program];
            if lines.len() < 2 {
                continue;
            }
            let Some(here) = lines.iter().position(|&l| l as usize == line) else { continue };
            let others = (0..lines.len()).filter(|&at| at != here);
            let left = |at: usize| self.draft.purse.money[lines[at] as usize];
            let link = if give {
                let most = others.max_by_key(|&at| (left(at), std::cmp::Reverse(at)));
                most.filter(|&at| left(at) >= problem.cost[program]).map(|to| (here, to))
            } else {
                // Only where the other line's money is worth as much.
                let price = |at: usize| self.prices.line[lines[at] as usize];
                let dearer = others.filter(|&at| price(at) >= price(here) && self.draft.purse.paid(program, at) > 0);
                dearer.max_by_key(|&at| (price(at), left(at), std::cmp::Reverse(at))).map(|from| (from, here))
            };
            let Some((from, to)) = link.filter(|l| self.draft.purse.paid(program, l.0) > 0) else { continue };
            let known = self.goods.len();
            self.touch(lines[from] as usize);
            self.touch(lines[to] as usize);
            let link = Link::Shift { program, from, to };
            self.apply(link, 1);
            self.links.push(link);
            self.step(depth + 1, value, regret);
            self.links.pop();
            self.apply(link, -1);
            self.goods.truncate(known);
        }
    }
}
