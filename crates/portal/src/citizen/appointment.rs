//! An appointment: the slip, another time, giving it back.

use super::{Desk, Pairs, form, named};
use crate::open::sessions;
use crate::page::{
    Tone, banner, button, buttons, card, confirmation, link_button, look_recorded, post_form, quiet_link_button,
    summary_list,
};
use crate::words::{Words, in_groups};
use crate::{Failure, papers};
use axum::extract::{Path, Query};
use axum::response::{Redirect, Response};
use credential::qr::Code;
use maud::{Markup, PreEscaped, html};
use registry::AppointmentId;
use vault::rows::{AppointmentRow, Offer, Status};
use vault::{Disclosed, Slip};

pub(super) async fn show(desk: Desk, Path(id): Path<String>, Query(query): Query<Pairs>) -> Result<Markup, Failure> {
    let id = named::<AppointmentId>(&id)?;
    let slips = desk.vault().slips(&desk.citizen, id).await?;
    let row = row_of(&slips, id)?;
    let offer = desk.vault().session(row.session).await?;
    let w = desk.w;
    let path = format!("/appointments/{id}");
    let said = match form(query).value("said") {
        "booked" => Some("appointment-said-booked"),
        "moved" => Some("appointment-said-moved"),
        _ => None,
    };
    let said = said.filter(|_| row.status == Status::Booked);
    let shell = desk.shell(w.t(said.unwrap_or("appointment-title")), &path).back("/family");
    let shell = if said.is_some() { shell.question() } else { shell };
    Ok(shell.page(html! {
        @if let Some(key) = said { (booked(w, key, row, &offer)) }
        (standing(w, &desk, row, &offer))
        (details(w, row, &offer))
        @for slip in &slips { (one_slip(w, slip, row)) }
        p { (look_recorded(w)) }
        @if row.status == Status::Booked { (acts(w, row)) }
        @if said == Some("appointment-said-booked") && desk.citizen.members().len() > slips.len() {
            p { a href={ "/book/" (row.session) } { (w.t("appointment-another-person")) } }
        }
    }))
}

/// The appointment as it stands with the first of those in it.
fn row_of(slips: &[Disclosed<Slip>], id: AppointmentId) -> Result<&AppointmentRow, Failure> {
    let rows = || slips.iter().flat_map(|slip| slip.appointments.iter().filter(move |row| row.id == id));
    rows().find(|row| row.status == Status::Booked).or_else(|| rows().next()).ok_or_else(Failure::not_found)
}

fn booked(w: Words, key: &str, row: &AppointmentRow, offer: &Offer) -> Markup {
    confirmation(
        &w.t(key),
        html! {
            p { strong { (w.date(row.day)) ", " (sessions::slot(w, &row.slot)) } }
            p { (offer.centre.name) }
        },
    )
}

/// What a reader must know first when the appointment does not stand.
fn standing(w: Words, desk: &Desk, row: &AppointmentRow, offer: &Offer) -> Markup {
    let place = desk.citizen.place_of(row.person);
    let again = html! {
        @if let Some(place) = place { (link_button(&format!("/family/{place}/book"), &w.t("appointment-choose"))) }
    };
    let is_past = row.day < desk.vault().today();
    html! {
        @match row.status {
            Status::CalledOff => {
                (banner(w, Tone::Bad, html! { p { (w.with("appointment-called-off", [("centre", offer.centre.name.as_str().into())])) } }))
                (again)
            }
            Status::Cancelled => {
                (banner(w, Tone::Info, html! { p { (w.t("appointment-cancelled")) } }))
                (again)
            }
            Status::Booked if is_past => {
                (banner(w, Tone::Warn, html! { p { (w.t("appointment-missed")) } }))
            }
            Status::CheckedIn => { (banner(w, Tone::Info, html! { p { (w.t("appointment-checked-in")) } })) }
            Status::Done => { (banner(w, Tone::Good, html! { p { (w.t("appointment-done")) } })) }
            // A visit for something else was never booked, and is no appointment of hers.
            Status::Booked | Status::Visiting => {}
        }
    }
}

