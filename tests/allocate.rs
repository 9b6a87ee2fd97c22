//! The command on plain files: what it prints, what it writes, and that bad input writes nothing.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::harness::binary;

/// A directory with a small instance, and the binary.
struct Dir(PathBuf, PathBuf);

impl Dir {
    /// `None` where the binary has not been built.
    fn new(name: &str) -> Option<Self> {
        let binary = binary()?;
        let dir = std::env::temp_dir().join(format!("satupintu-allocate-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        let files = [
            ("needs.csv", "need_id,household_id,weight\nn1,h1,5\nn2,h1,3\nn3,h2,4\nn4,h3,2\n"),
            ("pairs.csv", "need_id,program_id,fit\nn1,food,0.9\nn2,cash,1\nn3,cash,0.8\nn3,food,0.5\n"),
            (
                "programs.csv",
                "program_id,overlap_class,cost_idr,capacity,budget_idr\nfood,a,200000,10,2000000\ncash,b,600000,1,900000\n",
            ),
            ("lines.csv", "line_id,budget_idr\napbd,1000000\n"),
            ("program_lines.csv", "program_id,line_id\nfood,apbd\ncash,apbd\n"),
        ];
        files.iter().for_each(|(file, text)| std::fs::write(dir.join(file), text).unwrap());
        Some(Self(dir, binary))
    }

    fn run(&self, more: &[&str]) -> Output {
        let mut command = Command::new(&self.1);
        command.arg("allocate").arg("--input").arg(&self.0).arg("--output").arg(self.plan()).args(more);
        // No database: the command must not even look for one.
        command.env_remove("DATABASE_URL").output().unwrap()
    }

    fn plan(&self) -> PathBuf {
        self.0.join("plan.csv")
    }

    fn text(&self, file: impl AsRef<Path>) -> String {
        std::fs::read_to_string(self.0.join(file)).unwrap()
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

#[test]
fn a_plan_is_written_and_its_proof_printed() {
    let Some(dir) = Dir::new("plan") else { return };
    let prices = dir.0.join("prices.csv");
    let left_out = dir.0.join("left_out.csv");
    let more = ["--prices", prices.to_str().unwrap(), "--left-out", left_out.to_str().unwrap(), "--seed", "7"];
    let output = dir.run(&more);
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stdout).unwrap();
    let field = |name: &str| {
        let found =
            said.split_whitespace().find_map(|w| w.strip_prefix(name)).unwrap_or_else(|| panic!("{name}: {said}"));
        found.parse::<f64>().unwrap()
    };
    assert_eq!(field("value="), 9.5);
    assert!(field("bound=") >= 9.5 && field("gap=") < 0.5 && field("seconds=") < 5.0);
    assert_eq!(dir.text("plan.csv"), "need_id,program_id,line_id\nn1,food,apbd\nn2,cash,apbd\nn3,food,apbd\n");
    assert_eq!(dir.text("left_out.csv").lines().count(), 2);
    assert!(dir.text("prices.csv").starts_with("tier,limit,id,value_per_unit\nregular,line,apbd,"));

    let again = dir.text("plan.csv");
    assert!(dir.run(&["--fallback"]).status.success());
    let cut = dir.run(&["--iterations", "2"]);
    assert!(String::from_utf8(cut.stdout).unwrap().contains("stopped=iterations"));
    assert!(dir.run(&["--seed", "7"]).status.success());
    assert_eq!(dir.text("plan.csv"), again);
}

#[test]
fn bad_input_is_named_by_file_and_row_and_writes_nothing() {
    let Some(dir) = Dir::new("bad") else { return };
    std::fs::write(dir.0.join("lines.csv"), "line_id,budget_idr\napbd,many\n").unwrap();
    std::fs::write(dir.0.join("pairs.csv"), "need_id,program_id,fit\nn1,food,1\nn7,food,1\nn1,food,1\n").unwrap();
    let output = dir.run(&[]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let said = String::from_utf8(output.stderr).unwrap();
    for wanted in
        ["lines.csv row 2: budget_idr is 'many'", "pairs.csv row 3: need_id 'n7'", "pairs.csv row 4: the pair"]
    {
        assert!(said.lines().any(|l| l.contains(wanted)), "{wanted}: {said}");
    }
    assert!(!dir.plan().exists());
    let none = std::fs::read_dir(&dir.0).unwrap().all(|e| !e.unwrap().path().to_string_lossy().ends_with(".part"));
    assert!(none);

    std::fs::remove_file(dir.0.join("needs.csv")).unwrap();
    let output = dir.run(&[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("needs.csv: cannot be read"));
}
