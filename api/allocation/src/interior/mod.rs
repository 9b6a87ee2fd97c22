//! The linear relaxation by an interior-point method that knows its shape.
//!
//! Households touch each other only through seats and money, a few hundred rows. So each Newton step eliminates every
//! household on its own (a matrix of one to a few rows) and is left with one dense system over those rows. Twenty to
//! forty steps reach a millionth, whatever ties there are; time and memory grow with the number of pairs.

mod blocks;
mod coupling;
mod dense;
mod layout;

use blocks::{Aim, Chunk, Reach, Totals};
use coupling::Coupling;

use crate::par;
use crate::problem::Problem;

/// Bytes that the chunks' matrices may take together.
const MATRICES: usize = 192 << 20;

/// How far to go.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effort {
    /// Steps at most.
    pub steps: u32,
    /// Gap to the value, relative, at which to stop.
    pub precision: f64,
    /// Part of the seats and money that the problem's households may use; below one for a sample of them.
    pub part: f64,
    pub threads: usize,
}

/// What the relaxation says.
#[derive(Debug)]
pub(crate) struct Relaxed {
    /// Per pair: how much of it is awarded, 0 to 1.
    pub x: Vec<f64>,
    /// Value of one seat of each program.
    pub seat: Vec<f64>,
    /// Value of one rupiah of each line.
    pub line: Vec<f64>,
    /// Awards of a program that a line pays, where the program has several.
    pub flows: Vec<(u32, u32, f64)>,
    pub steps: u32,
    /// Whether the limit of steps ended it before it was precise.
    pub cut: bool,
}

struct Solver {
    chunks: Vec<Chunk>,
    coupling: Coupling,
    programs: usize,
    threads: usize,
    sums: Vec<f64>,
}

/// Solves the relaxation.
pub(crate) fn solve(problem: &Problem, effort: Effort) -> Relaxed {
    let programs = problem.cost.len();
    if problem.need.is_empty() {
        let (seat, line) = (vec![0.0; programs], vec![0.0; problem.money.len()]);
        return Relaxed { x: Vec::new(), seat, line, flows: Vec::new(), steps: 0, cut: false };
    }
    let unit = problem.value.iter().map(|&v| v as f64).sum::<f64>() / problem.value.len() as f64;
    let (mut coupling, share) = Coupling::new(problem, effort.part);
    let count = (MATRICES / (8 * programs * programs).max(1)).clamp(1, 16);
    let mut runs = problem.runs(count);
    let chunks = par::map(effort.threads, &mut runs, |run| Chunk::new(problem, run.clone(), &share, unit));
    let sums = add(chunks.iter().map(|c| c.sums(programs)), programs);
    coupling.begin(&sums);
    let mut solver = Solver { chunks, coupling, programs, threads: effort.threads, sums };
    let mut steps = 0;
    let mut cut = false;
    loop {
        let totals = solver.totals();
        if totals.gap <= effort.precision * totals.value && totals.residual < 1e-6 {
            break;
        }
        if steps >= effort.steps {
            cut = true;
            break;
        }
        if !totals.gap.is_finite() || !solver.step(totals) {
            break;
        }
        steps += 1;
    }
    let (seat, line, flows) = solver.coupling.result(unit);
    let x = solver.chunks.iter().flat_map(|c| c.x.iter().copied()).collect();
    Relaxed { x, seat, line, flows, steps, cut }
}

impl Solver {
    fn totals(&mut self) -> Totals {
        let price = self.coupling.prices();
        let parts = par::map(self.threads, &mut self.chunks, |c| c.totals(&price));
        parts.into_iter().fold(self.coupling.totals(), |a, b| Totals {
            gap: a.gap + b.gap,
            value: a.value + b.value,
            count: a.count + b.count,
            residual: a.residual.max(b.residual),
        })
    }

    /// One predictor and corrector step; false where no progress is possible any more.
    fn step(&mut self, totals: Totals) -> bool {
        let mean = totals.gap / totals.count;
        let price = self.coupling.prices();
        let (reach, finite) = {
            let aim = Aim { target: 0.0, correct: false };
            let answer = self.reduce(&price, aim, true);
            let curvature = self.curvature();
            let mut matrix = self.coupling.matrix(&curvature);
            let mut turn = self.coupling.right(&answer, &self.sums, aim);
            let rows = turn.len();
            dense::factor(&mut matrix, rows);
            dense::solve(&matrix, rows, &mut turn);
            let reach = self.direct(&price, &turn, aim);
            let ahead = Reach { primal: reach.primal.min(1.0), dual: reach.dual.min(1.0) };
            let after = self.gap_after(ahead);
            let centre = (after / totals.gap).clamp(0.0, 1.0).powi(3).max(1e-6);
            let aim = Aim { target: centre * mean, correct: true };
            let answer = self.reduce(&price, aim, false);
            let mut turn = self.coupling.right(&answer, &self.sums, aim);
            dense::solve(&matrix, rows, &mut turn);
            let reach = self.direct(&price, &turn, aim);
            (reach, turn.iter().all(|t| t.is_finite()))
        };
        let step = Reach { primal: (0.99 * reach.primal).min(1.0), dual: (0.99 * reach.dual).min(1.0) };
        if !finite || step.primal.max(step.dual) < 1e-7 {
            return false;
        }
        par::map(self.threads, &mut self.chunks, |c| c.advance(step));
        self.coupling.advance(step);
        self.sums = add(self.chunks.iter().map(|c| c.sums(self.programs)), self.programs);
        true
    }

    fn reduce(&mut self, price: &[f64], aim: Aim, curved: bool) -> Vec<f64> {
        par::map(self.threads, &mut self.chunks, |c| c.reduce(price, aim, curved));
        add(self.chunks.iter().map(|c| c.answer.clone()), self.programs)
    }

    fn curvature(&self) -> Vec<f64> {
        let mut sum = vec![0.0; self.programs * self.programs];
        for chunk in &self.chunks {
            sum.iter_mut().zip(&chunk.curvature).for_each(|(a, b)| *a += b);
        }
        sum
    }

    fn direct(&mut self, price: &[f64], turn: &[f64], aim: Aim) -> Reach {
        let of_program = self.coupling.prices_by(turn);
        let parts = par::map(self.threads, &mut self.chunks, |c| c.direct(price, &of_program, aim));
        parts.into_iter().fold(self.coupling.direct(turn, aim), Reach::and)
    }

    fn gap_after(&mut self, step: Reach) -> f64 {
        let parts = par::map(self.threads, &mut self.chunks, |c| c.gap_after(step));
        parts.into_iter().sum::<f64>() + self.coupling.gap_after(step)
    }
}

fn add(parts: impl Iterator<Item = Vec<f64>>, length: usize) -> Vec<f64> {
    parts.fold(vec![0.0; length], |mut sum, part| {
        sum.iter_mut().zip(part).for_each(|(a, b)| *a += b);
        sum
    })
}
