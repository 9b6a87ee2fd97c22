//! The five files: what is read, what is refused and how, and that the order of rows does not matter.
#![allow(clippy::unwrap_used, reason = "tests stop where something is not as it must be")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use satupintu_allocation::files::{self, Amount};
use satupintu_allocation::{Options, check, left_out, solve};

type Texts = BTreeMap<&'static str, String>;

/// A directory of its own that goes with the test.
struct Dir(PathBuf);

impl Dir {
    fn new(name: &str, texts: &Texts) -> Self {
        let dir = std::env::temp_dir().join(format!("allocation-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        for (file, text) in texts {
            std::fs::write(dir.join(file), text).unwrap();
        }
        Self(dir)
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

fn good() -> Texts {
    Texts::from([
        (
            "needs.csv",
            "need_id,household_id,weight,tier\nn1,h1,5.5,\nn2,h1,3,spm\nn3,h2,4,emergency\nn4,h3,2,regular\n".into(),
        ),
        ("pairs.csv", "need_id,program_id,fit\nn1,food,0.9\nn2,cash,1\nn3,cash,0.8\nn3,food,0.5\n".into()),
        (
            "programs.csv",
            "program_id,overlap_class,cost_idr,capacity,budget_idr\nfood,a,200000,10,2000000\ncash,,600000,1,900000\n"
                .into(),
        ),
        ("lines.csv", "line_id,budget_idr\napbd,1000000\nzakat,150000\n".into()),
        ("program_lines.csv", "program_id,line_id\nfood,apbd\nfood,zakat\ncash,apbd\n".into()),
    ])
}

fn faults(name: &str, texts: &Texts) -> Vec<String> {
    let dir = Dir::new(name, texts);
    files::read(dir.path()).unwrap_err().iter().map(ToString::to_string).collect()
}

#[test]
fn a_good_directory_is_read_and_a_plan_written() {
    let dir = Dir::new("good", &good());
    let source = files::read(dir.path()).unwrap();
    assert!(!source.rounded);
    let outcome = solve(&source.instance, &Options::default()).unwrap();
    check(&source.instance, &outcome.awards).unwrap();
    let values: Vec<String> =
        outcome.tiers.iter().map(|t| Amount { units: t.value, scale: source.scale }.to_string()).collect();
    assert_eq!(values, ["3.200000", "0.000000", "4.950000"]);
    let out = dir.path().join("plan.csv");
    files::write_plan(&out, &source, &outcome.awards).unwrap();
    assert_eq!(std::fs::read_to_string(&out).unwrap(), "need_id,program_id,line_id\nn1,food,apbd\nn3,cash,apbd\n");
    let why = dir.path().join("why.csv");
    files::write_left_out(&why, &source, &left_out(&source.instance, &outcome)).unwrap();
    assert_eq!(std::fs::read_to_string(&why).unwrap(), "need_id,reason,program_id\nn2,seats_gone,cash\nn4,no_pair,\n");
    let prices = dir.path().join("prices.csv");
    files::write_prices(&prices, &source, &outcome).unwrap();
    let prices = std::fs::read_to_string(&prices).unwrap();
    assert_eq!(prices.lines().count(), 1 + 3 * (2 + 2 * 2));
    assert!(!dir.path().join("plan.csv.part").exists());
}

#[test]
fn the_order_of_rows_and_columns_does_not_matter() {
    let dir = Dir::new("order", &good());
    let plan = |dir: &Dir| {
        let source = files::read(dir.path()).unwrap();
        let outcome = solve(&source.instance, &Options::default()).unwrap();
        files::write_plan(&dir.path().join("plan.csv"), &source, &outcome.awards).unwrap();
        std::fs::read(dir.path().join("plan.csv")).unwrap()
    };
    let first = plan(&dir);
    let mut turned = good();
    for text in turned.values_mut() {
        let (header, rows) = text.split_once('\n').unwrap();
        let mut rows: Vec<&str> = rows.lines().collect();
        rows.reverse();
        *text = format!("\u{feff}{header}\r\n{}\r\n", rows.join("\r\n"));
    }
    turned.insert("lines.csv", "note,budget_idr,line_id\nx,150000,zakat\n\"a, b\",1000000,apbd\n".into());
    assert_eq!(first, plan(&Dir::new("turned", &turned)));
}

#[test]
fn every_fault_names_its_file_and_row() {
    let cases: &[(&str, &str, &str, &str)] = &[
        ("needs.csv", "n2,h1,3,spm", "n2,h1,-3,spm", "needs.csv row 3: weight is '-3'"),
        ("needs.csv", "n2,h1,3,spm", "n2,h1,NaN,spm", "needs.csv row 3: weight is 'NaN'"),
        ("needs.csv", "n2,h1,3,spm", "n2,,3,spm", "needs.csv row 3: household_id is ''"),
        ("needs.csv", "n2,h1,3,spm", "n1,h1,3,spm", "needs.csv row 3: the id 'n1' is there already, in row 2"),
        ("needs.csv", "n2,h1,3,spm", "n2,h1,3,urgent", "needs.csv row 3: tier is 'urgent'"),
        ("needs.csv", "n2,h1,3,spm", "n2,h1,3", "needs.csv row 3: has 3 fields where the header has 4"),
        ("needs.csv", "weight", "gewicht", "needs.csv row 1: there is no column weight"),
        ("pairs.csv", "n2,cash,1", "n9,cash,1", "pairs.csv row 3: need_id 'n9' is not in needs.csv"),
        ("pairs.csv", "n2,cash,1", "n2,gold,1", "pairs.csv row 3: program_id 'gold' is not in programs.csv"),
        ("pairs.csv", "n2,cash,1", "n2,cash,x", "pairs.csv row 3: fit is 'x'"),
        ("pairs.csv", "n2,cash,1", "n1,food,1", "pairs.csv row 3: the pair is there already, in row 2"),
        ("programs.csv", "600000,1,", "6e5,1,", "programs.csv row 3: cost_idr is '6e5'"),
        ("programs.csv", "600000,1,", "-600000,1,", "programs.csv row 3: cost_idr is '-600000'"),
        ("programs.csv", "600000,1,", "600000,1.5,", "programs.csv row 3: capacity is '1.5'"),
        (
            "programs.csv",
            ",900000",
            ",99999999999999999999",
            "programs.csv row 3: budget_idr is '99999999999999999999'",
        ),
        ("programs.csv", "cash,,", "food,,", "programs.csv row 3: the id 'food' is there already, in row 2"),
        ("lines.csv", "150000", "", "lines.csv row 3: budget_idr is ''"),
        ("lines.csv", "line_id,", "line_id,line_id,", "lines.csv row 1: the column line_id is there twice"),
        ("program_lines.csv", "cash,apbd", "cash,apbn", "program_lines.csv row 4: line_id 'apbn' is not in lines.csv"),
        ("program_lines.csv", "cash,apbd", "food,apbd", "program_lines.csv row 4: says the same as row 2"),
    ];
    for (at, (file, from, to, wanted)) in cases.iter().enumerate() {
        let mut texts = good();
        let text = texts[file].replacen(from, to, 1);
        texts.insert(file, text);
        let found = faults(&format!("fault{at}"), &texts);
        assert!(found.iter().any(|f| f.starts_with(wanted)), "wanted {wanted}, found {found:?}");
    }
}

#[test]
fn a_missing_file_and_bytes_that_are_no_text_are_named() {
    for file in ["needs.csv", "pairs.csv", "programs.csv", "lines.csv", "program_lines.csv"] {
        let mut texts = good();
        texts.remove(file);
        let found = faults(&format!("missing-{file}"), &texts);
        assert!(found.iter().any(|f| f.starts_with(&format!("{file}: cannot be read"))), "{found:?}");
    }
    let dir = Dir::new("latin", &good());
    std::fs::write(dir.path().join("lines.csv"), b"line_id,budget_idr\napbd\xe9,5\n").unwrap();
    let found = files::read(dir.path()).unwrap_err();
    assert!(found.iter().any(|f| f.to_string() == "lines.csv row 2: is not UTF-8"), "{found:?}");
}

#[test]
fn faults_are_counted_not_listed_without_end() {
    let mut texts = good();
    let rows: String = (0..1_000).map(|n| format!("x{n},food,1\n")).collect();
    texts.insert("pairs.csv", format!("need_id,program_id,fit\n{rows}"));
    let found = faults("many", &texts);
    assert_eq!(found.len(), 51);
    assert!(found[50].contains("950 more"));
}

#[test]
fn weights_of_any_size_are_compared_exactly() {
    let mut texts = good();
    texts.insert("needs.csv", "need_id,household_id,weight\nn1,h1,1e-20\nn2,h1,3e-20\nn3,h2,4e-20\n".into());
    let dir = Dir::new("tiny", &texts);
    let source = files::read(dir.path()).unwrap();
    assert!(!source.rounded);
    let outcome = solve(&source.instance, &Options::default()).unwrap();
    let value: i128 = outcome.tiers.iter().map(|t| t.value).sum();
    assert!(value > 0);
    assert!(Amount { units: value, scale: source.scale }.to_string().starts_with("0.000000000000000000059"));
}
