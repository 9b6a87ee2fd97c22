//! How people live: house, water, power, things owned. Poorer deciles live worse, with wide spread.

use std::fmt::Write as _;

use super::dice::Dice;

/// A house in canonical codes.
#[derive(Debug, Clone, Default)]
pub struct House {
    /// Code by variable, in the order of the agencies' layout.
    pub codes: Vec<(&'static str, &'static str)>,
    /// Floor area in square metres.
    pub floor_area: u32,
    /// Number of each thing owned.
    pub assets: Vec<(&'static str, u32)>,
}

impl House {
    /// Code of a variable.
    pub fn code(&self, variable: &str) -> Option<&'static str> {
        self.codes.iter().find(|(name, _)| *name == variable).map(|(_, code)| *code)
    }

    /// JSON object for `household_details.housing`.
    pub fn housing_json(&self, out: &mut String) {
        out.push('{');
        for (name, code) in &self.codes {
            let _ = write!(out, "\"{name}\":\"{code}\",");
        }
        if self.codes.is_empty() {
            out.push('}');
        } else {
            let _ = write!(out, "\"floor_area\":{}}}", self.floor_area);
        }
    }

    /// JSON object for `household_details.assets`.
    pub fn assets_json(&self, out: &mut String) {
        out.push('{');
        for (at, (name, count)) in self.assets.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            let _ = write!(out, "{comma}\"{name}\":{count}");
        }
        out.push('}');
    }
}

