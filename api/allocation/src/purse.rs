//! Seats and money while a plan is made: what is left, and which line pays for which program.

use crate::problem::Problem;

/// Seats and money left, and how many awards of each program each of its lines pays.
#[derive(Debug, Clone)]
pub(crate) struct Purse<'a> {
    problem: &'a Problem,
    pub seats: Vec<i64>,
    pub money: Vec<i64>,
    /// Per program, per line of the program in its order: awards paid.
    paid: Vec<Vec<i64>>,
    /// The same, as the relaxation would have it.
    wanted: Vec<Vec<f64>>,
    /// Programs that each line may pay.
    of_line: Vec<Vec<u32>>,
    /// What was done since the last mark: program, place of the line or [`SEAT`], awards.
    journal: Vec<(usize, usize, i64)>,
}

const SEAT: usize = usize::MAX;

impl<'a> Purse<'a> {
    pub fn new(problem: &'a Problem, flows: &[(u32, u32, f64)]) -> Self {
        let mut of_line = vec![Vec::new(); problem.money.len()];
        for (program, lines) in problem.lines.iter().enumerate() {
            lines.iter().for_each(|&l| of_line[l as usize].push(program as u32));
        }
        let mut wanted: Vec<Vec<f64>> = problem.lines.iter().map(|l| vec![0.0; l.len()]).collect();
        for &(program, line, awards) in flows {
            if let Some(at) = problem.lines[program as usize].iter().position(|&l| l == line) {
                wanted[program as usize][at] = awards;
            }
        }
        Self {
            problem,
            seats: problem.seats.clone(),
            money: problem.money.clone(),
            paid: problem.lines.iter().map(|l| vec![0; l.len()]).collect(),
            wanted,
            of_line,
            journal: Vec::new(),
        }
    }

    /// Whether an award of the program could be taken now.
    pub fn can(&self, program: usize) -> bool {
        self.seats[program] > 0
            && (self.payer(program).is_some()
                || self.problem.lines[program].iter().any(|&l| self.mover(program, l).is_some()))
    }

    /// The line of the program that has the money and is furthest behind what the relaxation wants of it.
    fn payer(&self, program: usize) -> Option<usize> {
        let lines = &self.problem.lines[program];
        let cost = self.problem.cost[program];
        let behind = |at: usize| self.wanted[program][at] - self.paid[program][at] as f64;
        let able = (0..lines.len()).filter(|&at| self.money[lines[at] as usize] >= cost);
        able.max_by(|&a, &b| behind(a).total_cmp(&behind(b)).then(b.cmp(&a)))
    }

    /// An award of another program that could move from `line` to another line so that `program` can be paid from it:
    /// that program, and the places of both lines in its list.
    fn mover(&self, program: usize, line: u32) -> Option<(usize, usize, usize)> {
        let lacking = self.problem.cost[program] - self.money[line as usize];
        for &other in &self.of_line[line as usize] {
            let other = other as usize;
            let (lines, cost) = (&self.problem.lines[other], self.problem.cost[other]);
            if lines.len() < 2 || cost < lacking || other == program {
                continue;
            }
            let Some(from) = lines.iter().position(|&l| l == line) else { continue };
            if self.paid[other][from] == 0 {
                continue;
            }
            let to = (0..lines.len()).find(|&at| at != from && self.money[lines[at] as usize] >= cost);
            if let Some(to) = to {
                return Some((other, from, to));
            }
        }
        None
    }

    /// Takes a seat and the money of one award; false, and nothing taken, where there is none.
    pub fn take(&mut self, program: usize) -> bool {
        if self.seats[program] <= 0 {
            return false;
        }
        let at = match self.payer(program) {
            Some(at) => at,
            None => {
                let lines = self.problem.lines[program].iter().enumerate();
                let Some((at, (other, from, to))) =
                    lines.filter_map(|(at, &l)| Some((at, self.mover(program, l)?))).next()
                else {
                    return false;
                };
                self.pay(other, from, -1);
                self.pay(other, to, 1);
                at
            }
        };
        self.pay(program, at, 1);
        self.sit(program, 1);
        true
    }

    /// Gives one award back. The line that is furthest ahead of what the relaxation wants gets its money.
    pub fn give(&mut self, program: usize) {
        let ahead = |at: usize| self.paid[program][at] as f64 - self.wanted[program][at];
        let paying = (0..self.paid[program].len()).filter(|&at| self.paid[program][at] > 0);
        if let Some(at) = paying.max_by(|&a, &b| ahead(a).total_cmp(&ahead(b)).then(b.cmp(&a))) {
            self.pay(program, at, -1);
            self.sit(program, -1);
        }
    }

    pub fn sit(&mut self, program: usize, awards: i64) {
        self.seats[program] -= awards;
        self.journal.push((program, SEAT, awards));
    }

    pub fn pay(&mut self, program: usize, at: usize, awards: i64) {
        self.journal.push((program, at, awards));
        self.paid[program][at] += awards;
        self.money[self.problem.lines[program][at] as usize] -= awards * self.problem.cost[program];
    }

    /// Where the purse stands, to return to with [`Purse::restore`].
    pub fn mark(&mut self) {
        self.journal.clear();
    }

    /// Undoes everything since the last mark.
    pub fn restore(&mut self) {
        while let Some((program, at, awards)) = self.journal.pop() {
            if at == SEAT {
                self.seats[program] += awards;
            } else {
                self.paid[program][at] -= awards;
                self.money[self.problem.lines[program][at] as usize] += awards * self.problem.cost[program];
            }
        }
    }

    /// Awards of the program that the line at this place of its list pays.
    pub fn paid(&self, program: usize, at: usize) -> i64 {
        self.paid[program][at]
    }

    /// The lines of the program's awards, one by one.
    pub fn lines_paid(&self, program: usize) -> impl Iterator<Item = u32> + '_ {
        let lines = self.problem.lines[program].iter().zip(&self.paid[program]);
        lines.flat_map(|(&line, &count)| std::iter::repeat_n(line, usize::try_from(count).unwrap_or(0)))
    }
}
