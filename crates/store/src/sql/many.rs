//! Many rows by one statement, and several statements in one message: what an engine across a wire is asked.
//!
//! A text names many keys as `{keys}` (`WHERE id {keys}`) and many rows as `{rows}` (`INSERT INTO place (session, dose) {rows}`,
//! `WITH named (session, dose) AS ({rows}) UPDATE place …`, by the columns of that table). A server takes them as arrays; the
//! embedded engine, to which a statement costs no message, one after the other.

use super::{Broken, Connection, Param, Result, Row, Session, ToParam, Value};

/// A statement of the text with its values, keys or rows.
pub(crate) enum Step<'a> {
    /// With these values.
    One(&'static str, Vec<Param<'a>>),
    /// Over all of these keys.
    Keys(&'static str, Vec<Param<'a>>),
    /// With all of these rows, each with the columns that the text names.
    Rows(&'static str, Vec<Vec<Param<'a>>>),
}

/// Rows that a statement found, with their columns.
pub(crate) type Found = Vec<Vec<Value>>;

impl Step<'_> {
    /// Whether it is over nothing.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::One(..) => false,
            Self::Keys(_, keys) => keys.is_empty(),
            Self::Rows(_, rows) => rows.is_empty(),
        }
    }

    fn has_zero(&self) -> bool {
        match self {
            Self::One(_, values) | Self::Keys(_, values) => values.iter().any(Param::has_zero),
            Self::Rows(_, rows) => rows.iter().flatten().any(Param::has_zero),
        }
    }

    /// What the embedded engine is asked for it: a text, and the values of each time.
    fn one_by_one(&self) -> (String, Vec<&[Param<'_>]>) {
        let marks = |many: usize| (1..=many).map(|at| format!("?{at}")).collect::<Vec<_>>().join(", ");
        match self {
            Self::One(text, values) => ((*text).to_owned(), vec![values]),
            Self::Keys(text, keys) => (text.replace("{keys}", &format!("IN ({})", marks(keys.len()))), vec![keys]),
            Self::Rows(text, rows) => {
                let values = format!("VALUES ({})", marks(rows.first().map_or(0, Vec::len)));
                (text.replace("{rows}", &values), rows.iter().map(Vec::as_slice).collect())
            }
        }
    }
}

impl Connection {
    /// Whether a statement costs a message each way.
    pub(crate) fn is_far(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    /// Runs statements in their order; answers how many rows each changed. Where one fails, those after it do nothing, and what
    /// was done before is for the caller to roll back.
    pub(crate) fn run_each(&self, steps: &[Step<'_>]) -> Result<Vec<usize>> {
        self.each(steps, Session::run_each, |text, values| self.run(text, values), 0, |sum, changed| *sum += changed)
    }

    /// Numbers for so many messages; none for one that is numbered as it is put in.
    pub(crate) fn numbers(&self, many: usize) -> Result<Vec<Option<i64>>> {
        match self {
            Self::Sqlite(_) => Ok(vec![None; many]),
            Self::Postgres(session) => Ok(session.numbers(many)?.into_iter().map(Some).collect()),
        }
    }

    /// Runs statements in their order; answers what each found.
    pub(crate) fn find_each(&self, steps: &[Step<'_>]) -> Result<Vec<Found>> {
        let find = |text: &str, values: &[Param<'_>]| self.all(text, values, whole);
        self.each(steps, Session::find_each, find, Vec::new(), Extend::extend)
    }

    fn each<T: Clone>(
        &self,
        steps: &[Step<'_>],
        together: impl FnOnce(&Session, &[Step<'_>]) -> Result<Vec<T>>,
        one: impl Fn(&str, &[Param<'_>]) -> Result<T>,
        none: T,
        add: impl Fn(&mut T, T),
    ) -> Result<Vec<T>> {
        if steps.iter().any(Step::has_zero) {
            return Err(Broken::Constraint);
        }
        if let Self::Postgres(session) = self {
            return together(session, steps);
        }
        let mut all = Vec::with_capacity(steps.len());
        for step in steps {
            let (text, times) = step.one_by_one();
            let mut answer = none.clone();
            for values in times {
                add(&mut answer, one(&text, values)?);
            }
            all.push(answer);
        }
        Ok(all)
    }
}

/// A row with all of its columns.
pub(super) fn whole(row: &Row<'_>) -> Result<Vec<Value>> {
    (0..row.width()).map(|at| row.at(at)).collect()
}

/// A value for a server: one, or a list of them.
pub(super) fn lists<'a>(step: &'a Step<'a>) -> Vec<Vec<Param<'a>>> {
    match step {
        Step::One(..) => Vec::new(),
        Step::Keys(_, keys) => vec![keys.clone()],
        Step::Rows(_, rows) => {
            let width = rows.first().map_or(0, Vec::len);
            (0..width).map(|column| rows.iter().map(|row| row[column]).collect()).collect()
        }
    }
}

impl Value {
    /// It as what is read from a column.
    pub(crate) fn read<T: super::Column>(&self, place: usize) -> Result<T> {
        let cell = match self.param() {
            Param::Null => super::Cell::Null,
            Param::Int(number) => super::Cell::Int(number),
            Param::Real(number) => super::Cell::Real(number),
            Param::Text(text) => super::Cell::Text(text),
            Param::Blob(bytes) => super::Cell::Blob(bytes),
        };
        T::of(cell).ok_or_else(|| Broken::Column(place.to_string()))
    }
}
