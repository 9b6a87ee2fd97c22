//! How the households of a chunk are laid out: their rows, and a point inside to begin at.

use std::ops::Range;

use super::blocks::{ABSENT, Chunk, present};
use crate::problem::{NONE, Problem};

impl Chunk {
    /// `share` is, per program, the share of a pair that all coupling rows together can bear; `unit` the value that
    /// counts as one.
    pub fn new(problem: &Problem, households: Range<usize>, share: &[f64], unit: f64) -> Self {
        let mut chunk = Self { pair_at: vec![0], row_at: vec![0], ..Self::default() };
        for household in households {
            chunk.add(problem, household, share, unit);
        }
        let (pairs, rows) = (chunk.x.len(), chunk.limit.len());
        chunk.dx = vec![0.0; pairs];
        chunk.dz = vec![0.0; pairs];
        chunk.ds = vec![0.0; rows];
        chunk.dy = vec![0.0; rows];
        chunk
    }

    fn add(&mut self, problem: &Problem, household: usize, share: &[f64], unit: f64) {
        let pairs = problem.pairs(household);
        let first_row = self.limit.len();
        let mut classes: Vec<(u32, u32, u32, u16)> = Vec::new();
        let (mut needs, mut last) = (0_u16, NONE);
        for pair in pairs.clone() {
            if problem.need[pair] != last {
                last = problem.need[pair];
                needs += 1;
            }
            let class = problem.class[pair];
            if class == NONE {
                continue;
            }
            match classes.iter_mut().find(|c| c.0 == class) {
                Some(c) if c.2 != last => (c.1, c.2) = (c.1 + 1, last),
                Some(_) => {}
                None => classes.push((class, 1, last, ABSENT)),
            }
        }
        // A class that only one need could use binds nothing beyond the need's own row.
        let mut rows = needs;
        for class in classes.iter_mut().filter(|c| c.1 > 1) {
            class.3 = rows;
            rows += 1;
        }
        let total = if u32::from(needs) > problem.slots[household] { rows } else { ABSENT };
        rows += u16::from(total != ABSENT);
        self.limit.resize(first_row + usize::from(rows), 1.0);
        if total != ABSENT {
            self.limit[first_row + usize::from(total)] = f64::from(problem.slots[household]);
        }
        let (mut need, mut last) = (0_u16, problem.need[pairs.start]);
        for pair in pairs.clone() {
            if problem.need[pair] != last {
                last = problem.need[pair];
                need += 1;
            }
            let class = problem.class[pair];
            let row = classes.iter().find(|c| c.0 == class && class != NONE).map_or(ABSENT, |c| c.3);
            self.rows.push([need, row, total]);
            self.program.push(problem.program[pair]);
            self.value.push(problem.value[pair] as f64 / unit);
        }
        self.pair_at.push(self.rows.len() as u32);
        self.row_at.push(self.limit.len() as u32);
        self.begin(share);
    }

    /// A point inside for the household added last: every row about half used at most.
    fn begin(&mut self, share: &[f64]) {
        let household = self.pair_at.len() - 2;
        let (pairs, rows) = (self.pairs(household), self.rows_of(household));
        let mut count = vec![0.0; rows.len()];
        let mut best = vec![0.0_f64; rows.len()];
        for pair in pairs.clone() {
            for row in present(&self.rows[pair]) {
                count[row] += 1.0;
                best[row] = best[row].max(self.value[pair]);
            }
        }
        let mut used = vec![0.0; rows.len()];
        for pair in pairs.clone() {
            let room = present(&self.rows[pair]).map(|r| self.limit[rows.start + r] / count[r]);
            let x = 0.4 * room.fold(share[self.program[pair] as usize], f64::min);
            present(&self.rows[pair]).for_each(|r| used[r] += x);
            self.x.push(x);
        }
        for (limit, used) in self.limit[rows.clone()].iter().zip(&used) {
            let slack = limit - used;
            self.s.push(slack);
            self.y.push(0.5 / slack);
        }
        for pair in pairs {
            let need = usize::from(self.rows[pair][0]);
            self.y[rows.start + need] = best[need] + 0.5;
            self.z.push(best[need] + 1.0 - self.value[pair]);
        }
    }
}
