//! What signatures do to problems.

use super::model::{AssessmentKind, Recommended};
use super::queries::{self, AssessmentRow};
use crate::access::Writer;
use crate::db::slugs::Sensitivity;
use crate::kernel::problem::Problem;
use crate::problems::{FoundNeed, record_found, verify_found};
use crate::reference::lookup;

/// The label of recommended needs; refuses codes that are none.
pub(super) fn label(w: &mut Writer<'_>, recommended: &[Recommended]) -> Result<Sensitivity, Problem> {
    let mut label = Sensitivity::Open;
    for (n, one) in recommended.iter().enumerate() {
        let need = lookup::required(w, "needs", &one.need_code, &format!("/recommended/{n}/need_code"))?;
        label = label.max(need.sensitivity);
        if let Some(code) = &one.ppks_code {
            let ppks = lookup::required(w, "ppks_types", code, &format!("/recommended/{n}/ppks_code"))?;
            label = label.max(ppks.sensitivity);
        }
    }
    Ok(label)
}

/// The signature: every recommended need becomes a problem, or stands behind one that is known. An open need found in a
/// restricted assessment becomes a restricted problem: where it was found would tell.
pub(super) fn of_signature(
    w: &mut Writer<'_>,
    row: &AssessmentRow,
    recommended: &[Recommended],
) -> Result<(), Problem> {
    for one in recommended {
        let sensitivity = label(w, std::slice::from_ref(one))?.max(row.sensitivity);
        let found = FoundNeed {
            household_id: row.household_id,
            individual_id: row.individual_id,
            need_code: one.need_code.clone(),
            ppks_code: one.ppks_code.clone(),
            severity: one.severity,
            note: one.note.clone(),
            sensitivity,
            certified: row.kind == AssessmentKind::Assessment,
        };
        let (problem, effect) = record_found(w, found)?;
        queries::note_effect(w, row.id, problem, effect)?;
    }
    Ok(())
}

/// The counter-signature verifies what the signature reported or confirmed.
pub(super) fn of_countersignature(w: &mut Writer<'_>, row: &AssessmentRow) -> Result<(), Problem> {
    for (problem, effect) in queries::effects(w, row.id)? {
        if matches!(effect.as_str(), "reported" | "confirmed") {
            verify_found(w, problem)?;
        }
    }
    Ok(())
}
