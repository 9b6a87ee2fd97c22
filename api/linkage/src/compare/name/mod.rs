//! Names against each other: words paired off whatever their order, rare words counting more than common ones.
//!
//! The score is roughly the logarithm of how much likelier the two spellings are if they name one person than if they
//! name two. It is only a scale: how much each stretch of it is worth is estimated from the list (`estimate`).

use crate::people::Person;
use crate::vocabulary::{LETTERS, Vocabulary, Whose};

pub(crate) const LEVELS: [&str; 14] = [
    "unknown",
    "below -6",
    "-6 to -4",
    "-4 to -2",
    "-2 to 0",
    "0 to 2",
    "2 to 4",
    "4 to 6",
    "6 to 8",
    "8 to 10",
    "10 to 12.5",
    "12.5 to 15",
    "above 15",
    "another name, one of them as somebody's wife",
];
pub(crate) const EDGES: [f32; 11] = [-6.0, -4.0, -2.0, 0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.5, 15.0];
const AS_WIFE: u8 = 13;
pub(crate) const MOTHER_LEVELS: [&str; 8] =
    ["unknown", "below -4", "-4 to -1", "-1 to 2", "2 to 5", "5 to 8", "8 to 11", "above 11"];
const MOTHER_EDGES: [f32; 6] = [-4.0, -1.0, 2.0, 5.0, 8.0, 11.0];

/// Levels at which the two have one mother, and not only a common name of mothers.
pub(crate) fn is_one_mother(level: usize) -> bool {
    level >= 6
}

/// The middle of a bin of either scale, for what the list shows too seldom to count; `None` where the scale has an end.
pub(crate) fn middle_of_bin(mother: bool, level: usize) -> Option<f32> {
    let edges: &[f32] = if mother { &MOTHER_EDGES } else { &EDGES };
    if level == 0 || level > edges.len() + 1 {
        return None;
    }
    let low = if level >= 2 { edges[level - 2] } else { edges[0] - 3.0 };
    let high = if level <= edges.len() { edges[level - 1] } else { edges[edges.len() - 1] + 3.0 };
    Some(f32::midpoint(low, high))
}

pub(super) fn level(vocabulary: &Vocabulary, a: &Person, b: &Person) -> u8 {
    if a.name[0] == 0 || b.name[0] == 0 {
        return 0;
    }
    let mut score = score(vocabulary, &a.name, &b.name, Whose::Own);
    if a.father != 0 && b.father != 0 {
        let (x, y) = (a.father, b.father);
        let alike = vocabulary.look(x).sound == vocabulary.look(y).sound || near(vocabulary, x, y, 1);
        score += if alike { 2.0 } else { -1.5 };
    }
    if score < 0.0 && (a.as_wife || b.as_wife) && a.sex != 1 && b.sex != 1 {
        return AS_WIFE;
    }
    bin(score, &EDGES)
}

pub(super) fn mother_level(vocabulary: &Vocabulary, a: &[u32], b: &[u32]) -> u8 {
    if a[0] == 0 || b[0] == 0 {
        return 0;
    }
    bin(score(vocabulary, a, b, Whose::Mother), &MOTHER_EDGES)
}

fn bin(score: f32, edges: &[f32]) -> u8 {
    edges.iter().take_while(|edge| score >= **edge).fold(1, |level, _| level + 1)
}

/// Most that one word can say: beyond this it is the spelling of one family's joke.
const MOST: f32 = 13.0;
/// Logarithm of how often a word is kept as it was.
const KEPT: f32 = -0.2;
/// A word that stands against another one.
const CONFLICT: f32 = -4.0;
/// A word that the other name lacks.
const EXTRA: f32 = -1.0;
/// An initial that fits.
const INITIAL: f32 = 1.5;
/// Nothing in common.
const NOTHING: f32 = -9.0;

/// Scores two names; words are numbers, 0 is none.
fn score(vocabulary: &Vocabulary, a: &[u32], b: &[u32], whose: Whose) -> f32 {
    pair_off(vocabulary, a, b, whose).0
}

