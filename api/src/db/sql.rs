//! SQL text that grows with its binds, for what the query builder cannot say.
//!
//! Diesel does not keep the prepared statement of a query that holds a literal of its own `sql()` or `sql_query()`: each
//! one is parsed and planned again, which was half the cost of reading a household. The texts here are made of constants
//! and differ by their conditions only, never by their values, so their statements are few and are kept.

use std::marker::PhantomData;

use diesel::connection::{DefaultLoadingMode, LoadConnection};
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, TypedExpressionType, ValidGrouping, is_aggregate,
};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::row::{Field as _, Row as _};
use diesel::serialize::ToSql;
use diesel::sql_types::{HasSqlType, SqlType, Untyped};

/// Text and values in their order.
#[derive(Default)]
struct Parts(Vec<Box<dyn QueryFragment<Pg> + Send>>);

struct Text(String);

impl QueryFragment<Pg> for Text {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(&self.0);
        Ok(())
    }
}

struct Bind<ST, V>(V, PhantomData<ST>);

impl<ST, V> QueryFragment<Pg> for Bind<ST, V>
where
    Pg: HasSqlType<ST>,
    V: ToSql<ST, Pg>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_bind_param::<ST, V>(&self.0)
    }
}

impl Parts {
    fn text(mut self, text: &str) -> Self {
        self.0.push(Box::new(Text(text.to_owned())));
        self
    }
    fn bind<ST, V>(mut self, value: V) -> Self
    where
        Pg: HasSqlType<ST>,
        V: ToSql<ST, Pg> + Send + 'static,
        ST: Send + 'static,
    {
        self.0.push(Box::new(Bind::<ST, V>(value, PhantomData)));
        self
    }
}

impl QueryFragment<Pg> for Parts {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        for part in &self.0 {
            part.walk_ast(out.reborrow())?;
        }
        Ok(())
    }
}

/// A statement under construction. Values only ever enter as binds, numbered as they come.
#[derive(Default)]
pub struct Sql(Parts);

impl std::fmt::Debug for Sql {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sql({} parts)", self.0.0.len())
    }
}

impl Sql {
    /// Starts with this text.
    pub fn new(text: &str) -> Self {
        Self(Parts::default().text(text))
    }
    /// Adds text.
    #[must_use]
    pub fn push(self, text: &str) -> Self {
        Self(self.0.text(text))
    }
    /// Adds another statement, with its values, as a part of this one.
    #[must_use]
    pub fn append(mut self, other: Self) -> Self {
        self.0.0.extend(other.0.0);
        self
    }
    /// Adds a value where the text stands.
    #[must_use]
    pub fn bind<ST, V>(self, value: V) -> Self
    where
        Pg: HasSqlType<ST>,
        V: ToSql<ST, Pg> + Send + 'static,
        ST: Send + 'static,
    {
        Self(self.0.bind::<ST, V>(value))
    }
    /// Runs it and reads every row.
    pub fn rows<T>(self, conn: &mut PgConnection) -> QueryResult<Vec<T>>
    where
        T: QueryableByName<Pg> + 'static,
    {
        self.load(conn)
    }
    /// Runs it and reads one row; none is `NotFound`.
    pub fn row<T>(self, conn: &mut PgConnection) -> QueryResult<T>
    where
        T: QueryableByName<Pg> + 'static,
    {
        self.get_result(conn)
    }
    /// Runs it and shows every row to `read`, without making anything of it: for tables read whole.
    pub fn each(self, conn: &mut PgConnection, mut read: impl FnMut(&Line<'_>)) -> QueryResult<()> {
        for row in LoadConnection::<DefaultLoadingMode>::load(conn, self)? {
            read(&Line(row?));
        }
        Ok(())
    }
    /// Runs it and counts the rows it touched.
    pub fn execute(self, conn: &mut PgConnection) -> QueryResult<usize> {
        RunQueryDsl::execute(self, conn)
    }
}

/// A row as it came: columns by their position, in the binary form of their type. None where the value is null or of
/// another form.
pub struct Line<'a>(<PgConnection as LoadConnection<DefaultLoadingMode>>::Row<'a, 'static>);

impl std::fmt::Debug for Line<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Line({} columns)", self.0.field_count())
    }
}

impl Line<'_> {
    /// Makes something of the bytes of a column.
    pub fn with<T>(&self, at: usize, read: impl FnOnce(&[u8]) -> Option<T>) -> Option<T> {
        read(self.0.get(at)?.value()?.as_bytes())
    }
    fn fixed<const N: usize>(&self, at: usize) -> Option<[u8; N]> {
        self.with(at, |bytes| bytes.try_into().ok())
    }
    /// A `uuid`.
    pub fn uuid(&self, at: usize) -> Option<u128> {
        self.fixed(at).map(u128::from_be_bytes)
    }
    /// A `bool`; null is false.
    pub fn bool(&self, at: usize) -> bool {
        self.fixed(at) == Some([1])
    }
    /// An `integer`.
    pub fn int4(&self, at: usize) -> Option<i32> {
        self.fixed(at).map(i32::from_be_bytes)
    }
    /// A `smallint`.
    pub fn int2(&self, at: usize) -> Option<i16> {
        self.fixed(at).map(i16::from_be_bytes)
    }
    /// A `date`.
    pub fn date(&self, at: usize) -> Option<chrono::NaiveDate> {
        let days = i64::from(self.int4(at)?);
        chrono::NaiveDate::from_ymd_opt(2000, 1, 1)?.checked_add_signed(chrono::TimeDelta::try_days(days)?)
    }
    /// A `text`.
    pub fn text<T>(&self, at: usize, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        self.with(at, |bytes| read(std::str::from_utf8(bytes).ok()?))
    }
}

impl QueryFragment<Pg> for Sql {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }
}
/// The text is the key under which the statement is kept.
impl QueryId for Sql {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
impl Query for Sql {
    type SqlType = Untyped;
}
impl RunQueryDsl<PgConnection> for Sql {}

/// An expression within a query of the builder; see [`sql`].
pub struct Fragment<ST>(Parts, PhantomData<ST>);

/// An expression of this text, whose type the caller knows.
pub fn sql<ST: SqlType>(text: &str) -> Fragment<ST> {
    Fragment(Parts::default().text(text), PhantomData)
}

impl<ST> Fragment<ST> {
    /// Adds text.
    #[must_use]
    pub fn sql(self, text: &str) -> Self {
        Self(self.0.text(text), PhantomData)
    }
    /// Adds a value where the text stands.
    #[must_use]
    pub fn bind<B, V>(self, value: V) -> Self
    where
        Pg: HasSqlType<B>,
        V: ToSql<B, Pg> + Send + 'static,
        B: Send + 'static,
    {
        Self(self.0.bind::<B, V>(value), PhantomData)
    }
}

impl<ST> std::fmt::Debug for Fragment<ST> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Fragment({} parts)", self.0.0.len())
    }
}
impl<ST: SqlType + TypedExpressionType> Expression for Fragment<ST> {
    type SqlType = ST;
}
impl<ST> QueryFragment<Pg> for Fragment<ST> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }
}
impl<ST> QueryId for Fragment<ST> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
impl<QS, ST> SelectableExpression<QS> for Fragment<ST> where Self: Expression {}
impl<QS, ST> AppearsOnTable<QS> for Fragment<ST> where Self: Expression {}
impl<ST, G> ValidGrouping<G> for Fragment<ST> {
    type IsAggregate = is_aggregate::Never;
}

/// A count.
#[derive(Debug, QueryableByName)]
pub struct Count {
    /// The count.
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    pub count: i64,
}
