//! SQL text that grows with its binds, for queries whose conditions depend on the caller's scope.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::serialize::ToSql;
use diesel::sql_types::HasSqlType;

/// A statement under construction. Values only ever enter as binds, numbered as they come.
pub struct Sql {
    query: BoxedSqlQuery<'static, Pg, SqlQuery>,
    binds: usize,
}

impl std::fmt::Debug for Sql {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sql({} binds)", self.binds)
    }
}

impl Sql {
    /// Starts with this text.
    pub fn new(text: &str) -> Self {
        Self { query: diesel::sql_query("").into_boxed().sql(text), binds: 0 }
    }
    /// Adds text.
    #[must_use]
    pub fn push(self, text: &str) -> Self {
        Self { query: self.query.sql(text), ..self }
    }
    /// Adds a value where the text stands.
    #[must_use]
    pub fn bind<ST, V>(self, value: V) -> Self
    where
        Pg: HasSqlType<ST>,
        V: ToSql<ST, Pg> + Send + 'static,
        ST: Send + 'static,
    {
        let binds = self.binds + 1;
        Self { query: self.query.sql(format!("${binds}")).bind::<ST, V>(value), binds }
    }
    /// Runs it and reads every row.
    pub fn rows<T>(self, conn: &mut PgConnection) -> QueryResult<Vec<T>>
    where
        T: QueryableByName<Pg> + 'static,
    {
        self.query.load(conn)
    }
    /// Runs it and reads one row; none is `NotFound`.
    pub fn row<T>(self, conn: &mut PgConnection) -> QueryResult<T>
    where
        T: QueryableByName<Pg> + 'static,
    {
        self.query.get_result(conn)
    }
    /// Runs it and counts the rows it touched.
    pub fn execute(self, conn: &mut PgConnection) -> QueryResult<usize> {
        self.query.execute(conn)
    }
}

/// A count.
#[derive(Debug, QueryableByName)]
pub struct Count {
    /// The count.
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    pub count: i64,
}
