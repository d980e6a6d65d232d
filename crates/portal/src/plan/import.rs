//! Tables that come as CSV files: from text to rows, or to one problem a row. Pure; what the rows would change is
//! found in [`compare`].

mod cells;
mod compare;
mod known;
mod page;
mod row;

pub(super) use page::{confirm_or_preview, index, start, template};

use cells::Cells;
pub(super) use cells::{Bad, paise, time};
use csv::{ReaderBuilder, StringRecord, Trim};
use row::read;
pub(super) use row::{Row, hashed_session};
use std::collections::HashMap;

/// The largest file that is taken, in bytes.
pub(super) const MOST_BYTES: usize = 1024 * 1024;

/// The most rows that are taken, the header left out.
pub(super) const MOST_ROWS: usize = 5_000;

/// What a file is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Centres,
    Staff,
    Sessions,
    Rosters,
    Batches,
}

/// A column: its name in the header, whether it must be there, and what stands in the example row.
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) needed: bool,
    pub(super) example: &'static str,
}

const fn needed(name: &'static str, example: &'static str) -> Column {
    Column { name, needed: true, example }
}

const fn may(name: &'static str, example: &'static str) -> Column {
    Column { name, needed: false, example }
}

const CENTRES: &[Column] = &[
    needed("id", "700001"),
    needed("name", "Shivaji Nagar Health Centre"),
    needed("district_id", "363"),
    needed("address", "12 Station Road, Pune"),
    may("block", "Haveli"),
    needed("pincode", "411005"),
    needed("latitude", "18.5308"),
    needed("longitude", "73.8475"),
    needed("opens", "09:00"),
    needed("closes", "17:00"),
];
const STAFF: &[Column] = &[
    needed("login", "asha.more"),
    needed("name", "Asha More"),
    needed("role", "vaccinator"),
    may("centre_id", "700001"),
];
const SESSIONS: &[Column] = &[
    may("id", ""),
    needed("centre_id", "700001"),
    needed("date", "2026-12-01"),
    needed("vaccine", "COVISHIELD"),
    needed("slots", "09:00AM-11:00AM 11:00AM-01:00PM"),
    needed("min_age", "18"),
    may("max_age", ""),
    may("fee_rupees", "0"),
    needed("dose1", "50"),
    needed("dose2", "50"),
    may("dose3", "0"),
    may("walk_in", "10"),
];
const ROSTERS: &[Column] = &[
    may("session_id", ""),
    needed("centre_id", "700001"),
    needed("date", "2026-12-01"),
    needed("vaccine", "COVISHIELD"),
    needed("login", "asha.more"),
];
const BATCHES: &[Column] = &[
    needed("centre_id", "700001"),
    needed("vaccine", "COVISHIELD"),
    needed("number", "4121Z025"),
    needed("expires", "2027-03-31"),
    needed("doses", "500"),
];

impl Kind {
    /// All kinds, in the order in which a new district sends them: each may name what the ones before it brought.
    pub(super) const ALL: [Self; 5] = [Self::Centres, Self::Staff, Self::Sessions, Self::Rosters, Self::Batches];

    /// Its name in addresses and file names.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Centres => "centres",
            Self::Staff => "staff",
            Self::Sessions => "sessions",
            Self::Rosters => "rosters",
            Self::Batches => "batches",
        }
    }

    pub(super) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    pub(super) const fn columns(self) -> &'static [Column] {
        match self {
            Self::Centres => CENTRES,
            Self::Staff => STAFF,
            Self::Sessions => SESSIONS,
            Self::Rosters => ROSTERS,
            Self::Batches => BATCHES,
        }
    }

    /// A file with a header and one example row.
    pub(super) fn template(self) -> String {
        let mut text = csv::Writer::from_writer(Vec::new());
        for part in [|column: &Column| column.name, |column: &Column| column.example] {
            text.write_record(self.columns().iter().map(part)).expect("a vector takes every byte");
        }
        String::from_utf8(text.into_inner().expect("a vector takes every byte")).expect("our columns are text")
    }
}

/// Why a file as a whole cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FileProblem {
    /// Nothing was sent, or only a header.
    Empty,
    /// More than [`MOST_BYTES`].
    TooLarge,
    /// Not UTF-8.
    NotText,
    /// More than [`MOST_ROWS`].
    TooManyRows,
    /// Cells are not parted by commas.
    NoCommas,
    /// Columns that must be there and are not.
    Missing(Vec<&'static str>),
    /// Columns that nobody knows, or that stand there twice.
    Unknown(Vec<String>),
}

/// A row that cannot be taken: where, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RowProblem {
    /// Line of the file, counted from 1, the header's.
    pub(super) line: u64,
    /// Column, by its name in the header.
    pub(super) column: &'static str,
    /// What is wrong.
    pub(super) trouble: Trouble,
}

/// What is wrong with a cell, or with the row it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    Empty,
    TooLong { most: usize },
    Unseen,
    Number { from: String, to: String },
    Date,
    Time,
    ClosesEarly,
    Pincode,
    Vaccine,
    Role,
    Login,
    Name,
    Slots,
    Uuid,
    BatchNumber,
    NoPlaces,
    Width { cells: usize, columns: usize },
    Twice { line: u64 },
    NoDistrict,
    NoCentre,
    NoStaff,
    NotVaccinator,
    Left,
    OtherName { name: String },
    Yourself,
    NoSession,
    ManySessions,
    Past,
    CalledOff,
    Differs,
    FewerThanGiven { given: u32 },
    FewerThanTaken { taken: u32 },
}

