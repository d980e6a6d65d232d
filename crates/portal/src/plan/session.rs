//! One session: what it has seen, who works at it, calling it off.

use super::{Desk, Frame, Posted, ages, calendar::state, figure, hours, session_id, window};
use crate::Failure;
use crate::page::{
    Form, Tone, button, buttons, checkboxes, details, empty_state, inset, post_form, quiet_link_button, summary_list,
    table,
};
use crate::sms::compose;
use crate::words::{Language, Words};
use axum::extract::Path;
use axum::response::Redirect;
use jiff::civil::Date;
use maud::{Markup, html};
use registry::{CentreId, Role, SessionId, StaffId};
use std::collections::HashSet;
use vault::rows::{Offer, SessionCounts, StaffRow};
use vault::{Effect, Message, Refusal, Refused};

/// A session with what it has seen.
async fn named(desk: &Desk, path: &str) -> Result<(Offer, SessionCounts), Failure> {
    let offer = desk.vault().session(session_id(path)?).await?;
    let (centre, day, id) = (offer.centre.id, offer.session.day, offer.session.id);
    let seen = desk.vault().agenda(&desk.staff, Some(centre), day, day).await?;
    let seen = seen.into_iter().find(|(offer, _)| offer.session.id == id).map(|(_, seen)| seen);
    Ok((offer, seen.unwrap_or_default()))
}

/// The vaccinators who may work at a centre: its own, those of no centre, and whoever is on the roster already.
fn candidates(staff: Vec<StaffRow>, centre: CentreId, roster: &HashSet<StaffId>) -> Vec<StaffRow> {
    let may = |row: &StaffRow| row.active && row.role == Role::Vaccinator && row.centre.is_none_or(|own| own == centre);
    staff.into_iter().filter(|row| may(row) || roster.contains(&row.id)).collect()
}

/// `GET /manager/sessions/{id}`.
pub(super) async fn one(desk: Desk, Path(path): Path<String>) -> Result<Markup, Failure> {
    let (offer, seen) = named(&desk, &path).await?;
    let roster: HashSet<_> = desk.vault().roster(&desk.staff, offer.session.id).await?.into_iter().collect();
    let staff = candidates(desk.vault().all_staff(&desk.staff).await?, offer.centre.id, &roster);
    let done = desk.query.value("done");
    Ok(page(desk.frame, desk.vault().today(), &offer, seen, &staff, &roster, done))
}

fn week_of(offer: &Offer) -> String {
    format!("/manager/sessions?centre={}&week={}", offer.centre.id, offer.session.day)
}

fn page(
    frame: Frame,
    today: Date,
    offer: &Offer,
    seen: SessionCounts,
    staff: &[StaffRow],
    roster: &HashSet<StaffId>,
    done: &str,
) -> Markup {
    let (w, session) = (frame.w, &offer.session);
    let path = format!("/manager/sessions/{}", session.id);
    let title = w.with(
        "manager-session-title",
        [("vaccine", session.vaccine.label().into()), ("day", w.date(session.day).into())],
    );
    let mut shell = frame.narrow(title, &path).back(week_of(offer));
    match done {
        "roster" => shell = shell.flash(Tone::Good, w.t("manager-roster-saved")),
        "off" => shell = shell.flash(Tone::Good, w.t("manager-called-off-done")),
        _ => {}
    }
    let open = !session.cancelled && session.day >= today;
    let hands = u32::try_from(roster.len()).unwrap_or(u32::MAX);
    shell.page(html! {
        (summary_list(w)
            .row(w.t("manager-centre"), html! { a href={ "/manager/centres/" (offer.centre.id) } { (offer.centre.name) } })
            .row(w.t("manager-state"), state(w, today, session.cancelled, session.day, hands))
            .row(w.t("manager-hours"), html! { (hours(w, session)) })
            .row(w.t("manager-ages"), html! { (ages(w, session.ages)) })
            .row(w.t("manager-fee"), html! { (w.fee(session.fee.paise.into())) })
            .row(w.t("manager-awaited"), figure(w, seen.booked))
            .row(w.t("manager-there"), figure(w, seen.checked_in))
            .row(w.t("manager-given"), figure(w, seen.done)))
        (places(w, offer))
        (details(&w.t("manager-slots"), html! { ul { @for slot in &session.slots { li { (window(w, slot)) } } } }))
        @if open { (roster_form(w, &path, staff, roster)) }
        @if open {
            h2 { (w.t("manager-call-off")) }
            p { (w.t("manager-call-off-hint")) }
            (buttons(html! { (quiet_link_button(&format!("{path}/call-off"), &w.t("manager-call-off"))) }))
        }
    })
}

fn places(w: Words, offer: &Offer) -> Markup {
    let session = &offer.session;
    let rows = [
        ("manager-dose1", session.places[0]),
        ("manager-dose2", session.places[1]),
        ("manager-dose3", session.places[2]),
        ("manager-walk-in", session.walk_in),
    ];
    html! {
        (table(w.t("manager-places"))
            .column(w.t("manager-places-for")).figures(w.t("manager-places")).figures(w.t("manager-booked"))
            .figures(w.t("manager-places-left"))
            .rows(rows.map(|(key, places)| {
                let taken = places.booked + places.held;
                vec![html! { (w.t(key)) }, figure(w, places.capacity), figure(w, taken), figure(w, places.open)]
            })))
    }
}

