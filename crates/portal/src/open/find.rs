//! `/find`: open sessions for anyone, without signing in.

use super::search::{Wanted, has_ended, search};
use super::sessions::{self, Listing};
use crate::caller::{Dress, Visitor};
use crate::page::{self, Form, Shell, Tone, banner, button, get_form, link_button, near_me, select, summary_list};
use crate::words::{Language, Words};
use crate::{Failure, Portal};
use axum::extract::{Path, Query, State};
use jiff::civil::{Date, Time};
use maud::{Markup, html};
use registry::{District, SessionId, State as Region};
use vault::Caller;
use vault::rows::Offer;

/// A query as pairs.
pub(super) type Pairs = Query<Vec<(String, String)>>;

/// `GET /find`: the three ways to search.
pub(super) async fn choose(w: Words, State(portal): State<Portal>, Visitor(who): Visitor) -> Result<Markup, Failure> {
    ask(w, &portal, &who, &Form::empty()).await
}

#[expect(clippy::ref_option, reason = "it is the option that dresses a shell")]
async fn ask(w: Words, portal: &Portal, who: &Option<Caller>, form: &Form) -> Result<Markup, Failure> {
    let states = portal.vault().states().await?;
    let shell = who.dress(portal, Shell::new(w, w.t("find-title"), "/find").form(form));
    Ok(shell.page(choices(w, form, &states)))
}

/// The three ways to search.
pub(super) fn choices(w: Words, form: &Form, states: &[Region]) -> Markup {
    html! {
        p.lead { (w.t("find-lead")) }
        (by_pin(w, form))
        (near_me(w, "/find/near", &[]))
        h2 { (w.t("find-district-heading")) }
        (by_state(w, form, states))
    }
}

/// The field for a postal code, also on the first page.
pub(super) fn by_pin(w: Words, form: &Form) -> Markup {
    get_form(
        "/find/pin",
        html! {
            (page::field(w, form, "pin", w.t("find-pin")).hint(w.t("find-pin-hint")).digits(6).autocomplete("postal-code"))
            (button(w.t("find-sessions")))
        },
    )
}

fn by_state(w: Words, form: &Form, states: &[Region]) -> Markup {
    let options = states.iter().fold(select(w, form, "state", w.t("find-state")), |select, state| {
        select.option(state.id.to_string(), in_script(w, &state.name, &state.name_hi))
    });
    get_form("/find/district", html! { (options) (button(w.t("find-choose-district")).secondary()) })
}

fn in_script<'a>(w: Words, english: &'a str, hindi: &'a str) -> &'a str {
    if w.language() == Language::Hindi && !hindi.is_empty() { hindi } else { english }
}

/// `GET /find/pin?pin=560001&date=2026-11-23`
pub(super) async fn at_pin(
    w: Words,
    State(portal): State<Portal>,
    Visitor(who): Visitor,
    Query(pairs): Pairs,
) -> Result<Markup, Failure> {
    let mut form = Form::from(pairs);
    if let Ok(pin) = form.digits("pin").parse() {
        let title = w.with("find-at-pin", [("pin", form.digits("pin").into())]);
        results(w, &portal, &who, Wanted::Pin(pin), &title, &form).await
    } else {
        form.problem("pin", w.t("find-pin-wrong"));
        ask(w, &portal, &who, &form).await
    }
}

/// `GET /find/district?state=16&district=265&date=…`; without a district it asks which.
pub(super) async fn in_district(
    w: Words,
    State(portal): State<Portal>,
    Visitor(who): Visitor,
    Query(pairs): Pairs,
) -> Result<Markup, Failure> {
    let mut form = Form::from(pairs);
    let states = portal.vault().states().await?;
    let Some(state) = states.iter().find(|state| state.id.to_string() == form.value("state")) else {
        form.problem("state", w.t("find-state-missing"));
        return ask(w, &portal, &who, &form).await;
    };
    let districts = portal.vault().districts(Some(state.id)).await?;
    let chosen = form.value("district").to_owned();
    if let Some(district) = districts.iter().find(|district| district.id.to_string() == chosen) {
        let title = w.with("find-in-district", [("district", in_script(w, &district.name, &district.name_hi).into())]);
        return results(w, &portal, &who, Wanted::District(state.id, district.id), &title, &form).await;
    }
    if form.values("district").next().is_some() {
        form.problem("district", w.t("find-district-missing"));
    }
    let path = format!("/find/district?state={}", state.id);
    let title = in_script(w, &state.name, &state.name_hi);
    let shell = who.dress(&portal, Shell::new(w, title, &path).back("/find").form(&form));
    Ok(shell.page(which_district(w, &form, state, &districts)))
}

fn which_district(w: Words, form: &Form, state: &Region, districts: &[District]) -> Markup {
    let options = districts.iter().fold(select(w, form, "district", w.t("find-district")), |select, district| {
        select.option(district.id.to_string(), in_script(w, &district.name, &district.name_hi))
    });
    html! {
        @if districts.is_empty() {
            p { (w.t("find-no-districts")) }
        } @else {
            (get_form("/find/district", html! {
                (page::hidden("state", &state.id.to_string()))
                (options)
                (button(w.t("find-sessions")))
            }))
        }
    }
}

