//! Instances from a seed: for tests and for measuring. The same seed gives the same instance everywhere.

use crate::instance::{Instance, MAX_VALUE, Need, Pair, Program, mix};

/// What an instance should look like.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Households, with one to two needs each on average, of which half could be met.
    pub households: u32,
    /// Programs.
    pub programs: u32,
    /// Budget lines.
    pub lines: u32,
    /// Money of a line, in awards of an average program: small numbers make lumpy instances. 0: by demand.
    pub awards_per_line: u32,
    /// Lines of a program at most: 1 makes restrictions strict, more lets programs share lines.
    pub lines_per_program: u32,
    /// Number of tiers, 1 to 3.
    pub tiers: u8,
}

impl Shape {
    /// A city with 300 programs and 25 lines.
    pub fn city(households: u32) -> Self {
        Self { households, programs: 300, lines: 25, awards_per_line: 0, lines_per_program: 3, tiers: 1 }
    }
}

/// A stream of numbers.
struct Stream(u64);

impl Stream {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }

    /// Below `n`.
    fn below(&mut self, n: u32) -> u32 {
        ((u128::from(self.next()) * u128::from(n)) >> 64) as u32
    }

    /// From 0 to 1.
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Kinds of need, and classes of benefit.
const KINDS: u32 = 40;
const CLASSES: u32 = 6;

/// Makes the instance.
pub fn generate(shape: Shape, seed: u64) -> Instance {
    let mut random = Stream(mix(seed));
    let (programs, kinds) = programs(shape, &mut random);
    let mut instance = Instance {
        households: shape.households,
        awards_per_household: 3,
        lines: vec![0; shape.lines as usize],
        programs,
        ..Instance::default()
    };
    for household in 0..shape.households {
        add_household(&mut instance, household, &kinds, shape, &mut random);
    }
    supply(&mut instance, shape, &mut random);
    instance
}

/// Programs without limits yet, and per kind of need the programs that could meet it.
fn programs(shape: Shape, random: &mut Stream) -> (Vec<Program>, Vec<Vec<(u32, u32)>>) {
    let mut kinds = vec![Vec::new(); KINDS as usize];
    let mut programs = Vec::new();
    for at in 0..shape.programs {
        let reach = 2 + random.below(5);
        for _ in 0..=random.below(3) {
            kinds[random.below(KINDS) as usize].push((at, reach));
        }
        // Costs from a hundred thousand to twenty-five million rupiah, most of them near one and a half million.
        let spread = (random.unit() + random.unit() + random.unit() - 1.5) * 1.6;
        let cost = ((1_600_000.0 * spread.exp2().powi(2) / 50_000.0).round() as i64).clamp(2, 500) * 50_000;
        let count = 1 + random.below(shape.lines_per_program.max(1)) * random.below(2);
        let mut lines: Vec<u32> = (0..count).map(|_| random.below(shape.lines)).collect();
        lines.sort_unstable();
        lines.dedup();
        programs.push(Program {
            class: Some(random.below(CLASSES)),
            by_member: false,
            cost,
            capacity: 0,
            budget: 0,
            lines,
        });
    }
    kinds.iter_mut().for_each(|k| k.dedup_by_key(|(program, _)| *program));
    (programs, kinds)
}

fn add_household(
    instance: &mut Instance,
    household: u32,
    kinds: &[Vec<(u32, u32)>],
    shape: Shape,
    random: &mut Stream,
) {
    let decile = 1 + random.below(10);
    let mut seen: Vec<u32> = Vec::new();
    let count = (f64::from(13 - decile) / 10.0 * 3.0 * random.unit()).round() as u32;
    for _ in 0..count {
        let kind = random.below(KINDS);
        if seen.contains(&kind) {
            continue;
        }
        seen.push(kind);
        let need = instance.needs.len() as u32;
        let tier = random.below(u32::from(shape.tiers.max(1))) as u8;
        instance.needs.push(Need { household, member: 0, tier, key: mix(u64::from(need)) });
        let severity = f64::from(1 + random.below(5));
        let weight = severity * (1.0 + f64::from(10 - decile) / 5.0) * (0.9 + 0.2 * random.unit());
        for &(program, reach) in &kinds[kind as usize] {
            if decile <= reach + 2 && random.below(100) < 22 {
                let fit = 0.7 + 0.3 * random.unit();
                let value = (weight * fit / 32.0 * MAX_VALUE as f64) as i64;
                instance.pairs.push(Pair { need, program, value });
            }
        }
    }
}

/// Seats, budgets and lines, scarce by demand.
fn supply(instance: &mut Instance, shape: Shape, random: &mut Stream) {
    let mut asked = vec![0_i64; instance.programs.len()];
    instance.pairs.iter().for_each(|p| asked[p.program as usize] += 1);
    let mut wanted = vec![0_i64; instance.lines.len()];
    for (program, asked) in instance.programs.iter_mut().zip(asked) {
        program.capacity = ((asked as f64 * (0.08 + 0.52 * random.unit())) as i64).max(1);
        program.budget = (program.cost as f64 * program.capacity as f64 * (0.5 + 0.6 * random.unit())) as i64;
        program.budget = program.budget.max(program.cost);
        let count = program.lines.len() as i64;
        program.lines.iter().for_each(|&l| wanted[l as usize] += program.budget / count);
    }
    for (line, wanted) in instance.lines.iter_mut().zip(wanted) {
        let share = 0.45 + 0.5 * random.unit();
        *line = match shape.awards_per_line {
            0 => (wanted as f64 * share) as i64,
            awards => (1_600_000.0 * f64::from(awards) * share * 1.4) as i64,
        };
    }
}
