//! Households of the linear program, each a small block of its own: variables (pairs) and local rows (a need once, a
//! class once, at most so many awards). A chunk is a run of households that one thread works on.

use std::ops::Range;

use super::dense;

pub(super) const ABSENT: u16 = u16::MAX;

/// State and structure of a run of households. `x`, `s` are primal variables and slacks, `z`, `y` their duals.
#[derive(Debug, Default)]
pub(crate) struct Chunk {
    pub(super) pair_at: Vec<u32>,
    pub(super) row_at: Vec<u32>,
    pub program: Vec<u32>,
    /// Rows of each pair within its household: need, class, total.
    pub(super) rows: Vec<[u16; 3]>,
    pub(super) value: Vec<f64>,
    pub x: Vec<f64>,
    pub(super) z: Vec<f64>,
    pub(super) dx: Vec<f64>,
    pub(super) dz: Vec<f64>,
    pub(super) limit: Vec<f64>,
    pub(super) s: Vec<f64>,
    pub(super) y: Vec<f64>,
    pub(super) ds: Vec<f64>,
    pub(super) dy: Vec<f64>,
    /// How the programs' sums answer to a change of their prices (lower triangle), where asked for.
    pub curvature: Vec<f64>,
    /// The constant part of that answer.
    pub answer: Vec<f64>,
    pub(super) scratch: Scratch,
}

#[derive(Debug, Default)]
pub(super) struct Scratch {
    matrix: Vec<f64>,
    columns: Vec<f64>,
    right: Vec<f64>,
    free: Vec<f64>,
    weight: Vec<f64>,
}

/// What the next step aims at: the target of each product of a variable with its dual, and whether to correct for the
/// second-order part of the direction computed before.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Aim {
    pub target: f64,
    pub correct: bool,
}

/// Totals of a chunk.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Totals {
    /// Sum of products of variables with their duals.
    pub gap: f64,
    /// Value of the (fractional) plan.
    pub value: f64,
    /// How many products there are.
    pub count: f64,
    /// Greatest violation of a dual equation.
    pub residual: f64,
}

/// Longest steps that keep all positive.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reach {
    pub primal: f64,
    pub dual: f64,
}

impl Reach {
    pub const FAR: Self = Self { primal: 1e30, dual: 1e30 };

    pub fn and(self, other: Self) -> Self {
        Self { primal: self.primal.min(other.primal), dual: self.dual.min(other.dual) }
    }

    pub fn primal(&mut self, value: f64, step: f64) {
        if step < 0.0 {
            self.primal = self.primal.min(-value / step);
        }
    }

    pub fn dual(&mut self, value: f64, step: f64) {
        if step < 0.0 {
            self.dual = self.dual.min(-value / step);
        }
    }
}

impl Chunk {
    fn households(&self) -> usize {
        self.pair_at.len() - 1
    }

    pub(super) fn pairs(&self, household: usize) -> Range<usize> {
        self.pair_at[household] as usize..self.pair_at[household + 1] as usize
    }

    pub(super) fn rows_of(&self, household: usize) -> Range<usize> {
        self.row_at[household] as usize..self.row_at[household + 1] as usize
    }

    /// Adds each program's sum of `x` to `sums`.
    pub fn sums(&self, programs: usize) -> Vec<f64> {
        let mut sums = vec![0.0; programs];
        self.program.iter().zip(&self.x).for_each(|(&p, x)| sums[p as usize] += x);
        sums
    }

    fn dual_residual(&self, pair: usize, base: usize, price: &[f64]) -> f64 {
        let local: f64 = present(&self.rows[pair]).map(|r| self.y[base + r]).sum();
        self.value[pair] - local - price[self.program[pair] as usize] + self.z[pair]
    }

    /// Factors the household's own rows into the scratch matrix and fills the right side and the free answer.
    fn eliminate(&self, household: usize, price: &[f64], aim: Aim, scratch: &mut Scratch) {
        let (pairs, rows) = (self.pairs(household), self.rows_of(household));
        let n = rows.len();
        scratch.matrix.clear();
        scratch.matrix.resize(n * n, 0.0);
        scratch.right.clear();
        scratch.free.clear();
        scratch.weight.clear();
        for row in rows.clone() {
            let (s, y) = (self.s[row], self.y[row]);
            let local = row - rows.start;
            scratch.matrix[local * n + local] = s / y;
            let second = if aim.correct { self.ds[row] * self.dy[row] } else { 0.0 };
            // The slack's part, and the violation of the row (the sum of x is subtracted below).
            scratch.right.push((aim.target - s * y - second) / y - (self.limit[row] - s));
        }
        for pair in pairs {
            let (x, z) = (self.x[pair], self.z[pair]);
            let weight = x / z;
            let second = if aim.correct { self.dx[pair] * self.dz[pair] } else { 0.0 };
            let residual = self.dual_residual(pair, rows.start, price);
            let free = (aim.target - x * z - second) / z + weight * residual;
            scratch.weight.push(weight);
            scratch.free.push(free);
            for row in present(&self.rows[pair]) {
                scratch.right[row] += free + x;
                for other in present(&self.rows[pair]).take_while(|&o| o <= row) {
                    scratch.matrix[row * n + other] += weight;
                }
            }
        }
        dense::factor(&mut scratch.matrix, n);
    }

