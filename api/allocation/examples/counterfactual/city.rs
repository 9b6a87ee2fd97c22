//! A city from a seed: families, their needs through the year, agencies with programs and money.

/// Agencies and foundations, each with programs and two sources of its own.
pub const AGENCIES: u32 = 12;
/// Programs in all.
const PROGRAMS: u32 = 60;
/// Kinds of need.
const KINDS: u32 = 20;
/// Overlap classes.
const CLASSES: u32 = 6;
/// Part of the families of a decile that report a need in a year, for the first and the last decile.
const NEEDY: (f64, f64) = (0.85, 0.10);
/// Households that a program of the right kind and decile really fits, by their other facts.
const FITS: f64 = 0.6;

/// A stream of numbers.
pub struct Stream(u64);

impl Stream {
    pub fn new(seed: u64) -> Self {
        Self(mix(seed))
    }
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }
    pub fn below(&mut self, n: u32) -> u32 {
        ((u128::from(self.next()) * u128::from(n)) >> 64) as u32
    }
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// A well mixed number of a number.
pub fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

pub struct Need {
    pub household: u32,
    pub decile: u32,
    pub kind: u32,
    /// Day of the year on which it is reported.
    pub day: u32,
    /// 0 emergency to 3 low.
    pub severity: u32,
    pub tier: u8,
}

impl Need {
    /// The poorest fifth, urgent.
    pub fn worst_off(&self) -> bool {
        self.decile <= 2 && self.severity <= 1
    }

    /// As the service weighs it: severity 4, decile 3, waiting 1; here nobody's age or home is known.
    pub fn score(&self, today: u32) -> i64 {
        let severity = [1000, 700, 400, 150][self.severity as usize];
        let waiting = i64::from(today.saturating_sub(self.day).min(365)) * 1000 / 365;
        (4 * severity + 3 * i64::from(11 - self.decile) * 100 + waiting) * 1_000_000 / 8
    }
}

pub struct Program {
    pub agency: u32,
    pub kinds: Vec<u32>,
    pub class: u32,
    pub cost: i64,
    pub seats: i64,
    /// Poorest deciles it is for.
    pub reach: u32,
    /// Which of its agency's two sources pays.
    pub line: u32,
}

pub struct City {
    pub seed: u64,
    pub households: u32,
    pub needs: Vec<Need>,
    pub programs: Vec<Program>,
    /// What all needs of each source's programs would cost.
    wanted: Vec<f64>,
}

impl City {
    pub fn new(households: u32, seed: u64) -> Self {
        let mut random = Stream::new(seed);
        let mut city = Self {
            seed,
            households,
            needs: Vec::new(),
            programs: Vec::new(),
            wanted: vec![0.0; 2 * AGENCIES as usize],
        };
        for at in 0..PROGRAMS {
            let agency = at % AGENCIES;
            let spread = (random.unit() + random.unit() + random.unit() - 1.5) * 1.6;
            city.programs.push(Program {
                agency,
                kinds: (0..=random.below(2)).map(|_| random.below(KINDS)).chain([at % KINDS]).collect(),
                class: random.below(CLASSES),
                cost: ((1_600_000.0 * spread.exp2().powi(2) / 50_000.0).round() as i64).clamp(4, 400) * 50_000,
                seats: 0,
                reach: 3 + random.below(6),
                line: 2 * agency + random.below(2),
            });
        }
        for household in 0..households {
            city.add_family(household, &mut random);
        }
        city.supply(&mut random);
        city
    }

    fn add_family(&mut self, household: u32, random: &mut Stream) {
        let decile = 1 + random.below(10);
        let needy = NEEDY.0 + (NEEDY.1 - NEEDY.0) * f64::from(decile - 1) / 9.0;
        let mut count = 0;
        while count < 3 && random.unit() < if count == 0 { needy } else { 0.35 } {
            count += 1;
            let severity = match random.below(100) {
                0..=3 => 0,
                4..=24 => 1,
                25..=69 => 2,
                _ => 3,
            };
            // Nine kinds of people are owed minimum service; about an eighth of the needs are theirs.
            let tier = if severity == 0 {
                0
            } else if random.below(8) == 0 {
                1
            } else {
                2
            };
            self.needs.push(Need {
                household,
                decile,
                kind: random.below(KINDS),
                day: random.below(365),
                severity,
                tier,
            });
        }
    }

    fn supply(&mut self, random: &mut Stream) {
        let mut asked = vec![0_i64; self.programs.len()];
        for need in &self.needs {
            (0..self.programs.len()).filter(|&p| self.fits(need, p)).for_each(|p| asked[p] += 1);
        }
        for (program, asked) in self.programs.iter_mut().zip(asked) {
            program.seats = (asked as f64 * (0.2 + 0.6 * random.unit())) as i64 + 1;
            self.wanted[program.line as usize] +=
                program.cost as f64 * program.seats as f64 * (0.4 + 0.6 * random.unit());
        }
    }

    /// Whether the family fulfils the program's rule for this need.
    pub fn fits(&self, need: &Need, program: usize) -> bool {
        let facts = &self.programs[program];
        let lot = mix(self.seed ^ (u64::from(need.household) << 20) ^ program as u64);
        facts.kinds.contains(&need.kind)
            && need.decile <= facts.reach
            && ((lot >> 11) as f64 / (1_u64 << 53) as f64) < FITS
    }

    /// Money of each source for the year.
    pub fn lines(&self, scale: f64) -> Vec<i64> {
        self.wanted.iter().map(|w| (w * scale) as i64).collect()
    }

    pub fn money(&self, scale: f64) -> i64 {
        self.lines(scale).iter().sum()
    }
}
