//! What the engine finds in a town whose truth is known, and that nothing about it depends on order or threads.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod town;

use std::collections::{HashMap, HashSet};

use satupintu_linkage::{Builder, Linked, People, Row, Settings, link};
use town::{Written, town};

fn list(rows: &[Written]) -> People {
    let mut builder = Builder::default();
    for (at, row) in rows.iter().enumerate() {
        push(&mut builder, &format!("r{at}"), row);
    }
    builder.finish()
}

fn push(builder: &mut Builder, id: &str, row: &Written) {
    builder.push(&Row {
        id,
        nik: &row.nik,
        no_kk: &row.kk,
        name: &row.name,
        sex: &row.sex,
        born: &row.date(),
        birthplace: &row.birthplace,
        address: &row.address,
        rt: &row.rt.to_string(),
        rw: &row.rw.to_string(),
        kel: &row.kel,
        kec: &row.kec,
        mother: &row.mother,
    });
}

fn named(people: &People, linked: &Linked) -> Vec<(String, String, u64, bool)> {
    let text = |row: u32| people.id(row).to_owned();
    linked.pairs.iter().map(|p| (text(p.a), text(p.b), p.probability.to_bits(), p.same)).collect()
}

struct Quality {
    precision: f64,
    recall: f64,
    /// Recall of pairs of a group, and how many pairs it has.
    groups: Vec<(&'static str, f64, usize)>,
}

fn measure(rows: &[Written], linked: &Linked) -> Quality {
    let found: HashSet<(u32, u32)> =
        linked.pairs.iter().filter(|p| p.same).map(|p| (p.a.min(p.b), p.a.max(p.b))).collect();
    let mut by_person: HashMap<u32, Vec<u32>> = HashMap::new();
    for (at, row) in rows.iter().enumerate() {
        by_person.entry(row.person).or_default().push(at as u32);
    }
    let pairs: Vec<(u32, u32)> = by_person
        .values()
        .flat_map(|list| {
            list.iter().enumerate().flat_map(|(at, &a)| list[at + 1..].iter().map(move |&b| (a.min(b), a.max(b))))
        })
        .collect();
    let recall = |of: &dyn Fn(&Written, &Written) -> bool| {
        let own: Vec<_> = pairs.iter().filter(|(a, b)| of(&rows[*a as usize], &rows[*b as usize])).collect();
        let hits = own.iter().filter(|pair| found.contains(pair)).count();
        (hits as f64 / own.len().max(1) as f64, own.len())
    };
    let right = found.iter().filter(|(a, b)| rows[*a as usize].person == rows[*b as usize].person).count();
    let group = |name, of: &dyn Fn(&Written, &Written) -> bool| {
        let (share, count) = recall(of);
        (name, share, count)
    };
    Quality {
        precision: right as f64 / found.len().max(1) as f64,
        recall: recall(&|_, _| true).0,
        groups: vec![
            group("elder of one name", &|a, _| a.elder),
            group("a number missing", &|a, b| a.nik.is_empty() || b.nik.is_empty()),
            group("by the husband's name", &|a, b| a.by_husband || b.by_husband),
            group("twin", &|a, _| a.twin),
            group("father and son of one name", &|a, _| a.namesake),
            group("no birth date on one side", &|a, b| a.born.2 == 0 || b.born.2 == 0),
        ],
    }
}

#[test]
fn finds_who_is_written_twice() {
    for seed in [3, 20] {
        let rows = town(6_000, seed);
        let quality = measure(&rows, &link(&list(&rows), &Settings::default()));
        eprintln!("{} rows: precision {:.4}, recall {:.4}", rows.len(), quality.precision, quality.recall);
        for (name, share, count) in &quality.groups {
            eprintln!("  {name}: recall {share:.4} of {count}");
        }
        assert!(quality.precision > 0.97, "precision {}", quality.precision);
        assert!(quality.recall > 0.94, "recall {}", quality.recall);
        for (name, share, count) in quality.groups {
            assert!(share > 0.85, "{name}: recall {share} of {count}");
        }
    }
}

#[test]
fn neither_threads_nor_order_change_the_answer() {
    let rows = town(500, 7);
    let one = link(&list(&rows), &Settings { threads: 1, ..Settings::default() });
    let people = list(&rows);
    let first = named(&people, &one);
    assert!(first.len() > 100);
    for threads in [2, 5] {
        assert_eq!(named(&people, &link(&people, &Settings { threads, ..Settings::default() })), first);
    }
    let mut builder = Builder::default();
    for (at, row) in rows.iter().enumerate().rev() {
        push(&mut builder, &format!("r{at}"), row);
    }
    let turned = builder.finish();
    assert_eq!(named(&turned, &link(&turned, &Settings::default())), first);
}

fn rows_of(list: &[Row<'_>]) -> (People, Linked) {
    // Among a town, so that the weights mean something.
    let mut builder = Builder::default();
    for (at, row) in town(800, 11).iter().enumerate() {
        push(&mut builder, &format!("t{at}"), row);
    }
    for row in list {
        builder.push(row);
    }
    let people = builder.finish();
    let linked = link(&people, &Settings::default());
    (people, linked)
}

fn are_one(people: &People, linked: &Linked, a: &str, b: &str) -> bool {
    linked.pairs.iter().any(|p| p.same && (people.id(p.a), people.id(p.b)) == (a.min(b), a.max(b)))
}

const HOME: Row<'_> = Row {
    id: "",
    nik: "",
    no_kk: "3273050101100007",
    name: "",
    sex: "",
    born: "",
    birthplace: "Bandung",
    address: "Gg. Mukalmi No 12",
    rt: "3",
    rw: "5",
    kel: "Sukapada",
    kec: "Cibeunying Kidul",
    mother: "Euis Komariah",
};

#[test]
fn twins_and_siblings_are_several_people() {
    let twin = Row { sex: "P", born: "2011-04-17", ..HOME };
    let (people, linked) = rows_of(&[
        Row { id: "x1", nik: "3273055704110001", name: "Sinta Nuraeni", ..twin },
        Row { id: "x2", nik: "3273055704110002", name: "Santi Nuraeni", ..twin },
        Row { id: "x3", nik: "3273055908130001", name: "Rini Nuraeni", born: "2013-08-19", ..twin },
    ]);
    for (a, b) in [("x1", "x2"), ("x1", "x3"), ("x2", "x3")] {
        assert!(!are_one(&people, &linked, a, b), "{a} {b}");
    }
}

#[test]
fn father_and_son_of_one_name_are_two_people() {
    let man = Row { sex: "L", name: "Dadang Suhendar", ..HOME };
    let (people, linked) = rows_of(&[
        Row { id: "x1", nik: "3273051205680001", born: "1968-05-12", mother: "Icih", ..man },
        Row { id: "x2", nik: "3273050309960002", born: "1996-09-03", ..man },
        Row { id: "x3", born: "1996-09-03", name: "Dadang Soehendar", ..man },
    ]);
    assert!(!are_one(&people, &linked, "x1", "x2"));
    assert!(!are_one(&people, &linked, "x1", "x3"));
    assert!(are_one(&people, &linked, "x2", "x3"));
}

#[test]
fn a_number_typed_from_another_member_makes_nobody_one() {
    let (people, linked) = rows_of(&[
        Row {
            id: "x1",
            nik: "3273051205680001",
            sex: "L",
            name: "Dadang Suhendar",
            born: "1968-05-12",
            mother: "Icih",
            ..HOME
        },
        Row {
            id: "x2",
            nik: "3273051205680001",
            sex: "P",
            name: "Lilis Karlina",
            born: "1971-02-08",
            mother: "Onih",
            ..HOME
        },
    ]);
    assert!(!are_one(&people, &linked, "x1", "x2"));
}

#[test]
fn people_without_number_or_birth_date_are_found() {
    let (people, linked) = rows_of(&[
        Row { id: "x1", nik: "3273051205680001", sex: "L", name: "Wirasukma Tirtoadi", born: "1968-05-12", ..HOME },
        Row { id: "x2", sex: "L", name: "H. Wirasukma Tirtoadi", born: "", ..HOME },
        Row { id: "x3", sex: "L", name: "Tirtoadi Wirasoekma", born: "12/05/1968", no_kk: "", ..HOME },
    ]);
    for (a, b) in [("x1", "x2"), ("x1", "x3"), ("x2", "x3")] {
        assert!(are_one(&people, &linked, a, b), "{a} {b}");
    }
}

#[test]
fn small_and_empty_lists_are_answered() {
    for count in 0..4 {
        let mut builder = Builder::default();
        for at in 0..count {
            builder.push(&Row { id: &at.to_string(), name: "Asep Hidayat", nik: "3273051205680001", ..HOME });
        }
        let people = builder.finish();
        let linked = link(&people, &Settings::default());
        assert_eq!(linked.pairs.len(), count * usize::saturating_sub(count, 1) / 2, "{count}");
        assert!(linked.pairs.iter().all(|pair| pair.probability.is_finite()));
    }
    let mut builder = Builder::default();
    for at in 0..300 {
        builder.push(&Row { id: &at.to_string(), ..Row::default() });
    }
    let people = builder.finish();
    assert!(link(&people, &Settings::default()).pairs.is_empty(), "nothing is known of anybody");
}

#[test]
fn what_a_person_has_told_apart_stays_apart() {
    let rows = town(400, 5);
    let people = list(&rows);
    let free = link(&people, &Settings::default());
    let apart: Vec<(u32, u32)> = free.pairs.iter().filter(|p| p.same).step_by(3).map(|p| (p.b, p.a)).collect();
    assert!(apart.len() > 20);
    let held = link(&people, &Settings { apart: apart.clone(), ..Settings::default() });
    for pair in held.pairs.iter().filter(|p| p.same) {
        assert!(!apart.contains(&(pair.b, pair.a)), "{pair:?}");
    }
}

#[test]
fn rows_that_come_later_are_linked_with_the_weights_of_before() {
    let rows = town(1_500, 9);
    let people = list(&rows);
    let whole = link(&people, &Settings::default());
    let stored = serde_json::to_string(&whole.weights).unwrap();
    let fresh_from = people.len() as u32 * 9 / 10;
    let settings =
        Settings { fresh_from, weights: Some(serde_json::from_str(&stored).unwrap()), ..Settings::default() };
    let later = link(&people, &settings);
    assert!(later.compared * 3 < whole.compared, "{} of {}", later.compared, whole.compared);
    let found: HashSet<(u32, u32)> = later.pairs.iter().filter(|p| p.same).map(|p| (p.a, p.b)).collect();
    let of = |a: u32, b: u32| found.contains(&(a, b)) || found.contains(&(b, a));
    for pair in later.pairs.iter().filter(|p| p.a.max(p.b) < fresh_from) {
        let between = (fresh_from..people.len() as u32).any(|fresh| of(pair.a, fresh) && of(pair.b, fresh));
        assert!(between, "two earlier rows are named only where a later one holds them together");
    }
    let wanted: Vec<_> = whole.pairs.iter().filter(|p| p.same && p.a.max(p.b) >= fresh_from).collect();
    let missed = wanted.iter().filter(|p| !found.contains(&(p.a, p.b))).count();
    assert!(wanted.len() > 50 && missed * 20 < wanted.len(), "{missed} of {}", wanted.len());
    assert!(serde_json::from_str::<satupintu_linkage::Weights>("{\"levels\":[]}").is_err());
}

#[test]
fn names_or_sexes_that_differ_never_link_by_themselves() {
    let rows = town(3_000, 13);
    let linked = link(&list(&rows), &Settings::default());
    let automatic: Vec<_> = linked.pairs.iter().filter(|p| p.probability >= satupintu_linkage::AUTOMATIC).collect();
    let wrong = automatic.iter().filter(|p| rows[p.a as usize].person != rows[p.b as usize].person).count();
    assert!(automatic.len() > 1_000 && wrong * 1_000 <= automatic.len(), "{wrong} of {}", automatic.len());
}
