//! Wire types of the issues of an import, and of the rows to correct.

use serde::{Deserialize, Serialize};

use super::issues;
use super::model::Message;
use super::queries::IssueRow;

crate::slugs! {
    /// One of the files of an upload.
    ImportPart {
        /// The file of families.
        Families "families",
        /// The file of their members.
        Members "members",
        /// A list of people.
        List "list",
    }
}

crate::slugs! {
    /// What an issue does to its row.
    IssueVerdict {
        /// The row waits for correction.
        Reject "reject",
        /// Two different people claim one number: the row waits for a human.
        Conflict "conflict",
        /// The row is taken without the value.
        Drop "drop",
        /// The row is taken; somebody should look.
        Warn "warn",
    }
}

crate::slugs! {
    /// How the rows to correct come.
    RowsFormat {
        /// A workbook of text cells.
        Xlsx "xlsx",
        /// Semicolons between cells, UTF-8 with BOM.
        Csv "csv",
    }
}

/// One thing that is wrong with a row.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ImportIssue {
    /// Number.
    #[schema(example = 17)]
    pub id: i64,
    /// Part of the upload.
    #[schema(example = "members")]
    pub file: String,
    /// Row in the file, header and banner included: the first data row of a CSV is 2.
    #[schema(example = 147)]
    pub row: i32,
    /// Heading of the column as the file writes it.
    #[schema(required, example = "nomor_kartu_keluarga")]
    pub column: Option<String>,
    /// Stable code.
    #[schema(example = "family_not_found")]
    pub code: String,
    /// What it does to the row: reject, conflict, drop or warn.
    #[schema(example = "reject")]
    pub verdict: String,
    /// The value with its personal part hidden.
    #[schema(required, example = "327315******0001")]
    pub value_masked: Option<String>,
    /// What it means.
    pub message: Message,
}

impl From<IssueRow> for ImportIssue {
    fn from(row: IssueRow) -> Self {
        let known = issues::by_code(&row.code);
        let message = Message {
            id: known.map_or(&*row.code, |i| i.id).to_owned(),
            en: known.map_or(&*row.code, |i| i.en).to_owned(),
        };
        Self {
            id: row.id,
            file: row.file,
            row: row.row_no,
            column: row.column_name,
            code: row.code,
            verdict: row.verdict,
            value_masked: row.value_masked,
            message,
        }
    }
}

crate::page_of!(ImportIssuePage, ImportIssue);

crate::list_query! {
    /// Filters of the list of issues.
    ImportIssueQuery {
        /// Only this part of the upload.
        #[param(inline)]
        file: ImportPart,
        /// Only this code.
        #[param(example = "nik_length", max_length = 60)]
        #[validate(length(max = 60, message = "is too long"))]
        code: String,
        /// Only this verdict.
        #[param(inline)]
        verdict: IssueVerdict,
    }
}

/// Which rows to download, and how.
#[derive(Debug, Deserialize, validator::Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RejectedQuery {
    /// Part of the upload.
    #[param(inline)]
    pub file: ImportPart,
    /// xlsx (text cells; the default) or csv.
    #[param(inline, nullable = false)]
    pub format: Option<RowsFormat>,
}
