//! Identifiers as claims.

use diesel::prelude::*;
use uuid::Uuid;

use crate::access::Writer;
use crate::db::schema::{coordinator_tasks, identifiers};
use crate::kernel::problem::Problem;

/// Whose claim it is.
#[derive(Debug, Clone, Copy)]
pub enum Subject {
    /// A household's family card.
    Household(Uuid),
    /// A person's NIK.
    Individual {
        /// Person.
        id: Uuid,
        /// Household of the person.
        household: Uuid,
    },
}

impl Subject {
    fn id(self) -> Uuid {
        match self {
            Self::Household(id) | Self::Individual { id, .. } => id,
        }
    }
}

/// Ends the current claim of a kind and makes a new one. A value that exists elsewhere, in or out of the caller's sight,
/// makes a task for the coordinator; the caller's answer is the same either way.
pub fn replace(w: &mut Writer<'_>, subject: Subject, kind: &'static str, value: Option<&str>) -> Result<(), Problem> {
    let today = w.today();
    diesel::update(identifiers::table.filter(
        identifiers::subject_id.eq(subject.id()).and(identifiers::kind.eq(kind)).and(identifiers::valid_to.is_null()),
    ))
    .set(identifiers::valid_to.eq(today))
    .execute(w.conn())?;
    let Some(value) = value else { return Ok(()) };
    diesel::insert_into(identifiers::table)
        .values((
            identifiers::id.eq(Uuid::now_v7()),
            identifiers::subject_kind.eq(match subject {
                Subject::Household(_) => "household",
                Subject::Individual { .. } => "individual",
            }),
            identifiers::subject_id.eq(subject.id()),
            identifiers::kind.eq(kind),
            identifiers::value.eq(value),
            identifiers::source.eq("manual"),
            identifiers::valid_from.eq(today),
        ))
        .execute(w.conn())?;
    let other: Option<Uuid> = identifiers::table
        .filter(
            identifiers::kind
                .eq(kind)
                .and(identifiers::value.eq(value))
                .and(identifiers::subject_id.ne(subject.id()))
                .and(identifiers::valid_to.is_null()),
        )
        .select(identifiers::subject_id)
        .first(w.conn())
        .optional()?;
    if let Some(other) = other {
        let actor = w.principal().id;
        let (household, individual, task) = match subject {
            Subject::Household(id) => (id, None, "family_card_shared"),
            Subject::Individual { id, household } => (household, Some(id), "nik_shared"),
        };
        diesel::insert_into(coordinator_tasks::table)
            .values((
                coordinator_tasks::id.eq(Uuid::now_v7()),
                coordinator_tasks::kind.eq(task),
                coordinator_tasks::household_id.eq(household),
                coordinator_tasks::individual_id.eq(individual),
                coordinator_tasks::other_individual_id.eq(other),
                coordinator_tasks::created_by.eq(actor),
            ))
            .execute(w.conn())?;
    }
    Ok(())
}
