//! The manager's pages: places, staff, rosters, batches, sessions, counts and tables that come as files. None of
//! them shows a person.

mod batches;
mod calendar;
mod centres;
mod counts;
mod import;
mod series;
mod session;
mod staff;
mod today;
mod trouble;

use crate::caller::{PageManager, Turned};
use crate::page::{Form, Shell, Who, field, get_form};
use crate::routes::{Access, Entry, Shows, get, post};
use crate::words::Words;
use crate::{Failure, Portal};
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::request::Parts;
use jiff::civil::Time;
use maud::{Markup, html};
use registry::{AgeBand, CentreId, Role, Session, SessionId, Slot, StaffId};
use std::str::FromStr;
use vault::{Staff, Vault};

pub(crate) fn routes() -> Vec<Entry> {
    const WHO: Access = Access::Manager;
    const NOBODY: Shows = Shows::NoOne;
    vec![
        get("/manager", WHO, NOBODY, today::today),
        get("/manager/figures", WHO, NOBODY, counts::figures),
        get("/manager/counts", WHO, NOBODY, counts::counts),
        get("/manager/counts.csv", WHO, NOBODY, counts::download),
        get("/manager/centres", WHO, NOBODY, centres::list),
        get("/manager/centres/new", WHO, NOBODY, centres::new),
        post("/manager/centres/new", WHO, NOBODY, centres::add),
        get("/manager/centres/{id}", WHO, NOBODY, centres::one),
        get("/manager/centres/{id}/edit", WHO, NOBODY, centres::edit),
        post("/manager/centres/{id}/edit", WHO, NOBODY, centres::change),
        get("/manager/staff", WHO, NOBODY, staff::list),
        get("/manager/staff/new", WHO, NOBODY, staff::new),
        post("/manager/staff/new", WHO, NOBODY, staff::add),
        get("/manager/staff/{id}", WHO, NOBODY, staff::one),
        post("/manager/staff/{id}", WHO, NOBODY, staff::change),
        get("/manager/staff/{id}/reset", WHO, NOBODY, staff::ask_reset),
        post("/manager/staff/{id}/reset", WHO, NOBODY, staff::reset),
        get("/manager/staff/{id}/leave", WHO, NOBODY, staff::ask_leave),
        post("/manager/staff/{id}/leave", WHO, NOBODY, staff::leave),
        post("/manager/staff/{id}/return", WHO, NOBODY, staff::come_back),
        get("/manager/batches", WHO, NOBODY, batches::list),
        get("/manager/batches/new", WHO, NOBODY, batches::new),
        post("/manager/batches/new", WHO, NOBODY, batches::add),
        get("/manager/batches/stop", WHO, NOBODY, batches::ask_stop),
        post("/manager/batches/stop", WHO, NOBODY, batches::stop),
        get("/manager/sessions", WHO, NOBODY, calendar::week),
        get("/manager/sessions/new", WHO, NOBODY, series::new),
        post("/manager/sessions/preview", WHO, NOBODY, series::preview),
        post("/manager/sessions/new", WHO, NOBODY, series::publish),
        get("/manager/sessions/{id}", WHO, NOBODY, session::one),
        post("/manager/sessions/{id}/roster", WHO, NOBODY, session::roster),
        get("/manager/sessions/{id}/call-off", WHO, NOBODY, session::ask_call_off),
        post("/manager/sessions/{id}/call-off", WHO, NOBODY, session::call_off),
        get("/manager/import", WHO, NOBODY, import::index),
        get("/manager/import/{kind}", WHO, NOBODY, import::start),
        post("/manager/import/{kind}", WHO, NOBODY, import::confirm_or_preview),
        get("/manager/import/{kind}/template", WHO, NOBODY, import::template),
    ]
}

/// How many rows a page of a long list has.
const PAGE_ROWS: usize = 25;

/// A manager at work: who, in which words, and what the address asks.
pub(crate) struct Desk {
    portal: Portal,
    staff: Staff,
    frame: Frame,
    query: Form,
}

impl FromRequestParts<Portal> for Desk {
    type Rejection = Turned;
    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Turned> {
        let PageManager(staff) = PageManager::from_request_parts(parts, portal).await?;
        let left = (staff.expires_ms - portal.vault().now_ms()).clamp(0, 900_000) / 1_000;
        let frame = Frame { w: crate::caller::words(&parts.headers), seconds_left: u32::try_from(left).unwrap_or(0) };
        let query = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri).map(|query| query.0).unwrap_or_default();
        Ok(Self { portal: portal.clone(), staff, frame, query: query.into() })
    }
}

impl Desk {
    fn vault(&self) -> &Vault {
        self.portal.vault()
    }

    /// The page of a list that the address asks for, counted from 1.
    fn page_asked(&self) -> usize {
        self.query.value("page").parse().unwrap_or(1).max(1)
    }

    /// The centre that the address asks for.
    fn centre_asked(&self) -> Option<CentreId> {
        self.query.value("centre").parse().ok()
    }
}

