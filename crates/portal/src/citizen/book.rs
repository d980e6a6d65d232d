//! A time is chosen and checked on one page, and booked. The session may come first and the person after.

use super::standing::{self, Bar, dose_of};
use super::{Desk, Pairs, form, named};
use crate::Failure;
use crate::open::sessions;
use crate::page::{
    Form, Tone, banner, button, card, hidden, link_button, look_recorded, post_form, quiet_link_button, radios,
    summary_list,
};
use crate::words::Words;
use axum::Form as Posted;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use registry::{AppointmentId, SessionId, Slot};
use vault::rows::Offer;
use vault::{BookingRequest, Card, Disclosed, Refused};

type Place = (String, String);

pub(super) async fn show(desk: Desk, Path(path): Path<Place>, Query(query): Query<Pairs>) -> Result<Response, Failure> {
    page(&desk, &path, &form(query)).await
}

async fn page(desk: &Desk, (place, session): &Place, form: &Form) -> Result<Response, Failure> {
    let w = desk.w;
    let (place, person) = desk.member(place)?;
    let offer = desk.vault().session(named::<SessionId>(session)?).await?;
    let card = desk.card(person).await?;
    let now = desk.vault().now();
    let dose = dose_of(form, &card);
    let bar = match dose {
        Some(dose) => standing::may_book(&card, dose, &offer.session, &now).err(),
        None => Some(Bar::Rule(registry::Ineligible::NoSuchDose)),
    };
    let path = format!("/family/{place}/book/{}", offer.session.id);
    let key = if moved(form).is_some() { "book-title-move" } else { "book-title" };
    let shell = desk.shell(w.t(key), &path).back(format!("/family/{place}/book")).form(form);
    let slots = standing::open_slots(&offer.session, &now);
    let page = shell.page(html! {
        (what(w, &card, dose.unwrap_or(1), &offer))
        @if let Some(bar) = bar { (barred(w, place, bar)) }
        @else { (choose(w, form, &path, dose.unwrap_or(1), &slots)) }
    });
    Ok(page.into_response())
}

/// The appointment that is being moved, if this is a move.
fn moved(form: &Form) -> Option<AppointmentId> {
    form.value("change").parse().ok()
}

/// For whom, what, where, on which day, for how much.
fn what(w: Words, card: &Card, dose: u8, offer: &Offer) -> Markup {
    let session = &offer.session;
    let vaccine =
        w.with("book-dose-of", [("dose", dose.into()), ("vaccine", sessions::vaccine(w, session.vaccine).into())]);
    html! {
        (summary_list(w)
            .row(w.t("book-who"), html! { (card.name) " " (look_recorded(w)) })
            .row(w.t("book-what"), vaccine)
            .row(w.t("book-where"), html! {
                strong { (offer.centre.name) } br; (sessions::whereabouts(w, &offer.centre, None))
            })
            .row(w.t("book-day"), html! { strong { (w.date(session.day)) } })
            .row(w.t("book-fee"), w.fee(session.fee.paise.into())))
    }
}

fn barred(w: Words, place: usize, bar: Bar) -> Markup {
    html! {
        (banner(w, Tone::Warn, html! { p { (bar.words(w)) } }))
        (link_button(&format!("/family/{place}/book"), &w.t("book-find-another")))
    }
}

fn choose(w: Words, form: &Form, path: &str, dose: u8, slots: &[&Slot]) -> Markup {
    let chosen = match slots {
        // One window only: nothing to choose, only to agree.
        [only] if form.value("slot").is_empty() => form.clone().with("slot", only.text()),
        _ => form.clone(),
    };
    let times = slots.iter().fold(radios(w, &chosen, "slot", w.t("book-time")).tiles(), |times, slot| {
        times.option(slot.text(), sessions::slot(w, slot))
    });
    let label = w.t(if moved(form).is_some() { "book-move-go" } else { "book-go" });
    post_form(
        path,
        html! {
            (times)
            (hidden("dose", &dose.to_string()))
            @if let Some(id) = moved(form) { (hidden("change", &id.to_string())) }
            (button(label))
        },
    )
}

