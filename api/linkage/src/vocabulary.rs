//! Words as numbers, and what is known of each word once the whole list has been read.

use std::collections::HashMap;

use crate::names;
use crate::people::Person;
use crate::random::{BuildQuick, hash_bytes};

/// Texts numbered from 1 in the order they come; 0 is "none".
#[derive(Default)]
pub(crate) struct Interner {
    /// By hash, the numbers of the texts that have it: nearly always one.
    by_hash: HashMap<u64, u32, BuildQuick>,
    bytes: Vec<u8>,
    ends: Vec<u32>,
}

impl Interner {
    /// The texts of several, numbered in the order of their letters.
    pub fn sorted<'a>(parts: impl Iterator<Item = &'a Self>) -> Self {
        let mut texts: Vec<&[u8]> = Vec::new();
        for part in parts {
            texts.extend((1..=part.ends.len()).map(|number| part.get(u32::try_from(number).unwrap_or(0))));
        }
        texts.sort_unstable();
        texts.dedup();
        let mut all = Self::default();
        for text in texts {
            all.number(text);
        }
        all
    }

    /// The number of a text, which is given one where it has none; the empty text is 0.
    pub fn number(&mut self, text: &[u8]) -> u32 {
        match self.look_up(text) {
            Ok(number) => number,
            Err(hash) => {
                self.bytes.extend_from_slice(text);
                self.ends.push(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
                let number = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
                self.by_hash.insert(hash, number);
                number
            }
        }
    }

    /// The number of a text, 0 where it has none.
    pub fn find(&self, text: &[u8]) -> u32 {
        self.look_up(text).unwrap_or(0)
    }

    /// The number of a text, or under which hash it would come.
    fn look_up(&self, text: &[u8]) -> Result<u32, u64> {
        if text.is_empty() {
            return Ok(0);
        }
        let mut hash = hash_bytes(text);
        loop {
            match self.by_hash.get(&hash) {
                Some(&number) if self.get(number) == text => return Ok(number),
                // Another text with this hash: look in the next place.
                Some(_) => hash = hash.wrapping_add(1),
                None => return Err(hash),
            }
        }
    }

    /// The text of a number.
    pub fn get(&self, number: u32) -> &[u8] {
        let at = number as usize;
        if at == 0 || at > self.ends.len() {
            return &[];
        }
        let start = if at == 1 { 0 } else { self.ends[at - 2] as usize };
        &self.bytes[start..self.ends[at - 1] as usize]
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }
}

/// Letters of a word kept for comparing; what is longer is compared by its beginning.
pub(crate) const LETTERS: usize = 19;

/// The letters of a word.
#[derive(Clone, Copy)]
pub(crate) struct Word {
    letters: [u8; LETTERS],
    length: u8,
    /// The letter its sound begins with.
    pub head: u8,
}

impl Word {
    pub fn text(&self) -> &[u8] {
        &self.letters[..usize::from(self.length)]
    }
}

/// What most comparisons of words can be decided by; apart from the letters, so that it stays in the cache.
#[derive(Clone, Copy, Default)]
pub(crate) struct Look {
    /// Number of the way it sounds.
    pub sound: u32,
    /// Which letters occur in it, a bit each; above them its length.
    shape: u32,
}

const LETTER_BITS: u32 = 27;

impl Look {
    /// How many letters occur in only one of the two.
    pub fn letters_apart(self, other: Self) -> u32 {
        ((self.shape ^ other.shape) & ((1 << LETTER_BITS) - 1)).count_ones()
    }

    pub fn length(self) -> u32 {
        self.shape >> LETTER_BITS
    }

    /// Whether every letter of this word occurs in the other.
    pub fn within(self, other: Self) -> bool {
        self.shape & !other.shape & ((1 << LETTER_BITS) - 1) == 0
    }
}

/// Whose name: shares are counted apart, mothers being older.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whose {
    Own = 0,
    Mother = 1,
}