/// Where each column stands, and how many there are.
struct Places {
    at: HashMap<&'static str, usize>,
    width: usize,
}

/// A row and the line it stands on.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) number: u64,
    pub(super) row: Row,
}

/// The text of a file: UTF-8, with or without the mark that spreadsheets put before it.
///
/// # Errors
/// [`FileProblem::TooLarge`], [`FileProblem::NotText`].
pub(super) fn text_of(bytes: &[u8]) -> Result<&str, FileProblem> {
    if bytes.len() > MOST_BYTES {
        return Err(FileProblem::TooLarge);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| FileProblem::NotText)?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// Reads a file: each row, or the first problem in it. Empty rows are passed over.
///
/// # Errors
/// When the file as a whole cannot be read.
pub(super) fn parse(kind: Kind, text: &str) -> Result<Vec<Result<Line, RowProblem>>, FileProblem> {
    let text = text_of(text.as_bytes())?;
    let mut reader = ReaderBuilder::new().flexible(true).trim(Trim::All).from_reader(text.as_bytes());
    let places = header(kind, reader.headers().map_err(|_| FileProblem::NotText)?)?;
    let (mut lines, mut seen) = (Vec::new(), HashMap::new());
    for record in reader.records() {
        let record = record.map_err(|_| FileProblem::NotText)?;
        if record.iter().all(str::is_empty) {
            continue;
        }
        if lines.len() == MOST_ROWS {
            return Err(FileProblem::TooManyRows);
        }
        let number = record.position().map_or(0, csv::Position::line);
        lines.push(one(kind, &places, &record, number, &mut seen));
    }
    if lines.is_empty() { Err(FileProblem::Empty) } else { Ok(lines) }
}

fn one(
    kind: Kind,
    places: &Places,
    record: &StringRecord,
    number: u64,
    seen: &mut HashMap<String, u64>,
) -> Result<Line, RowProblem> {
    let problem = |(column, trouble)| RowProblem { line: number, column, trouble };
    let first = kind.columns()[0].name;
    if record.len() != places.width {
        return Err(problem((first, Trouble::Width { cells: record.len(), columns: places.width })));
    }
    let cell = |column: &str| places.at.get(column).and_then(|at| record.get(*at)).unwrap_or_default();
    let row = read(kind, &Cells(&cell)).map_err(problem)?;
    match seen.insert(row.key(), number) {
        Some(line) => Err(problem((first, Trouble::Twice { line }))),
        None => Ok(Line { number, row }),
    }
}

/// Where each known column stands. Names are read without regard to case, with spaces for underscores.
fn header(kind: Kind, header: &StringRecord) -> Result<Places, FileProblem> {
    let names: Vec<String> = header.iter().map(|name| name.to_lowercase().replace(' ', "_")).collect();
    match &names[..] {
        [] => return Err(FileProblem::Empty),
        [one] if one.is_empty() => return Err(FileProblem::Empty),
        [one] if one.contains([';', '\t', '|']) => return Err(FileProblem::NoCommas),
        _ => {}
    }
    let known = |name: &str| kind.columns().iter().any(|column| column.name == name);
    let again = |at: usize| names[..at].contains(&names[at]);
    let unknown: Vec<String> = (0..names.len())
        .filter(|at| !known(&names[*at]) || again(*at))
        .map(|at| header[at].chars().take(40).collect())
        .collect();
    if !unknown.is_empty() {
        return Err(FileProblem::Unknown(unknown));
    }
    let at: HashMap<_, _> = kind
        .columns()
        .iter()
        .filter_map(|column| Some((column.name, names.iter().position(|name| name == column.name)?)))
        .collect();
    let missing = kind.columns().iter().filter(|column| column.needed && !at.contains_key(column.name));
    let missing: Vec<_> = missing.map(|column| column.name).collect();
    if missing.is_empty() { Ok(Places { at, width: names.len() }) } else { Err(FileProblem::Missing(missing)) }
}

/// A form read by the rules of a file, or everything that is wrong with it: after each problem the field is taken
/// for right, so that all of them are said at once.
///
/// # Errors
/// The problems, by field.
pub(super) fn from_form(kind: Kind, form: &crate::page::Form) -> Result<Row, Vec<Bad>> {
    let mut problems: Vec<Bad> = Vec::new();
    loop {
        let taken = |name: &str| problems.iter().any(|(column, _)| *column == name);
        let example = |name: &str| kind.columns().iter().find(|one| one.name == name).map_or("", |one| one.example);
        let cell = |name: &str| if taken(name) { example(name) } else { form.value(name) };
        match read(kind, &Cells(&cell)) {
            Ok(row) if problems.is_empty() => return Ok(row),
            Err(problem) if !taken(problem.0) => problems.push(problem),
            // The examples fit each other, but not always what stands beside them.
            _ => return Err(problems),
        }
    }
}

#[cfg(test)]
mod tests;
