//! Single pairs, judged by what a whole list has taught: its weights, and how common the words of names are in it.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::compare::{FIELDS, Field, LEVELS, compare, is_doubtful};
use crate::engine::DOUBTFUL;
use crate::people::{Builder, People, Row};
use crate::vocabulary::log_share;
use crate::weights::{Stratum, Weights, probability};

/// What a list leaves behind for pairs that come later.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Model {
    weights: Weights,
    /// Words that several people bear: logarithm of their share among people and among mothers.
    words: HashMap<String, [f32; 2]>,
    /// The same for every other word.
    rare: [f32; 2],
}

/// What one field says of a pair.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq)]
pub struct Compared {
    /// name, mother, born, nik, home, sex or birthplace.
    pub field: String,
    /// How far the two agree, in words.
    pub level: String,
    /// For (above zero) or against (below zero) one person, in natural logarithms of the odds.
    pub weight: f32,
}

/// What is to be thought of a pair.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// Probability that the two are one person.
    pub probability: f64,
    /// Field by field.
    pub fields: Vec<Compared>,
}

/// People who must bear a word before it is worth keeping: what fewer bear is rare, and may say who they are.
const BORNE_BY: u32 = 5;
/// Words kept at most, the commonest first.
const MOST_WORDS: usize = 40_000;

impl Model {
    /// What this list has taught.
    #[must_use]
    pub fn of(people: &People, weights: &Weights) -> Self {
        let count = u32::try_from(people.len()).unwrap_or(u32::MAX);
        let (rare, common) = (log_share(0, count), log_share(BORNE_BY, count));
        let mut words: Vec<(&[u8], [f32; 2])> =
            people.vocabulary.all().filter(|(_, shares)| shares.iter().any(|share| *share >= common)).collect();
        words.sort_unstable_by(|(x, a), (y, b)| b[0].total_cmp(&a[0]).then_with(|| x.cmp(y)));
        words.truncate(MOST_WORDS);
        let words = words.into_iter().map(|(word, shares)| (String::from_utf8_lossy(word).into_owned(), shares));
        Self { weights: weights.clone(), words: words.collect(), rare: [rare; 2] }
    }

    /// What is believed of a list of so many rows that nobody has looked at.
    #[must_use]
    pub fn before(rows: usize) -> Self {
        let count = u32::try_from(rows).unwrap_or(u32::MAX);
        Self { weights: Weights::believed(rows), words: HashMap::new(), rare: [log_share(count / 2000, count); 2] }
    }

    /// Whether its weights find people by their names; an estimate over a list without doubles may not.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.weights.is_sound()
    }

    /// The weights.
    #[must_use]
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// A few rows, made ready to be judged.
    #[must_use]
    pub fn ready<'a>(&self, rows: impl IntoIterator<Item = Row<'a>>) -> People {
        let mut builder = Builder::default();
        for row in rows {
            builder.push(&row);
        }
        let mut people = builder.finish();
        self.teach(&mut people);
        people
    }

    /// Puts what is known of the words of names in place of what so short a list says of them.
    pub fn teach(&self, people: &mut People) {
        people.vocabulary.reshare(|word| {
            std::str::from_utf8(word).ok().and_then(|word| self.words.get(word)).copied().unwrap_or(self.rare)
        });
    }

    /// What is to be thought of two rows.
    #[must_use]
    pub fn judge(&self, people: &People, a: u32, b: u32) -> Judged {
        judge(people, &self.weights, a, b)
    }
}

/// What these weights say of two rows of a list.
#[must_use]
pub fn judge(people: &People, weights: &Weights, a: u32, b: u32) -> Judged {
    let (one, other) = (&people.persons[a as usize], &people.persons[b as usize]);
    let pattern = compare(&people.vocabulary, one, other);
    let levels = pattern.levels();
    let stratum = Stratum::of(&levels) as usize;
    let sure = probability(weights.log_odds(pattern));
    let probability = if is_doubtful(&people.vocabulary, one, other) { sure.min(DOUBTFUL) } else { sure };
    let fields = FIELDS.iter().map(|field| {
        let level = levels[*field as usize];
        let weight = if level == 0 { 0.0 } else { weights.weight(stratum, *field, level) };
        Compared { field: name(*field).to_owned(), level: LEVELS[*field as usize][level].to_owned(), weight }
    });
    Judged { probability, fields: fields.collect() }
}