pub(super) async fn take(
    desk: Desk,
    Path(path): Path<Place>,
    Posted(pairs): Posted<Pairs>,
) -> Result<Response, Failure> {
    let mut form = form(pairs);
    let Ok(slot) = form.value("slot").parse::<Slot>() else {
        form.problem("slot", desk.w.t("book-time-missing"));
        return page(&desk, &path, &form).await;
    };
    let (_, person) = desk.member(&path.0)?;
    let session = named::<SessionId>(&path.1)?;
    let vault = desk.vault();
    let done = match (moved(&form), form.value("dose").parse()) {
        (Some(id), _) => vault.reschedule(&desk.citizen, id, session, slot).await.map(|()| (id, "moved")),
        (None, Ok(dose)) => {
            let wish = BookingRequest { people: vec![person], session, slot, dose };
            vault.book(&desk.citizen, wish).await.map(|id| (id, "booked"))
        }
        (None, Err(_)) => return page(&desk, &path, &form).await,
    };
    match done {
        Ok((id, said)) => Ok(Redirect::to(&format!("/appointments/{id}?said={said}")).into_response()),
        Err(refused @ (Refused::Rule(_) | Refused::Ineligible(_))) => {
            let failure = Failure::from(refused);
            form.problem("slot", desk.w.t(failure.key));
            page(&desk, &path, &form).await
        }
        Err(other) => Err(other.into()),
    }
}

/// A session was chosen first: for whom is it?
pub(super) async fn choose_person(desk: Desk, Path(session): Path<String>) -> Result<Response, Failure> {
    let id = named::<SessionId>(&session)?;
    let offer = desk.vault().session(id).await?;
    match desk.citizen.places()[..] {
        [] => return Ok(Redirect::to(&format!("/family/add?session={id}")).into_response()),
        [place] => return Ok(Redirect::to(&format!("/family/{place}/book/{id}")).into_response()),
        _ => {}
    }
    let w = desk.w;
    let (cards, now) = (desk.cards().await?, desk.vault().now());
    let path = format!("/book/{id}");
    let page = desk.shell(w.t("choose-title"), &path).back("/family").page(html! {
        p.lead {
            (offer.centre.name) ", " (w.date(offer.session.day)) ", " (sessions::vaccine(w, offer.session.vaccine))
        }
        p { (look_recorded(w)) }
        @for (place, one) in desk.citizen.places().into_iter().zip(&cards) { (candidate(w, place, one, &offer, &now)) }
    });
    Ok(page.into_response())
}

/// A member with a button to this session, or with what stands against it.
fn candidate(w: Words, place: usize, one: &Disclosed<Card>, offer: &Offer, now: &jiff::Zoned) -> Markup {
    let dose = standing::next(&one.doses).map(|next| next.dose);
    let booked = match standing::ahead(one, now.date()) {
        standing::Ahead::Booked(row) | standing::Ahead::Missed(row) => Some(row),
        _ => None,
    };
    let bar = match dose {
        Some(dose) => standing::may_book(one, dose, &offer.session, now).err(),
        None => Some(Bar::Rule(registry::Ineligible::NoSuchDose)),
    };
    card(html! {
        h2 { (one.name) }
        @if let Some(row) = booked {
            p { a href={ "/appointments/" (row.id) } { (w.with("choose-booked", [("day", w.date(row.day).into())])) } }
        } @else if let Some(bar) = bar { p.quiet { (bar.words(w)) } }
        @else {
            (quiet_link_button(
                &format!("/family/{place}/book/{}", offer.session.id),
                &w.with("choose-go", [("dose", dose.unwrap_or(1).into()), ("name", one.name.as_str().into())]),
            ))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_only_time_is_chosen_already_and_several_are_not() {
        let w = Words::default();
        let (morning, noon) = (Slot::between(540, 660), Slot::between(660, 780));
        let one = choose(w, &Form::empty(), "/family/0/book/s", 1, &[&morning]).0;
        assert!(one.contains("checked"));
        let two = choose(w, &Form::empty(), "/family/0/book/s", 1, &[&morning, &noon]).0;
        assert!(!two.contains("checked"));
        assert!(two.contains("9:00 am to 11:00 am") && two.contains(r#"value="11:00AM-01:00PM""#));
        assert!(two.contains("Book this time"));
    }
}
