//! The plan of a case: goals and who does what until when. Pure.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::kernel::dates::civil;
use crate::kernel::problem::FieldError;
use crate::kernel::text::clean;

/// More than any family can follow.
const MOST: usize = 30;

/// How far a goal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GoalStatus {
    /// Being worked towards.
    Open,
    /// Reached.
    Met,
    /// Given up, with the family.
    Dropped,
}

/// How far an action is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActionStatus {
    /// Not begun.
    Planned,
    /// Under way.
    Doing,
    /// Done.
    Done,
    /// Not needed any more.
    Dropped,
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// What.
    #[schema(max_length = 500, example = "Rujuk ke program permakanan")]
    pub text: String,
    /// Who: the worker, the family, an organization.
    #[schema(max_length = 200, example = "Keluarga dan pekerja sosial")]
    pub responsible: String,
    /// The organization, if it is one that is known.
    #[serde(default)]
    pub organization_id: Option<Uuid>,
    /// Until when.
    #[serde(default, deserialize_with = "civil::optional")]
    #[schema(example = "2026-12-01")]
    pub due_date: Option<NaiveDate>,
    /// What it costs, in rupiah.
    #[serde(default)]
    #[schema(minimum = 0, example = 300000)]
    pub cost_idr: Option<i64>,
    /// How far it is.
    pub status: ActionStatus,
}

/// What is to be reached.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Goal {
    /// In the family's words.
    #[schema(max_length = 500, example = "Makan tiga kali sehari")]
    pub text: String,
    /// Code of the list `needs` it answers.
    #[serde(default)]
    #[schema(max_length = 60, example = "pangan")]
    pub need_code: Option<String>,
    /// Until when.
    #[serde(default, deserialize_with = "civil::optional")]
    #[schema(example = "2027-02-01")]
    pub target_date: Option<NaiveDate>,
    /// How far it is.
    pub status: GoalStatus,
    /// What is done for it.
    #[schema(max_items = 30)]
    pub actions: Vec<Action>,
}

/// Goals and actions, agreed with the family.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// In order of importance.
    #[schema(max_items = 30)]
    pub goals: Vec<Goal>,
}

impl Plan {
    /// Every mistake, by pointer.
    pub fn check(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let mut refuse = |pointer: String, code: &str, detail: &str| {
            errors.push(FieldError { pointer, code: code.into(), detail: detail.into() });
        };
        if self.goals.len() > MOST {
            refuse("/plan/goals".into(), "length", "has at most 30 goals");
        }
        let text = |value: &str, most: usize| !clean(value).is_empty() && value.chars().count() <= most;
        for (g, goal) in self.goals.iter().enumerate() {
            let at = format!("/plan/goals/{g}");
            if !text(&goal.text, 500) {
                refuse(format!("{at}/text"), "length", "must have 1 to 500 characters");
            }
            if goal.actions.len() > MOST {
                refuse(format!("{at}/actions"), "length", "has at most 30 actions");
            }
            for (a, action) in goal.actions.iter().enumerate() {
                let at = format!("{at}/actions/{a}");
                if !text(&action.text, 500) {
                    refuse(format!("{at}/text"), "length", "must have 1 to 500 characters");
                }
                if !text(&action.responsible, 200) {
                    refuse(format!("{at}/responsible"), "length", "must have 1 to 200 characters");
                }
                if action.cost_idr.is_some_and(|cost| !(0..=1_000_000_000_000).contains(&cost)) {
                    refuse(format!("{at}/cost_idr"), "range", "must be 0 to 1,000,000,000,000");
                }
            }
        }
        errors
    }

    /// Texts without what a screen cannot show.
    #[must_use]
    pub fn cleaned(mut self) -> Self {
        for goal in &mut self.goals {
            goal.text = clean(&goal.text);
            for action in &mut goal.actions {
                action.text = clean(&action.text);
                action.responsible = clean(&action.responsible);
            }
        }
        self
    }

    /// When the next open action is due.
    pub fn next_due(&self) -> Option<NaiveDate> {
        let open = self.goals.iter().filter(|g| g.status == GoalStatus::Open).flat_map(|g| &g.actions);
        open.filter(|a| matches!(a.status, ActionStatus::Planned | ActionStatus::Doing))
            .filter_map(|a| a.due_date)
            .min()
    }

    /// Whether somebody could start with it: a goal with an action.
    pub fn is_workable(&self) -> bool {
        self.goals.iter().any(|g| g.status == GoalStatus::Open && !g.actions.is_empty())
    }

    /// Whether goals are still open.
    pub fn has_open_goals(&self) -> bool {
        self.goals.iter().any(|g| g.status == GoalStatus::Open)
    }
}
