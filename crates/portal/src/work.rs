//! A vaccinator's pages: today's sessions, the list, check-in, dose, observation, walk-in.
//!
//! Nothing personal is opened before a person has shown that she is there; the list knows the last four digits of a
//! reference and no more. Whoever sends a form twice gets the answer of the first time.

mod aefi;
mod ask;
mod check_in;
mod correct;
mod counter;
mod done;
mod list;
mod person;
mod phone;
mod screening;
#[cfg(test)]
mod tests;
mod today;
mod waiting;
mod walk_in;

use crate::caller::Dress;
use crate::page::Shell;
use crate::routes::{Access, Entry, Shows, get, post};
use crate::words::Words;
use crate::{Failure, Portal};
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use jiff::civil::Time;
use registry::{AppointmentId, SessionId, Slot};
use vault::rows::{AppointmentRow, BatchRow, Offer, Status};
use vault::{Grant, Staff};

pub(crate) fn routes() -> Vec<Entry> {
    use Access::Vaccinator;
    use Shows::{NoOne, People};
    vec![
        get("/vaccinator", Vaccinator, NoOne, today::page),
        get("/vaccinator/{session}", Vaccinator, NoOne, list::page),
        get("/vaccinator/{session}/check-in", Vaccinator, NoOne, check_in::page),
        post("/vaccinator/{session}/check-in", Vaccinator, NoOne, check_in::submit),
        post("/vaccinator/{session}/check-in/send", Vaccinator, NoOne, check_in::send),
        get("/vaccinator/{session}/counter", Vaccinator, NoOne, counter::page),
        post("/vaccinator/{session}/counter", Vaccinator, NoOne, counter::submit),
        post("/vaccinator/{session}/counter/send", Vaccinator, NoOne, counter::send),
        get("/vaccinator/{session}/walk-in", Vaccinator, NoOne, walk_in::page),
        post("/vaccinator/{session}/walk-in", Vaccinator, People, walk_in::submit),
        post("/vaccinator/{session}/walk-in/card.pdf", Vaccinator, People, walk_in::card),
        get("/vaccinator/{session}/observations", Vaccinator, NoOne, waiting::page),
        post("/vaccinator/{session}/observations", Vaccinator, NoOne, waiting::submit),
        get("/vaccinator/{session}/close", Vaccinator, NoOne, list::close),
        get("/vaccinator/{session}/p/{appointment}/{nth}", Vaccinator, People, person::page),
        post("/vaccinator/{session}/p/{appointment}/{nth}", Vaccinator, People, person::submit),
        get("/vaccinator/{session}/p/{appointment}/{nth}/done", Vaccinator, NoOne, done::page),
        get("/vaccinator/{session}/p/{appointment}/{nth}/certificate.pdf", Vaccinator, People, done::certificate),
        get("/vaccinator/{session}/p/{appointment}/{nth}/correct", Vaccinator, NoOne, correct::page),
        post("/vaccinator/{session}/p/{appointment}/{nth}/correct", Vaccinator, NoOne, correct::submit),
        get("/vaccinator/{session}/p/{appointment}/{nth}/aefi", Vaccinator, NoOne, aefi::page),
        post("/vaccinator/{session}/p/{appointment}/{nth}/aefi", Vaccinator, NoOne, aefi::submit),
        get("/vaccinator/{session}/p/{appointment}/{nth}/ask", Vaccinator, NoOne, ask::page),
        get("/vaccinator/{session}/p/{appointment}/{nth}/ask/which-dose", Vaccinator, People, ask::which_dose),
        get("/vaccinator/{session}/p/{appointment}/{nth}/ask/{what}", Vaccinator, NoOne, ask::start),
        post("/vaccinator/{session}/p/{appointment}/{nth}/ask/{what}", Vaccinator, NoOne, ask::answered),
        post("/vaccinator/{session}/p/{appointment}/{nth}/ask/{what}/save", Vaccinator, NoOne, ask::save),
        get("/vaccinator/{session}/p/{appointment}/{nth}/phone", Vaccinator, NoOne, phone::page),
        post("/vaccinator/{session}/p/{appointment}/{nth}/phone", Vaccinator, NoOne, phone::send),
        post("/vaccinator/{session}/p/{appointment}/{nth}/phone/code", Vaccinator, NoOne, phone::ask),
        get("/vaccinator/{session}/p/{appointment}/{nth}/cases/{number}", Vaccinator, NoOne, ask::one),
    ]
}

/// The session that a path names.
#[derive(Clone, Copy)]
struct At(SessionId);

impl At {
    /// The path of this session's list.
    fn path(self) -> String {
        format!("/vaccinator/{}", self.0)
    }

    /// A path below it.
    fn under(self, rest: &str) -> String {
        format!("{}/{rest}", self.path())
    }
}

