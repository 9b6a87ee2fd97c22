//! Turns households into rows of the tables, in batches, on a thread of its own.

use std::fmt::Write as _;
use std::sync::mpsc::SyncSender;

use super::city::{City, Household, Plan, millis_before};
use super::copy::Rows;
use super::family::Kind;
use super::history::Teller;
use super::places::Places;
use super::shelf::Shelf;
use crate::kernel::names::match_key;
use crate::reference::FileError;

/// Tables that are filled by COPY.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// `households`
    Households,
    /// `household_details`
    Details,
    /// `individuals`
    Individuals,
    /// `identifiers`
    Identifiers,
    /// `welfare_snapshots`
    Snapshots,
    /// `restricted_facts`
    RestrictedFacts,
    /// `registry_events`
    RegistryEvents,
    /// `problems`
    Problems,
    /// `referrals`
    Referrals,
    /// `referral_events`
    ReferralEvents,
    /// `awards`
    Awards,
    /// `claims`
    Claims,
    /// `assignments`
    Assignments,
    /// `deliveries`
    Deliveries,
    /// `disclosures`
    Disclosures,
    /// `waitlist`
    Waitlist,
    /// `ledger_transactions`
    Transactions,
    /// `ledger_entries`
    Entries,
}

/// Rows of one table, ready to send.
pub type Sent = (Table, Vec<u8>);

/// Households a batch: some megabytes.
const BATCH: usize = 4000;

struct Registry {
    households: Rows,
    details: Rows,
    individuals: Rows,
    identifiers: Rows,
    snapshots: Rows,
    restricted: Rows,
    events: Rows,
    text: String,
}

/// What the producer counted.
#[derive(Debug, Default, Clone, Copy)]
pub struct Counts {
    /// Households.
    pub households: usize,
    /// People.
    pub people: usize,
    /// The grown head of the first household: the citizen of the demo accounts.
    pub citizen: Option<uuid::Uuid>,
}

/// Makes the city and its history; every batch of rows goes through `out`. Ends early where nobody listens any more.
pub fn produce(
    plan: Plan,
    shelf: &mut Shelf,
    teller: &mut Teller,
    out: &SyncSender<Sent>,
) -> Result<Counts, FileError> {
    let city = City::new(plan)?;
    let places = Places::load()?;
    let mut registry = Registry::new();
    let mut counts = Counts::default();
    let periods = Periods::of(&plan);
    for (number, household) in (0..).zip(city) {
        let Some(place) = places.all().get(household.place) else { continue };
        registry.add(&household, &places, &periods);
        teller.tell(number, &household, (&place.code, &place.district), shelf);
        counts.households += 1;
        counts.people += household.members.iter().filter(|p| !p.unlisted).count();
        counts.citizen = counts.citizen.or_else(|| household.head().map(|h| h.id));
        if counts.households % BATCH == 0 && !flush(&mut registry, teller, shelf, out) {
            return Ok(counts);
        }
    }
    flush(&mut registry, teller, shelf, out);
    Ok(counts)
}

fn flush(registry: &mut Registry, teller: &mut Teller, shelf: &mut Shelf, out: &SyncSender<Sent>) -> bool {
    let told = &mut teller.told;
    let tables = [
        (Table::Households, &mut registry.households),
        (Table::Details, &mut registry.details),
        (Table::Individuals, &mut registry.individuals),
        (Table::Identifiers, &mut registry.identifiers),
        (Table::Snapshots, &mut registry.snapshots),
        (Table::RestrictedFacts, &mut registry.restricted),
        (Table::RegistryEvents, &mut registry.events),
        (Table::Problems, &mut told.problems),
        (Table::Referrals, &mut told.referrals),
        (Table::ReferralEvents, &mut told.events),
        (Table::Awards, &mut told.awards),
        (Table::Claims, &mut told.claims),
        (Table::Assignments, &mut told.assignments),
        (Table::Deliveries, &mut told.deliveries),
        (Table::Disclosures, &mut told.disclosures),
        (Table::Waitlist, &mut told.waitlist),
        (Table::Transactions, &mut shelf.book.transactions),
        (Table::Entries, &mut shelf.book.entries),
    ];
    tables.into_iter().filter(|(_, rows)| rows.count() > 0).all(|(table, rows)| out.send((table, rows.take())).is_ok())
}

/// Months the sources spoke in, and when their words came in.
struct Periods {
    current: String,
    previous: String,
    older: String,
    received_ms: u64,
    offset_ms: u64,
}

impl Periods {
    fn of(plan: &Plan) -> Self {
        use chrono::Datelike as _;
        let (year, quarter) = (plan.today.year(), plan.today.month0() / 3);
        let month = |year: i32, quarter: u32| format!("{year}-{:02}", quarter * 3 + 1);
        let previous = if quarter == 0 { month(year - 1, 3) } else { month(year, quarter - 1) };
        let received_ms = millis_before(plan.today, 20);
        // Changed when the current release came in, in the order of registration.
        let offset_ms = received_ms - millis_before(plan.today, 420);
        Self { current: month(year, quarter), previous, older: format!("{}-12", year - 3), received_ms, offset_ms }
    }
}

impl Registry {
    fn new() -> Self {
        Self {
            households: Rows::new(17),
            details: Rows::new(12),
            individuals: Rows::new(17),
            identifiers: Rows::new(9),
            snapshots: Rows::new(8),
            restricted: Rows::new(7),
            events: Rows::new(5),
            text: String::new(),
        }
    }

