//! Who lives together: the shape of a household, ages, sexes and relations.

use super::dice::Dice;
use super::pools::Sex;

/// A member before name, number and facts.
#[derive(Debug, Clone, Copy)]
pub struct Seat {
    /// Relation to the head, canonical code.
    pub relation: &'static str,
    /// Sex.
    pub sex: Sex,
    /// Age in full years.
    pub age: u32,
    /// Marital status, canonical code.
    pub marital: &'static str,
    /// Position of the mother among the members, where she lives here.
    pub mother: Option<usize>,
}

/// What kind of household it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A family with a card.
    Family,
    /// A home or boarding house run by an organization.
    Institution,
    /// People without a dwelling.
    Unhoused,
}

impl Kind {
    /// As the table writes it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Family => "family",
            Self::Institution => "institution",
            Self::Unhoused => "unhoused",
        }
    }
}

/// Draws a household. The head sits first.
pub fn compose(dice: &mut Dice) -> (Kind, Vec<Seat>) {
    let throw = dice.below(10_000);
    if throw < 3 {
        return (Kind::Institution, institution(dice));
    }
    if throw < 43 {
        return (Kind::Unhoused, unhoused(dice));
    }
    let seats = match dice.weighted(&[45, 45, 110, 560, 95, 20, 85, 30, 10]) {
        0 => vec![elder_alone(dice)],
        1 => {
            let sex = any_sex(dice);
            let age = dice.between(20, 59);
            vec![head(
                sex,
                age,
                if age < 33 { "single" } else { dice.one_of(&["single", "divorced", "widowed"], "single") },
            )]
        }
        2 => {
            let age = if dice.chance(450) { dice.between(21, 36) } else { dice.between(52, 80) };
            couple(dice, age)
        }
        3 => with_children(dice, 1),
        4 => single_parent(dice, Sex::Female),
        5 => single_parent(dice, Sex::Male),
        6 => three_generations(dice),
        7 => headed_by_grandparents(dice),
        _ => grandparent_and_grandchildren(dice),
    };
    (Kind::Family, seats)
}

fn any_sex(dice: &mut Dice) -> Sex {
    if dice.chance(508) { Sex::Male } else { Sex::Female }
}

fn head(sex: Sex, age: u32, marital: &'static str) -> Seat {
    Seat { relation: "head", sex, age, marital, mother: None }
}

fn elder_alone(dice: &mut Dice) -> Seat {
    let sex = if dice.chance(700) { Sex::Female } else { Sex::Male };
    let age = dice.between(60, 76) + dice.below(8) + dice.below(9);
    head(sex, age, if dice.chance(820) { "widowed" } else { "divorced" })
}

fn couple(dice: &mut Dice, age: u32) -> Vec<Seat> {
    let husband_leads = dice.chance(940);
    let wife_age = age.saturating_sub(dice.below(8)).max(18);
    let status = if dice.chance(965) { "married" } else { "married_unregistered" };
    let sex = if husband_leads { Sex::Male } else { Sex::Female };
    vec![
        head(sex, age.max(19), status),
        Seat { relation: "spouse", sex: sex.other(), age: wife_age, marital: status, mother: None },
    ]
}

fn children(
    dice: &mut Dice,
    seats: &mut Vec<Seat>,
    parent_age: u32,
    mother: Option<usize>,
    relation: &'static str,
    count: u32,
) {
    let oldest = parent_age.saturating_sub(18).min(27);
    let youngest = parent_age.saturating_sub(41);
    for _ in 0..count {
        if oldest < youngest {
            return;
        }
        let age = dice.between(youngest, oldest);
        seats.push(Seat { relation, sex: any_sex(dice), age, marital: "single", mother });
    }
}

fn mother_of(seats: &[Seat]) -> Option<usize> {
    seats.iter().position(|s| s.sex == Sex::Female && matches!(s.relation, "head" | "spouse"))
}

fn with_children(dice: &mut Dice, least: u32) -> Vec<Seat> {
    let age = dice.between(24, 44) + dice.below(15);
    let mut seats = couple(dice, age);
    let mother = mother_of(&seats);
    let parent_age = mother.and_then(|at| seats.get(at)).map_or(age, |s| s.age);
    let count = u32::try_from(dice.weighted(&[40, 38, 16, 5, 1])).unwrap_or(0) + least;
    children(dice, &mut seats, parent_age, mother, "child", count);
    seats
}

fn single_parent(dice: &mut Dice, sex: Sex) -> Vec<Seat> {
    let age = dice.between(23, 58);
    let marital = if dice.chance(if age > 44 { 700 } else { 380 }) { "widowed" } else { "divorced" };
    let mut seats = vec![head(sex, age, marital)];
    let count = u32::try_from(dice.weighted(&[45, 35, 15, 5])).unwrap_or(0) + 1;
    children(dice, &mut seats, age, (sex == Sex::Female).then_some(0), "child", count);
    seats
}