/// A posted form; a body that is none is a mistake of the sender.
pub(crate) struct Posted(Vec<(String, String)>);

impl<S: Send + Sync> FromRequest<S> for Posted {
    type Rejection = Failure;
    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let pairs = axum::Form::<Vec<(String, String)>>::from_request(request, state).await;
        pairs.map(|pairs| Self(pairs.0)).map_err(|_| Failure::input("The body is not a form"))
    }
}

impl Posted {
    /// What was typed.
    fn form(&self) -> Form {
        self.0.clone().into()
    }

    /// What was typed, after values that are ours to say whatever the form says.
    fn after<const N: usize>(self, ours: [(&str, String); N]) -> Form {
        let ours = ours.into_iter().map(|(name, value)| (name.to_owned(), value));
        ours.chain(self.0).collect::<Vec<_>>().into()
    }
}

/// What stands around every page here.
#[derive(Clone, Copy, Default)]
struct Frame {
    w: Words,
    seconds_left: u32,
}

impl Frame {
    /// A page as wide as its tables.
    fn wide(self, title: impl Into<String>, path: &str) -> Shell<'_> {
        self.narrow(title, path).wide()
    }

    /// A page of text or of a form.
    fn narrow(self, title: impl Into<String>, path: &str) -> Shell<'_> {
        Shell::new(self.w, title, path).signed_in(Who::Manager, self.seconds_left)
    }
}

/// Part of a path that must be an id.
fn id<T: FromStr>(text: &str) -> Result<T, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}

/// A staff id from a path.
fn staff_id(text: &str) -> Result<StaffId, Failure> {
    id(text)
}

/// A session id from a path.
fn session_id(text: &str) -> Result<SessionId, Failure> {
    id(text)
}

/// One page of a list: the rows on it, which page it is, and how many pages there are.
struct Cut<T> {
    rows: Vec<T>,
    page: u32,
    pages: u32,
}

/// Cuts the asked page out of a list; a page beyond the end is the last.
fn cut<T>(list: Vec<T>, asked: usize) -> Cut<T> {
    let pages = list.len().div_ceil(PAGE_ROWS).max(1);
    let page = asked.clamp(1, pages);
    let rows = list.into_iter().skip((page - 1) * PAGE_ROWS).take(PAGE_ROWS).collect();
    let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Cut { rows, page: small(page), pages: small(pages) }
}

/// A search field over a list.
fn search(w: Words, action: &str, query: &Form, label: String, hint: String) -> Markup {
    get_form(
        action,
        html! {
            div.buttons {
                (field(w, query, "q", label).hint(hint).characters(16))
                (crate::page::button(w.t("manager-search")).secondary())
            }
        },
    )
}

/// Whether any of these texts holds what is searched for, without regard to case.
fn holds(texts: &[&str], wanted: &str) -> bool {
    let wanted = wanted.to_lowercase();
    wanted.is_empty() || texts.iter().any(|text| text.to_lowercase().contains(&wanted))
}

/// The name of a role.
fn role_name(w: Words, role: Role) -> String {
    w.t(match role {
        Role::Vaccinator => "manager-role-vaccinator",
        Role::Manager => "manager-role-manager",
        Role::ColdChainHandler => "manager-role-cold-chain-handler",
        Role::Auditor => "manager-role-auditor",
        Role::Operator => "manager-role-operator",
        Role::Officer => "manager-role-officer",
    })
}

/// Whom a session serves.
fn ages(w: Words, ages: AgeBand) -> String {
    match ages.max {
        None => w.with("manager-ages-from", [("min", ages.min.into())]),
        Some(max) => w.with("manager-ages-between", [("min", ages.min.into()), ("max", max.into())]),
    }
}

/// A window of time as it is read.
fn window(w: Words, slot: &Slot) -> String {
    let (from, to) = slot.minutes();
    w.time_span(clock(from), clock(to))
}

/// From the first window to the last; in a narrow cell the line breaks between the two times and nowhere else.
fn hours(w: Words, session: &Session) -> String {
    match (session.slots.first(), session.slots.last()) {
        (Some(first), Some(last)) => {
            let time = |minutes| unbroken(&w.time(clock(minutes)));
            w.with("time-span", [("from", time(first.minutes().0).into()), ("to", time(last.minutes().1).into())])
        }
        _ => String::new(),
    }
}

/// Text that stays on one line.
fn unbroken(text: &str) -> String {
    text.replace(' ', "\u{a0}")
}

/// Minutes after midnight as a time of day.
fn clock(minutes: u16) -> Time {
    let part = |number: u16| i8::try_from(number).expect("a day has 24 hours of 60 minutes");
    Time::new(part(minutes / 60 % 24), part(minutes % 60), 0, 0).expect("a remainder is a time of day")
}

/// A count.
fn figure(w: Words, count: impl Into<i64>) -> Markup {
    html! { (w.number(count.into())) }
}

/// A key for one filling of a form: sent twice, it is done once.
fn once_key(vault: &Vault) -> String {
    data_encoding::HEXLOWER.encode(&vault.draw::<16>())
}
