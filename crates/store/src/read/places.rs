//! Places and what they offer: public rows.

use super::{day, parsed, session_id, uuid, vaccine};
use crate::rows::{BatchRow, Offer, SessionCounts, Tally, View};
use crate::sql::{self, Broken, Connection, Param, Row, params};
use crate::{Reader, StoreError};
use jiff::civil::Date;
use registry::{
    AgeBand, Centre, CentreId, District, DistrictId, Fee, Gender, Pincode, Places, Session, SessionId, Slot, State,
    StateId,
};

impl Reader {
    /// All states, by name.
    ///
    /// # Errors
    /// When the engine fails; so for every verb here.
    pub fn states(&self) -> Result<Vec<State>, StoreError> {
        let rows = self.first()?.all("SELECT * FROM state ORDER BY name", params![], |row| {
            Ok(State { id: StateId(row.get("id")?), name: row.get("name")?, name_hi: row.get("name_hi")? })
        })?;
        Ok(rows)
    }

    /// Districts of a state, or all, by name.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn districts(&self, state: Option<StateId>) -> Result<Vec<District>, StoreError> {
        let rows = self.first()?.all(
            "SELECT * FROM district WHERE state = COALESCE(?1, state) ORDER BY name",
            params![state.map(|state| state.0)],
            |row| {
                Ok(District {
                    id: DistrictId(row.get("id")?),
                    state: StateId(row.get("state")?),
                    name: row.get("name")?,
                    name_hi: row.get("name_hi")?,
                })
            },
        )?;
        Ok(rows)
    }

    /// All centres, by number.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn centres(&self) -> Result<Vec<Centre>, StoreError> {
        Ok(self.first()?.all("SELECT * FROM centre ORDER BY id", params![], centre_row)?)
    }

    /// One centre.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn centre(&self, id: CentreId) -> Result<Option<Centre>, StoreError> {
        Ok(self.first()?.one("SELECT * FROM centre WHERE id = ?1", params![id.0], centre_row)?)
    }

    /// Sessions that were not called off, seen from `view`, with `from <= day <= to`, by centre and day.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn offers(&self, view: View, from: Date, to: Date) -> Result<Vec<Offer>, StoreError> {
        let (filter, key) = match view {
            View::District(id) => ("c.district = ?1", id.0),
            View::Pincode(pin) => ("c.pincode = ?1", pin.number()),
            View::Centre(id) => ("c.id = ?1", id.0),
            View::Everywhere => ("?1 = 0", 0),
        };
        self.offer_list(filter, params![key, from.to_string(), to.to_string()])
    }

    /// One session, called off or not.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn session(&self, id: SessionId) -> Result<Option<Offer>, StoreError> {
        let sql = format!("{OFFER} WHERE s.id = ?1");
        let home = self.of_session(id)?;
        let Some(mut offer) = home.one(&sql, params![id.bytes()], offer_row)? else { return Ok(None) };
        fill_places(home, &mut offer.session)?;
        Ok(Some(offer))
    }

    fn offer_list(&self, filter: &str, key: &[Param<'_>]) -> Result<Vec<Offer>, StoreError> {
        let sql = format!(
            "{OFFER} WHERE {filter} AND s.day BETWEEN ?2 AND ?3 AND s.cancelled = 0 ORDER BY c.id, s.day, s.id"
        );
        self.offers_of((&sql, key), |offer| (offer.centre.id, offer.session.day, offer.session.id))
    }

    /// Offers with their places.
    pub(super) fn offers_of<K: Ord>(
        &self,
        asked: (&str, &[Param<'_>]),
        order: impl FnMut(&Offer) -> K,
    ) -> Result<Vec<Offer>, StoreError> {
        let mut offers = self.all_at_home(asked, offer_row, |offer| offer.centre.id, order)?;
        for Offer { centre, session } in &mut offers {
            fill_places(self.of_district(centre.district)?, session)?;
        }
        Ok(offers)
    }

    /// Batches at a centre, the soonest to expire first.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn batches(&self, centre: CentreId) -> Result<Vec<BatchRow>, StoreError> {
        Ok(self.of_centre(centre)?.all(
            "SELECT * FROM batch WHERE centre = ?1 ORDER BY expires, number",
            params![centre.0],
            batch_row,
        )?)
    }

    /// Counters over a span of days, for one centre or all.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn tallies(&self, centre: Option<CentreId>, from: Date, to: Date) -> Result<Vec<Tally>, StoreError> {
        let rows = self.all(
            "SELECT * FROM tally WHERE centre = COALESCE(?1, centre) AND day BETWEEN ?2 AND ?3 AND doses <> 0
             ORDER BY day, centre, vaccine, number, age_from, gender, attested",
            params![centre.map(|c| c.0), from.to_string(), to.to_string()],
            |row| {
                Ok(Tally {
                    centre: CentreId(row.get("centre")?),
                    day: day(row)?,
                    vaccine: vaccine(row)?,
                    number: row.get("number")?,
                    age_from: row.get("age_from")?,
                    gender: Gender::from_id(row.get("gender")?).map_err(|_| Broken::Column("gender".into()))?,
                    attested: row.get("attested")?,
                    doses: row.get("doses")?,
                })
            },
        )?;
        let about =
            |it: &Tally| (it.day, it.centre, it.vaccine.label(), it.number, it.age_from, it.gender.id(), it.attested);
        Ok(self.added_up(rows, about, |sum, one| sum.doses += one.doses))
    }

    /// What sessions of a span of days have seen so far, at one centre or everywhere.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn session_counts(
        &self,
        centre: Option<CentreId>,
        from: Date,
        to: Date,
    ) -> Result<Vec<(SessionId, SessionCounts)>, StoreError> {
        let rows = self.all("SELECT a.session, COUNT(*) FILTER (WHERE a.status = 'booked') AS booked, COUNT(*) FILTER (WHERE a.status = 'checked-in') AS checked_in,
             COUNT(*) FILTER (WHERE a.status = 'done') AS done FROM session s JOIN appointment a ON a.session = s.id
             WHERE s.centre = COALESCE(?1, s.centre) AND s.day BETWEEN ?2 AND ?3 GROUP BY a.session", params![centre.map(|c| c.0), from.to_string(), to.to_string()], |row| {
            let counts = SessionCounts {
                booked: row.get("booked")?,
                checked_in: row.get("checked_in")?,
                done: row.get("done")?,
            };
            Ok((session_id(row)?, counts))
        })?;
        Ok(self.added_up(
            rows,
            |(session, _)| *session,
            |(_, sum), (_, one)| {
                sum.booked += one.booked;
                sum.checked_in += one.checked_in;
                sum.done += one.done;
            },
        ))
    }
}