    /// Computes `answer`, and `curvature` too where `curved`.
    pub fn reduce(&mut self, price: &[f64], aim: Aim, curved: bool) {
        let programs = price.len();
        let mut scratch = std::mem::take(&mut self.scratch);
        let mut curvature = std::mem::take(&mut self.curvature);
        let mut answer = std::mem::take(&mut self.answer);
        answer.clear();
        answer.resize(programs, 0.0);
        if curved {
            curvature.clear();
            curvature.resize(programs * programs, 0.0);
        }
        for household in 0..self.households() {
            self.eliminate(household, price, aim, &mut scratch);
            let (pairs, n) = (self.pairs(household), self.rows_of(household).len());
            dense::solve(&scratch.matrix, n, &mut scratch.right);
            for (at, pair) in pairs.clone().enumerate() {
                let local: f64 = present(&self.rows[pair]).map(|r| scratch.right[r]).sum();
                answer[self.program[pair] as usize] += scratch.free[at] - scratch.weight[at] * local;
            }
            if curved {
                self.curve(pairs, n, &mut scratch, &mut curvature, programs);
            }
        }
        self.scratch = scratch;
        self.curvature = curvature;
        self.answer = answer;
    }

    fn curve(&self, pairs: Range<usize>, n: usize, scratch: &mut Scratch, curvature: &mut [f64], programs: usize) {
        scratch.columns.clear();
        scratch.columns.resize(pairs.len() * n, 0.0);
        for (at, pair) in pairs.clone().enumerate() {
            let column = &mut scratch.columns[at * n..(at + 1) * n];
            present(&self.rows[pair]).for_each(|r| column[r] = scratch.weight[at]);
            dense::forward(&scratch.matrix, n, column);
        }
        for (at, pair) in pairs.clone().enumerate() {
            let p = self.program[pair] as usize;
            for (before, other) in (pairs.start..=pair).enumerate() {
                let q = self.program[other] as usize;
                let (a, b) = (&scratch.columns[at * n..(at + 1) * n], &scratch.columns[before * n..(before + 1) * n]);
                let product: f64 = a.iter().zip(b).map(|(a, b)| a * b).sum();
                let own = if at == before { scratch.weight[at] } else { 0.0 };
                // Two pairs of one program in a household meet on the diagonal twice.
                let twice = if p == q && at != before { 2.0 } else { 1.0 };
                curvature[p.max(q) * programs + p.min(q)] += twice * (own - product);
            }
        }
    }

    /// The direction that goes with the change `turn` of the programs' prices, and how far it may be followed.
    pub fn direct(&mut self, price: &[f64], turn: &[f64], aim: Aim) -> Reach {
        let mut scratch = std::mem::take(&mut self.scratch);
        let mut reach = Reach::FAR;
        for household in 0..self.households() {
            self.eliminate(household, price, aim, &mut scratch);
            let (pairs, rows) = (self.pairs(household), self.rows_of(household));
            for (at, pair) in pairs.clone().enumerate() {
                let change = scratch.weight[at] * turn[self.program[pair] as usize];
                present(&self.rows[pair]).for_each(|r| scratch.right[r] -= change);
            }
            dense::solve(&scratch.matrix, rows.len(), &mut scratch.right);
            for (at, pair) in pairs.clone().enumerate() {
                let residual = self.dual_residual(pair, rows.start, price);
                let local: f64 = present(&self.rows[pair]).map(|r| scratch.right[r]).sum();
                let change = local + turn[self.program[pair] as usize];
                self.dz[pair] = change - residual;
                self.dx[pair] = scratch.free[at] - scratch.weight[at] * change;
                reach.primal(self.x[pair], self.dx[pair]);
                reach.dual(self.z[pair], self.dz[pair]);
            }
            for row in rows.clone() {
                let (s, y, dy) = (self.s[row], self.y[row], scratch.right[row - rows.start]);
                let second = if aim.correct { self.ds[row] * self.dy[row] } else { 0.0 };
                self.ds[row] = (aim.target - s * y - second - s * dy) / y;
                self.dy[row] = dy;
                reach.primal(s, self.ds[row]);
                reach.dual(y, dy);
            }
        }
        self.scratch = scratch;
        reach
    }

    /// The sum of products after steps of these lengths along the direction.
    pub fn gap_after(&self, step: Reach) -> f64 {
        let product = |(((a, da), b), db): (((&f64, &f64), &f64), &f64)| (a + step.primal * da) * (b + step.dual * db);
        let pairs: f64 = self.x.iter().zip(&self.dx).zip(&self.z).zip(&self.dz).map(product).sum();
        let rows: f64 = self.s.iter().zip(&self.ds).zip(&self.y).zip(&self.dy).map(product).sum();
        pairs + rows
    }

    /// Takes the step.
    pub fn advance(&mut self, step: Reach) {
        let walk = |values: &mut [f64], changes: &[f64], length: f64| {
            values.iter_mut().zip(changes).for_each(|(v, d)| *v += length * d);
        };
        walk(&mut self.x, &self.dx, step.primal);
        walk(&mut self.s, &self.ds, step.primal);
        walk(&mut self.z, &self.dz, step.dual);
        walk(&mut self.y, &self.dy, step.dual);
    }

    /// Totals at the point reached.
    pub fn totals(&self, price: &[f64]) -> Totals {
        let product = |(a, b): (&f64, &f64)| a * b;
        let gap: f64 =
            self.x.iter().zip(&self.z).map(product).sum::<f64>() + self.s.iter().zip(&self.y).map(product).sum::<f64>();
        let value = self.x.iter().zip(&self.value).map(product).sum();
        let mut residual = 0.0_f64;
        for household in 0..self.households() {
            let base = self.rows_of(household).start;
            for pair in self.pairs(household) {
                residual = residual.max(self.dual_residual(pair, base, price).abs());
            }
        }
        Totals { gap, value, count: (self.x.len() + self.s.len()) as f64, residual }
    }
}

pub(super) fn present(rows: &[u16; 3]) -> impl Iterator<Item = usize> + '_ {
    rows.iter().filter(|&&r| r != ABSENT).map(|&r| usize::from(r))
}