/// All words of all names. Index 0 is no word.
pub(crate) struct Vocabulary {
    words: Vec<Word>,
    looks: Vec<Look>,
    /// Of each word a hash of how it sounds: the same in every list.
    sounds: Vec<u64>,
    /// Natural logarithm of the share of people who bear a word, by whose name it is.
    shares: Vec<[f32; 2]>,
    /// The same for places of birth, by their number.
    pub place_share: Vec<f32>,
}

impl Vocabulary {
    pub fn new(words: &Interner, places: usize, people: &[Person]) -> Self {
        let mut counts = vec![[0_u32; 2]; words.len() + 1];
        let mut place_counts = vec![0_u32; places + 1];
        let (mut with, mut born_in) = ([0_u32; 2], 0_u32);
        for person in people {
            for (whose, list) in [(0, &person.name[..]), (1, &person.mother[..])] {
                with[whose] += u32::from(list[0] != 0);
                for (at, &word) in list.iter().enumerate() {
                    if word != 0 && !list[..at].contains(&word) {
                        counts[word as usize][whose] += 1;
                    }
                }
            }
            place_counts[person.place as usize] += 1;
            born_in += u32::from(person.place != 0);
        }
        let mut sounds = Interner::default();
        let (mut all, mut looks) = (Vec::with_capacity(counts.len()), Vec::with_capacity(counts.len()));
        let mut heard = Vec::with_capacity(counts.len());
        let mut sound = String::new();
        for number in 0..=words.len() {
            let text = words.get(u32::try_from(number).unwrap_or(0));
            let length = text.len().min(LETTERS);
            let mut word = Word { letters: [0; LETTERS], length: u8::try_from(length).unwrap_or(0), head: 0 };
            word.letters[..length].copy_from_slice(&text[..length]);
            sound.clear();
            names::sound_into(std::str::from_utf8(text).unwrap_or_default(), &mut sound);
            word.head = sound.bytes().next().unwrap_or(0);
            let letters = word.text().iter().fold(0, |mask, letter| mask | 1_u32 << (letter & 31).min(26));
            let shape = letters | u32::from(word.length) << LETTER_BITS;
            looks.push(Look { sound: sounds.number(sound.as_bytes()), shape });
            all.push(word);
            heard.push(if sound.is_empty() { 0 } else { hash_bytes(sound.as_bytes()) });
        }
        let share = |count: &[u32; 2]| [log_share(count[0], with[0]), log_share(count[1], with[1])];
        let shares = counts.iter().map(share).collect();
        let place_share = place_counts.iter().map(|count| log_share(*count, born_in)).collect();
        Self { words: all, looks, sounds: heard, shares, place_share }
    }

    pub fn word(&self, number: u32) -> &Word {
        &self.words[number as usize]
    }

    pub fn look(&self, number: u32) -> Look {
        self.looks[number as usize]
    }

    /// A hash of how the word sounds, which does not hang on the list; 0 for no word.
    pub fn heard(&self, number: u32) -> u64 {
        self.sounds[number as usize]
    }

    /// Every word but the empty one, with its shares.
    pub fn all(&self) -> impl Iterator<Item = (&[u8], [f32; 2])> {
        self.words.iter().zip(&self.shares).skip(1).map(|(word, shares)| (word.text(), *shares))
    }

    /// Puts shares that are known from a longer list in place of those counted here.
    pub fn reshare(&mut self, known: impl Fn(&[u8]) -> [f32; 2]) {
        for (word, shares) in self.words.iter().zip(&mut self.shares).skip(1) {
            *shares = known(word.text());
        }
    }

    /// Logarithm of the share of people who bear the word.
    pub fn share(&self, number: u32, whose: Whose) -> f32 {
        self.shares[number as usize][whose as usize]
    }
}

/// How likely it is that somebody else bears a word that `count` of `all` people bear. Two of the count may be the
/// one person that is being compared.
pub(crate) fn log_share(count: u32, all: u32) -> f32 {
    ((count.saturating_sub(2) as f32 + 0.7) / (all as f32 + 60.0)).ln()
}