/// Whether a word of the one name stands against another word of the other, as the given names of twins do.
pub(crate) fn is_contradicted(vocabulary: &Vocabulary, a: &Person, b: &Person) -> bool {
    pair_off(vocabulary, &a.name, &b.name, Whose::Own).1
}

/// The score, and whether words are left over on both sides.
fn pair_off(vocabulary: &Vocabulary, a: &[u32], b: &[u32], whose: Whose) -> (f32, bool) {
    // Where two pairings are equally good, the choice must not depend on who comes first.
    let (a, b) = if a <= b { (a, b) } else { (b, a) };
    let (mut left_a, mut left_b) = (words_of(a), words_of(b));
    let (count_a, count_b) = (left_a.count_ones(), left_b.count_ones());
    let mut sum = 0.0;
    for (i, x) in a.iter().enumerate().take_while(|(_, x)| **x != 0) {
        if let Some(j) = (0..b.len()).find(|&j| left_b >> j & 1 == 1 && b[j] == *x) {
            sum += (KEPT - vocabulary.share(*x, whose)).min(MOST);
            left_a &= !(1 << i);
            left_b &= !(1 << j);
        }
    }
    if left_a != 0
        && left_b != 0
        && left_a.count_ones() != left_b.count_ones()
        && joined(vocabulary, a, left_a, b, left_b)
    {
        let worth = |words: &[u32], left: u32| -> f32 { bits(left).map(|i| -vocabulary.share(words[i], whose)).sum() };
        sum += (worth(a, left_a).min(worth(b, left_b)) - 2.0).min(MOST);
        (left_a, left_b) = (0, 0);
    }
    while left_a != 0 && left_b != 0 {
        // The best of what is left: few words, so all are looked at.
        let mut best: Option<(f32, usize, usize)> = None;
        for i in bits(left_a) {
            for j in bits(left_b) {
                let alike = alike(vocabulary, a[i], b[j], whose);
                if let Some(alike) = alike
                    && best.is_none_or(|(most, ..)| alike > most)
                {
                    best = Some((alike, i, j));
                }
            }
        }
        let Some((alike, i, j)) = best else { break };
        sum += alike;
        left_a &= !(1 << i);
        left_b &= !(1 << j);
    }
    let (open_a, open_b) = (left_a.count_ones(), left_b.count_ones());
    if open_a == count_a && open_b == count_b {
        return (NOTHING, open_a > 0);
    }
    let times = |count: u32| f32::from(u8::try_from(count).unwrap_or(0));
    let conflicts = open_a.min(open_b);
    (sum + CONFLICT * times(conflicts) + EXTRA * times(open_a.abs_diff(open_b)), conflicts > 0)
}

fn words_of(name: &[u32]) -> u32 {
    name.iter().take_while(|word| **word != 0).fold(0, |mask, _| mask << 1 | 1)
}

fn bits(mut mask: u32) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        (mask != 0).then(|| {
            let at = mask.trailing_zeros() as usize;
            mask &= mask - 1;
            at
        })
    })
}

