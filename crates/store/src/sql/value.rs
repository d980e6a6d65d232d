//! Values as they go into statements and come out of rows.

use bytes::BytesMut;
use rusqlite::types::{ToSqlOutput, ValueRef};
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

/// A value for a statement.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Param<'a> {
    Null,
    Int(i64),
    Real(f64),
    Text(&'a str),
    Blob(&'a [u8]),
}

impl Param<'_> {
    /// A count or a place.
    pub(crate) fn whole(number: u64) -> Param<'static> {
        Param::Int(i64::try_from(number).expect("no count of ours reaches so far"))
    }

    /// Whether it is a text with a character zero. PostgreSQL takes none, and would let the whole batch fall for it: so on
    /// neither engine is one written, as if a constraint stood against it, and on neither is one found.
    pub(crate) fn has_zero(&self) -> bool {
        matches!(self, Self::Text(text) if text.contains('\0'))
    }
}

/// A value of a row.
pub(crate) enum Cell<'a> {
    Null,
    Int(i64),
    Real(f64),
    Text(&'a str),
    Blob(&'a [u8]),
}

/// What can be a value for a statement.
pub(crate) trait ToParam {
    fn param(&self) -> Param<'_>;
}

/// What can be read from a column.
pub(crate) trait Column: Sized {
    fn of(cell: Cell<'_>) -> Option<Self>;
}

macro_rules! whole_numbers {
    ($($number:ty),+) => { $(
        impl ToParam for $number {
            fn param(&self) -> Param<'_> {
                Param::Int(i64::try_from(*self).expect("no count of ours reaches so far"))
            }
        }
        impl Column for $number {
            fn of(cell: Cell<'_>) -> Option<Self> {
                if let Cell::Int(number) = cell { number.try_into().ok() } else { None }
            }
        }
    )+ };
}
whole_numbers!(u8, u16, u32, u64, usize, i16, i32, i64);

impl ToParam for bool {
    fn param(&self) -> Param<'_> {
        Param::Int(i64::from(*self))
    }
}

impl ToParam for f64 {
    fn param(&self) -> Param<'_> {
        Param::Real(*self)
    }
}

impl ToParam for str {
    fn param(&self) -> Param<'_> {
        Param::Text(self)
    }
}

impl ToParam for String {
    fn param(&self) -> Param<'_> {
        Param::Text(self)
    }
}

impl ToParam for [u8] {
    fn param(&self) -> Param<'_> {
        Param::Blob(self)
    }
}

impl<const N: usize> ToParam for [u8; N] {
    fn param(&self) -> Param<'_> {
        Param::Blob(self)
    }
}

impl ToParam for Vec<u8> {
    fn param(&self) -> Param<'_> {
        Param::Blob(self)
    }
}

impl<T: ToParam> ToParam for Option<T> {
    fn param(&self) -> Param<'_> {
        self.as_ref().map_or(Param::Null, ToParam::param)
    }
}

impl<T: ToParam + ?Sized> ToParam for &T {
    fn param(&self) -> Param<'_> {
        (**self).param()
    }
}

impl Column for bool {
    fn of(cell: Cell<'_>) -> Option<Self> {
        if let Cell::Int(number) = cell { Some(number != 0) } else { None }
    }
}

impl Column for f64 {
    fn of(cell: Cell<'_>) -> Option<Self> {
        if let Cell::Real(number) = cell { Some(number) } else { None }
    }
}

impl Column for String {
    fn of(cell: Cell<'_>) -> Option<Self> {
        if let Cell::Text(text) = cell { Some(text.to_owned()) } else { None }
    }
}

impl Column for Vec<u8> {
    fn of(cell: Cell<'_>) -> Option<Self> {
        if let Cell::Blob(bytes) = cell { Some(bytes.to_vec()) } else { None }
    }
}

impl<const N: usize> Column for [u8; N] {
    fn of(cell: Cell<'_>) -> Option<Self> {
        if let Cell::Blob(bytes) = cell { bytes.try_into().ok() } else { None }
    }
}

impl<T: Column> Column for Option<T> {
    fn of(cell: Cell<'_>) -> Option<Self> {
        if let Cell::Null = cell { Some(None) } else { T::of(cell).map(Some) }
    }
}

impl<'a> From<ValueRef<'a>> for Cell<'a> {
    fn from(value: ValueRef<'a>) -> Self {
        match value {
            ValueRef::Null => Self::Null,
            ValueRef::Integer(number) => Self::Int(number),
            ValueRef::Real(number) => Self::Real(number),
            // What is no text is no column of ours: whoever reads it says so.
            ValueRef::Text(text) => std::str::from_utf8(text).map_or(Self::Null, Self::Text),
            ValueRef::Blob(bytes) => Self::Blob(bytes),
        }
    }
}

impl rusqlite::ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Real(number) => ValueRef::Real(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

type Unfit = Box<dyn std::error::Error + Sync + Send>;

impl ToSql for Param<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Unfit> {
        match (self, ty) {
            (Self::Null, _) => Ok(IsNull::Yes),
            (Self::Int(number), &Type::INT8) => number.to_sql(ty, out),
            (Self::Int(number), &Type::INT4) => i32::try_from(*number)?.to_sql(ty, out),
            (Self::Int(number), &Type::BOOL) => (*number != 0).to_sql(ty, out),
            (Self::Int(number), &Type::NUMERIC | &Type::FLOAT8) => Err(format!("{number} as {ty}").into()),
            (Self::Real(number), _) => number.to_sql(ty, out),
            (Self::Text(text), _) => text.to_sql(ty, out),
            (Self::Blob(bytes), _) => bytes.to_sql(ty, out),
            (Self::Int(_), _) => Err(format!("a whole number as {ty}").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Cell<'a> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Unfit> {
        Ok(match *ty {
            Type::INT8 => Self::Int(i64::from_sql(ty, raw)?),
            Type::INT4 => Self::Int(i32::from_sql(ty, raw)?.into()),
            Type::BOOL => Self::Int(bool::from_sql(ty, raw)?.into()),
            Type::FLOAT8 => Self::Real(f64::from_sql(ty, raw)?),
            Type::BYTEA => Self::Blob(raw),
            _ => Self::Text(<&str>::from_sql(ty, raw)?),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Unfit> {
        Ok(Self::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}
