//! The rows that tie households together: seats of programs, money of lines, and which line pays for what.

use super::blocks::{Aim, Reach, Totals};
use crate::problem::Problem;

/// Awards of a program paid by a line, where the program has several.
#[derive(Debug, Clone, Copy)]
struct Flow {
    program: u32,
    line: u32,
    /// Row that ties the program's awards to its flows, and the line's row with the money one award takes.
    link: usize,
    money: (usize, f64),
}

/// Rows over sums of programs, with flows of their own. `sum · coefficient ± flows ≤ limit`.
#[derive(Debug, Default)]
pub(crate) struct Coupling {
    /// Per program: rows its sum is in.
    of_program: Vec<Vec<(usize, f64)>>,
    flows: Vec<Flow>,
    limit: Vec<f64>,
    /// Row of the seats of a program, and of a line with rupiah per unit.
    seat_row: Vec<Option<usize>>,
    line_row: Vec<(usize, f64)>,
    s: Vec<f64>,
    y: Vec<f64>,
    ds: Vec<f64>,
    dy: Vec<f64>,
    f: Vec<f64>,
    z: Vec<f64>,
    df: Vec<f64>,
    dz: Vec<f64>,
}

impl Coupling {
    /// Builds the rows over `part` of the seats and money; also says which share of a pair of each program all rows
    /// together can bear.
    pub fn new(problem: &Problem, part: f64) -> (Self, Vec<f64>) {
        let programs = problem.cost.len();
        let mut asked = vec![0.0_f64; programs];
        problem.program.iter().for_each(|&p| asked[p as usize] += 1.0);
        let mut coupling = Self { of_program: vec![Vec::new(); programs], ..Self::default() };
        coupling.seats(problem, &asked, part);
        let demand = coupling.money(problem, &asked, part);
        let mut share = vec![1.0_f64; programs];
        for program in 0..programs {
            if let Some(row) = coupling.seat_row[program] {
                share[program] = coupling.limit[row] / asked[program];
            }
            for &line in &problem.lines[program] {
                let row = coupling.line_row[line as usize].0;
                share[program] = share[program].min(coupling.limit[row] / demand[line as usize].max(1e-12));
            }
        }
        (coupling, share)
    }

    fn seats(&mut self, problem: &Problem, asked: &[f64], part: f64) {
        for (program, &asked) in asked.iter().enumerate() {
            let seats = problem.seats[program] as f64 * part;
            let binds = asked > seats;
            self.seat_row.push(binds.then_some(self.limit.len()));
            if binds {
                self.of_program[program].push((self.limit.len(), 1.0));
                self.limit.push(seats);
            }
        }
    }

    /// Adds the rows of money. Returns what each line would pay if all pairs were awarded, in its own unit.
    fn money(&mut self, problem: &Problem, asked: &[f64], part: f64) -> Vec<f64> {
        let mut total = vec![(0.0, 0.0); problem.money.len()];
        for (program, lines) in problem.lines.iter().enumerate() {
            for &line in lines.iter().filter(|_| asked[program] > 0.0) {
                total[line as usize].0 += asked[program];
                total[line as usize].1 += asked[program] * problem.cost[program] as f64;
            }
        }
        for (&(count, rupiah), &money) in total.iter().zip(&problem.money) {
            let unit = if rupiah > 0.0 { rupiah / count } else { 1.0 };
            self.line_row.push((self.limit.len(), unit));
            self.limit.push((money as f64 * part / unit).max(1e-6));
        }
        let mut demand = vec![0.0; problem.money.len()];
        for (program, lines) in problem.lines.iter().enumerate().filter(|(p, _)| asked[*p] > 0.0) {
            let amount = |line: u32| problem.cost[program] as f64 / self.line_row[line as usize].1;
            if let [line] = lines[..] {
                self.of_program[program].push((self.line_row[line as usize].0, amount(line)));
                demand[line as usize] += asked[program] * amount(line);
                continue;
            }
            let link = self.limit.len();
            self.limit.push(0.0);
            self.of_program[program].push((link, 1.0));
            for &line in lines {
                let money = (self.line_row[line as usize].0, amount(line));
                self.flows.push(Flow { program: program as u32, line, link, money });
                demand[line as usize] += 1.25 * asked[program] * amount(line) / lines.len() as f64;
            }
        }
        demand
    }

