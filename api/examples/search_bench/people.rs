//! Generated people of the embedded name pools, and the slips of those who look them up.

use rand::{Rng, RngExt as _};

/// A pool and its running weights.
pub struct Pool {
    names: Vec<(&'static str, &'static str)>,
    sums: Vec<u64>,
}

impl Pool {
    fn read(table: &'static str) -> Self {
        let (mut names, mut sums, mut total) = (Vec::new(), Vec::new(), 0);
        for line in table.lines().skip(1) {
            let mut cells = line.split(',');
            if let (Some(name), Some(weight), Some(era)) = (cells.next(), cells.next(), cells.next()) {
                total += weight.parse::<u64>().unwrap_or(1);
                names.push((name, era));
                sums.push(total);
            }
        }
        Self { names, sums }
    }

    fn draw(&self, rng: &mut impl Rng, era: &str) -> &'static str {
        loop {
            let at = rng.random_range(0..self.sums[self.sums.len() - 1]);
            let (name, of) = self.names[self.sums.partition_point(|sum| *sum <= at)];
            if of == "any" || of == era {
                return name;
            }
        }
    }
}

/// Cohorts with their share of the living, then the shares of `shares.csv`: one word, two, three, coined.
const ERAS: [(&str, f64, [f64; 4]); 3] = [
    ("old", 0.18, [0.46, 0.46, 0.07, 0.05]),
    ("mid", 0.42, [0.17, 0.68, 0.14, 0.09]),
    ("new", 0.40, [0.06, 0.55, 0.33, 0.20]),
];

pub struct People {
    given: [Pool; 2],
    second: [Pool; 2],
    syllables: [Vec<&'static str>; 3],
}

impl People {
    pub fn new() -> Self {
        let mut syllables = [Vec::new(), Vec::new(), Vec::new()];
        for line in include_str!("../../data/names/syllables.csv").lines().skip(1) {
            if let Some((position, syllable)) = line.split_once(',') {
                let at = ["first", "middle", "last"].iter().position(|name| *name == position).unwrap_or(1);
                syllables[at].push(syllable);
            }
        }
        Self {
            given: [
                Pool::read(include_str!("../../data/names/male_given.csv")),
                Pool::read(include_str!("../../data/names/female_given.csv")),
            ],
            second: [
                Pool::read(include_str!("../../data/names/male_second.csv")),
                Pool::read(include_str!("../../data/names/female_second.csv")),
            ],
            syllables,
        }
    }

    fn coined(&self, rng: &mut impl Rng) -> String {
        let mut word = String::new();
        let middles = if rng.random_bool(0.35) { 2 } else { 1 };
        for (list, times) in self.syllables.iter().zip([1, middles, 1]) {
            for _ in 0..times {
                word.push_str(list[rng.random_range(0..list.len())]);
            }
        }
        word
    }

