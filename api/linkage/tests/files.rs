//! Files as they come: other headers, other separators, and broken ones.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use satupintu_linkage::{Settings, link, read_people, write_pairs};

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("satupintu-linkage-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, bytes: &[u8]) -> PathBuf {
        let path = self.0.join("people.csv");
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

fn pairs(input: &Path) -> String {
    let people = read_people(input, 2).unwrap();
    let linked = link(&people, &Settings::default());
    let output = input.with_file_name("pairs.csv");
    write_pairs(&output, &people, &linked).unwrap();
    std::fs::read_to_string(output).unwrap()
}

const TWO: &str = "rec_id,nik,nama,tgl_lahir,no_kk,nama_ibu\n7,3273051205680001,Dadang Suhendar,1968-05-12,3273050101100007,Icih\n12,3273051205680001,H. Dadang Soehendar,12/05/1968,3273050101100007,Icih\n";

#[test]
fn columns_may_stand_in_any_order_and_be_few() {
    let folder = Folder::new("order");
    let want = pairs(&folder.file(TWO.as_bytes()));
    assert!(want.starts_with("rec_id_a,rec_id_b,probability,match\n7,12,") && want.ends_with(",1\n"), "{want}");
    let semicolons = format!("\u{feff}{}", TWO.replace(',', ";").replace('\n', "\r\n"));
    assert_eq!(pairs(&folder.file(semicolons.as_bytes())), want);
    let turned = "Nama,catatan,REC_ID\nDadang,x,1\n\"Siti \"\"Iti\"\" Aminah\",\"a,b\nc\",2\n";
    assert_eq!(pairs(&folder.file(turned.as_bytes())), "rec_id_a,rec_id_b,probability,match\n");
    assert_eq!(pairs(&folder.file(b"rec_id,nama\n")), "rec_id_a,rec_id_b,probability,match\n");
}

#[test]
fn a_broken_file_is_named_in_one_line() {
    let folder = Folder::new("broken");
    for (bytes, want) in [
        (&b""[..], "the file is empty"),
        (b"PK\x03\x04\x00\x00\x00", "not a text file"),
        (b"nik,nama\n1,Asep\n", "no column rec_id"),
        (b"rec_id,nik\n1,2\n", "no column nama"),
        (b"rec_id,nama,nama\n1,a,b\n", "the column nama twice"),
        (b"rec_id,nama\n1,Asep\n2,Dedi,x\n", "line 3: 3 cells where the header has 2"),
        (b"rec_id,nama\n1,Asep\n,Dedi\n", "row 2 has no rec_id"),
        (b"rec_id,nama\n1,Asep\n2,Dedi\n1,Rina\n", "rec_id 1 stands in row 1 and row 3"),
    ] {
        let message = read_people(&folder.file(bytes), 2).err().expect("broken").to_string();
        assert!(message.contains(want) && !message.contains('\n'), "{message}");
    }
    let message = read_people(&folder.0.join("absent.csv"), 2).err().expect("absent").to_string();
    assert!(message.contains("cannot open"), "{message}");
}

#[test]
fn no_half_file_is_left_behind() {
    let folder = Folder::new("half");
    let people = read_people(&folder.file(TWO.as_bytes()), 1).unwrap();
    let linked = link(&people, &Settings::default());
    assert!(write_pairs(&folder.0.join("nowhere/pairs.csv"), &people, &linked).is_err());
    std::fs::create_dir(folder.0.join("taken")).unwrap();
    assert!(write_pairs(&folder.0.join("taken"), &people, &linked).is_err());
    assert!(!folder.0.join("taken.part").exists());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_refused(cells in proptest::collection::vec(("[ -~é\u{0}]{0,12}", "[0-9/. -]{0,18}", "[A-Za-z. ']{0,24}"), 1..12)) {
        let folder = Folder::new("any");
        let mut csv = csv::Writer::from_writer(Vec::new());
        csv.write_record(["rec_id", "nik", "tgl_lahir", "nama", "alamat", "rt"]).unwrap();
        for (at, (free, number, name)) in cells.iter().enumerate() {
            csv.write_record([&at.to_string(), number, number, name, free, free]).unwrap();
        }
        let bytes = csv.into_inner().unwrap();
        if let Ok(people) = read_people(&folder.file(&bytes), 2) {
            prop_assert_eq!(people.len(), cells.len());
            let linked = link(&people, &Settings::default());
            for pair in &linked.pairs {
                prop_assert!(pair.a != pair.b && (0.0..=1.0).contains(&pair.probability));
            }
        }
    }
}
