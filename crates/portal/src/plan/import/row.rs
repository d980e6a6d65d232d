//! Rows of each kind.

use super::cells::{Bad, Cells, day, paise, slots, time};
use super::{Kind, Trouble};
use jiff::civil::Date;
use registry::{AgeBand, Centre, CentreId, DistrictId, Fee, Name, Role, SessionId, Vaccine};
use sha2::{Digest, Sha256};
use vault::NewSession;
use vault::rows::BatchRow;

/// A row of one of the kinds.
#[derive(Debug, Clone)]
pub(in crate::plan) enum Row {
    Centre(Centre),
    Staff(StaffLine),
    /// A session, and whether the file gave its id.
    Session(Box<NewSession>, bool),
    Roster(RosterLine),
    Batch(BatchRow),
}

/// A member of staff as a file names her.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::plan) struct StaffLine {
    pub(in crate::plan) login: String,
    pub(in crate::plan) name: String,
    pub(in crate::plan) role: Role,
    pub(in crate::plan) centre: Option<CentreId>,
}

/// One vaccinator at one session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::plan) struct RosterLine {
    pub(super) session: Option<SessionId>,
    pub(super) centre: CentreId,
    pub(super) day: Date,
    pub(super) vaccine: Vaccine,
    pub(super) login: String,
}

impl Row {
    /// What a row is about: two rows of a file with one key contradict or repeat each other.
    pub(super) fn key(&self) -> String {
        match self {
            Self::Centre(centre) => centre.id.to_string(),
            Self::Staff(line) => line.login.clone(),
            Self::Session(session, _) => session.id.to_string(),
            Self::Roster(line) => {
                let session = line.session.map(|id| id.to_string()).unwrap_or_default();
                format!("{session}|{}|{}|{}|{}", line.centre, line.day, line.vaccine.label(), line.login)
            }
            Self::Batch(row) => format!("{}|{}|{}", row.centre, row.vaccine.label(), row.number),
        }
    }
}

const MOST_CENTRE: u32 = 99_999_999;
const MOST_PLACES: u32 = 10_000;
const MOST_DOSES: u32 = 1_000_000;

/// Reads one row, or says what is wrong in which column.
pub(super) fn read(kind: Kind, cells: &Cells<'_>) -> Result<Row, Bad> {
    match kind {
        Kind::Centres => centre(cells).map(Row::Centre),
        Kind::Staff => staff(cells).map(Row::Staff),
        Kind::Sessions => session(cells),
        Kind::Rosters => roster(cells).map(Row::Roster),
        Kind::Batches => batch(cells).map(Row::Batch),
    }
}

fn centre(cells: &Cells<'_>) -> Result<Centre, Bad> {
    let centre = Centre {
        id: CentreId(cells.number("id", 1, MOST_CENTRE)?),
        name: cells.needed("name", 120)?,
        district: DistrictId(cells.number("district_id", 1, 99_999)?),
        address: cells.needed("address", 200)?,
        block: cells.text("block", 80)?,
        pincode: cells.read("pincode", |text| text.parse().ok(), Trouble::Pincode)?,
        // The mainland and the islands of India lie within these degrees; swapped columns do not.
        latitude: cells.number("latitude", 6.0, 38.0)?,
        longitude: cells.number("longitude", 68.0, 98.0)?,
        opens: cells.read("opens", time, Trouble::Time)?,
        closes: cells.read("closes", time, Trouble::Time)?,
    };
    if centre.opens < centre.closes { Ok(centre) } else { Err(("closes", Trouble::ClosesEarly)) }
}

fn staff(cells: &Cells<'_>) -> Result<StaffLine, Bad> {
    let name = cells.needed("name", 100)?;
    Ok(StaffLine {
        login: login(cells)?,
        name: name.parse::<Name>().map_err(|_| ("name", Trouble::Name))?.text().to_owned(),
        role: cells.read("role", |text| Role::from_code(&text.to_lowercase()), Trouble::Role)?,
        centre: cells.number_or("centre_id", 1, MOST_CENTRE)?.map(CentreId),
    })
}

fn login(cells: &Cells<'_>) -> Result<String, Bad> {
    cells.read("login", login_name, Trouble::Login)
}