fn name(field: Field) -> &'static str {
    match field {
        Field::Name => "name",
        Field::Mother => "mother",
        Field::Born => "born",
        Field::Nik => "nik",
        Field::Home => "home",
        Field::Sex => "sex",
        Field::Birthplace => "birthplace",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::MOST;
    use crate::{Settings, link};

    fn row<'a>(id: &'a str, name: &'a str, born: &'a str, nik: &'a str) -> Row<'a> {
        Row { id, name, born, nik, sex: "female", kel: "32.73.01.1001", kec: "32.73.01", ..Row::default() }
    }

    #[test]
    fn weights_that_pass_over_names_are_not_sound() {
        let mut model = Model::before(100_000);
        assert!(model.is_sound());
        // As a list without doubles may be estimated: what is one person has another name and a neighbouring number.
        let mut same = model.weights.same;
        same[Field::Name as usize] = [0.0005; MOST];
        same[Field::Name as usize][1] = 0.97;
        model.weights = Weights::new(model.weights.prior, same, model.weights.others);
        assert!(!model.is_sound());
    }

    #[test]
    fn one_person_is_known_again_and_others_are_not() {
        let model = Model::before(100_000);
        let people = model.ready([
            row("1", "Siti Aminah Rahayu", "1980-05-17", "3273015705800001"),
            row("2", "Siti Aminah Rahayu", "1980-05-17", "3273015705800001"),
            row("3", "Dewi Lestari", "1992-08-02", "3273014208920003"),
        ]);
        let same = model.judge(&people, 0, 1);
        assert!(same.probability > 0.99, "{same:?}");
        assert!(model.judge(&people, 0, 2).probability < 0.001);
        let stored: Model = serde_json::from_str(&serde_json::to_string(&model).unwrap()).unwrap();
        assert!((stored.judge(&people, 0, 1).probability - same.probability).abs() < 1e-6);
    }

    #[test]
    fn twins_are_two_and_misspellings_one_before_anything_is_known_of_the_list() {
        let model = Model::before(100_000);
        let twin = |id, name, nik| Row {
            id,
            name,
            nik,
            born: "2014-06-09",
            sex: "male",
            no_kk: "3273010101200001",
            mother: "Neneng Hasanah",
            kel: "32.73.01.1001",
            kec: "32.73.01",
            ..Row::default()
        };
        let people = model.ready([
            twin("1", "Agus Maulana", "3273010906140001"),
            twin("2", "Budi Maulana", "3273010906140002"),
            Row { no_kk: "", kel: "32.73.01.1002", ..twin("3", "Hasan Ramadhan", "3273010906140003") },
            twin("4", "Agus Maulana", ""),
        ]);
        let judged = |a, b| model.judge(&people, a, b);
        assert!(judged(0, 1).probability < 0.5, "{:?}", judged(0, 1));
        assert!(judged(0, 2).probability < 0.5, "{:?}", judged(0, 2));
        assert!(judged(0, 3).probability > 0.5, "{:?}", judged(0, 3));
        // One woman, spelt by ear twice, in two kelurahan.
        let yeti = Row {
            name: "Yeti Sumiyati",
            born: "1961-03-17",
            nik: "3273015703610004",
            sex: "female",
            mother: "Oneng Juariah",
            kel: "32.73.01.1001",
            kec: "32.73.01",
            ..Row::default()
        };
        let again = Row { name: "Hj. Yetti Sumiati", nik: "", mother: "Oneng Djuariah", kel: "32.73.01.1002", ..yeti };
        let people = model.ready([yeti, again]);
        assert!(model.judge(&people, 0, 1).probability > 0.7, "{:?}", model.judge(&people, 0, 1));
    }

    #[test]
    fn two_known_identities_are_never_one_person() {
        let model = Model::before(1000);
        let rows = [row("1", "Siti Aminah Rahayu", "1980-05-17", ""), row("2", "Siti Aminah Rahayu", "1980-05-17", "")];
        let people = model.ready(rows);
        let settings = Settings { weights: Some(model.weights().clone()), ..Settings::default() };
        assert!(link(&people, &settings).pairs.iter().any(|pair| pair.same), "nothing to forbid");
        let apart = Settings { identities: vec![7, 8], ..settings.clone() };
        assert!(!link(&people, &apart).pairs.iter().any(|pair| pair.same));
        let alike = Settings { identities: vec![7, 7], ..settings };
        assert!(link(&people, &alike).pairs.iter().any(|pair| pair.same));
    }
}
