//! What a household needs: candidates that rules find in its data, and what people report.

use super::city::{Household, Person};
use super::dice::Dice;
use super::family::Kind;
use super::pools::Sex;

/// A problem before anybody has dealt with it.
#[derive(Debug, Clone)]
pub struct Need {
    /// Need, canonical code.
    pub code: &'static str,
    /// PPKS type, where one fits.
    pub ppks: Option<&'static str>,
    /// Position of the member, or the household as a whole.
    pub member: Option<usize>,
    /// `emergency`, `high`, `medium` or `low`.
    pub severity: &'static str,
    /// Rule that found it, for candidates.
    pub rule: Option<&'static str>,
    /// Where a human's report came from.
    pub source: &'static str,
}

/// Restricted needs and PPKS types; everything made from them is restricted too.
pub fn restricted(need: &str, ppks: Option<&str>) -> bool {
    matches!(need, "kesehatan_jiwa" | "kekerasan" | "rehab_napza")
        || ppks.is_some_and(|code| {
            matches!(
                code,
                "anak_berhadapan_hukum"
                    | "anak_korban_kekerasan"
                    | "anak_perlindungan_khusus"
                    | "tuna_susila"
                    | "kelompok_minoritas"
                    | "bekas_warga_binaan"
                    | "odha"
                    | "korban_napza"
                    | "korban_trafficking"
                    | "korban_kekerasan"
            )
        })
}

/// Needs of a household, at most a handful.
pub fn of(dice: &mut Dice, household: &Household) -> Vec<Need> {
    let mut needs = Vec::new();
    let decile = household.decile.unwrap_or(3);
    of_the_house(dice, household, decile, &mut needs);
    for (at, person) in household.members.iter().enumerate().filter(|(_, p)| !p.unlisted) {
        of_a_person(dice, household, at, person, decile, &mut needs);
        secret_needs(dice, at, person, &mut needs);
    }
    needs.truncate(5);
    needs
}

fn by_rule(
    code: &'static str,
    ppks: Option<&'static str>,
    member: Option<usize>,
    severity: &'static str,
    rule: &'static str,
) -> Need {
    Need { code, ppks, member, severity, rule: Some(rule), source: "rule" }
}

fn reported(
    dice: &mut Dice,
    code: &'static str,
    ppks: Option<&'static str>,
    member: Option<usize>,
    severity: &'static str,
) -> Need {
    let source = dice.one_of(&["citizen", "village", "village", "village", "assessment", "lapor"], "village");
    Need { code, ppks, member, severity, rule: None, source }
}

fn of_the_house(dice: &mut Dice, household: &Household, decile: u32, needs: &mut Vec<Need>) {
    if household.kind == Kind::Unhoused {
        let ppks = dice.one_of(&["gelandangan", "gelandangan", "pengemis", "pemulung"], "gelandangan");
        let mut need = reported(dice, "jalanan", Some(ppks), Some(0), "high");
        need.source = "village";
        needs.push(need);
        return;
    }
    if household.kind == Kind::Institution {
        return;
    }
    let house = &household.house;
    let unfit =
        matches!(house.code("floor"), Some("earth" | "bamboo")) || matches!(house.code("wall"), Some("woven_bamboo"));
    if unfit && house.code("house_status") == Some("owned") {
        needs.push(by_rule("perumahan", Some("fakir_miskin"), None, "high", "unfit_house"));
    }
    if matches!(house.code("toilet"), Some("none" | "public"))
        || matches!(house.code("water"), Some("unprotected_well" | "unprotected_spring"))
    {
        needs.push(by_rule("air_sanitasi", None, None, "medium", "unsafe_water_or_toilet"));
    }
    if decile <= 2 && dice.chance(230) {
        // Old people by themselves are an offer's target of their own.
        let old = household.members.iter().all(|p| p.age >= 60);
        needs.push(by_rule(
            "pangan",
            Some(if old { "lansia_telantar" } else { "fakir_miskin" }),
            old.then_some(0),
            if decile == 1 { "high" } else { "medium" },
            "low_decile_without_food_aid",
        ));
    }
    if decile <= 5 && dice.chance(14) {
        needs.push(reported(dice, "tunggakan", None, None, "medium"));
    }
    if dice.chance(3) {
        let ppks = dice.one_of(&["korban_bencana_alam", "korban_bencana_sosial"], "korban_bencana_alam");
        needs.push(reported(dice, "kebencanaan", Some(ppks), None, "emergency"));
    }
    if decile <= 4 && dice.chance(3) {
        needs.push(reported(dice, "pemakaman", None, None, "medium"));
    }
    if household.members.first().is_some_and(|h| h.age > 50)
        && household.members.iter().all(|p| matches!(p.relation, "head" | "grandchild"))
    {
        let child =
            household.members.iter().enumerate().find(|(_, p)| p.relation == "grandchild" && p.age < 18 && !p.unlisted);
        if let Some((at, child)) = child {
            let ppks = if child.age <= 5 { "anak_balita_telantar" } else { "anak_terlantar" };
            needs.push(by_rule("pengasuhan_anak", Some(ppks), Some(at), "medium", "child_without_parents"));
        }
    }
}