/// A log-in name: 3 to 40 small letters, digits, dots, hyphens and underscores, of the Latin script.
pub(in crate::plan) fn login_name(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_".contains(&byte);
    ((3..=40).contains(&text.len()) && text.bytes().all(allowed)).then_some(text)
}

/// A batch number as it stands on the vial: up to 20 capital letters, digits, and a few signs.
pub(in crate::plan) fn batch_number(text: &str) -> Option<String> {
    let text = text.trim().to_uppercase();
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-/.".contains(&byte);
    ((2..=20).contains(&text.len()) && text.bytes().all(allowed)).then_some(text)
}

fn session(cells: &Cells<'_>) -> Result<Row, Bad> {
    let centre = CentreId(cells.number("centre_id", 1, MOST_CENTRE)?);
    let day = cells.read("date", day, Trouble::Date)?;
    let vaccine = cells.read("vaccine", |text| text.parse().ok(), Trouble::Vaccine)?;
    let min = cells.number("min_age", 0, 120)?;
    let ages = AgeBand { min, max: cells.number_or("max_age", min, 120)? };
    let named = !cells.raw("id").is_empty();
    let id = if named {
        cells.read("id", |text| text.parse().ok(), Trouble::Uuid)?
    } else {
        session_id(centre, day, vaccine, ages)
    };
    let fee = match cells.raw("fee_rupees") {
        "" => 0,
        text => paise(text).ok_or(("fee_rupees", Trouble::Number { from: "0".into(), to: "99999.99".into() }))?,
    };
    let places = |column| Ok(cells.number_or(column, 0, MOST_PLACES)?.unwrap_or(0));
    let session = NewSession {
        id,
        centre,
        day,
        vaccine,
        ages,
        fee: Fee { paise: fee },
        slots: cells.read("slots", slots, Trouble::Slots)?,
        capacity: [places("dose1")?, places("dose2")?, places("dose3")?],
        walk_in: places("walk_in")?,
    };
    if session.capacity.iter().sum::<u32>() + session.walk_in == 0 {
        return Err(("dose1", Trouble::NoPlaces));
    }
    Ok(Row::Session(Box::new(session), named))
}

/// The id of a session that a file does not name: the same centre, day, vaccine and ages give the same id, so the
/// same file twice publishes once.
pub(super) fn session_id(centre: CentreId, day: Date, vaccine: Vaccine, ages: AgeBand) -> SessionId {
    let max = ages.max.map(|max| max.to_string()).unwrap_or_default();
    let text = format!("teeka/imported-session|{centre}|{day}|{}|{}|{max}", vaccine.label(), ages.min);
    hashed_session(&text)
}

/// A session id from text.
pub(in crate::plan) fn hashed_session(text: &str) -> SessionId {
    let digest = Sha256::digest(text);
    let (first, _) = digest.split_first_chunk::<16>().expect("SHA-256 has 32 bytes");
    SessionId::from_random(*first)
}

fn roster(cells: &Cells<'_>) -> Result<RosterLine, Bad> {
    let session = match cells.raw("session_id") {
        "" => None,
        _ => Some(cells.read("session_id", |text| text.parse().ok(), Trouble::Uuid)?),
    };
    Ok(RosterLine {
        session,
        centre: CentreId(cells.number("centre_id", 1, MOST_CENTRE)?),
        day: cells.read("date", day, Trouble::Date)?,
        vaccine: cells.read("vaccine", |text| text.parse().ok(), Trouble::Vaccine)?,
        login: login(cells)?,
    })
}

fn batch(cells: &Cells<'_>) -> Result<BatchRow, Bad> {
    Ok(BatchRow {
        centre: CentreId(cells.number("centre_id", 1, MOST_CENTRE)?),
        vaccine: cells.read("vaccine", |text| text.parse().ok(), Trouble::Vaccine)?,
        number: cells.read("number", batch_number, Trouble::BatchNumber)?,
        expires: cells.read("expires", day, Trouble::Date)?,
        doses: cells.number("doses", 1, MOST_DOSES)?,
        given: 0,
        stopped: false,
    })
}
