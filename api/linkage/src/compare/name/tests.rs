use super::*;
use crate::people::{Builder, People, Row};

/// A list whose names occur as often as their weights say, the last two rows being the two names compared.
fn list(a: &str, b: &str) -> People {
    let mut builder = Builder::default();
    let common = ["Asep Hidayat", "Siti Nurhayati", "Dedi Kurniawan", "Siti Aminah", "Asep Saepudin", "Rina Lestari"];
    for n in 0..600 {
        builder.push(&Row { id: &n.to_string(), name: common[n % common.len()], ..Row::default() });
    }
    builder.push(&Row { id: "a", name: a, ..Row::default() });
    builder.push(&Row { id: "b", name: b, ..Row::default() });
    builder.finish()
}

fn scored(a: &str, b: &str) -> f32 {
    let people = list(a, b);
    let (x, y) = (people.persons[600], people.persons[601]);
    let there = score(&people.vocabulary, &x.name, &y.name, Whose::Own);
    let back = score(&people.vocabulary, &y.name, &x.name, Whose::Own);
    assert!((there - back).abs() < 1e-3, "{a} / {b}: {there} and {back}");
    there
}

#[test]
fn rare_names_say_more_than_common_ones() {
    assert!(scored("Zubaidillah Wirasukma", "Zubaidillah Wirasukma") > scored("Asep Hidayat", "Asep Hidayat") + 4.0);
    assert!(scored("Asep Hidayat", "Asep Hidayat") > 2.0);
}

#[test]
fn order_and_titles_do_not_matter() {
    let same = scored("Wirasukma Tirtoadi", "Wirasukma Tirtoadi");
    for other in
        ["Tirtoadi Wirasukma", "H. Wirasukma Tirtoadi, S.Pd", "Ny. Wirasukma Tirtoadi", "Wirasukma Tirtoadi bin Karta"]
    {
        assert!((scored("Wirasukma Tirtoadi", other) - same).abs() < 0.6, "{other}");
    }
}

#[test]
fn spelling_slips_and_initials_still_speak_for_one_person() {
    for (a, b) in [
        ("Joesoef Wirasukma", "Yusup Wirasukma"),
        ("Fitri Wirasukma", "Pitri Wirasukma"),
        ("Wirasukma", "Wirasukna"),
        ("Muhammad Wirasukma", "Moch. Wirasukma"),
        ("Titin Wirasukma", "T Wirasukma"),
        ("Titin Wirasukma", "Titinwirasukma"),
        ("Titin Wirasukma", "Wirasukma"),
    ] {
        assert!(scored(a, b) > 0.0, "{a} / {b}: {}", scored(a, b));
    }
}

#[test]
fn other_names_speak_against_it() {
    for (a, b) in [("Asep Hidayat", "Dedi Kurniawan"), ("Siti Nurhayati", "Rina Lestari"), ("Asep", "Rina Lestari")] {
        assert!(scored(a, b) <= NOTHING, "{a} / {b}");
    }
    assert!(scored("Siti Nurhayati", "Siti Aminah") < 0.0);
    assert!(scored("Asep Hidayat", "Asep Saepudin") < scored("Asep Hidayat", "Asep"));
}

#[test]
fn a_wife_may_be_listed_by_her_husbands_name() {
    let mut builder = Builder::default();
    builder.push(&Row { id: "1", name: "Ny. Dedi Kurniawan", sex: "P", ..Row::default() });
    builder.push(&Row { id: "2", name: "Siti Aminah", sex: "P", ..Row::default() });
    builder.push(&Row { id: "3", name: "Dedi Kurniawan", sex: "L", ..Row::default() });
    let people = builder.finish();
    let level = |a: usize, b: usize| level(&people.vocabulary, &people.persons[a], &people.persons[b]);
    assert_eq!(level(0, 1), AS_WIFE);
    assert_ne!(level(1, 2), AS_WIFE);
}

#[test]
fn edits_are_counted_right() {
    for (a, b, one, two) in [
        ("ASEP", "ASEP", true, true),
        ("ASEP", "ASPE", true, true),
        ("ASEP", "ASP", true, true),
        ("ASEP", "AASEP", true, true),
        ("ASEP", "ASAP", true, true),
        ("KARTINI", "KATRNI", false, true),
        ("KARTINI", "KARTONA", false, true),
        ("KARTINI", "SUMIATI", false, false),
        ("", "AB", false, true),
    ] {
        assert_eq!(within(a.as_bytes(), b.as_bytes(), 1), one, "{a} {b}");
        assert_eq!(within(a.as_bytes(), b.as_bytes(), 2), two, "{a} {b}");
        assert_eq!(within(b.as_bytes(), a.as_bytes(), 2), two, "{b} {a}");
    }
}
