//! What the registry knows of a person beside name and number: school, work, health, insurance.

use std::fmt::Write as _;

use super::dice::Dice;
use super::pools::Sex;

/// Facts in canonical codes.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Open facts: variable and code.
    pub open: Vec<(&'static str, &'static str)>,
    /// Facts whose code is labelled restricted; kept apart everywhere.
    pub restricted: Vec<(&'static str, &'static str)>,
}

impl Facts {
    /// Code of an open fact.
    pub fn code(&self, variable: &str) -> Option<&'static str> {
        self.open.iter().find(|(name, _)| *name == variable).map(|(_, code)| *code)
    }
    /// Whether any function is limited a lot or wholly.
    pub fn limited(&self) -> bool {
        self.open.iter().any(|(_, code)| matches!(*code, "cannot" | "much_difficulty"))
    }
    /// JSON object for `individuals.facts`.
    pub fn json(&self, out: &mut String) {
        out.push('{');
        for (at, (name, code)) in self.open.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            let _ = write!(out, "{comma}\"{name}\":\"{code}\"");
        }
        out.push('}');
    }
}

const FUNCTIONS: [&str; 8] =
    ["seeing", "hearing", "hands", "remembering", "self_care", "communicating", "learning", "behaviour"];
/// Chronic illnesses of grown people with their weights.
const ILLNESSES: [(&str, u32); 13] = [
    ("hypertension", 380),
    ("rheumatism", 150),
    ("asthma", 70),
    ("heart", 75),
    ("diabetes", 130),
    ("tuberculosis", 30),
    ("stroke", 45),
    ("cancer", 12),
    ("kidney_failure", 12),
    ("cholesterol", 70),
    ("cirrhosis", 4),
    ("alzheimer", 6),
    ("other", 26),
];
/// Sectors a city works in, with their weights.
const SECTORS: [(&str, u32); 13] = [
    ("trade", 290),
    ("manufacturing", 180),
    ("food_lodging", 110),
    ("construction", 90),
    ("transport", 85),
    ("other_services", 80),
    ("education", 45),
    ("government", 30),
    ("health", 20),
    ("domestic_work", 30),
    ("rental_support", 20),
    ("information", 12),
    ("crops", 8),
];

