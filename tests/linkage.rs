//! `satupintu link`: the command as outsiders use it, without a database.

use std::path::PathBuf;
use std::process::{Command, Output};

use crate::harness::binary;

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("satupintu-link-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// Runs the command on this text; no database is named in its environment.
    fn link(&self, people: &str, more: &[&str]) -> Option<Output> {
        std::fs::write(self.0.join("people.csv"), people).unwrap();
        let command = Command::new(binary()?)
            .current_dir(&self.0)
            .env_clear()
            .args(["link", "--input", "people.csv", "--output", "pairs.csv"])
            .args(more)
            .output();
        Some(command.unwrap())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

#[test]
fn it_links_a_file() {
    let folder = Folder::new("links");
    let people = "nama,rec_id,nik,tgl_lahir,no_kk,jk\n\
        Dadang Suhendar,1,3273051205680001,1968-05-12,3273050101100007,L\n\
        \"H. Soehendar, Dadang\",2,3273051205680001,12/05/1968,3273050101100007,L\n\
        Lilis Karlina,3,3273054802710001,1971-02-08,3273050101100007,P\n";
    let Some(first) = folder.link(people, &["--weights", "weights.json"]) else { return };
    assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));
    let pairs = std::fs::read_to_string(folder.0.join("pairs.csv")).unwrap();
    assert!(pairs.starts_with("rec_id_a,rec_id_b,probability,match\n1,2,") && pairs.ends_with(",1\n"), "{pairs}");
    let weights = std::fs::read_to_string(folder.0.join("weights.json")).unwrap();
    let weights: serde_json::Value = serde_json::from_str(&weights).unwrap();
    assert!(weights["levels"].as_array().unwrap().len() > 30);
    folder.link(people, &["--threads", "1"]).unwrap();
    assert_eq!(std::fs::read_to_string(folder.0.join("pairs.csv")).unwrap(), pairs);
}

#[test]
fn it_says_in_one_line_what_is_wrong_with_a_file() {
    let folder = Folder::new("broken");
    for (people, want) in [
        ("", "the file is empty"),
        ("nik,nama\n1,Asep\n", "no column rec_id"),
        ("rec_id,nama\n1,Asep\n1,Dedi\n", "rec_id 1 stands in row 1 and row 2"),
        ("rec_id,nama\n1,Asep,x\n", "line 2: 3 cells"),
    ] {
        let Some(out) = folder.link(people, &[]) else { return };
        let said = String::from_utf8_lossy(&out.stderr);
        assert_eq!(out.status.code(), Some(2), "{said}");
        assert!(said.contains(want) && said.trim_end().lines().count() == 1, "{said}");
        assert!(!folder.0.join("pairs.csv").exists());
    }
    let Some(out) = folder.link("rec_id,nama\n", &["--weights", "nowhere/weights.json"]) else { return };
    assert_eq!(out.status.code(), Some(2));
}
