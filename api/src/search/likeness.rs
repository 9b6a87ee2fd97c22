//! How alike a query and a text are: words against words, free of order, by edits and by sound.

use super::{Fold, squeeze};

/// The score of two equal texts.
pub const MAX_SCORE: u16 = 10_000;
/// What scores less is no answer.
pub const LEAST_SCORE: u16 = 5_500;

/// Words beyond these are not compared.
const MAX_WORDS: usize = 8;
/// Longer words are compared by their beginning; so is a whole text, at twice this.
const MAX_WORD: usize = 32;
/// Two words less alike than this by letters and by sound are two different words.
const LEAST_WORD: u32 = 5_000;
/// A single letter against a word that begins with it.
const INITIAL: u32 = 8_000;
/// A word of the text that the query does not have weighs this share (percent) of its length: people leave
/// words out far more often than they add some. More where a single word is asked for: it may be the whole name.
const LEFT_OUT: u32 = 30;
const LEFT_OUT_OF_ONE: u32 = 45;
/// However many words are left out, they weigh at most this percentage of the others: who has each word asked for is
/// an answer.
const MOST_LEFT_OUT: u32 = 60;
/// Words written together or apart, in percent of the likeness of the whole.
const JOINED: u32 = 97;

/// A query made ready for comparison with many texts.
pub struct Pattern {
    words: Vec<(Letters, Letters)>,
    whole: (Letters, Letters),
    text: Words,
    fold: Fold,
}

/// The words of a text, written one behind the other, and how they sound.
#[derive(Default)]
struct Words {
    plain: String,
    sound: String,
    /// Ends of the words in `plain` and in `sound`.
    ends: Vec<(usize, usize)>,
}

impl Words {
    fn read(&mut self, text: &str, fold: Fold) {
        self.plain.clear();
        self.sound.clear();
        self.ends.clear();
        for word in text.split(' ').filter(|word| !word.is_empty()).take(MAX_WORDS) {
            let word = &word[..word.len().min(MAX_WORD)];
            self.plain.push_str(word);
            fold(word, &mut self.sound);
            self.ends.push((self.plain.len(), self.sound.len()));
        }
    }

    fn word(&self, at: usize) -> (&[u8], &[u8]) {
        let (from, sound_from) = if at == 0 { (0, 0) } else { self.ends[at - 1] };
        let (to, sound_to) = self.ends[at];
        (&self.plain.as_bytes()[from..to], &self.sound.as_bytes()[sound_from..sound_to])
    }
}

impl Pattern {
    /// `text` in any spelling of case and spaces; words are folded by `fold`.
    pub fn new(text: &str, fold: Fold) -> Self {
        let mut words = Words::default();
        words.read(&squeeze(text), fold);
        Self {
            words: (0..words.ends.len())
                .map(|at| words.word(at))
                .map(|(plain, sound)| (Letters::new(plain), Letters::new(sound)))
                .collect(),
            whole: (Letters::new(words.plain.as_bytes()), Letters::new(words.sound.as_bytes())),
            text: Words::default(),
            fold,
        }
    }

    /// No word to compare with.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// 0 to [`MAX_SCORE`]. `text` is a text as the index keeps it.
    pub fn score(&mut self, text: &str) -> u16 {
        self.text.read(text, self.fold);
        if self.words.is_empty() || self.text.ends.is_empty() {
            return 0;
        }
        let mut best = self.by_words();
        let length = self.text.plain.len();
        if self.words.len() != self.text.ends.len() && self.whole.0.length.abs_diff(length) <= 4 {
            let plain = self.whole.0.share(self.text.plain.as_bytes());
            let sound = self.whole.1.share(self.text.sound.as_bytes());
            best = best.max(blend(plain, sound) * JOINED / 100);
        }
        u16::try_from(best).unwrap_or(MAX_SCORE).min(MAX_SCORE)
    }

    /// Pairs the words from the most alike down; each pair weighs what its letters weigh in the whole.
    fn by_words(&self) -> u32 {
        let (rows, columns) = (self.words.len(), self.text.ends.len());
        let mut alike = [[0_u32; MAX_WORDS]; MAX_WORDS];
        let mut lengths = [0_u32; MAX_WORDS];
        for column in 0..columns {
            let (plain, sound) = self.text.word(column);
            lengths[column] = small(plain.len());
            for (row, (letters, sounds)) in self.words.iter().enumerate() {
                alike[row][column] = word(letters, sounds, plain, sound);
            }
        }
        let mut total: u32 = self.words.iter().map(|(letters, _)| small(letters.length) * 100).sum();
        let mut gained = 0;
        let (mut taken_rows, mut taken_columns) = ([false; MAX_WORDS], [false; MAX_WORDS]);
        for _ in 0..rows.min(columns) {
            let mut best = (0, usize::MAX, usize::MAX);
            for row in (0..rows).filter(|at| !taken_rows[*at]) {
                for column in (0..columns).filter(|at| !taken_columns[*at]) {
                    if alike[row][column] > best.0 {
                        best = (alike[row][column], row, column);
                    }
                }
            }
            let (value, row, column) = best;
            if row == usize::MAX {
                break;
            }
            (taken_rows[row], taken_columns[column]) = (true, true);
            gained += value * (small(self.words[row].0.length) + lengths[column]);
            total += lengths[column] * 100;
        }
        let share = if rows == 1 { LEFT_OUT_OF_ONE } else { LEFT_OUT };
        let left_out: u32 = (0..columns).filter(|at| !taken_columns[*at]).map(|at| lengths[at] * share).sum();
        total += left_out.min(total * MOST_LEFT_OUT / 100);
        gained * 100 / total.max(1)
    }
}