    /// One name as an agency might write it, without slips.
    pub fn name(&self, rng: &mut impl Rng) -> String {
        let mut share = rng.random::<f64>();
        let (era, _, shares) = ERAS
            .into_iter()
            .find(|(_, of, _)| {
                share -= of;
                share < 0.0
            })
            .unwrap_or(ERAS[2]);
        let sex = usize::from(rng.random_bool(0.5));
        let word = |rng: &mut _, pool: &Pool| {
            if Rng::next_u32(rng) as f64 / 4_294_967_296.0 < shares[3] {
                self.coined(rng)
            } else {
                pool.draw(rng, era).to_owned()
            }
        };
        let mut name = word(rng, &self.given[sex]);
        let mut words = rng.random::<f64>();
        let mut more = 0;
        for share in &shares[..3] {
            words -= share;
            if words < 0.0 {
                break;
            }
            more += 1;
        }
        for at in 0..more {
            let pool = if at + 1 == more { &self.second[sex] } else { &self.given[sex] };
            name.push(' ');
            name.push_str(&word(rng, pool));
        }
        name
    }
}

/// The kinds of slips, each asked equally often.
pub const SLIPS: [&str; 10] = [
    "replaced letter",
    "dropped letter",
    "added letter",
    "swapped letters",
    "two slips",
    "swapped words",
    "sound-alike",
    "abbreviation or old spelling",
    "space lost",
    "word left out",
];

/// The name with a slip of a kind, or none where the name does not allow it.
pub fn slip(name: &str, kind: usize, rng: &mut impl Rng) -> Option<String> {
    let mut words: Vec<String> = name.split(' ').map(str::to_owned).collect();
    let at = rng.random_range(0..words.len());
    let changed = match kind {
        0..=3 => {
            words[at] = edit(&words[at], kind, rng)?;
            words.join(" ")
        }
        4 => {
            for _ in 0..2 {
                let at = rng.random_range(0..words.len());
                words[at] = edit(&words[at], rng.random_range(0..4), rng)?;
            }
            words.join(" ")
        }
        5 => {
            if words.len() < 2 {
                return None;
            }
            words.rotate_left(1);
            words.join(" ")
        }
        6 => rewrite(&name.to_lowercase(), &SOUNDS, rng)?,
        7 => rewrite(&name.to_lowercase(), &OLD, rng)?,
        8 => {
            if words.len() < 2 {
                return None;
            }
            name.replacen(' ', "", 1)
        }
        _ => {
            if words.len() < 3 {
                return None;
            }
            words.remove(rng.random_range(1..words.len()));
            words.join(" ")
        }
    };
    (changed.to_lowercase() != name.to_lowercase()).then_some(changed)
}

fn edit(word: &str, kind: usize, rng: &mut impl Rng) -> Option<String> {
    const NEAR: [&str; 26] = [
        "sqz", "vn", "xv", "sf", "wr", "dg", "fh", "gj", "uo", "hk", "jl", "k", "n", "bm", "ip", "o", "wa", "et", "ad",
        "ry", "yi", "cb", "eq", "zc", "tu", "xa",
    ];
    let mut letters: Vec<char> = word.to_lowercase().chars().collect();
    if letters.len() < 4 {
        return None;
    }
    let at = rng.random_range(1..letters.len());
    match kind {
        0 => {
            let near: Vec<char> = NEAR.get((letters[at] as usize).wrapping_sub('a' as usize))?.chars().collect();
            letters[at] = near[rng.random_range(0..near.len())];
        }
        1 => {
            letters.remove(at);
        }
        2 => {
            let letter =
                if rng.random_bool(0.5) { letters[at] } else { ['a', 'i', 'u', 'n', 'r'][rng.random_range(0..5)] };
            letters.insert(at, letter);
        }
        _ => {
            if at + 1 >= letters.len() || letters[at] == letters[at + 1] {
                return None;
            }
            letters.swap(at, at + 1);
        }
    }
    Some(letters.into_iter().collect())
}

const SOUNDS: [(&str, &str); 22] = [
    ("f", "p"),
    ("p", "f"),
    ("v", "p"),
    ("z", "j"),
    ("z", "s"),
    ("kh", "h"),
    ("h", ""),
    ("sy", "s"),
    ("y", "i"),
    ("i", "y"),
    ("ae", "ai"),
    ("ai", "ae"),
    ("q", "k"),
    ("k", "q"),
    ("dh", "d"),
    ("th", "t"),
    ("nn", "n"),
    ("ll", "l"),
    ("s", "sh"),
    ("o", "u"),
    ("e", "i"),
    ("au", "o"),
];

const OLD: [(&str, &str); 12] = [
    ("u", "oe"),
    ("j", "dj"),
    ("c", "tj"),
    ("muhammad ", "moch. "),
    ("muhammad ", "m. "),
    ("ahmad ", "achmad "),
    ("abdul ", "abd. "),
    ("siti ", "st. "),
    ("nur", "noer"),
    ("sy", "sj"),
    ("y", "j"),
    ("abdul r", "abdurr"),
];

/// One of the rewritings that fit, behind the first letter where it is of letters alone.
fn rewrite(name: &str, rules: &[(&str, &str)], rng: &mut impl Rng) -> Option<String> {
    let fitting: Vec<&(&str, &str)> = rules.iter().filter(|(from, _)| name.contains(from)).collect();
    if fitting.is_empty() {
        return None;
    }
    let (from, to) = fitting[rng.random_range(0..fitting.len())];
    Some(name.replacen(from, to, 1))
}
