//! The town of the tests at any size, and how well a list of pairs found it.
//!
//! `town write HOUSEHOLDS PEOPLE.csv TRUTH.csv [SEED]` writes the list that `satupintu link` reads and, beside it, who
//! each row is; `town score PAIRS.csv TRUTH.csv` prints a figure a line; `town link PEOPLE.csv PAIRS.csv` links alone
//! and says how long each part took.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a tool of the bench: it stops where something is amiss, and prints"
)]

#[path = "../tests/town/mod.rs"]
mod town;

use std::collections::{HashMap, HashSet};
use std::error::Error;
use std::path::Path;
use std::time::Instant;

use satupintu_linkage::{AUTOMATIC, Settings, link, read_people, write_pairs};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["write", households, people, truth] => write(households.parse()?, people, truth, 1),
        ["write", households, people, truth, seed] => write(households.parse()?, people, truth, seed.parse()?),
        ["score", pairs, truth] => score(pairs, truth),
        ["link", people, pairs] => timed(people, pairs, None),
        ["link", people, pairs, weights] => timed(people, pairs, Some(weights)),
        _ => Err("write HOUSEHOLDS PEOPLE TRUTH [SEED], score PAIRS TRUTH, or link PEOPLE PAIRS [WEIGHTS]".into()),
    }
}

fn write(households: usize, people: &str, truth: &str, seed: u64) -> Result<(), Box<dyn Error>> {
    let mut list = csv::Writer::from_path(people)?;
    let mut who = csv::Writer::from_path(truth)?;
    list.write_record([
        "rec_id",
        "nik",
        "no_kk",
        "nama",
        "jk",
        "tgl_lahir",
        "tempat_lahir",
        "alamat",
        "rt",
        "rw",
        "kel",
        "kec",
        "nama_ibu",
    ])?;
    who.write_record(["rec_id", "person", "elder", "twin", "namesake", "by_husband", "no_nik"])?;
    for (at, row) in town::town(households, seed).iter().enumerate() {
        let id = at.to_string();
        list.write_record([
            &id,
            &row.nik,
            &row.kk,
            &row.name,
            &row.sex,
            &row.date(),
            &row.birthplace,
            &row.address,
            &row.rt.to_string(),
            &row.rw.to_string(),
            &row.kel,
            &row.kec,
            &row.mother,
        ])?;
        let flag = |set: bool| if set { "1" } else { "0" };
        who.write_record([
            &id,
            &row.person.to_string(),
            flag(row.elder),
            flag(row.twin),
            flag(row.namesake),
            flag(row.by_husband),
            flag(row.nik.is_empty()),
        ])?;
    }
    list.flush()?;
    Ok(who.flush()?)
}