    /// A point inside that goes with the programs' sums.
    pub fn begin(&mut self, sums: &[f64]) {
        let mut lines = vec![0.0; sums.len()];
        self.flows.iter().for_each(|f| lines[f.program as usize] += 1.0);
        for flow in &self.flows {
            let program = flow.program as usize;
            self.f.push(1.25 * sums[program] / lines[program]);
        }
        let used = self.used(sums, &self.f);
        self.s = self.limit.iter().zip(&used).map(|(b, u)| (b - u).max(1e-9)).collect();
        self.y = self.s.iter().map(|s| (0.5 / s).min(1.0)).collect();
        self.z = self.flows.iter().map(|f| 0.5 * f.money.1).collect();
        self.ds = vec![0.0; self.s.len()];
        self.dy = self.ds.clone();
        self.df = vec![0.0; self.f.len()];
        self.dz = self.df.clone();
    }

    /// Left side of every row.
    fn used(&self, sums: &[f64], flows: &[f64]) -> Vec<f64> {
        let mut used = vec![0.0; self.limit.len()];
        for (rows, sum) in self.of_program.iter().zip(sums) {
            rows.iter().for_each(|(row, c)| used[*row] += c * sum);
        }
        for (flow, amount) in self.flows.iter().zip(flows) {
            used[flow.link] -= amount;
            used[flow.money.0] += flow.money.1 * amount;
        }
        used
    }

    /// Price of an award of each program by the rows.
    pub fn prices(&self) -> Vec<f64> {
        self.prices_by(&self.y)
    }

    /// The same for any values of the rows.
    pub fn prices_by(&self, rows: &[f64]) -> Vec<f64> {
        self.of_program.iter().map(|of| of.iter().map(|(row, c)| c * rows[*row]).sum()).collect()
    }

    fn flow_residual(&self, at: usize) -> f64 {
        let flow = &self.flows[at];
        self.y[flow.link] - flow.money.1 * self.y[flow.money.0] + self.z[at]
    }

    /// The free answer of each flow under the aim.
    fn free(&self, at: usize, aim: Aim) -> f64 {
        let (f, z) = (self.f[at], self.z[at]);
        let second = if aim.correct { self.df[at] * self.dz[at] } else { 0.0 };
        (aim.target - f * z - second) / z + f / z * self.flow_residual(at)
    }

    /// The matrix of the rows, with the households and flows eliminated.
    pub fn matrix(&self, curvature: &[f64]) -> Vec<f64> {
        let (rows, programs) = (self.limit.len(), self.of_program.len());
        let mut matrix = vec![0.0; rows * rows];
        for p in 0..programs {
            for q in 0..=p {
                let curve = curvature[p * programs + q];
                if curve == 0.0 {
                    continue;
                }
                for (i, a) in &self.of_program[p] {
                    for (j, b) in &self.of_program[q] {
                        let amount = a * b * curve;
                        if p == q {
                            if j <= i {
                                matrix[i * rows + j] += amount;
                            }
                        } else {
                            // The mirror image of (p, q) adds the same once more on the diagonal.
                            matrix[i.max(j) * rows + i.min(j)] += if i == j { 2.0 * amount } else { amount };
                        }
                    }
                }
            }
        }
        for (at, flow) in self.flows.iter().enumerate() {
            let weight = self.f[at] / self.z[at];
            let (link, (line, c)) = (flow.link, flow.money);
            matrix[link * rows + link] += weight;
            matrix[line * rows + line] += c * c * weight;
            matrix[link.max(line) * rows + link.min(line)] -= c * weight;
        }
        for row in 0..rows {
            matrix[row * rows + row] += self.s[row] / self.y[row];
        }
        matrix
    }

