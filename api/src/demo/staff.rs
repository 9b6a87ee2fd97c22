//! The accounts of the demo city: user name is the role, one password for all.

use chrono::{Days, NaiveDate};
use uuid::Uuid;

use super::city::{HOME_DISTRICT, HOME_VILLAGE, millis_before};
use super::dice::Dice;

/// Password of every demo account.
pub const PASSWORD: &str = "satu-pintu-demo";
/// Id and secret of the machine client of the partner's foundation: a foundation's own system.
pub const PARTNER_CLIENT: (&str, &str) = ("demo-partner-client", "satu-pintu-demo-partner-secret");
/// What it may do.
pub const PARTNER_CLIENT_SCOPES: [&str; 6] =
    ["funding:read", "programs:read", "programs:write", "reference:read", "referrals:read", "referrals:write"];
/// Id of the demo machine client.
pub const CLIENT_ID: &str = "demo-client";
/// Its secret. Like the password it exists in demo databases only.
pub const CLIENT_SECRET: &str = "satu-pintu-demo-client-secret";
/// Agency of `agency_officer`.
pub const OFFICER_AGENCY: &str = "dinkes";
/// Foundation of `partner`.
pub const PARTNER_FOUNDATION: &str = "LKS-001";

/// Where a grant holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The whole city.
    City,
    /// One kecamatan, by code.
    Kecamatan(&'static str),
    /// One kelurahan, by code.
    Kelurahan(&'static str),
    /// One organization, by code.
    Organization(&'static str),
    /// The person the account stands for.
    Person,
}

/// One demo account.
#[derive(Debug, Clone)]
pub struct Account {
    /// Id.
    pub id: Uuid,
    /// User name.
    pub username: &'static str,
    /// Name shown to others.
    pub display_name: &'static str,
    /// Role of its grant.
    pub role: &'static str,
    /// Where the grant holds.
    pub scope: Scope,
    /// Duties of the grant.
    pub duties: &'static [&'static str],
    /// Registration of a social worker: number and last day.
    pub str_number: Option<(&'static str, NaiveDate)>,
}

const COORDINATOR: &[&str] = &["supervise", "publish", "approve_money", "ratify", "override", "protect_data"];

/// User name, name shown, role, scope, duties, registration number.
type Draft = (&'static str, &'static str, &'static str, Scope, &'static [&'static str], Option<&'static str>);

/// All demo accounts, as of `today`.
pub fn accounts(seed: u64, today: NaiveDate) -> Vec<Account> {
    let valid = today.checked_add_days(Days::new(900)).unwrap_or(today);
    let list: [Draft; 11] = [
        ("admin", "Administrator", "admin", Scope::City, &[], None),
        ("coordinator", "Koordinator Dinsos", "coordinator", Scope::City, COORDINATOR, None),
        ("coordinator2", "Koordinator Dinsos (kedua)", "coordinator", Scope::City, COORDINATOR, None),
        (
            "social_worker",
            "Pekerja Sosial Kiaracondong",
            "social_worker",
            Scope::Kecamatan(HOME_DISTRICT),
            &[],
            Some("STR-32-0001"),
        ),
        (
            "social_worker2",
            "Supervisor Pekerja Sosial Kiaracondong",
            "social_worker",
            Scope::Kecamatan(HOME_DISTRICT),
            &["supervise"],
            Some("STR-32-0002"),
        ),
        ("village_operator", "Operator Puskesos", "village_operator", Scope::Kelurahan(HOME_VILLAGE), &[], None),
        (
            "village_operator2",
            "Operator Puskesos (kedua)",
            "village_operator",
            Scope::Kelurahan(HOME_VILLAGE),
            &[],
            None,
        ),
        ("agency_officer", "Petugas Dinas Kesehatan", "agency_officer", Scope::Organization(OFFICER_AGENCY), &[], None),
        ("partner", "Pengurus Yayasan", "partner", Scope::Organization(PARTNER_FOUNDATION), &[], None),
        ("auditor", "Ombudsman", "auditor", Scope::City, &[], None),
        ("citizen", "Warga", "citizen", Scope::Person, &[], None),
    ];
    let mut dice = Dice::new(seed, STREAM);
    let at = millis_before(today, 430);
    list.into_iter()
        .map(|(username, display_name, role, scope, duties, number)| Account {
            id: dice.id(at),
            username,
            display_name,
            role,
            scope,
            duties,
            str_number: number.map(|n| (n, valid)),
        })
        .collect()
}

/// Stream of the accounts' ids, apart from those of households and foundations.
const STREAM: u64 = u64::MAX / 2;

/// The accounts that act in the history.
#[derive(Debug, Clone, Copy)]
pub struct Desk {
    /// `coordinator`
    pub coordinator: Uuid,
    /// `social_worker`
    pub social_worker: Uuid,
    /// `village_operator`
    pub village_operator: Uuid,
    /// `agency_officer`
    pub agency_officer: Uuid,
    /// `partner`
    pub partner: Uuid,
    /// `coordinator2`: the second pair of eyes.
    pub coordinator2: Uuid,
    /// `citizen`
    pub citizen: Uuid,
}

/// Finds them among the accounts.
pub fn desk(accounts: &[Account]) -> Desk {
    let id = |name: &str| accounts.iter().find(|a| a.username == name).map_or(Uuid::nil(), |a| a.id);
    Desk {
        coordinator: id("coordinator"),
        social_worker: id("social_worker"),
        village_operator: id("village_operator"),
        agency_officer: id("agency_officer"),
        partner: id("partner"),
        coordinator2: id("coordinator2"),
        citizen: id("citizen"),
    }
}

/// What to tell whoever started the demo city.
pub fn summary() -> Vec<String> {
    vec![
        format!("accounts (password {PASSWORD}):"),
        "  admin                              accounts, clients, reference data".to_owned(),
        "  coordinator, coordinator2          the city".to_owned(),
        format!("  social_worker, social_worker2      kecamatan Kiaracondong ({HOME_DISTRICT}); the second supervises"),
        format!("  village_operator, village_operator2  kelurahan Cicaheum ({HOME_VILLAGE})"),
        "  agency_officer                     Dinas Kesehatan".to_owned(),
        format!("  partner                            foundation {PARTNER_FOUNDATION}"),
        "  auditor                            the city, de-identified".to_owned(),
        "  citizen                            one person and the shared facts of the household".to_owned(),
        format!("machine client: {CLIENT_ID}  secret {CLIENT_SECRET}"),
        format!("  of the partner's foundation: {}  secret {}", PARTNER_CLIENT.0, PARTNER_CLIENT.1),
    ]
}