const GROUPS: [&str; 5] = ["single_name_elder", "twin", "namesake", "husbands_name", "no_nik"];
fn score(pairs: &str, truth: &str) -> Result<(), Box<dyn Error>> {
    let mut who: HashMap<String, (u32, [bool; 5])> = HashMap::new();
    for row in csv::Reader::from_path(truth)?.records() {
        let row = row?;
        who.insert(row[0].to_owned(), (row[1].parse()?, std::array::from_fn(|at| &row[at + 2] == "1")));
    }
    let mut found: HashSet<(String, String)> = HashSet::new();
    let (mut wrong, mut automatic, mut wrong_automatic, mut looked_at) = (0_u64, 0_u64, 0_u64, 0_u64);
    let mut groups: HashMap<String, String> = HashMap::new();
    for row in csv::Reader::from_path(pairs)?.records() {
        let row = row?;
        let (Some(a), Some(b)) = (who.get(&row[0]), who.get(&row[1])) else { return Err("a row without truth".into()) };
        let right = a.0 == b.0;
        if row[2].parse::<f64>()? >= AUTOMATIC {
            automatic += 1;
            wrong_automatic += u64::from(!right);
        }
        if &row[3] == "1" {
            wrong += u64::from(!right);
            looked_at += u64::from(row[2].parse::<f64>()? < AUTOMATIC);
            join(&mut groups, &row[0], &row[1]);
            found.insert((row[0].to_owned(), row[1].to_owned()));
        }
    }
    let mut people: HashMap<u32, Vec<(&String, &[bool; 5])>> = HashMap::new();
    for (id, (person, flags)) in &who {
        people.entry(*person).or_default().push((id, flags));
    }
    let mut seen = [(0_u64, 0_u64); 6];
    for rows in people.values() {
        for (at, (a, x)) in rows.iter().enumerate() {
            for (b, y) in &rows[at + 1..] {
                let hit =
                    found.contains(&((*a).clone(), (*b).clone())) || found.contains(&((*b).clone(), (*a).clone()));
                for (group, (all, hits)) in seen.iter_mut().enumerate() {
                    if group == 5 || x[group] || y[group] {
                        *all += 1;
                        *hits += u64::from(hit);
                    }
                }
            }
        }
    }
    let share = |part: u64, whole: u64| part as f64 / whole.max(1) as f64;
    let (all, hits) = seen[5];
    let (precision, recall) = (share(hits, hits + wrong), share(hits, all));
    println!("precision {precision:.4}\nrecall {recall:.4}\nf1 {:.4}", 2.0 * precision * recall / (precision + recall));
    for (name, (all, hits)) in GROUPS.iter().zip(seen) {
        println!("recall_{name} {:.4}", share(hits, all));
    }
    let (b3_precision, b3_recall) = b_cubed(&who, &mut groups);
    println!("b3_precision {b3_precision:.4}\nb3_recall {b3_recall:.4}");
    println!("b3_f1 {:.4}", 2.0 * b3_precision * b3_recall / (b3_precision + b3_recall));
    let looks = 1000.0 * share(looked_at, who.len() as u64);
    println!("looks_per_1000_rows {looks:.2}\nhuman_minutes_per_1000_rows {:.2}", looks * SECONDS / 60.0);
    println!("automatic {automatic}\nautomatic_wrong_per_10000 {:.2}", 10_000.0 * share(wrong_automatic, automatic));
    Ok(())
}

/// Seconds that a human is thought to need for one pair, side by side. Assumed, not measured.
const SECONDS: f64 = 30.0;

fn head(groups: &mut HashMap<String, String>, row: &str) -> String {
    let mut at = row.to_owned();
    while let Some(next) = groups.get(&at).filter(|next| **next != at) {
        at.clone_from(next);
    }
    groups.insert(row.to_owned(), at.clone());
    at
}

fn join(groups: &mut HashMap<String, String>, a: &str, b: &str) {
    let (a, b) = (head(groups, a), head(groups, b));
    groups.insert(b, a);
}

/// Of each row, the share of its group that is its person, and the share of its person that is in its group; means.
fn b_cubed(who: &HashMap<String, (u32, [bool; 5])>, groups: &mut HashMap<String, String>) -> (f64, f64) {
    let mut both: HashMap<(String, u32), u64> = HashMap::new();
    let (mut of_group, mut of_person): (HashMap<String, u64>, HashMap<u32, u64>) = Default::default();
    for (row, (person, _)) in who {
        let group = head(groups, row);
        *both.entry((group.clone(), *person)).or_default() += 1;
        *of_group.entry(group).or_default() += 1;
        *of_person.entry(*person).or_default() += 1;
    }
    let rows = who.len() as f64;
    let sum = |whole: &dyn Fn(&(String, u32)) -> u64| {
        both.iter().map(|(key, count)| (count * count) as f64 / whole(key) as f64).sum::<f64>() / rows
    };
    (sum(&|key| of_group[&key.0]), sum(&|key| of_person[&key.1]))
}

fn timed(input: &str, output: &str, weights: Option<&str>) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let settings = Settings::default();
    let people = read_people(Path::new(input), settings.threads)?;
    let read = start.elapsed();
    let linked = link(&people, &settings);
    let done = start.elapsed();
    write_pairs(Path::new(output), &people, &linked)?;
    if let Some(weights) = weights {
        std::fs::write(weights, serde_json::to_string_pretty(&linked.weights)?)?;
    }
    let rows = people.len();
    eprintln!("{rows} rows, {} pairs compared; read {read:.2?}, linked {:.2?}", linked.compared, done - read);
    Ok(())
}