fn draw(dice: &mut Dice, choices: &[(&'static str, u32)]) -> &'static str {
    let weights: Vec<u32> = choices.iter().map(|(_, weight)| *weight).collect();
    choices.get(dice.weighted(&weights)).map_or("other", |(code, _)| *code)
}

/// Facts of a person of this age and sex in a household of this decile.
pub fn facts(dice: &mut Dice, age: u32, sex: Sex, decile: u32, insurance: &'static str) -> Facts {
    let mut facts = Facts { open: Vec::with_capacity(10), restricted: Vec::new() };
    let attending = school(dice, &mut facts, age, decile);
    if age >= 10 {
        work(dice, &mut facts, age, sex, decile, attending);
    }
    health(dice, &mut facts, age, decile);
    facts.open.push(("insurance", insurance));
    facts.open.push(("pbi_national", if insurance == "pbi_national" { "yes" } else { "no" }));
    facts.open.push(("pbi_regional", if insurance == "pbi_regional" { "yes" } else { "no" }));
    facts
}

/// Insurance of a household's members of this decile.
pub fn insurance(dice: &mut Dice, decile: u32) -> &'static str {
    let poor = 11 - decile;
    draw(
        dice,
        &[
            ("pbi_national", poor * 70),
            ("pbi_regional", 180 + poor * 10),
            ("self_paid", decile * 22),
            ("employer", decile * 45),
            ("none", 20 + poor * 7),
            ("other", 6),
        ],
    )
}

fn school(dice: &mut Dice, facts: &mut Facts, age: u32, decile: u32) -> bool {
    let attends = match age {
        0..=4 => 0,
        5..=6 => 520,
        7..=12 => 975 + decile * 2,
        13..=15 => 905 + decile * 8,
        16..=18 => 660 + decile * 28,
        19..=23 => 40 + decile * 42,
        _ => 0,
    };
    let attending = dice.chance(attends);
    let never = age < 7 || dice.chance(if age > 64 { 80 } else { 6 });
    facts.open.push((
        "school_participation",
        if attending {
            "attending"
        } else if never {
            "never"
        } else {
            "left"
        },
    ));
    let level = match (attending, age) {
        (true, 0..=12) => dice.one_of(&["primary", "primary", "primary", "madrasah_primary"], "primary"),
        (true, 13..=15) => dice.one_of(&["lower", "lower", "lower", "madrasah_lower"], "lower"),
        (true, 16..=18) => dice.one_of(&["upper", "upper", "vocational", "vocational", "madrasah_upper"], "upper"),
        (true, _) => dice.one_of(&["bachelor", "bachelor", "diploma"], "bachelor"),
        (false, 0..=6) => return attending,
        _ if never => return attending,
        (false, 7..=15) => "primary",
        (false, 16..=18) => dice.one_of(&["primary", "lower", "lower"], "lower"),
        (false, 60..) => draw(
            dice,
            &[("primary", 620), ("lower", 150), ("upper", 120 + decile * 8), ("diploma", 20), ("bachelor", decile * 9)],
        ),
        _ => draw(
            dice,
            &[
                ("primary", 260 - decile * 15),
                ("lower", 250 - decile * 8),
                ("upper", 270),
                ("vocational", 160),
                ("diploma", 12 + decile * 5),
                ("bachelor", 10 + decile * 14),
                ("master", decile * 2),
            ],
        ),
    };
    facts.open.push(("education_level", level));
    attending
}

fn work(dice: &mut Dice, facts: &mut Facts, age: u32, sex: Sex, decile: u32, attending: bool) {
    let works = match (age, sex) {
        (0..=14, _) => 0,
        _ if attending => 45,
        (15..=19, _) => 340,
        (20..=59, Sex::Male) => 840,
        (20..=59, Sex::Female) => 390,
        (_, Sex::Male) => 330,
        (_, Sex::Female) => 140,
    };
    if !dice.chance(works) {
        facts.open.push(("working", "no"));
        let occupation = match (age, sex) {
            _ if attending => "student",
            (60.., _) if decile > 6 => "retired",
            (18..=70, Sex::Female) => "homemaker",
            _ => "not_working",
        };
        facts.open.push(("occupation", occupation));
        return;
    }
    facts.open.push(("working", "yes"));
    let sector = draw(dice, &SECTORS);
    facts.open.push(("job_sector", sector));
    let status = if sector == "government" {
        "employee_public"
    } else {
        draw(
            dice,
            &[
                ("own_account", 270),
                ("own_with_unpaid", 60),
                ("employer", decile * 6),
                ("employee_private", 260 + decile * 35),
                ("casual_other", 260 - decile * 22),
                ("employee_public", decile * 4),
                ("unpaid_family", 25),
            ],
        )
    };
    facts.open.push(("work_status", status));
    let occupation = match (status, sector) {
        ("employee_public", _) => "civil_servant",
        (_, "domestic_work") => "domestic_worker",
        ("casual_other", _) => "day_labourer",
        ("own_account" | "own_with_unpaid" | "employer", "trade") => "trader",
        ("own_account" | "own_with_unpaid" | "employer", "transport") => "driver",
        ("own_account" | "own_with_unpaid" | "employer", _) => "self_employed",
        _ => "private_employee",
    };
    facts.open.push(("occupation", occupation));
    if matches!(status, "own_account" | "own_with_unpaid" | "employer") {
        facts.open.push(("owns_business", "yes"));
        let turnover = draw(
            dice,
            &[
                ("under_5m", 720 - decile * 50),
                ("from_5m", 200 + decile * 20),
                ("from_15m", 40 + decile * 14),
                ("from_25m", decile * 10),
            ],
        );
        facts.open.push(("turnover", turnover));
    }
}

fn health(dice: &mut Dice, facts: &mut Facts, age: u32, decile: u32) {
    if age < 5 {
        let poor = 11 - decile;
        let nutrition = draw(
            dice,
            &[("wasting", 20 + poor * 3), ("stunting", 70 + poor * 11), ("no_record", 780), ("unknown", 30)],
        );
        facts.open.push(("nutrition", nutrition));
    }
    let ill = match age {
        0..=17 => 22,
        18..=44 => 85,
        45..=59 => 260,
        _ => 490,
    };
    if (18..=62).contains(&age) && dice.chance(1) {
        facts.restricted.push(("illness", "hiv"));
    } else if dice.chance(ill) {
        let illness = if age < 18 {
            dice.one_of(&["asthma", "asthma", "heart", "tuberculosis", "thalassaemia", "leukaemia", "other"], "asthma")
        } else {
            draw(dice, &ILLNESSES)
        };
        facts.open.push(("illness", illness));
    }
    let limited = match age {
        0..=17 => 9,
        18..=44 => 12,
        45..=59 => 28,
        60..=74 => 85,
        _ => 260,
    };
    let level = |dice: &mut Dice| draw(dice, &[("cannot", 15), ("much_difficulty", 35), ("some_difficulty", 50)]);
    let has_limit = dice.chance(limited);
    let walks = if has_limit && dice.chance(620) { level(dice) } else { "none" };
    facts.open.push(("walking", walks));
    if has_limit && (walks == "none" || dice.chance(350)) {
        let function = dice.one_of(&FUNCTIONS, "seeing");
        let code = level(dice);
        facts.open.push((function, code));
    }
    if age >= 13 && dice.chance(14) {
        facts.restricted.push(("depression", dice.one_of(&["very_often", "often", "often"], "often")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::code_lists;

    #[test]
    fn every_code_is_in_the_lists_and_secrets_stay_apart() {
        let lists = code_lists().unwrap().lists;
        let list_of = |variable: &str| match variable {
            "pbi_national" | "pbi_regional" | "owns_business" => "yes_no".to_owned(),
            "depression" => "depression_frequency".to_owned(),
            function if lists.iter().any(|l| l.slug == "function" && l.entries.iter().any(|e| e.code == function)) => {
                "function_level".to_owned()
            }
            other => other.to_owned(),
        };
        let mut dice = Dice::new(4, 0);
        let (mut hiv, mut limited) = (0, 0);
        for at in 0..30_000u32 {
            let facts =
                facts(&mut dice, at % 95, if at % 2 == 0 { Sex::Male } else { Sex::Female }, at % 10 + 1, "none");
            for ((variable, code), secret) in
                facts.open.iter().map(|f| (f, false)).chain(facts.restricted.iter().map(|f| (f, true)))
            {
                let list = list_of(variable);
                let entries = &lists.iter().find(|l| l.slug == list).unwrap_or_else(|| panic!("{variable}")).entries;
                let entry = entries.iter().find(|e| e.code == *code).unwrap_or_else(|| panic!("{variable} {code}"));
                assert_eq!(entry.sensitivity == "restricted", secret, "{variable} {code}");
            }
            hiv += facts.restricted.iter().filter(|(_, code)| *code == "hiv").count();
            limited += u32::from(facts.limited());
            let mut text = String::new();
            facts.json(&mut text);
            serde_json::from_str::<serde_json::Value>(&text).unwrap();
        }
        assert!((5..60).contains(&hiv) && limited > 300, "{hiv} {limited}");
    }
}
