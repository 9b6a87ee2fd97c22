//! Keyset pages: `limit`, a sealed cursor that shows no value, and whether more follows.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use validator::ValidationError;

use super::problem::{INVALID_CURSOR, Problem};
use super::seal::Sealer;

/// Rows a page holds when the caller does not say.
pub const DEFAULT_LIMIT: u32 = 50;
/// Most rows a page may hold.
pub const MAX_LIMIT: u32 = 200;

/// Where a page starts: the sort key and id of the last row before it.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq)]
pub struct Cursor {
    /// Fingerprint of list, sort and filter, so that a cursor fits only the list it came from.
    pub list: String,
    /// Sort value of the last row (`None` is SQL null).
    pub key: Option<String>,
    /// Id of the last row.
    pub id: String,
}

impl Cursor {
    /// Encrypts the cursor for the wire.
    pub fn seal(&self, sealer: &Sealer) -> String {
        let plain = serde_json::to_vec(self).unwrap_or_default();
        URL_SAFE_NO_PAD.encode(sealer.seal("cursor", &plain).unwrap_or_default())
    }

    /// Reads a cursor of the given list.
    pub fn open(text: &str, list: &str, sealer: &Sealer) -> Result<Self, Problem> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok();
        let cursor: Option<Self> =
            bytes.and_then(|b| sealer.open("cursor", &b)).and_then(|p| serde_json::from_slice(&p).ok());
        match cursor {
            Some(cursor) if cursor.list == list => Ok(cursor),
            _ => Err(Problem::new(&INVALID_CURSOR).and(
                "cursor",
                "invalid",
                "is not a cursor of this list with this sort and filter",
            )),
        }
    }
}

/// Whether a text can be a cursor at all: sealed bytes in base64url. What it holds only its list can tell.
///
/// # Errors
/// `format` where it cannot.
pub fn check_cursor(text: &str) -> Result<(), ValidationError> {
    let letters = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if letters && (16..=2000).contains(&text.len()) {
        Ok(())
    } else {
        Err(ValidationError::new("format").with_message("is not a cursor".into()))
    }
}

/// The `page` member of a list.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct PageInfo {
    /// Send as `cursor` to get the next page; null on the last one.
    #[schema(required, example = "q3Jx…")]
    pub next_cursor: Option<String>,
    /// Whether more rows follow.
    pub has_more: bool,
    /// Most rows this page could hold.
    #[schema(minimum = 1, maximum = 200, example = 50)]
    pub limit: u32,
    /// Number of rows in all, only with `include_total=true`; capped.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 0, example = 151)]
    pub total: Option<i64>,
    /// True when `total` is the cap and there may be more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub total_capped: Option<bool>,
}

/// Declares a concrete page type: a generic one would be inlined in the OpenAPI document.
#[macro_export]
macro_rules! page_of {
    ($name:ident, $row:ty) => {
        #[doc = concat!("A page of `", stringify!($row), "`.")]
        #[derive(Debug, serde::Serialize, utoipa::ToSchema)]
        pub struct $name {
            /// The rows of this page.
            pub data: Vec<$row>,
            /// How to go on.
            pub page: $crate::kernel::page::PageInfo,
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_fits_its_list_only() {
        let sealer = Sealer::new(&[7; 32]);
        let cursor = Cursor { list: "a".into(), key: Some("SITI".into()), id: "1".into() };
        let text = cursor.seal(&sealer);
        assert!(!text.contains("SITI"));
        assert_eq!(Cursor::open(&text, "a", &sealer).unwrap(), cursor);
        assert!(Cursor::open(&text, "b", &sealer).is_err());
        assert!(Cursor::open("rubbish", "a", &sealer).is_err());
    }
}
