//! How a person comes to be written a second time.

use super::{Dice, PLACES, Pools, Written, home, number};

/// Habits of an agency: one types from paper, one writes what it hears, one copies an old register.
#[derive(Clone, Copy, PartialEq)]
enum Clerk {
    Typist,
    Listener,
    Register,
}

/// A further row of the person.
pub fn copy(pools: &Pools, dice: &mut Dice, person: &Written, people: usize) -> Written {
    let clerk = [Clerk::Typist, Clerk::Listener, Clerk::Register][dice.below(3)];
    let mut row = person.clone();
    if dice.chance(0.16) {
        let (kel, kec) = (row.kel.clone(), row.kec.clone());
        let household = people + dice.below(9_000);
        home(pools, dice, household, &mut row);
        if dice.chance(0.4) {
            (row.kel, row.kec) = (kel, kec);
        }
    }
    name(dice, clerk, &mut row);
    numbers(dice, clerk, &mut row);
    birth(dice, clerk, &mut row);
    if dice.chance(if clerk == Clerk::Register { 0.5 } else { 0.2 }) {
        row.mother.clear();
    } else if dice.chance(0.2) {
        row.mother = misspell(dice, clerk, &row.mother);
    }
    if dice.chance(0.2) {
        row.birthplace.clear();
    } else if dice.chance(0.06) {
        row.birthplace = (*dice.pick(&PLACES)).to_owned();
    }
    if dice.chance(0.08) {
        row.house = 0;
    }
    if dice.chance(0.15) {
        row.street = misspell(dice, clerk, &row.street);
    }
    if dice.chance(0.06) {
        row.rt = dice.between(1, 9);
    }
    if dice.chance(0.03) {
        row.kel.clear();
    }
    if dice.chance(0.008) {
        row.sex = if row.sex == "L" { "P" } else { "L" }.to_owned();
    } else if dice.chance(0.03) {
        row.sex.clear();
    }
    row
}

fn name(dice: &mut Dice, clerk: Clerk, row: &mut Written) {
    if !row.husband.is_empty() && dice.chance(0.06) {
        row.name = format!("Ny. {}", row.husband);
        row.by_husband = true;
        return;
    }
    if dice.chance(0.4) {
        row.name = misspell(dice, clerk, &row.name);
    }
    let words: Vec<&str> = row.name.split(' ').collect();
    let changed = match (clerk, words.len()) {
        (_, 3..) if dice.chance(0.15) => Some(format!("{} {}", words[0], words[words.len() - 1])),
        (Clerk::Typist, 2..) if dice.chance(0.05) => {
            Some(format!("{} {}", words[words.len() - 1], words[..words.len() - 1].join(" ")))
        }
        (Clerk::Register, 2..) if dice.chance(0.12) => Some(words[0].to_owned()),
        (Clerk::Register, 2..) if dice.chance(0.12) => Some(format!("{} {}.", words[0], &words[1][..1])),
        _ if dice.chance(0.08) => Some(format!("{} {}", if row.male { "H." } else { "Hj." }, row.name)),
        _ => None,
    };
    if let Some(changed) = changed {
        row.name = changed;
    }
    if dice.chance(0.4) {
        row.name = row.name.to_uppercase();
    }
}

/// A slip of the hand or of the ear in one word.
fn misspell(dice: &mut Dice, clerk: Clerk, text: &str) -> String {
    const HEARD: [(&str, &str); 18] = [
        ("u", "oe"),
        ("j", "dj"),
        ("y", "j"),
        ("f", "p"),
        ("p", "f"),
        ("v", "p"),
        ("z", "j"),
        ("s", "sy"),
        ("k", "q"),
        ("kh", "h"),
        ("ni", "nie"),
        ("ai", "ae"),
        ("i", "y"),
        ("h", ""),
        ("d", "dd"),
        ("n", "nn"),
        ("t", "th"),
        ("o", "u"),
    ];
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    let at = dice.below(words.len());
    let word = &mut words[at];
    if word.len() < 3 || !word.is_ascii() {
        return text.to_owned();
    }
    if clerk == Clerk::Listener || dice.chance(0.3) {
        let start = dice.below(HEARD.len());
        for turn in 0..HEARD.len() {
            let (from, to) = HEARD[(start + turn) % HEARD.len()];
            if let Some(found) = word.get(1..).and_then(|tail| tail.find(from)) {
                word.replace_range(found + 1..found + 1 + from.len(), to);
                return words.join(" ");
            }
        }
    }
    let first = u32::from(!dice.chance(0.1));
    let place = dice.between(first, word.len() as u32 - 1) as usize;
    let letter = (b'a' + dice.below(26) as u8) as char;
    match dice.below(4) {
        0 => drop(word.remove(place)),
        1 => word.insert(place, letter),
        2 => word.replace_range(place..=place, &letter.to_string()),
        _ => {
            let next = word.remove(place);
            word.insert(place.saturating_sub(1), next);
        }
    }
    words.join(" ")
}

fn numbers(dice: &mut Dice, clerk: Clerk, row: &mut Written) {
    let lost = match clerk {
        Clerk::Typist => 0.1,
        Clerk::Listener => 0.35,
        Clerk::Register => 0.6,
    };
    if dice.chance(lost) {
        row.nik.clear();
    } else if !row.nik.is_empty() {
        if dice.chance(0.1) {
            row.nik = digit(dice, &row.nik);
        } else if dice.chance(0.01) {
            // Somebody else's number, or one made up.
            number(dice, row);
        }
    }
    if dice.chance(0.2) {
        row.kk.clear();
    } else if dice.chance(0.05) {
        row.kk = digit(dice, &row.kk);
    }
}

/// Another digit somewhere, two changed about, or one misread.
fn digit(dice: &mut Dice, number: &str) -> String {
    let mut digits: Vec<u8> = number.bytes().collect();
    let at = dice.below(digits.len() - 1);
    match dice.below(3) {
        0 => digits[at] = b'0' + dice.below(10) as u8,
        1 => digits.swap(at, at + 1),
        _ => {
            digits[at] = match digits[at] {
                b'1' => b'7',
                b'7' => b'1',
                b'5' => b'6',
                b'6' => b'5',
                b'3' => b'8',
                b'8' => b'3',
                other => other,
            }
        }
    }
    digits.into_iter().map(char::from).collect()
}

fn birth(dice: &mut Dice, clerk: Clerk, row: &mut Written) {
    let (day, month, year) = row.born;
    row.born = match dice.below(100) {
        0..3 => (0, 0, 0),
        3..8 if clerk == Clerk::Register => (0, 0, year),
        3..18 if clerk == Clerk::Register => (1, 1, year),
        18..21 if day <= 12 => (month, day, year),
        21..25 => (day, month, year + dice.between(1, 2)),
        25..28 => (dice.between(1, 28), month, year),
        28..30 => (day, dice.between(1, 12), year),
        30..32 => (31, 12, year),
        _ => row.born,
    };
}

/// Street and number as this clerk happens to write them.
pub fn address(dice: &mut Dice, row: &Written) -> String {
    let street = match dice.below(4) {
        0 => row.street.replace("Jl.", "Jalan").replace("Gg.", "Gang").replace("Kp.", "Kampung"),
        1 => row.street.to_uppercase(),
        _ => row.street.clone(),
    };
    match (row.house, dice.below(3)) {
        (0, _) => street,
        (house, 0) => format!("{street} No. {house}"),
        (house, 1) => format!("{street} {house}"),
        (house, _) => format!("{street} no {house} RT {:02} RW {:02}", row.rt, row.rw),
    }
}