fn word(letters: &Letters, sounds: &Letters, plain: &[u8], sound: &[u8]) -> u32 {
    if letters.length == 1 || plain.len() == 1 {
        let same = plain.first().is_some_and(|b| letters.masks[symbol(*b)] & 1 == 1);
        return match (same, letters.length == plain.len()) {
            (true, true) => u32::from(MAX_SCORE),
            (true, false) => INITIAL,
            (false, _) => 0,
        };
    }
    let (by_letters, by_sound) = (letters.share(plain), sounds.share(sound));
    if by_letters.max(by_sound) < LEAST_WORD { 0 } else { blend(by_letters, by_sound) }
}

/// By the letters and by the sound, whichever is nearer for the most part: a slip of the keyboard can change the
/// sound of a word beyond recognition, and one sound can be written in ways that share few letters.
fn blend(a: u32, b: u32) -> u32 {
    (3 * a.max(b) + a.min(b)) / 4
}

/// A word of the query as bit masks: bit n of a letter's mask is set where the letter stands at place n.
struct Letters {
    masks: [u64; 38],
    length: usize,
}

impl Letters {
    fn new(word: &[u8]) -> Self {
        let length = word.len().min(2 * MAX_WORD);
        let mut masks = [0; 38];
        for (at, b) in word.iter().enumerate().take(length) {
            masks[symbol(*b)] |= 1 << at;
        }
        Self { masks, length }
    }

    /// 10,000 less the share of letters to edit.
    fn share(&self, other: &[u8]) -> u32 {
        let other = &other[..other.len().min(2 * MAX_WORD)];
        let longest = self.length.max(other.len());
        if longest == 0 {
            return u32::from(MAX_SCORE);
        }
        small(longest - self.edits(other)) * u32::from(MAX_SCORE) / small(longest)
    }

    /// Letters inserted, dropped, replaced, or swapped with their neighbour (optimal string alignment): the columns
    /// of the table of distances as differences in bits, after Hyyrö (2003).
    fn edits(&self, other: &[u8]) -> usize {
        if self.length == 0 {
            return other.len();
        }
        let last = 1_u64 << (self.length - 1);
        let (mut up, mut down, mut diagonal, mut before) = (u64::MAX, 0_u64, 0_u64, 0_u64);
        let mut distance = self.length;
        for b in other {
            let here = self.masks[symbol(*b)];
            let swapped = ((!diagonal & here) << 1) & before;
            diagonal = ((here & up).wrapping_add(up) ^ up) | here | down | swapped;
            let right = down | !(diagonal | up);
            let left = diagonal & up;
            if right & last != 0 {
                distance += 1;
            } else if left & last != 0 {
                distance -= 1;
            }
            let right = (right << 1) | 1;
            up = (left << 1) | !(diagonal | right);
            down = right & diagonal;
            before = here;
        }
        distance
    }
}

/// Letters and digits apart; all else is one.
fn symbol(b: u8) -> usize {
    match b {
        b'A'..=b'Z' => usize::from(b - b'A'),
        b'0'..=b'9' => usize::from(b - b'0') + 26,
        _ => 37,
    }
}

fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plain(word: &str, out: &mut String) {
        out.push_str(word);
    }

    fn score(query: &str, text: &str) -> u16 {
        Pattern::new(query, plain).score(text)
    }

    #[test]
    fn what_is_nearer_scores_higher() {
        assert_eq!(score("ASEP HIDAYAT", "ASEP HIDAYAT"), MAX_SCORE);
        assert_eq!(score("hidayat  asep", "ASEP HIDAYAT"), MAX_SCORE);
        let steps = [
            score("ASEP HIDAYT", "ASEP HIDAYAT"),
            score("ASP HIDAYT", "ASEP HIDAYAT"),
            score("ASEP HIDAYT", "ASEP SUTISNA"),
            score("ASEP", "BUDI"),
        ];
        assert!(steps.windows(2).all(|pair| pair[0] > pair[1]), "{steps:?}");
        assert!(score("ASEP HIDAYAT", "ASEP RIZKI HIDAYAT") > score("ASEP RIZKI HIDAYAT", "ASEP HIDAYAT"));
        assert!(score("NURHAYATI", "NUR HAYATI") >= 9_000);
        assert!(score("ASEP H", "ASEP HIDAYAT") > score("ASEP H", "ASEP SUTISNA"));
        assert!(score("SITI", "SITI NURHALIZA MAHARANI PUTRI") > LEAST_SCORE);
        assert_eq!(score("", "ASEP"), 0);
    }

    proptest! {
        #[test]
        fn edits_are_those_of_the_reference(a in "[A-D]{0,14}", b in "[A-D]{0,14}") {
            prop_assert_eq!(Letters::new(a.as_bytes()).edits(b.as_bytes()), strsim::osa_distance(&a, &b));
        }

        #[test]
        fn long_words_are_edited_alike(a in "[A-C]{50,64}", b in "[A-C]{50,64}") {
            prop_assert_eq!(Letters::new(a.as_bytes()).edits(b.as_bytes()), strsim::osa_distance(&a, &b));
        }

        #[test]
        fn a_text_is_most_like_itself(a in "[A-E]{1,6}( [A-E]{1,6}){0,3}", b in "[A-E]{1,6}( [A-E]{1,6}){0,3}") {
            prop_assert!(score(&a, &b) <= MAX_SCORE);
            prop_assert_eq!(score(&a, &a), MAX_SCORE);
        }

        #[test]
        fn any_text_can_be_asked(a in ".{0,80}", b in "[A-Z0-9]{0,200}") {
            prop_assert!(score(&a, &b) <= MAX_SCORE);
        }
    }
}