fn three_generations(dice: &mut Dice) -> Vec<Seat> {
    let mut seats = with_children(dice, 1);
    let age = seats.first().map_or(40, |s| s.age) + dice.between(19, 30);
    if dice.chance(300) {
        let old = age.min(88);
        seats.push(Seat { relation: "parent", sex: Sex::Male, age: old + 2, marital: "married", mother: None });
        seats.push(Seat { relation: "parent", sex: Sex::Female, age: old, marital: "married", mother: None });
    } else {
        let sex = if dice.chance(760) { Sex::Female } else { Sex::Male };
        seats.push(Seat { relation: "parent", sex, age: age.min(93), marital: "widowed", mother: None });
    }
    if dice.chance(120) {
        let age = dice.between(16, 60);
        seats.push(Seat { relation: "other_family", sex: any_sex(dice), age, marital: "single", mother: None });
    }
    seats
}

fn headed_by_grandparents(dice: &mut Dice) -> Vec<Seat> {
    let age = dice.between(50, 76);
    let mut seats = if dice.chance(620) { couple(dice, age) } else { vec![head(Sex::Female, age, "widowed")] };
    let grandmother = mother_of(&seats);
    let child_sex = any_sex(dice);
    let grandmother_age = grandmother.and_then(|at| seats.get(at)).map_or(age, |s| s.age);
    let child_age = grandmother_age.saturating_sub(dice.between(19, 27)).max(20);
    let child_at = seats.len();
    seats.push(Seat { relation: "child", sex: child_sex, age: child_age, marital: "married", mother: grandmother });
    let partner_age = child_age.saturating_sub(dice.below(4)).max(19);
    seats.push(Seat {
        relation: "child_in_law",
        sex: child_sex.other(),
        age: partner_age,
        marital: "married",
        mother: None,
    });
    let mother = if child_sex == Sex::Female { child_at } else { child_at + 1 };
    let count = dice.between(1, 2);
    children(dice, &mut seats, partner_age.min(child_age), Some(mother), "grandchild", count);
    seats
}

fn grandparent_and_grandchildren(dice: &mut Dice) -> Vec<Seat> {
    let age = dice.between(54, 78);
    let mut seats = vec![head(if dice.chance(800) { Sex::Female } else { Sex::Male }, age, "widowed")];
    for _ in 0..dice.between(1, 3) {
        let age = dice.between(2, 17);
        seats.push(Seat { relation: "grandchild", sex: any_sex(dice), age, marital: "single", mother: None });
    }
    seats
}

fn unhoused(dice: &mut Dice) -> Vec<Seat> {
    let age = dice.between(19, 68);
    let mut seats = vec![head(
        if dice.chance(720) { Sex::Male } else { Sex::Female },
        age,
        dice.one_of(&["single", "divorced", "widowed"], "single"),
    )];
    if dice.chance(250) {
        let mother = mother_of(&seats);
        let count = dice.between(1, 2);
        children(dice, &mut seats, age, mother, "child", count);
    }
    seats
}

fn institution(dice: &mut Dice) -> Vec<Seat> {
    let for_children = dice.chance(600);
    let mut seats = Vec::new();
    for at in 0..dice.between(8, 28) {
        let age = if for_children { dice.between(3, 17) } else { dice.between(61, 90) };
        let marital = if for_children { "single" } else { "widowed" };
        seats.push(Seat {
            relation: if at == 0 { "head" } else { "other" },
            sex: any_sex(dice),
            age,
            marital,
            mother: None,
        });
    }
    seats
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn households_look_like_the_city() {
        let mut dice = Dice::new(11, 0);
        let (mut people, mut women, mut elders_alone, mut minors, mut unhoused) = (0, 0, 0, 0, 0);
        let households = 40_000;
        for _ in 0..households {
            let (kind, seats) = compose(&mut dice);
            assert_eq!(seats[0].relation, "head");
            assert_eq!(seats.iter().filter(|s| s.relation == "head").count(), 1);
            if kind == Kind::Family {
                elders_alone += u32::from(seats.len() == 1 && seats[0].age >= 60);
                for seat in &seats {
                    assert!(seat.age <= 100 && (seat.marital == "single" || seat.age >= 18), "{seats:?}");
                    if let Some(mother) = seat.mother {
                        assert!(seats[mother].sex == Sex::Female && seats[mother].age >= seat.age + 15, "{seats:?}");
                    }
                }
            }
            unhoused += u32::from(kind == Kind::Unhoused);
            people += seats.len();
            women += seats.iter().filter(|s| s.sex == Sex::Female).count();
            minors += seats.iter().filter(|s| s.age < 18).count();
        }
        let per_household = people as f64 / f64::from(households);
        assert!((3.25..3.55).contains(&per_household), "{per_household}");
        let share = |n: usize| n as f64 / people as f64;
        assert!((0.48..0.54).contains(&share(women)), "{}", share(women));
        assert!((0.27..0.42).contains(&share(minors)), "{}", share(minors));
        assert!((1_500..2_200).contains(&elders_alone) && (100..230).contains(&unhoused), "{elders_alone} {unhoused}");
    }
}