impl FromRequestParts<Portal> for At {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Failure> {
        let Path(session) =
            Path::<String>::from_request_parts(parts, portal).await.map_err(|_| Failure::not_found())?;
        session.parse().map(Self).map_err(|_| Failure::not_found())
    }
}

/// Somebody on a session's list, as a path names her: never by who she is.
#[derive(Clone, Copy)]
struct Spot {
    at: At,
    appointment: AppointmentId,
    nth: usize,
}

impl Spot {
    fn new(at: At, (appointment, nth): (AppointmentId, usize)) -> Self {
        Self { at, appointment, nth }
    }

    /// The spot that the parts of a path name.
    fn named(session: &str, appointment: &str, nth: &str) -> Option<Self> {
        Some(Self { at: At(session.parse().ok()?), appointment: appointment.parse().ok()?, nth: nth.parse().ok()? })
    }

    fn path(self) -> String {
        self.at.under(&format!("p/{}/{}", self.appointment, self.nth))
    }

    fn under(self, rest: &str) -> String {
        format!("{}/{rest}", self.path())
    }

    /// Who is there, at this very session, for a dose or for something else.
    async fn there(self, portal: &Portal, staff: &Staff) -> Result<AppointmentRow, Failure> {
        let row = portal.vault().there(staff, (self.appointment, self.nth)).await?;
        if row.session == self.at.0 { Ok(row) } else { Err(Failure::not_found()) }
    }

    /// Where what she asked for leads back to: to her dose, or to the list if she came for no dose.
    fn home(self, row: &AppointmentRow) -> String {
        if row.status == Status::Visiting { self.at.path() } else { self.path() }
    }

    /// The right over her, if she was checked in at this very session.
    async fn present(self, portal: &Portal, staff: &Staff) -> Result<(Grant, AppointmentRow), Failure> {
        let (grant, row) = portal.vault().present(staff, self.appointment, self.nth).await?;
        if row.session == self.at.0 { Ok((grant, row)) } else { Err(Failure::not_found()) }
    }
}

impl FromRequestParts<Portal> for Spot {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Failure> {
        let path = Path::<(String, String, String)>::from_request_parts(parts, portal).await;
        let Path((session, appointment, nth)) = path.map_err(|_| Failure::not_found())?;
        Self::named(&session, &appointment, &nth).ok_or_else(Failure::not_found)
    }
}

/// The pairs of a posted form.
type Posted = axum::Form<Vec<(String, String)>>;

/// The pairs of a query.
type Asked = axum::extract::Query<Vec<(String, String)>>;

/// A shell in a vaccinator's clothes.
fn shell<'a>(portal: &Portal, staff: &Staff, w: Words, title: &str, path: &'a str) -> Shell<'a> {
    titled(portal, staff, w, w.t(title), path)
}

/// The same, under a title that is put together.
fn titled<'a>(portal: &Portal, staff: &Staff, w: Words, title: String, path: &'a str) -> Shell<'a> {
    staff.dress(portal, Shell::new(w, title, path))
}

/// A window of time in words.
fn window(w: Words, slot: &Slot) -> String {
    let (from, to) = slot.minutes();
    w.time_span(clock(from), clock(to))
}

fn clock(minutes: u16) -> Time {
    let part = |value: u16| i8::try_from(value).expect("hours and minutes are small");
    Time::new(part(minutes / 60 % 24), part(minutes % 60), 0, 0).expect("a slot lies within a day")
}

/// The hours of a session, from its first window to its last.
fn hours(w: Words, offer: &Offer) -> String {
    let ends = offer.session.slots.iter().map(Slot::minutes);
    let from = ends.clone().map(|(from, _)| from).min().unwrap_or_default();
    let to = ends.map(|(_, to)| to).max().unwrap_or_default();
    w.time_span(clock(from), clock(to))
}

/// Batches at hand, the first to expire first.
async fn batches(portal: &Portal, staff: &Staff, session: SessionId) -> Result<Vec<BatchRow>, Failure> {
    let mut batches = portal.vault().batches_at_hand(staff, session).await?;
    batches.sort_by(|one, other| (one.expires, &one.number).cmp(&(other.expires, &other.number)));
    Ok(batches)
}

/// A batch's expiry and what is left of it, in words.
fn batch_hint(w: Words, batch: &BatchRow) -> String {
    let left = batch.doses.saturating_sub(batch.given);
    w.with("work-batch-hint", [("date", w.date(batch.expires).into()), ("left", left.into())])
}

/// Whole seconds from now until a moment, none when it has passed.
fn seconds_until(until_ms: i64, now_ms: i64) -> u32 {
    u32::try_from((until_ms - now_ms).max(0) / 1000).unwrap_or(u32::MAX)
}
