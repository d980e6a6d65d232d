//! The officers' desk: the queue, one case, a look, a decision. The queue knows numbers, kinds and days and no more;
//! whoever has taken a case opens what its kind allows, and each look is written down under the person's own tag.

mod decide;
mod one;
mod order;

use crate::caller::{Dress, PageOfficer, Turned};
use crate::page::{Form, Shell, Tone, empty_state, table, tag};
use crate::routes::{Access, Entry, Shows, get, post};
use crate::words::Words;
use crate::{Failure, Portal, cases};
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use maud::{Markup, html};
use vault::rows::CaseRow;
use vault::{Staff, Vault};

#[rustfmt::skip]
pub(crate) fn routes() -> Vec<Entry> {
    use Access::Officer;
    use Shows::{NoOne, People};
    vec![
        get("/desk", Officer, NoOne, queue),
        get("/desk/orders", Officer, NoOne, order::list),
        get("/desk/orders/new", Officer, NoOne, order::file::start),
        post("/desk/orders/new", Officer, NoOne, order::file::answer),
        post("/desk/orders/file", Officer, NoOne, order::file::file),
        get("/desk/orders/{number}", Officer, NoOne, order::show),
        post("/desk/orders/{number}/confirm", Officer, NoOne, order::confirm),
        post("/desk/orders/{number}/look", Officer, People, order::look),
        get("/desk/{number}", Officer, NoOne, one::show),
        post("/desk/{number}/take", Officer, NoOne, one::take),
        post("/desk/{number}/put-back", Officer, NoOne, one::put_back),
        post("/desk/{number}/look", Officer, People, one::look),
        post("/desk/{number}/propose", Officer, NoOne, decide::propose),
        post("/desk/{number}/judge", Officer, NoOne, decide::judge),
    ]
}

/// What a form or a query sends.
type Pairs = Vec<(String, String)>;

/// An officer at work, and in which language.
struct Desk {
    portal: Portal,
    staff: Staff,
    w: Words,
}

impl FromRequestParts<Portal> for Desk {
    type Rejection = Turned;
    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Turned> {
        let PageOfficer(staff) = PageOfficer::from_request_parts(parts, portal).await?;
        Ok(Self { portal: portal.clone(), staff, w: crate::caller::words(&parts.headers) })
    }
}

impl Desk {
    fn vault(&self) -> &Vault {
        self.portal.vault()
    }

    fn shell<'a>(&self, title: impl Into<String>, path: &'a str) -> Shell<'a> {
        self.staff.dress(&self.portal, Shell::new(self.w, title, path))
    }
}

/// `GET /desk`.
async fn queue(desk: Desk, Query(query): Query<Pairs>) -> Result<Markup, Failure> {
    let rows = desk.vault().case_queue(&desk.staff).await?;
    let (w, now_ms) = (desk.w, desk.vault().now_ms());
    let said = match Form::from(query).value("said") {
        "proposed" => Some("desk-said-proposed"),
        "settled" => Some("desk-said-settled"),
        "refused" => Some("desk-said-refused"),
        "filed" => Some("desk-said-afresh"),
        "put-back" => Some("desk-said-put-back"),
        _ => None,
    };
    let mut shell = desk.shell(w.t("desk-title"), "/desk").wide();
    if let Some(said) = said {
        shell = shell.flash(Tone::Good, w.t(said));
    }
    Ok(shell.page(html! {
        p.lead { (w.t("desk-lead")) }
        p { a href="/desk/orders" { (w.t("order-title")) } }
        @if rows.is_empty() { (empty_state(&w.t("desk-empty"), html! { p { (w.t("desk-empty-text")) } })) }
        @else {
            (table(w.t("desk-caption"))
                .column(w.t("case-number")).column(w.t("case-about")).column(w.t("case-state")).column(w.t("case-due"))
                .rows(rows.iter().map(|row| cells(w, &desk.staff, row, now_ms))))
        }
    }))
}

fn cells(w: Words, staff: &Staff, row: &CaseRow, now_ms: i64) -> Vec<Markup> {
    let (tone, state) = cases::state(w, row, now_ms);
    vec![
        html! { a href={ "/desk/" (row.number) } { (row.number) } },
        html! { (cases::kind(w, row.kind)) },
        html! {
            (tag(tone, &state))
            @if row.holder() == Some(staff.id) { " " (tag(Tone::Good, &w.t("desk-yours"))) }
        },
        html! {
            (cases::day(w, row.due_ms))
            @if row.due_ms < now_ms { " " (tag(Tone::Bad, &w.t("desk-late"))) }
        },
    ]
}
