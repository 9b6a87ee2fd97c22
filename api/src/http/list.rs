//! What every list has in common: limit, cursor, total, Link.

use crate::http::answer::Answer;
use crate::kernel::page::{Cursor, DEFAULT_LIMIT, PageInfo};
use crate::kernel::problem::Problem;
use crate::kernel::seal::Sealer;

/// Most rows `include_total` counts.
pub const TOTAL_CAP: i64 = 10_000;

/// Declares the query string of a list: the given filters plus `limit`, `cursor` and `include_total`.
/// One flat struct a list, since a flattened one cannot read numbers from a query string.
#[macro_export]
macro_rules! list_query {
    ($(#[$outer:meta])* $name:ident { $($(#[$meta:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$outer])*
        #[derive(Debug, Clone, Default, serde::Deserialize, serde::Serialize, validator::Validate, utoipa::IntoParams)]
        #[serde(deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        pub struct $name {
            /// Rows a page, 1 to 200.
            #[param(nullable = false, minimum = 1, maximum = 200, default = 50, example = 50)]
            #[validate(range(min = 1, max = 200, message = "must be 1 to 200"))]
            pub limit: Option<u32>,
            /// `page.next_cursor` of the page before.
            #[param(nullable = false, max_length = 2000, pattern = "^[A-Za-z0-9_-]{16,2000}$")]
            #[validate(custom(function = "crate::kernel::page::check_cursor"))]
            pub cursor: Option<String>,
            /// Also count the rows (up to 10,000).
            #[param(nullable = false)]
            pub include_total: Option<bool>,
            $($(#[$meta])* #[param(nullable = false)] pub $field: Option<$type>,)*
        }
        impl $name {
            /// The paging part, with a fingerprint of the rest.
            pub fn paging(&self, list: &str) -> $crate::http::list::Paging {
                let mut filters = self.clone();
                filters.limit = None;
                filters.cursor = None;
                filters.include_total = None;
                $crate::http::list::Paging::new(list, &filters, self.limit, self.cursor.clone(), self.include_total)
            }
        }
    };
}

/// Paging of one request.
#[derive(Debug, Clone)]
pub struct Paging {
    list: String,
    /// Rows a page.
    pub limit: u32,
    cursor: Option<String>,
    /// Whether to count.
    pub include_total: bool,
}

impl Paging {
    /// `filters` (sort included) is fingerprinted into the cursor.
    pub fn new(
        list: &str,
        filters: &impl serde::Serialize,
        limit: Option<u32>,
        cursor: Option<String>,
        total: Option<bool>,
    ) -> Self {
        use sha2::Digest as _;
        let text = format!("{list}|{}", serde_json::to_string(filters).unwrap_or_default());
        let hash: String = sha2::Sha256::digest(text.as_bytes()).iter().take(8).map(|b| format!("{b:02x}")).collect();
        Self { list: hash, limit: limit.unwrap_or(DEFAULT_LIMIT), cursor, include_total: total.unwrap_or(false) }
    }
    /// Rows to fetch: one more than asked tells whether more follows.
    pub fn fetch(&self) -> i64 {
        i64::from(self.limit) + 1
    }
    /// Where to start.
    pub fn start(&self, sealer: &Sealer) -> Result<Option<Cursor>, Problem> {
        self.cursor.as_deref().map(|text| Cursor::open(text, &self.list, sealer)).transpose()
    }
    /// Cuts the extra row off and makes the `page` member. `position` gives sort key and id of a row.
    pub fn close<T>(
        &self,
        rows: &mut Vec<T>,
        sealer: &Sealer,
        total: Option<i64>,
        position: impl Fn(&T) -> (Option<String>, String),
    ) -> PageInfo {
        let has_more = rows.len() > self.limit as usize;
        rows.truncate(self.limit as usize);
        let next_cursor = rows.last().filter(|_| has_more).map(|last| {
            let (key, id) = position(last);
            Cursor { list: self.list.clone(), key, id }.seal(sealer)
        });
        PageInfo {
            next_cursor,
            has_more,
            limit: self.limit,
            total: total.map(|t| t.min(TOTAL_CAP)),
            total_capped: total.map(|t| t > TOTAL_CAP),
        }
    }
}

/// The answer of a list, with `Link` to the next page where the list is asked by GET.
pub fn page_answer(value: &impl serde::Serialize, page: &PageInfo, path: &str) -> Result<Answer, Problem> {
    let answer = Answer::ok(value)?;
    Ok(match &page.next_cursor {
        Some(cursor) => answer.header("link", format!("<{path}?limit={}&cursor={cursor}>; rel=\"next\"", page.limit)),
        None => answer,
    })
}