/// `GET /find/near?lat=12.97&long=77.59&date=…`
pub(super) async fn near(
    w: Words,
    State(portal): State<Portal>,
    Visitor(who): Visitor,
    Query(pairs): Pairs,
) -> Result<Markup, Failure> {
    let mut form = Form::from(pairs);
    let position = degrees(form.value("lat"), 90.0).zip(degrees(form.value("long"), 180.0));
    if let Some(position) = position {
        results(w, &portal, &who, Wanted::Near(position), &w.t("find-near-you"), &form).await
    } else {
        form.problem("pin", w.t("near-me-refused"));
        ask(w, &portal, &who, &form).await
    }
}

/// Degrees, rounded to about a kilometre: a finer position is nobody's business, and the address keeps it.
fn degrees(text: &str, most: f64) -> Option<f64> {
    let degrees: f64 = text.parse().ok()?;
    (degrees.abs() <= most).then(|| (degrees * 100.0).round() / 100.0)
}

/// The day that was wished for, if it is one.
fn day_of(form: &Form) -> Option<Date> {
    form.value("date").parse().ok()
}

#[expect(clippy::ref_option, reason = "it is the option that dresses a shell")]
async fn results(
    w: Words,
    portal: &Portal,
    who: &Option<Caller>,
    wanted: Wanted,
    title: &str,
    form: &Form,
) -> Result<Markup, Failure> {
    let vault = portal.vault();
    let today = vault.today();
    let from = sessions::first_day(day_of(form), today);
    let found = search(vault, wanted, from).await?;
    let how = Listing {
        today,
        from,
        as_of: vault.now().time(),
        near: found.near,
        dose: None,
        part: sessions::part_of(form),
        page: &|day| wanted.address("/find", day),
        link: &|session| format!("/find/session/{}", session.id),
        elsewhere: &found.elsewhere,
    };
    let path = wanted.address("/find", from);
    let shell = who.dress(portal, Shell::new(w, title, &path).back("/find").wide());
    Ok(shell.page(sessions::listing(w, &found.offers, &how)))
}

/// `GET /find/session/{id}`: one session, and the way to book it.
pub(super) async fn session(
    w: Words,
    State(portal): State<Portal>,
    Visitor(who): Visitor,
    Path(id): Path<String>,
) -> Result<Markup, Failure> {
    let id: SessionId = id.parse().map_err(|_| Failure::not_found())?;
    let offer = portal.vault().session(id).await?;
    let now = portal.vault().now();
    let state = if offer.session.cancelled {
        Standing::CalledOff
    } else if has_ended(&offer.session, now.date(), now.time()) {
        Standing::Over
    } else if offer.session.open() == 0 {
        Standing::Full
    } else if matches!(who, Some(Caller::Citizen(_))) {
        Standing::Open(format!("/book/{id}"))
    } else {
        // The session goes along, so that nobody has to find it again after signing in.
        Standing::Open(format!("/sign-in?session={id}"))
    };
    let path = format!("/find/session/{id}");
    let back = Wanted::Pin(offer.centre.pincode).address("/find", offer.session.day);
    let shell = who.dress(&portal, Shell::new(w, offer.centre.name.as_str(), &path).back(back));
    Ok(shell.page(one_session(w, &offer, &state, now.time())))
}

/// What can be done with a session.
enum Standing {
    /// It can be booked, there.
    Open(String),
    Full,
    Over,
    CalledOff,
}

fn one_session(w: Words, Offer { centre, session }: &Offer, state: &Standing, as_of: Time) -> Markup {
    let as_of = w.with("sessions-as-of", [("time", w.time_exact(as_of).into())]);
    let facts = summary_list(w)
        .row(w.t("session-day"), w.date(session.day))
        .row(w.t("session-vaccine"), sessions::vaccine(w, session.vaccine))
        .row(w.t("session-ages"), sessions::ages(w, session.ages))
        .row(w.t("session-fee"), w.fee(session.fee.paise.into()))
        .row(
            w.t("session-places"),
            html! { @for line in sessions::places(w, session, None) { (line) br; } span.quiet { (as_of) } },
        )
        .row(w.t("session-slots"), html! { @for slot in &session.slots { (sessions::slot(w, slot)) br; } })
        .row(w.t("session-address"), html! { (sessions::whereabouts(w, centre, None)) });
    let notice = |key: &str| banner(w, Tone::Warn, html! { p { (w.t(key)) } });
    html! {
        @match state {
            Standing::Open(_) => {}
            Standing::Full => (notice("session-full")),
            Standing::Over => (notice("session-over")),
            Standing::CalledOff => (notice("failure-called-off")),
        }
        (facts)
        @if let Standing::Open(href) = state {
            (link_button(href, &w.t("session-book")))
            p.hint { (w.t("session-book-hint")) }
        } @else {
            (link_button("/find", &w.t("session-others")))
        }
        h2 { (w.t("session-bring-heading")) }
        p { (w.t("session-bring")) }
    }
}

#[cfg(test)]
mod tests {
    use super::degrees;

    #[test]
    fn a_position_is_rounded_and_stays_on_earth() {
        assert_eq!(degrees("12.97194", 90.0), Some(12.97));
        assert_eq!(degrees("-77.5937", 180.0), Some(-77.59));
        for text in ["", "x", "91", "NaN", "inf", "-90.01"] {
            assert_eq!(degrees(text, 90.0), None, "{text}");
        }
    }
}