    fn add(&mut self, household: &Household, places: &Places, periods: &Periods) {
        let Some(place) = places.all().get(household.place) else { return };
        let listed = household.members.iter().filter(|p| !p.unlisted).count();
        let source = if household.kind == Kind::Family { "dtsen" } else { "manual" };
        let changed = household.registered_ms + periods.offset_ms;
        let decile = household.decile.and_then(|d| i16::try_from(d).ok());
        let head = household.head();
        let rows = self
            .households
            .row()
            .uuid(household.id)
            .text(household.kind.code())
            .text(&place.code)
            .text(&place.district);
        rows.maybe(household.dwelling, Rows::uuid)
            .maybe_text(household.card.as_deref())
            .maybe(head.map(|h| h.id), Rows::uuid);
        rows.maybe_text(head.map(|h| h.name.as_str())).int4(count(household.declared)).int4(count(listed));
        rows.boolean(household.declared == listed).maybe(decile, Rows::int2).maybe_text(decile.map(|_| "dtsen"));
        rows.text(source).boolean(true).at(household.registered_ms).at(changed);
        self.detail(household, places);
        self.people(household, source, changed);
        self.said(household, periods);
        self.text.clear();
        let _ = write!(self.text, "{{\"source\":\"{source}\",\"period\":\"{}\"}}", periods.previous);
        self.events
            .row()
            .uuid(household.id)
            .uuid(household.id)
            .text("registered")
            .json(&self.text)
            .at(household.registered_ms);
    }

    fn detail(&mut self, household: &Household, places: &Places) {
        let elsewhere = household.registered_elsewhere.as_ref();
        let home = places.all().get(household.place);
        let registered_in = elsewhere.and_then(|(_, at)| places.all().get(*at)).or(home).map(|p| p.code.as_str());
        let registered_at = elsewhere.map(|(street, _)| street.as_str()).or(household.street.as_deref());
        let neighbourhood = household.neighbourhood.map(|(rt, rw)| (format!("{rt:03}"), format!("{rw:03}")));
        let (rt, rw) = (neighbourhood.as_ref().map(|n| n.0.as_str()), neighbourhood.as_ref().map(|n| n.1.as_str()));
        let own = |text| if elsewhere.is_none() { text } else { None };
        let card = household.kind == Kind::Family;
        let rows = self
            .details
            .row()
            .uuid(household.id)
            .maybe_text(registered_at.filter(|_| card))
            .maybe_text(own(rt))
            .maybe_text(own(rw));
        rows.maybe_text(registered_in.filter(|_| card))
            .maybe_text(household.street.as_deref())
            .maybe_text(rt)
            .maybe_text(rw);
        rows.maybe(household.at.map(|at| at.0), Rows::float8).maybe(household.at.map(|at| at.1), Rows::float8);
        self.text.clear();
        household.house.housing_json(&mut self.text);
        self.details.json(&self.text);
        self.text.clear();
        household.house.assets_json(&mut self.text);
        self.details.json(&self.text);
    }

    fn people(&mut self, household: &Household, source: &str, changed: u64) {
        if let Some(card) = &household.card {
            let rows = self
                .identifiers
                .row()
                .uuid(household.id)
                .text("household")
                .uuid(household.id)
                .text("family_card")
                .text(card);
            rows.text(source).text("matched").date(household.card_issued).at(household.registered_ms);
        }
        for person in household.members.iter().filter(|p| !p.unlisted) {
            self.text.clear();
            person.facts.json(&mut self.text);
            let rows = self
                .individuals
                .row()
                .uuid(person.id)
                .uuid(household.id)
                .text(&person.name)
                .text(&match_key(&person.name));
            rows.maybe_text(person.nik.as_deref())
                .maybe_text(person.nik.as_ref().map(|_| person.nik_status))
                .text(person.sex.code());
            rows.maybe(person.birth, Rows::date)
                .text(person.precision)
                .maybe_text(person.mother.as_deref())
                .text(person.relation);
            rows.text(person.marital).maybe_text(person.phone.as_deref()).json(&self.text).text(source);
            rows.at(household.registered_ms).at(changed);
            if let Some(nik) = &person.nik {
                // One claim a person: its id may be the person's own.
                let rows =
                    self.identifiers.row().uuid(person.id).text("individual").uuid(person.id).text("nik").text(nik);
                rows.text(source).text(person.nik_status).null().at(household.registered_ms);
            }
            for (number, (variable, code)) in person.facts.restricted.iter().enumerate() {
                let mut id = *person.id.as_bytes();
                id[15] = id[15].wrapping_add(u8::try_from(number + 1).unwrap_or(1));
                let rows = self.restricted.row().uuid(uuid::Uuid::from_bytes(id)).uuid(person.id).uuid(household.id);
                rows.text(variable).text(code).text(source).at(household.registered_ms);
            }
        }
    }

    /// What each source said, side by side.
    fn said(&mut self, household: &Household, periods: &Periods) {
        let mut said = |source: &str, period: &str, decile: Option<u32>, at: u64| {
            let Some(decile) = decile.and_then(|d| i16::try_from(d).ok()) else { return };
            let rows = self.snapshots.row().uuid(household.id).text(source).text(period).int2(decile).null().null();
            rows.json("{}").at(at);
        };
        said("dtsen", &periods.current, household.decile, periods.received_ms);
        said("dtsen", &periods.previous, household.previous_decile, periods.received_ms - 92 * 86_400_000);
        said("p3ke", &periods.older, household.p3ke_decile, household.registered_ms);
    }
}

fn count(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(0)
}
