//! One synthetic year of a city under three ways to divide the same money: first come at each agency apart, first come at
//! one door, and a plan each month. `counterfactual [HOUSEHOLDS] [SEED]` prints lines `bench city_<figure>_<policy> …`.
//!
//! The money of the year is set so that the first way covers 29.8 % of the needs, as the city did when it began; the others
//! get the same rupiah, released in twelve parts. What is assumed stands in `city.rs` beside each number; none of it is
//! measured in a real city, so what the figures say is what the ways to divide do to the same needs, no more.

mod city;
mod replay;

use city::City;
use replay::{Policy, Year, replay};

/// Coverage of the needs at the beginning, in the city this follows.
const LAUNCH: f64 = 0.298;
/// Halvings of the search for the money.
const HALVINGS: u32 = 16;

fn main() -> Result<(), String> {
    let mut arguments = std::env::args().skip(1);
    let households = arguments.next().map_or(Ok(33_000), |n| n.parse()).map_err(|_| "the households are a number")?;
    let seed = arguments.next().map_or(Ok(20_261_122), |s| s.parse()).map_err(|_| "the seed is a number")?;
    let city = City::new(households, seed);
    let (mut low, mut high) = (0.0, 2.0);
    for _ in 0..HALVINGS {
        let middle = (low + high) / 2.0;
        if replay(&city, Policy::ByAgency, middle)?.coverage() < LAUNCH { low = middle } else { high = middle }
    }
    say("seed", &seed.to_string(), "number");
    say("needs", &city.needs.len().to_string(), "needs");
    say("money", &format!("{:.1}", city.money(high) as f64 / 1e9), "billion_idr");
    for (name, policy) in [("by_agency", Policy::ByAgency), ("one_door", Policy::OneDoor), ("plan", Policy::Plan)] {
        tell(name, &city, &replay(&city, policy, high)?);
    }
    let once = replay(&city, Policy::ByAgencyOnce, high)?;
    say("coverage_by_agency_once", &format!("{:.1}", once.coverage() * 100.0), "%");
    say("double_aid_by_agency_once", &format!("{:.1}", once.double_share() * 100.0), "%_of_rupiah");
    Ok(())
}

fn tell(name: &str, city: &City, year: &Year) {
    let percent = |part: f64| format!("{:.1}", part * 100.0);
    say(&format!("coverage_{name}"), &percent(year.coverage()), "%");
    say(&format!("worst_off_served_{name}"), &percent(year.share(city, |n| n.worst_off())), "%");
    say(&format!("emergencies_served_{name}"), &percent(year.share(city, |n| n.tier == 0)), "%");
    say(&format!("double_aid_{name}"), &percent(year.double_share()), "%_of_rupiah");
    say(&format!("days_to_first_help_{name}"), &format!("{:.0}", year.days(city, |_| true)), "days");
    say(&format!("days_to_first_help_worst_off_{name}"), &format!("{:.0}", year.days(city, |n| n.worst_off())), "days");
    say(&format!("spent_{name}"), &format!("{:.1}", year.spent_idr as f64 / 1e9), "billion_idr");
}

#[expect(clippy::print_stdout, reason = "the figures are its output")]
fn say(name: &str, value: &str, unit: &str) {
    println!("bench city_{name} {value} {unit}");
}
