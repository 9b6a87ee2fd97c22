//! Movements of money that wait for a second person, and one that was refused.

use diesel::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::db::schema::funding_proposals::dsl as q;
use crate::demo::city::{Plan, millis_before};
use crate::demo::dice::Dice;
use crate::demo::shelf::{Shelf, Source};
use crate::demo::staff::{Desk, OFFICER_AGENCY, PARTNER_FOUNDATION};

/// One proposal before it is stored: kind, rupiah, what is asked, who asks, how many days ago.
struct Asked {
    kind: &'static str,
    amount: i64,
    order: &'static str,
    reference: &'static str,
    reason: &'static str,
    by: Uuid,
    days: u64,
}

/// Every agency and foundation with a demo account finds one of its own, either coordinator one to decide on.
pub(super) fn load(conn: &mut PgConnection, plan: &Plan, shelf: &Shelf, desk: Desk) -> QueryResult<()> {
    let mut dice = Dice::new(plan.seed, u64::MAX / 2 + 3);
    let more = |amount, by, days| Asked {
        kind: "appropriate",
        amount,
        order: "in",
        reference: "DPPA perubahan",
        reason: "Tambahan pada perubahan anggaran.",
        by,
        days,
    };
    let gift = |amount, by, days| Asked {
        kind: "receive",
        amount,
        order: "in",
        reference: "Berita acara serah terima",
        reason: "Hibah perusahaan untuk program tahun ini.",
        by,
        days,
    };
    let owned = |code: &str| {
        let owner = shelf.agencies.iter().find(|(_, a)| a.code == code).map(|(id, _)| *id);
        let owner = owner.or_else(|| shelf.foundations.iter().find(|(_, f)| f.code == code).map(|(id, _)| *id));
        shelf.sources.iter().find(|s| Some(s.organization) == owner && !s.restricted)
    };
    let (one, two) = (desk.coordinator, desk.coordinator2);
    let asked = [
        (owned(OFFICER_AGENCY), more(12_500_000_000, one, 3), None),
        (owned("dinsos"), more(24_000_000_000, two, 2), None),
        (owned(PARTNER_FOUNDATION), gift(10_500_000_000, two, 1), None),
        (owned("dinsos"), more(90_000_000_000, two, 24), Some((one, "Belum ada dasar hukumnya."))),
    ];
    for (source, asked, refused) in asked {
        if let Some(source) = source {
            insert(conn, plan, &mut dice, source, &asked, refused)?;
        }
    }
    Ok(())
}

fn insert(
    conn: &mut PgConnection,
    plan: &Plan,
    dice: &mut Dice,
    source: &Source,
    asked: &Asked,
    refused: Option<(Uuid, &str)>,
) -> QueryResult<()> {
    let instant = |days| {
        let at = i64::try_from(millis_before(plan.today, days)).ok();
        at.and_then(chrono::DateTime::from_timestamp_millis).unwrap_or_default()
    };
    let ask: Value = json!({"do": asked.order, "kind": asked.kind, "amount": asked.amount,
        "reference": asked.reference, "reason": asked.reason});
    diesel::insert_into(q::funding_proposals)
        .values((
            q::id.eq(dice.id(millis_before(plan.today, asked.days))),
            q::funding_source_id.eq(source.id),
            q::kind.eq(asked.kind),
            q::amount.eq(asked.amount),
            q::ask.eq(ask),
            q::status.eq(if refused.is_some() { "rejected" } else { "proposed" }),
            q::proposed_by.eq(asked.by),
            q::proposed_at.eq(instant(asked.days)),
            q::decided_by.eq(refused.map(|(by, _)| by)),
            q::decided_at.eq(refused.map(|_| instant(asked.days - 1))),
            q::decision_reason.eq(refused.map(|(_, why)| why)),
        ))
        .execute(conn)?;
    Ok(())
}