/// What two words say that are not the same, if they are alike at all.
fn alike(vocabulary: &Vocabulary, x: u32, y: u32, whose: Whose) -> Option<f32> {
    let (look_x, look_y) = (vocabulary.look(x), vocabulary.look(y));
    // The commoner spelling is taken for the true one; the rarer one is how it was written the other time.
    let rarer = || vocabulary.share(x, whose).min(vocabulary.share(y, whose));
    if look_x.sound == look_y.sound {
        return Some((-3.9 - rarer()).min(MOST - 2.0));
    }
    let ((short, long), lengths) = if look_x.length() < look_y.length() {
        ((x, y), (look_x.length(), look_y.length()))
    } else {
        ((y, x), (look_y.length(), look_x.length()))
    };
    if lengths.0 == 1 {
        return (vocabulary.word(short).text()[0] == vocabulary.word(long).text()[0]).then_some(INITIAL);
    }
    let apart = look_x.letters_apart(look_y);
    if apart <= 2 && near(vocabulary, x, y, 1) {
        // In a word of two letters, one slip leaves little.
        return Some(if lengths.1 <= 2 { 0.0 } else { (-6.2 - rarer()).min(MOST - 3.0) });
    }
    // Two slips in a short word leave little more than its beginning.
    let (most_apart, loss) = if lengths.0 >= 6 { (4, -10.0) } else { (3, -12.0) };
    if apart <= most_apart && lengths.1 >= 4 && near(vocabulary, x, y, 2) {
        return Some((loss - rarer()).clamp(CONFLICT, MOST - 5.0));
    }
    let begins = lengths.0 >= 3
        && vocabulary.look(short).within(vocabulary.look(long))
        && vocabulary.word(long).text().starts_with(vocabulary.word(short).text());
    begins.then(|| (-6.0 - vocabulary.share(short, whose)).clamp(0.0, MOST - 5.0))
}

/// The words left are the same letters, parted otherwise: `SITI NURHAYATI` and `SITINURHAYATI`.
fn joined(vocabulary: &Vocabulary, a: &[u32], left_a: u32, b: &[u32], left_b: u32) -> bool {
    let run = |words: &[u32], left: u32| {
        // As long as a word is kept, so that a long one still equals its parts.
        let (mut out, mut length) = ([0_u8; LETTERS], 0);
        for i in bits(left) {
            for letter in vocabulary.word(words[i]).text() {
                if length < out.len() {
                    out[length] = *letter;
                    length += 1;
                }
            }
        }
        (out, length)
    };
    let ((x, lx), (y, ly)) = (run(a, left_a), run(b, left_b));
    within(&x[..lx], &y[..ly], 1)
}

/// At most so many letters put in, left out, exchanged or swapped with their neighbour.
pub(crate) fn near(vocabulary: &Vocabulary, x: u32, y: u32, most: u32) -> bool {
    let (look_x, look_y) = (vocabulary.look(x), vocabulary.look(y));
    // Every slip changes at most two of the letters that occur.
    look_x.letters_apart(look_y) <= 2 * most
        && look_x.length().abs_diff(look_y.length()) <= most
        && within(vocabulary.word(x).text(), vocabulary.word(y).text(), most)
}

fn within(a: &[u8], b: &[u8], most: u32) -> bool {
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[same..], &b[same..]);
    let same = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - same], &b[..b.len() - same]);
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    if long.len() - short.len() > most as usize {
        return false;
    }
    match (most, short.len(), long.len()) {
        (_, 0, left) => left <= most as usize,
        (_, 1, 1) => true,
        (1, 2, 2) => short[0] == long[1] && short[1] == long[0],
        (1, ..) => false,
        _ => table(short, long) <= most as usize,
    }
}

/// Edits between two short runs of letters.
fn table(a: &[u8], b: &[u8]) -> usize {
    let width = b.len().min(LETTERS);
    // Three rows in turn: this letter's, the last one's, and the one before for neighbours that changed places.
    let mut rows = [[0_u8; LETTERS + 1]; 3];
    for (cell, count) in rows[0].iter_mut().zip(0_u8..) {
        *cell = count;
    }
    let (mut last, mut own, mut older) = (0, 1, 2);
    for (i, (x, count)) in a.iter().zip(1_u8..).enumerate().take(LETTERS) {
        rows[own][0] = count;
        for j in 0..width {
            let mut least = (rows[last][j] + u8::from(*x != b[j])).min(rows[last][j + 1] + 1).min(rows[own][j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == b[j] {
                least = least.min(rows[older][j - 1] + 1);
            }
            rows[own][j + 1] = least;
        }
        (last, own, older) = (own, older, last);
    }
    usize::from(rows[last][width])
}

#[cfg(test)]
mod tests;