/// Weights at the poor end and at the well-off end; a decile lies between them.
type Choice = (&'static str, [u32; 2]);

const STATUS: [Choice; 5] =
    [("owned", [46, 74]), ("rented", [27, 16]), ("rent_free", [26, 8]), ("official", [0, 2]), ("other", [1, 0])];
const LAND: [Choice; 6] = [
    ("certificate_own", [30, 72]),
    ("certificate_other_agreement", [10, 8]),
    ("certificate_other", [12, 5]),
    ("other_certificate", [10, 8]),
    ("customary", [24, 6]),
    ("none", [14, 1]),
];
const FLOOR: [Choice; 8] = [
    ("marble", [1, 12]),
    ("ceramic", [38, 72]),
    ("parquet", [4, 3]),
    ("terrazzo", [20, 10]),
    ("wood", [5, 1]),
    ("cement", [26, 2]),
    ("bamboo", [2, 0]),
    ("earth", [4, 0]),
];
const WALL: [Choice; 5] = [
    ("masonry", [76, 97]),
    ("plastered_bamboo", [6, 1]),
    ("wood", [9, 2]),
    ("woven_bamboo", [8, 0]),
    ("other", [1, 0]),
];
const ROOF: [Choice; 5] =
    [("concrete", [2, 14]), ("tile", [58, 74]), ("zinc", [14, 4]), ("asbestos", [25, 8]), ("bamboo", [1, 0])];
const WATER: [Choice; 8] = [
    ("bottled", [2, 18]),
    ("refill", [30, 38]),
    ("piped", [22, 26]),
    ("borehole", [22, 14]),
    ("protected_well", [12, 3]),
    ("unprotected_well", [8, 1]),
    ("protected_spring", [3, 0]),
    ("unprotected_spring", [1, 0]),
];
const LIGHTING: [Choice; 3] = [("grid_metered", [84, 99]), ("grid_unmetered", [15, 1]), ("no_electricity", [1, 0])];
const POWER: [Choice; 5] =
    [("va_450", [46, 4]), ("va_900", [42, 28]), ("va_1300", [10, 40]), ("va_2200", [2, 20]), ("va_over_2200", [0, 8])];
const COOKING: [Choice; 6] = [
    ("lpg_3", [90, 60]),
    ("lpg_12", [1, 26]),
    ("city_gas", [1, 6]),
    ("electricity", [1, 6]),
    ("firewood", [4, 0]),
    ("none", [3, 2]),
];
const TOILET: [Choice; 5] =
    [("own", [58, 97]), ("shared", [22, 2]), ("communal", [9, 1]), ("public", [7, 0]), ("none", [4, 0])];
const CLOSET: [Choice; 4] = [("gooseneck", [78, 99]), ("covered_pit", [8, 1]), ("open_pit", [6, 0]), ("drop", [8, 0])];
const SEWAGE: [Choice; 5] = [
    ("septic_tank", [48, 86]),
    ("treatment_plant", [6, 8]),
    ("water_body", [34, 5]),
    ("pit", [11, 1]),
    ("open_ground", [1, 0]),
];

/// A house for a family of this decile (1 poorest to 10) and size.
pub fn build(dice: &mut Dice, decile: u32, members: usize) -> House {
    let mut codes = Vec::with_capacity(12);
    let mut draw = |dice: &mut Dice, variable: &'static str, choices: &[Choice]| -> &'static str {
        let weights: Vec<u32> =
            choices.iter().map(|(_, [poor, rich])| poor * (10 - decile) + rich * (decile - 1)).collect();
        let code = choices.get(dice.weighted(&weights)).map_or("other", |(code, _)| *code);
        codes.push((variable, code));
        code
    };
    let status = draw(dice, "house_status", &STATUS);
    if status == "owned" {
        draw(dice, "land_proof", &LAND);
    }
    draw(dice, "floor", &FLOOR);
    draw(dice, "wall", &WALL);
    draw(dice, "roof", &ROOF);
    draw(dice, "water", &WATER);
    if draw(dice, "lighting", &LIGHTING) == "grid_metered" {
        draw(dice, "power", &POWER);
    }
    draw(dice, "cooking", &COOKING);
    let toilet = draw(dice, "toilet", &TOILET);
    if toilet != "none" {
        draw(dice, "closet", &CLOSET);
        draw(dice, "sewage", &SEWAGE);
    }
    let people = u32::try_from(members).unwrap_or(4).min(8);
    let floor_area = 9 + people * dice.between(3, 6) + decile * dice.between(1, 7);
    House { codes, floor_area, assets: assets(dice, decile) }
}

fn assets(dice: &mut Dice, decile: u32) -> Vec<(&'static str, u32)> {
    let mut owned = Vec::new();
    let mut maybe = |dice: &mut Dice, name: &'static str, poor: u32, rich: u32, most: u32| {
        if dice.chance(poor + (rich - poor) * (decile - 1) / 9) {
            let count = if most > 1 && dice.chance(20 * decile) { dice.between(2, most) } else { 1 };
            owned.push((name, count));
        }
    };
    maybe(dice, "asset_refrigerator", 380, 980, 1);
    maybe(dice, "asset_flat_tv", 420, 950, 2);
    maybe(dice, "asset_air_conditioner", 2, 420, 2);
    maybe(dice, "asset_water_heater", 1, 260, 1);
    maybe(dice, "asset_gold", 60, 620, 1);
    maybe(dice, "asset_computer", 30, 760, 3);
    maybe(dice, "asset_motorcycle", 430, 930, 3);
    maybe(dice, "asset_bicycle", 160, 420, 2);
    maybe(dice, "asset_car", 3, 450, 2);
    maybe(dice, "asset_smartphone", 780, 995, 4);
    maybe(dice, "asset_other_land", 15, 240, 1);
    maybe(dice, "asset_other_house", 5, 160, 1);
    owned
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::code_lists;

    #[test]
    fn every_code_is_in_the_lists_and_poverty_shows() {
        let lists = code_lists().unwrap().lists;
        let mut dice = Dice::new(2, 0);
        let mut earth = [0u32; 2];
        for round in 0..4_000 {
            let decile = if round % 2 == 0 { 1 } else { 10 };
            let house = build(&mut dice, decile, 4);
            for (variable, code) in &house.codes {
                let list = lists.iter().find(|l| l.slug == *variable).unwrap();
                assert!(list.entries.iter().any(|e| e.code == *code), "{variable} {code}");
            }
            assert!((15..=150).contains(&house.floor_area));
            earth[round % 2] += u32::from(house.code("floor") == Some("earth"));
            let mut text = String::new();
            house.housing_json(&mut text);
            serde_json::from_str::<serde_json::Value>(&text).unwrap();
        }
        assert!(earth[0] > 40 && earth[1] == 0, "{earth:?}");
    }
}
