//! Enums whose values are the slugs of a text column with a CHECK, on the wire as in the database.

/// Declares an enum with its slugs: on the wire, in the document, in the database.
#[macro_export]
macro_rules! slugs {
    ($(#[$outer:meta])* $name:ident { $($(#[$meta:meta])* $variant:ident $slug:tt,)* }) => {
        $(#[$outer])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
            diesel::deserialize::FromSqlRow, diesel::expression::AsExpression,
        )]
        #[diesel(sql_type = diesel::sql_types::Text)]
        pub enum $name {
            $($(#[$meta])* #[serde(rename = $slug)] $variant,)*
        }
        impl $name {
            /// Every value.
            pub const ALL: &[Self] = &[$(Self::$variant),*];
            /// Slug on the wire and in the database.
            pub fn slug(self) -> &'static str {
                match self { $(Self::$variant => $slug,)* }
            }
        }
        impl diesel::deserialize::FromSql<diesel::sql_types::Text, diesel::pg::Pg> for $name {
            fn from_sql(bytes: diesel::pg::PgValue<'_>) -> diesel::deserialize::Result<Self> {
                match bytes.as_bytes() {
                    $(b if b == $slug.as_bytes() => Ok(Self::$variant),)*
                    _ => Err(concat!("unknown ", stringify!($name)).into()),
                }
            }
        }
        impl diesel::serialize::ToSql<diesel::sql_types::Text, diesel::pg::Pg> for $name {
            fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>) -> diesel::serialize::Result {
                use std::io::Write as _;
                out.write_all(self.slug().as_bytes())?;
                Ok(diesel::serialize::IsNull::No)
            }
        }
    };
}

crate::slugs! {
    /// Who may see an item: everybody in whose area it lies, or only those who work on it.
    Sensitivity {
        /// By area and role.
        Open "open",
        /// Only the people who work on it, their supervisor and the receiving officer.
        Restricted "restricted",
    }
}