fn of_a_person(dice: &mut Dice, household: &Household, at: usize, person: &Person, decile: u32, needs: &mut Vec<Need>) {
    let fact = |variable: &str| person.facts.code(variable);
    if person.nik.is_none() {
        needs.push(by_rule("adminduk", None, Some(at), "medium", "nik_missing"));
    }
    if matches!(fact("nutrition"), Some("wasting" | "stunting")) && dice.chance(700) {
        let severity = if fact("nutrition") == Some("wasting") { "high" } else { "medium" };
        needs.push(by_rule("gizi_stunting", None, Some(at), severity, "malnourished_child"));
    }
    if person.age >= 60 && household.members.len() == 1 && decile <= 6 {
        needs.push(by_rule(
            "perawatan_lansia",
            Some("lansia_telantar"),
            Some(at),
            if person.age >= 75 { "high" } else { "medium" },
            "elder_alone",
        ));
    }
    if fact("insurance") == Some("none") && decile <= 6 && person.relation == "head" {
        needs.push(by_rule("kesehatan", None, Some(at), "medium", "no_health_insurance"));
    }
    if person.facts.limited() && dice.chance(600) {
        let ppks = if person.age < 18 { "anak_disabilitas" } else { "penyandang_disabilitas" };
        needs.push(by_rule("alat_bantu_disabilitas", Some(ppks), Some(at), "medium", "limited_function"));
    }
    if (7..=18).contains(&person.age) && fact("school_participation") != Some("attending") && decile <= 6 {
        needs.push(by_rule(
            "pendidikan",
            None,
            Some(at),
            if person.age <= 15 { "high" } else { "medium" },
            "out_of_school",
        ));
    }
    if (20..=50).contains(&person.age)
        && person.sex == Sex::Male
        && fact("working") == Some("no")
        && decile <= 4
        && dice.chance(330)
    {
        needs.push(by_rule("pekerjaan", None, Some(at), "low", "working_age_without_work"));
    }
    if fact("turnover") == Some("under_5m") && decile <= 5 && dice.chance(120) {
        let ppks = (person.sex == Sex::Female && (18..=59).contains(&person.age) && person.relation == "head")
            .then_some("perempuan_rawan_sosek");
        needs.push(reported(dice, "modal_usaha", ppks, Some(at), "low"));
    }
    if person.facts.limited() && dice.chance(45) {
        needs.push(reported(dice, "transportasi", None, Some(at), "low"));
    }
}

/// Needs that only people report, never a rule, and that stay with few.
fn secret_needs(dice: &mut Dice, at: usize, person: &Person, needs: &mut Vec<Need>) {
    if person.facts.restricted.iter().any(|(variable, _)| *variable == "depression") && dice.chance(260) {
        needs.push(reported(dice, "kesehatan_jiwa", None, Some(at), "high"));
    }
    if person.facts.restricted.iter().any(|(_, code)| *code == "hiv") && dice.chance(400) {
        needs.push(reported(dice, "kesehatan", Some("odha"), Some(at), "high"));
    }
    match dice.below(10_000) {
        0..=4 if person.age >= 18 && person.sex == Sex::Female => {
            needs.push(reported(dice, "kekerasan", Some("korban_kekerasan"), Some(at), "emergency"))
        }
        0..=3 if person.age < 18 => {
            needs.push(reported(dice, "kekerasan", Some("anak_korban_kekerasan"), Some(at), "emergency"))
        }
        5..=6 if (15..=45).contains(&person.age) => {
            needs.push(reported(dice, "rehab_napza", Some("korban_napza"), Some(at), "high"))
        }
        7 if (12..=17).contains(&person.age) => {
            needs.push(reported(dice, "bantuan_hukum", Some("anak_berhadapan_hukum"), Some(at), "high"))
        }
        8 if person.age >= 20 => {
            needs.push(reported(dice, "pekerjaan", Some("bekas_warga_binaan"), Some(at), "medium"))
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::city::{City, Plan};
    use crate::reference::code_lists;
    use std::collections::HashMap;

    #[test]
    fn needs_come_from_the_lists_and_in_honest_numbers() {
        let lists = code_lists().unwrap().lists;
        let entry = |slug: &str, code: &str| {
            lists.iter().find(|l| l.slug == slug).and_then(|l| l.entries.iter().find(|e| e.code == code)).cloned()
        };
        let plan = Plan { seed: 7, households: 8_000, today: chrono::NaiveDate::from_ymd_opt(2026, 11, 22).unwrap() };
        let mut dice = Dice::new(9, 0);
        let mut seen: HashMap<&str, u32> = HashMap::new();
        for household in City::new(plan).unwrap() {
            for need in of(&mut dice, &household) {
                let code = entry("needs", need.code).unwrap();
                let ppks = need.ppks.map(|p| entry("ppks_types", p).unwrap());
                let secret =
                    code.sensitivity == "restricted" || ppks.as_ref().is_some_and(|p| p.sensitivity == "restricted");
                assert_eq!(restricted(need.code, need.ppks), secret, "{need:?}");
                assert!(!(secret && need.rule.is_some()), "a rule must not find {need:?}");
                assert!(
                    need.member.is_none_or(|at| !household.members[at].unlisted),
                    "nobody deals with who is not there: {need:?}"
                );
                if let (Some(ppks), Some(at)) = (&ppks, need.member) {
                    let age = u64::from(household.members[at].age);
                    assert!(
                        ppks.attrs["age_min"].as_u64().is_none_or(|low| age >= low)
                            && ppks.attrs["age_max"].as_u64().is_none_or(|high| age <= high),
                        "{need:?} at {age}"
                    );
                }
                *seen.entry(need.code).or_default() += 1;
            }
        }
        let total: u32 = seen.values().sum();
        assert!((4_500..9_500).contains(&total), "{total} {seen:?}");
        assert!(seen.len() >= 17, "{seen:?}");
    }
}
