//! What an instrument consists of. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::label::Label;

/// How a question is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum QuestionKind {
    /// true or false.
    YesNo,
    /// Code of one option.
    Choice,
    /// Codes of any number of options.
    Choices,
    /// A whole number.
    Integer,
    /// Rupiah.
    Money,
    /// A civil date.
    Date,
    /// Words.
    Text,
}

/// Something that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InstrumentChoice)]
pub struct Choice {
    /// Stable inside its question.
    #[schema(example = "a_lot")]
    pub code: String,
    /// What the screen shows.
    pub label: Label,
}

/// Whether something was answered so. What is not answered, or not asked, meets no condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "op", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = InstrumentCondition)]
pub enum Condition {
    /// Answered yes.
    Yes {
        /// Code of a yes-no question.
        #[schema(example = "no_shelter")]
        question: String,
    },
    /// Answered no.
    No {
        /// Code of a yes-no question.
        #[schema(example = "no_shelter")]
        question: String,
    },
    /// One of these options was chosen.
    AnyOf {
        /// Code of a question with options.
        #[schema(example = "no_shelter")]
        question: String,
        /// Codes of options.
        #[schema(example = json!(["a_lot", "cannot"]))]
        codes: Vec<String>,
    },
    /// The number is this or more.
    AtLeast {
        /// Code of a question answered with a number.
        #[schema(example = "no_shelter")]
        question: String,
        /// The bound.
        #[schema(example = 1)]
        number: i64,
    },
    /// The number is this or less.
    AtMost {
        /// Code of a question answered with a number.
        #[schema(example = "no_shelter")]
        question: String,
        /// The bound.
        #[schema(example = 1)]
        number: i64,
    },
    /// The score is this or more; in findings only.
    ScoreAtLeast {
        /// Code of a score.
        #[schema(example = "total")]
        score: String,
        /// The bound.
        #[schema(example = 5)]
        points: i64,
    },
    /// Every one is met.
    All {
        /// At least one.
        #[schema(no_recursion)]
        conditions: Vec<Condition>,
    },
    /// At least one is met.
    Any {
        /// At least one.
        #[schema(no_recursion)]
        conditions: Vec<Condition>,
    },
    /// It is not met.
    Not {
        /// What must not be met.
        #[schema(no_recursion)]
        condition: Box<Condition>,
    },
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InstrumentQuestion)]
pub struct Question {
    /// Stable inside the instrument.
    #[schema(example = "no_shelter")]
    pub code: String,
    /// What is asked.
    pub text: Label,
    /// How to ask or measure it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<Label>,
    /// How it is answered.
    pub kind: QuestionKind,
    /// Whether it must be answered before signing, where it is asked.
    #[serde(default)]
    pub required: bool,
    /// What can be chosen; for `choice` and `choices`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choice>,
    /// Smallest number; for `integer` and `money`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 0)]
    pub min: Option<i64>,
    /// Largest number; for `integer` and `money`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 6)]
    pub max: Option<i64>,
    /// When it is asked; always where left out. Names questions that stand before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
}

/// A task of the form: questions that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InstrumentSection)]
pub struct Section {
    /// Stable inside the instrument.
    #[schema(example = "housing")]
    pub code: String,
    /// Its name.
    pub title: Label,
    /// When it is asked; always where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// Its questions, in order.
    pub questions: Vec<Question>,
}

/// Points for something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InstrumentScoreItem)]
pub struct ScoreItem {
    /// When they count.
    pub when: Condition,
    /// How many.
    #[schema(example = 1)]
    pub points: i64,
    /// What for.
    pub label: Label,
}

/// What a range of points means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InstrumentBand)]
pub struct Band {
    /// Stable inside its score.
    #[schema(example = "poor")]
    pub code: String,
    /// Its name.
    pub name: Label,
    /// Lowest points, included.
    #[schema(example = 3)]
    pub from: i64,
}

/// A sum of points and what it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InstrumentScore)]
pub struct Score {
    /// Stable inside the instrument.
    #[schema(example = "total")]
    pub code: String,
    /// Its name.
    pub name: Label,
    /// What adds up.
    pub items: Vec<ScoreItem>,
    /// From low to high; the first starts at the lowest possible sum.
    pub bands: Vec<Band>,
}

/// A need that the answers point to. Only the worker's signature makes it a problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InstrumentFinding)]
pub struct Finding {
    /// When.
    pub when: Condition,
    /// Code of the list `needs`.
    #[schema(example = "pangan")]
    pub need_code: String,
    /// Code of the list `ppks_types`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "fakir_miskin")]
    pub ppks_code: Option<String>,
    /// emergency, high, medium or low.
    #[schema(example = "high")]
    pub severity: String,
}

/// The whole form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InstrumentDefinition)]
pub struct Definition {
    /// Tasks, in order.
    #[schema(max_items = 100)]
    pub sections: Vec<Section>,
    /// Scores.
    #[schema(max_items = 20)]
    #[serde(default)]
    pub scores: Vec<Score>,
    /// Findings.
    #[schema(max_items = 100)]
    #[serde(default)]
    pub findings: Vec<Finding>,
}

impl Definition {
    /// Every question with its section, in order.
    pub fn questions(&self) -> impl Iterator<Item = (&Section, &Question)> {
        self.sections.iter().flat_map(|s| s.questions.iter().map(move |q| (s, q)))
    }
}
