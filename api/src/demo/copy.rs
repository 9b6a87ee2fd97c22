//! Rows in the binary COPY format of Postgres. Types must match the columns exactly; nothing converts them.

use chrono::NaiveDate;
use uuid::Uuid;

/// Milliseconds between 1970 and 2000, where Postgres begins to count.
const EPOCH_MS: i64 = 946_684_800_000;
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
const TEXT_OID: u32 = 25;

/// Rows of one table that wait to be sent.
pub struct Rows {
    bytes: Vec<u8>,
    fields: i16,
    count: usize,
}

impl Rows {
    /// No rows yet, of `fields` columns each.
    pub fn new(fields: i16) -> Self {
        Self { bytes: HEADER.to_vec(), fields, count: 0 }
    }

    /// How many rows wait.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Begins a row; then follow its fields, in order.
    pub fn row(&mut self) -> &mut Self {
        self.count += 1;
        self.bytes.extend_from_slice(&self.fields.to_be_bytes());
        self
    }

    fn field(&mut self, bytes: &[u8]) -> &mut Self {
        // A field is at most a few kilobytes here.
        let len = i32::try_from(bytes.len()).unwrap_or(i32::MAX);
        self.bytes.extend_from_slice(&len.to_be_bytes());
        self.bytes.extend_from_slice(bytes);
        self
    }

    /// NULL.
    pub fn null(&mut self) -> &mut Self {
        self.bytes.extend_from_slice(&(-1i32).to_be_bytes());
        self
    }

    /// The value, or NULL.
    pub fn maybe<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T) -> &mut Self) -> &mut Self {
        match value {
            Some(value) => write(self, value),
            None => self.null(),
        }
    }

    /// `uuid`
    pub fn uuid(&mut self, id: Uuid) -> &mut Self {
        self.field(id.as_bytes())
    }
    /// `text`
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.field(text.as_bytes())
    }
    /// `text`, or NULL
    pub fn maybe_text(&mut self, text: Option<&str>) -> &mut Self {
        self.maybe(text, |rows, text| rows.text(text))
    }
    /// `jsonb` from its text
    pub fn json(&mut self, text: &str) -> &mut Self {
        let len = i32::try_from(text.len() + 1).unwrap_or(i32::MAX);
        self.bytes.extend_from_slice(&len.to_be_bytes());
        self.bytes.push(1);
        self.bytes.extend_from_slice(text.as_bytes());
        self
    }
    /// `smallint`
    pub fn int2(&mut self, value: i16) -> &mut Self {
        self.field(&value.to_be_bytes())
    }
    /// `integer`
    pub fn int4(&mut self, value: i32) -> &mut Self {
        self.field(&value.to_be_bytes())
    }
    /// `bigint`
    pub fn int8(&mut self, value: i64) -> &mut Self {
        self.field(&value.to_be_bytes())
    }
    /// `double precision`
    pub fn float8(&mut self, value: f64) -> &mut Self {
        self.field(&value.to_be_bytes())
    }
    /// `boolean`
    pub fn boolean(&mut self, value: bool) -> &mut Self {
        self.field(&[u8::from(value)])
    }
    /// `date`
    pub fn date(&mut self, date: NaiveDate) -> &mut Self {
        self.field(&days(date).to_be_bytes())
    }
    /// `timestamptz` from milliseconds since 1970
    pub fn at(&mut self, millis: u64) -> &mut Self {
        let micros = (i64::try_from(millis).unwrap_or(EPOCH_MS) - EPOCH_MS) * 1000;
        self.field(&micros.to_be_bytes())
    }
    /// `text[]`
    pub fn texts<T: AsRef<str>>(&mut self, values: &[T]) -> &mut Self {
        let mut array = Vec::new();
        let count = i32::try_from(values.len()).unwrap_or(0);
        array.extend_from_slice(&i32::from(count > 0).to_be_bytes());
        array.extend_from_slice(&0i32.to_be_bytes());
        array.extend_from_slice(&TEXT_OID.to_be_bytes());
        if count > 0 {
            array.extend_from_slice(&count.to_be_bytes());
            array.extend_from_slice(&1i32.to_be_bytes());
        }
        for value in values {
            let value = value.as_ref().as_bytes();
            array.extend_from_slice(&i32::try_from(value.len()).unwrap_or(0).to_be_bytes());
            array.extend_from_slice(value);
        }
        self.field(&array)
    }
    /// `daterange` from the first to the last day, both included
    pub fn days(&mut self, first: NaiveDate, last: NaiveDate) -> &mut Self {
        const LOWER_INCLUSIVE: u8 = 2;
        let mut range = vec![LOWER_INCLUSIVE];
        for day in [days(first), days(last) + 1] {
            range.extend_from_slice(&4i32.to_be_bytes());
            range.extend_from_slice(&day.to_be_bytes());
        }
        self.field(&range)
    }

    /// The finished stream; begins anew afterwards.
    pub fn take(&mut self) -> Vec<u8> {
        self.count = 0;
        let mut bytes = std::mem::replace(&mut self.bytes, HEADER.to_vec());
        bytes.extend_from_slice(&(-1i16).to_be_bytes());
        bytes
    }
}

fn days(date: NaiveDate) -> i32 {
    let since = date.signed_duration_since(NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default());
    i32::try_from(since.num_days()).unwrap_or(0)
}