    /// The right side that goes with the matrix.
    pub fn right(&self, answer: &[f64], sums: &[f64], aim: Aim) -> Vec<f64> {
        let free: Vec<f64> = (0..self.f.len()).map(|at| self.free(at, aim)).collect();
        let mut right = self.used(answer, &free);
        let used = self.used(sums, &self.f);
        for row in 0..right.len() {
            let (s, y) = (self.s[row], self.y[row]);
            let second = if aim.correct { self.ds[row] * self.dy[row] } else { 0.0 };
            right[row] += (aim.target - s * y - second) / y - (self.limit[row] - used[row] - s);
        }
        right
    }

    /// The direction that goes with the change of the rows' duals.
    pub fn direct(&mut self, turn: &[f64], aim: Aim) -> Reach {
        let mut reach = Reach::FAR;
        for at in 0..self.f.len() {
            let flow = self.flows[at];
            let change = flow.money.1 * turn[flow.money.0] - turn[flow.link];
            let free = self.free(at, aim);
            self.dz[at] = change - self.flow_residual(at);
            self.df[at] = free - self.f[at] / self.z[at] * change;
            reach.primal(self.f[at], self.df[at]);
            reach.dual(self.z[at], self.dz[at]);
        }
        for (row, &dy) in turn.iter().enumerate() {
            let (s, y) = (self.s[row], self.y[row]);
            let second = if aim.correct { self.ds[row] * self.dy[row] } else { 0.0 };
            self.ds[row] = (aim.target - s * y - second - s * dy) / y;
            self.dy[row] = dy;
            reach.primal(s, self.ds[row]);
            reach.dual(y, dy);
        }
        reach
    }

    /// The sum of products after the step.
    pub fn gap_after(&self, step: Reach) -> f64 {
        let (p, d) = (step.primal, step.dual);
        let rows = (0..self.s.len()).map(|r| (self.s[r] + p * self.ds[r]) * (self.y[r] + d * self.dy[r]));
        let flows = (0..self.f.len()).map(|f| (self.f[f] + p * self.df[f]) * (self.z[f] + d * self.dz[f]));
        rows.sum::<f64>() + flows.sum::<f64>()
    }

    /// Takes the step.
    pub fn advance(&mut self, step: Reach) {
        for row in 0..self.s.len() {
            self.s[row] += step.primal * self.ds[row];
            self.y[row] += step.dual * self.dy[row];
        }
        for at in 0..self.f.len() {
            self.f[at] += step.primal * self.df[at];
            self.z[at] += step.dual * self.dz[at];
        }
    }

    /// Totals at the point reached.
    pub fn totals(&self) -> Totals {
        let gap = (0..self.s.len()).map(|r| self.s[r] * self.y[r]).sum::<f64>()
            + (0..self.f.len()).map(|f| self.f[f] * self.z[f]).sum::<f64>();
        let residual = (0..self.f.len()).map(|at| self.flow_residual(at).abs()).fold(0.0, f64::max);
        Totals { gap, value: 0.0, count: (self.s.len() + self.f.len()) as f64, residual }
    }

    /// Prices per seat of each program and per rupiah of each line, and the flows as (program, line, awards).
    pub fn result(&self, unit: f64) -> (Vec<f64>, Vec<f64>, Vec<(u32, u32, f64)>) {
        let seat = self.seat_row.iter().map(|row| row.map_or(0.0, |r| self.y[r] * unit)).collect();
        let line = self.line_row.iter().map(|&(row, rupiah)| self.y[row] * unit / rupiah).collect();
        let flows = self.flows.iter().zip(&self.f).map(|(flow, &f)| (flow.program, flow.line, f)).collect();
        (seat, line, flows)
    }
}