fn fill_places(sql: &Connection, session: &mut Session) -> sql::Result<()> {
    let text = "SELECT * FROM place WHERE session = ?1";
    sql.all(text, params![session.id.bytes()], |row| {
        let places = Places {
            capacity: row.get("capacity")?,
            open: row.get("open")?,
            held: row.get("held")?,
            booked: row.get("booked")?,
        };
        match row.get::<usize>("dose")? {
            0 => session.walk_in = places,
            dose => {
                if let Some(place) = session.places.get_mut(dose - 1) {
                    *place = places;
                }
            }
        }
        Ok(())
    })
    .map(drop)
}

pub(super) fn batch_row(row: &Row<'_>) -> sql::Result<BatchRow> {
    Ok(BatchRow {
        centre: CentreId(row.get("centre")?),
        vaccine: vaccine(row)?,
        number: row.get("number")?,
        expires: parsed(row, "expires")?,
        doses: row.get("doses")?,
        given: row.get("given")?,
        stopped: row.get("stopped")?,
    })
}

fn centre_row(row: &Row<'_>) -> sql::Result<Centre> {
    Ok(Centre {
        id: CentreId(row.get("id")?),
        district: DistrictId(row.get("district")?),
        name: row.get("name")?,
        address: row.get("address")?,
        block: row.get("block")?,
        pincode: Pincode::new(row.get("pincode")?).map_err(|_| Broken::Column("pincode".into()))?,
        latitude: row.get("latitude")?,
        longitude: row.get("longitude")?,
        opens: parsed(row, "opens")?,
        closes: parsed(row, "closes")?,
    })
}

/// A session beside its centre: the centre keeps the name `id`, the session's is `session`.
pub(super) const OFFER: &str =
    "SELECT c.*, s.id AS session, s.day, s.vaccine, s.age_min, s.age_max, s.fee, s.slots, s.cancelled
FROM session s JOIN centre c ON c.id = s.centre";

pub(super) fn offer_row(row: &Row<'_>) -> sql::Result<Offer> {
    let slots: String = row.get("slots")?;
    let slots = slots.split(' ').filter(|s| !s.is_empty()).map(str::parse::<Slot>).collect::<Result<_, _>>();
    let centre = centre_row(row)?;
    let session = Session {
        id: SessionId(uuid(row, "session")?),
        centre: centre.id,
        day: day(row)?,
        vaccine: vaccine(row)?,
        ages: AgeBand { min: row.get("age_min")?, max: row.get("age_max")? },
        fee: Fee { paise: row.get("fee")? },
        slots: slots.map_err(|_| Broken::Column("slots".into()))?,
        places: [Places::default(); 3],
        walk_in: Places::default(),
        cancelled: row.get("cancelled")?,
    };
    Ok(Offer { centre, session })
}