fn roster_form(w: Words, path: &str, staff: &[StaffRow], roster: &HashSet<StaffId>) -> Markup {
    let form = roster.iter().fold(Form::empty(), |form, id| form.with("staff", id.to_string()));
    let choice = checkboxes(w, &form, "staff", w.t("manager-roster-question"));
    let choice =
        staff.iter().fold(choice, |choice, row| choice.option_with_hint(row.id.to_string(), &*row.name, &*row.login));
    html! {
        h2 { (w.t("manager-roster")) }
        @if staff.is_empty() {
            (empty_state(&w.t("manager-roster-empty"), html! { p { a href="/manager/staff/new" { (w.t("manager-staff-add")) } } }))
        } @else {
            (post_form(&format!("{path}/roster"), html! { (choice) (button(w.t("manager-roster-save"))) }))
        }
    }
}

/// `POST /manager/sessions/{id}/roster`: whoever is ticked works there, and nobody else.
pub(super) async fn roster(desk: Desk, Path(path): Path<String>, posted: Posted) -> Result<Redirect, Failure> {
    let offer = desk.vault().session(session_id(&path)?).await?;
    let (session, form) = (offer.session.id, posted.form());
    let there: HashSet<_> = desk.vault().roster(&desk.staff, session).await?.into_iter().collect();
    let ticked: HashSet<StaffId> = form.values("staff").map(super::staff_id).collect::<Result<_, _>>()?;
    let allowed = candidates(desk.vault().all_staff(&desk.staff).await?, offer.centre.id, &there);
    if !ticked.iter().all(|id| allowed.iter().any(|row| row.id == *id)) {
        return Err(Failure::not_found());
    }
    let effects = roster_change(session, &there, &ticked);
    if !effects.is_empty() {
        desk.vault().plan(&desk.staff, Effect::All(effects)).await?;
    }
    Ok(Redirect::to(&format!("/manager/sessions/{session}?done=roster")))
}

fn roster_change(session: SessionId, there: &HashSet<StaffId>, ticked: &HashSet<StaffId>) -> Vec<Effect> {
    let off = there.difference(ticked).map(|staff| Effect::Roster { session, staff: *staff, on: false });
    let on = ticked.difference(there).map(|staff| Effect::Roster { session, staff: *staff, on: true });
    off.chain(on).collect()
}

/// `GET /manager/sessions/{id}/call-off`.
pub(super) async fn ask_call_off(desk: Desk, Path(path): Path<String>) -> Result<Markup, Failure> {
    let (offer, seen) = named(&desk, &path).await?;
    Ok(ask_page(desk.frame, &offer, seen))
}

fn ask_page(frame: Frame, offer: &Offer, seen: SessionCounts) -> Markup {
    let (w, session) = (frame.w, &offer.session);
    let (path, back) =
        (format!("/manager/sessions/{}/call-off", session.id), format!("/manager/sessions/{}", session.id));
    let title = w.with(
        "manager-call-off-title",
        [("centre", offer.centre.name.as_str().into()), ("day", w.date(session.day).into())],
    );
    let body = html! {
        p.lead { (w.with("manager-call-off-people", [("count", seen.booked.into())])) }
        @if seen.checked_in > 0 { p { (w.with("manager-call-off-there", [("count", seen.checked_in.into())])) } }
        @if seen.booked > 0 {
            h2 { (w.t("manager-call-off-told")) }
            @for language in Language::ALL {
                div lang=(language.code()) { (inset(html! { p { (told(Words::new(language), offer)) } })) }
            }
            p { (w.t("manager-call-off-after")) }
        }
    };
    let label = if seen.booked > 0 { w.t("manager-call-off-button") } else { w.t("manager-call-off") };
    super::staff::ask(frame, &title, &path, &back, &body, label)
}

/// The message as the booked people get it.
fn told(w: Words, offer: &Offer) -> String {
    compose(w, &Message::CalledOff { centre: offer.centre.name.clone(), day: offer.session.day }).text
}

/// `POST /manager/sessions/{id}/call-off`. A second press finds it called off, and says so.
pub(super) async fn call_off(desk: Desk, Path(path): Path<String>) -> Result<Redirect, Failure> {
    let offer = desk.vault().session(session_id(&path)?).await?;
    let session = offer.session.id;
    if offer.session.day < desk.vault().today() {
        return Err(Failure::not_found());
    }
    let effect = Effect::CallOff { session, now_ms: desk.vault().now_ms() };
    match desk.vault().plan(&desk.staff, effect).await {
        Ok(_) | Err(Refused::Rule(Refusal::NotFound)) => {
            Ok(Redirect::to(&format!("/manager/sessions/{session}?done=off")))
        }
        Err(refused) => Err(refused.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_roster_changes_by_what_differs() {
        let id = |n: u8| StaffId::from_random([n; 16]);
        let session = SessionId::from_random([9; 16]);
        let (there, ticked) = (HashSet::from([id(1), id(2)]), HashSet::from([id(2), id(3)]));
        let effects = roster_change(session, &there, &ticked);
        let said: Vec<_> = effects
            .iter()
            .map(|effect| match effect {
                Effect::Roster { staff, on, .. } => (*staff, *on),
                _ => panic!("a roster only"),
            })
            .collect();
        assert_eq!(said, [(id(1), false), (id(3), true)]);
        assert!(roster_change(session, &there, &there).is_empty());
    }
}