fn details(w: Words, row: &AppointmentRow, offer: &Offer) -> Markup {
    let what =
        w.with("book-dose-of", [("dose", row.dose.into()), ("vaccine", sessions::vaccine(w, row.vaccine).into())]);
    html! {
        (summary_list(w)
            .row(w.t("book-day"), html! { strong { (w.date(row.day)) } })
            .row(w.t("book-time-short"), html! { strong { (sessions::slot(w, &row.slot)) } })
            .row(w.t("book-where"), html! {
                strong { (offer.centre.name) } br; (sessions::whereabouts(w, &offer.centre, None))
            })
            .row(w.t("book-what"), what)
            .row(w.t("book-fee"), w.fee(offer.session.fee.paise.into())))
    }
}

/// One person's part: name, reference, and while it stands the code and a picture that the vaccinator can scan.
fn one_slip(w: Words, slip: &Slip, row: &AppointmentRow) -> Markup {
    let code = slip.code.as_ref().filter(|_| row.status == Status::Booked);
    let picture = Code::of(&slip.reference).map(|code| code.to_svg(&w.t("slip-scan")));
    card(html! {
        h2 { (slip.name) }
        (summary_list(w).row(w.t("slip-reference"), in_groups(&slip.reference)))
        @if let Some(code) = code {
            p { (w.t("slip-code")) }
            p.figure { (code) }
            p.quiet { (w.t("slip-code-hint")) }
            @if let Ok(picture) = picture { (PreEscaped(picture)) }
        }
    })
}

fn acts(w: Words, row: &AppointmentRow) -> Markup {
    let path = format!("/appointments/{}", row.id);
    html! {
        p { (w.t("appointment-bring")) }
        (buttons(html! {
            (link_button(&format!("{path}/slip.pdf"), &w.t("appointment-slip")))
            (quiet_link_button(&format!("{path}/change"), &w.t("appointment-change")))
            (quiet_link_button(&format!("{path}/cancel"), &w.t("appointment-cancel")))
        }))
    }
}

pub(super) async fn slip_pdf(desk: Desk, Path(id): Path<String>) -> Result<Response, Failure> {
    let id = named::<AppointmentId>(&id)?;
    let slips = desk.vault().slips(&desk.citizen, id).await?;
    let row = row_of(&slips, id)?;
    let offer = desk.vault().session(row.session).await?;
    papers::answer(papers::slip(&slips, row, &offer, desk.vault().now_ms()), "appointment-slip").await
}

/// Another time: the search, with this appointment in hand.
pub(super) async fn change(desk: Desk, Path(id): Path<String>) -> Result<Redirect, Failure> {
    let id = named::<AppointmentId>(&id)?;
    let row = live(&desk, id).await?.remove(0);
    let place = desk.citizen.place_of(row.person).ok_or_else(Failure::not_found)?;
    let centre = desk.vault().centre(row.centre).await?;
    Ok(Redirect::to(&format!("/family/{place}/book?pin={}&change={id}", centre.pincode.number())))
}

/// The parts of an appointment that can still be changed: at least one.
async fn live(desk: &Desk, id: AppointmentId) -> Result<Vec<AppointmentRow>, Failure> {
    let mut rows = desk.vault().appointment(&desk.citizen, id).await?;
    rows.retain(|row| row.status == Status::Booked);
    if rows.is_empty() { Err(Failure::not_found()) } else { Ok(rows) }
}

pub(super) async fn ask_cancel(desk: Desk, Path(id): Path<String>) -> Result<Markup, Failure> {
    let id = named::<AppointmentId>(&id)?;
    let rows = live(&desk, id).await?;
    let offer = desk.vault().session(rows[0].session).await?;
    let (w, path) = (desk.w, format!("/appointments/{id}/cancel"));
    let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    Ok(desk.shell(w.t("cancel-title"), &path).back(format!("/appointments/{id}")).page(html! {
        (details(w, &rows[0], &offer))
        p { (w.with("cancel-text", [("count", count.into())])) }
        (post_form(&path, html! {
            (buttons(html! {
                (button(w.t("cancel-go")).warning())
                (quiet_link_button(&format!("/appointments/{id}"), &w.t("cancel-keep")))
            }))
        }))
    }))
}

pub(super) async fn cancel(desk: Desk, Path(id): Path<String>) -> Result<Redirect, Failure> {
    let id = named::<AppointmentId>(&id)?;
    let people: Vec<_> = live(&desk, id).await?.into_iter().map(|row| row.person).collect();
    desk.vault().cancel(&desk.citizen, id, &people).await?;
    Ok(Redirect::to("/family?said=cancelled"))
}
