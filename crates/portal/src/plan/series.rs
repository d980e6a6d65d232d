//! Planning sessions: one form, repeated over days, looked at before it is published.

use super::import::hashed_session;
use super::{Desk, Frame, Posted, ages, batches::vaccine_field, centres, clock, figure, once_key};
use crate::Failure;
use crate::page::{
    Form, Tone, button, buttons, checkboxes, confirmation, date_field, field, hidden, link_button, post_form,
    quiet_link_button, summary_list, table, tag,
};
use crate::words::Words;
use axum::response::{IntoResponse, Response};
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use maud::{Markup, html};
use registry::{AgeBand, Centre, CentreId, Fee, Slot, Vaccine};
use std::collections::HashSet;
use vault::{Effect, NewSession, Refusal, Refused};

/// The furthest day that can be planned, and so the longest repetition.
const MOST_DAYS: i32 = 92;

/// The fields that the preview carries along.
const FIELDS: [&str; 22] = [
    "once",
    "centre",
    "vaccine",
    "first-day",
    "first-month",
    "first-year",
    "last-day",
    "last-month",
    "last-year",
    "on",
    "opens",
    "closes",
    "minutes",
    "pause-from",
    "pause-to",
    "dose1",
    "dose2",
    "dose3",
    "walk-in",
    "min-age",
    "max-age",
    "fee",
];

/// A plan that holds: what is published on which days.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Series {
    once: String,
    centre: CentreId,
    vaccine: Vaccine,
    days: Vec<Date>,
    slots: Vec<Slot>,
    capacity: [u32; 3],
    walk_in: u32,
    ages: AgeBand,
    fee: Fee,
}

impl Series {
    /// Its sessions. The id comes from the form's own key and the day, so that the same form twice publishes once.
    fn sessions(&self) -> Vec<NewSession> {
        let session = |day: &Date| NewSession {
            id: hashed_session(&format!("teeka/planned-session|{}|{}|{day}", self.once, self.centre)),
            centre: self.centre,
            day: *day,
            vaccine: self.vaccine,
            ages: self.ages,
            fee: self.fee,
            slots: self.slots.clone(),
            capacity: self.capacity,
            walk_in: self.walk_in,
        };
        self.days.iter().map(session).collect()
    }
}

/// Reads the form, noting what is wrong with it.
fn read(w: Words, form: &mut Form, today: Date) -> Option<Series> {
    let vaccine = form.value("vaccine").parse::<Vaccine>();
    if vaccine.is_err() {
        form.problem("vaccine", w.t("manager-plan-vaccine-missing"));
    }
    let days = days(w, form, today);
    let slots = slots(w, form);
    let (capacity, walk_in) = capacity(w, form);
    let ages = age_band(w, form);
    let fee = fee(w, form);
    if form.value("once").len() != 32 {
        form.problem("vaccine", w.t("failure-input"));
    }
    let centre = form.value("centre").parse().ok()?;
    let once = form.value("once").to_owned();
    let series = Series {
        once,
        centre,
        vaccine: vaccine.ok()?,
        days: days?,
        slots: slots?,
        capacity: capacity?,
        walk_in: walk_in?,
        ages: ages?,
        fee: fee?,
    };
    form.is_fine().then_some(series)
}

fn day(w: Words, form: &mut Form, name: &str) -> Option<Date> {
    match form.date(name) {
        Ok(day) => Some(day),
        Err(problem) => {
            form.problem(name, problem.message(w));
            None
        }
    }
}

/// The days from the first to the last that fall on a ticked weekday. Without a last day it is the first alone.
fn days(w: Words, form: &mut Form, today: Date) -> Option<Vec<Date>> {
    let first = day(w, form, "first")?;
    let alone = ["last-day", "last-month", "last-year"].iter().all(|name| form.value(name).is_empty());
    let last = if alone { first } else { day(w, form, "last")? };
    let furthest = today.saturating_add(MOST_DAYS.days());
    if first < today || first > furthest {
        form.problem(
            "first",
            w.with("manager-plan-first-range", [("from", w.date(today).into()), ("to", w.date(furthest).into())]),
        );
        return None;
    }
    if last < first || last > furthest {
        form.problem(
            "last",
            w.with("manager-plan-last-range", [("from", w.date(first).into()), ("to", w.date(furthest).into())]),
        );
        return None;
    }
    let on: HashSet<i8> = form.values("on").filter_map(|text| text.parse().ok()).collect();
    // One day is meant, whichever weekday it is; the ticks are for a repetition.
    let ticked = |day: &Date| first == last || on.is_empty() || on.contains(&day.weekday().to_monday_one_offset());
    let days: Vec<Date> = first.series(1.day()).take_while(|day| *day <= last).filter(ticked).collect();
    if days.is_empty() {
        form.problem("on", w.t("manager-plan-no-day"));
        return None;
    }
    Some(days)
}

fn minutes(w: Words, form: &mut Form, name: &str) -> Option<u16> {
    let time = super::import::time(form.value(name));
    if time.is_none() {
        form.problem(name, w.t("manager-wrong-time"));
    }
    time.map(|time| u16::from(time.hour().unsigned_abs()) * 60 + u16::from(time.minute().unsigned_abs()))
}

/// Windows of equal length from opening to closing, without the pause.
fn slots(w: Words, form: &mut Form) -> Option<Vec<Slot>> {
    let (opens, closes) = (minutes(w, form, "opens"), minutes(w, form, "closes"));
    let length = form.digits("minutes").parse::<u16>().ok().filter(|length| (10..=480).contains(length));
    if length.is_none() {
        form.problem("minutes", w.t("manager-plan-minutes-range"));
    }
    let pause = match (form.value("pause-from"), form.value("pause-to")) {
        ("", "") => Some(None),
        _ => minutes(w, form, "pause-from").zip(minutes(w, form, "pause-to")).map(Some),
    };
    let (opens, closes, length, pause) = (opens?, closes?, length?, pause?);
    let slots = windows(opens, closes, length, pause);
    if slots.is_empty() {
        form.problem("closes", w.t("manager-plan-no-slot"));
        return None;
    }
    if slots.len() > 24 {
        form.problem("minutes", w.t("manager-plan-many-slots"));
        return None;
    }
    Some(slots)
}

/// All windows that fit; one that the pause would cut begins after it.
fn windows(opens: u16, closes: u16, length: u16, pause: Option<(u16, u16)>) -> Vec<Slot> {
    let (mut from, mut slots) = (opens, Vec::new());
    while from + length <= closes {
        let to = from + length;
        if let Some((_, ends)) = pause.filter(|(begins, ends)| begins < ends && from < *ends && to > *begins) {
            from = ends;
        } else {
            slots.push(Slot::between(from, to));
            from = to;
        }
    }
    slots
}

fn count(w: Words, form: &mut Form, name: &str) -> Option<u32> {
    let text = form.digits(name);
    let count = if text.is_empty() { Some(0) } else { text.parse().ok().filter(|count| *count <= 10_000) };
    if count.is_none() {
        form.problem(name, w.with("manager-wrong-number", [("from", "0".into()), ("to", "10000".into())]));
    }
    count
}

fn capacity(w: Words, form: &mut Form) -> (Option<[u32; 3]>, Option<u32>) {
    let doses = ["dose1", "dose2", "dose3"].map(|name| count(w, form, name));
    let walk_in = count(w, form, "walk-in");
    let [Some(first), Some(second), Some(third)] = doses else { return (None, walk_in) };
    if first + second + third + walk_in.unwrap_or(0) == 0 {
        form.problem("dose1", w.t("manager-wrong-no-places"));
    }
    (Some([first, second, third]), walk_in)
}

fn age(w: Words, form: &mut Form, name: &str, from: u8) -> Option<u8> {
    let age = form.digits(name).parse::<u8>().ok().filter(|age| (from..=120).contains(age));
    if age.is_none() {
        let range = [("from", from.to_string().into()), ("to", "120".into())];
        form.problem(name, w.with("manager-wrong-number", range));
    }
    age
}

fn age_band(w: Words, form: &mut Form) -> Option<AgeBand> {
    let min = age(w, form, "min-age", 0)?;
    let max = if form.value("max-age").is_empty() { None } else { Some(age(w, form, "max-age", min)?) };
    Some(AgeBand { min, max })
}

fn fee(w: Words, form: &mut Form) -> Option<Fee> {
    let paise = match form.value("fee") {
        "" => Some(0),
        text => super::import::paise(text),
    };
    if paise.is_none() {
        form.problem("fee", w.t("manager-plan-fee-range"));
    }
    paise.map(|paise| Fee { paise })
}

/// `GET /manager/sessions/new`: first the centre, then the plan.
pub(super) async fn new(desk: Desk) -> Result<Markup, Failure> {
    let (frame, w) = (desk.frame, desk.frame.w);
    let Some(centre) = desk.centre_asked() else {
        let found = centres::find(&desk).await?;
        let leads = |id| format!("/manager/sessions/new?centre={id}");
        return Ok(frame.wide(w.t("manager-plan-title"), "/manager/sessions/new").back("/manager/sessions").page(
            html! {
                p.lead { (w.t("manager-plan-choose")) }
                (centres::chooser(w, "/manager/sessions/new", &desk.query, &found, leads))
            },
        ));
    };
    let centre = desk.vault().centre(centre).await?;
    let today = desk.vault().today();
    Ok(form_page(frame, &fresh(&centre, today, once_key(desk.vault())), &centre))
}

/// A form for next week, Monday to Saturday, within the hours of the centre.
fn fresh(centre: &Centre, today: Date, once: String) -> Form {
    let monday = today.nth_weekday(1, Weekday::Monday).unwrap_or(today);
    let form = Form::empty()
        .with("once", once)
        .with("centre", centre.id.to_string())
        .with_date("first", monday)
        .with_date("last", monday.saturating_add(5.days()))
        .with("opens", centre.opens.strftime("%H:%M").to_string())
        .with("closes", centre.closes.strftime("%H:%M").to_string());
    let form = [
        ("minutes", "120"),
        ("dose1", "50"),
        ("dose2", "50"),
        ("dose3", "0"),
        ("walk-in", "10"),
        ("min-age", "18"),
        ("fee", "0"),
    ]
    .into_iter()
    .fold(form, |form, (name, value)| form.with(name, value));
    (1..=6).fold(form, |form, day| form.with("on", day.to_string()))
}

fn form_page(frame: Frame, form: &Form, centre: &Centre) -> Markup {
    let w = frame.w;
    let path = format!("/manager/sessions/new?centre={}", centre.id);
    let weekdays = (1..=7_i8).fold(checkboxes(w, form, "on", w.t("manager-plan-weekdays")).tiles(), |choice, day| {
        choice.option(day.to_string(), w.with("manager-weekday", [("weekday", day.into())]))
    });
    let back = format!("/manager/sessions?centre={}", centre.id);
    frame.narrow(w.t("manager-plan-title"), &path).back(back).form(form).page(post_form("/manager/sessions/preview", html! {
        p.lead { (centre.name) }
        (hidden("once", form.value("once"))) (hidden("centre", form.value("centre")))
        (vaccine_field(w, form))
        h2 { (w.t("manager-plan-days")) }
        (date_field(w, form, "first", w.t("manager-plan-first")))
        (date_field(w, form, "last", w.t("manager-plan-last")).hint(w.t("manager-plan-last-hint")))
        (weekdays)
        h2 { (w.t("manager-slots")) }
        (field(w, form, "opens", w.t("manager-plan-opens")).clock())
        (field(w, form, "closes", w.t("manager-plan-closes")).clock())
        (field(w, form, "minutes", w.t("manager-plan-minutes")).hint(w.t("manager-plan-minutes-hint")).digits(3).suffix(w.t("manager-minutes")))
        (field(w, form, "pause-from", w.t("manager-plan-pause-from")).clock().optional())
        (field(w, form, "pause-to", w.t("manager-plan-pause-to")).clock().optional())
        h2 { (w.t("manager-places")) }
        (field(w, form, "dose1", w.t("manager-dose1")).digits(5))
        (field(w, form, "dose2", w.t("manager-dose2")).digits(5))
        (field(w, form, "dose3", w.t("manager-dose3")).digits(5))
        (field(w, form, "walk-in", w.t("manager-walk-in")).hint(w.t("manager-walk-in-hint")).digits(5))
        h2 { (w.t("manager-plan-whom")) }
        (field(w, form, "min-age", w.t("manager-min-age")).digits(3))
        (field(w, form, "max-age", w.t("manager-max-age")).hint(w.t("manager-max-age-hint")).digits(3).optional())
        (field(w, form, "fee", w.t("manager-plan-fee")).hint(w.t("manager-plan-fee-hint")).prefix("₹").characters(8))
        (button(w.t("manager-plan-preview")))
    }))
}

/// `POST /manager/sessions/preview`.
pub(super) async fn preview(desk: Desk, posted: Posted) -> Result<Response, Failure> {
    let (mut form, w) = (posted.form(), desk.frame.w);
    let centre = desk.vault().centre(form.value("centre").parse()?).await?;
    let Some(series) = read(w, &mut form, desk.vault().today()) else {
        return Ok(form_page(desk.frame, &form, &centre).into_response());
    };
    if form.value("act") == "change" {
        return Ok(form_page(desk.frame, &form, &centre).into_response());
    }
    let (first, last) = (series.days[0], series.days[series.days.len() - 1]);
    let there = desk.vault().agenda(&desk.staff, Some(centre.id), first, last).await?;
    let sessions =
        there.iter().filter(|(offer, _)| !offer.session.cancelled && offer.session.vaccine == series.vaccine);
    let taken = sessions.map(|(offer, _)| offer.session.day).collect();
    Ok(preview_page(desk.frame, &form, &centre, &series, &taken).into_response())
}

fn preview_page(frame: Frame, form: &Form, centre: &Centre, series: &Series, taken: &HashSet<Date>) -> Markup {
    let w = frame.w;
    let path = format!("/manager/sessions/new?centre={}", centre.id);
    let places: u32 = series.capacity.iter().sum::<u32>() + series.walk_in;
    let days = series.days.len();
    let span = |slot: &Slot| super::window(w, slot);
    let row = |day: &Date| {
        let note = if taken.contains(day) {
            tag(Tone::Warn, &w.t("manager-plan-taken"))
        } else {
            tag(Tone::Info, &w.t("manager-plan-new"))
        };
        vec![html! { (w.date(*day)) }, html! { (opening(w, series)) }, figure(w, places), note]
    };
    frame.narrow(w.t("manager-preview-title"), &path).page(html! {
        p.lead { (w.with("manager-preview-lead", [("count", days.into()), ("centre", centre.name.as_str().into())])) }
        (summary_list(w)
            .row(w.t("manager-vaccine"), html! { (series.vaccine.label()) })
            .row(w.t("manager-slots"), html! { ul { @for slot in &series.slots { li { (span(slot)) } } } })
            .row(w.t("manager-dose1"), figure(w, series.capacity[0]))
            .row(w.t("manager-dose2"), figure(w, series.capacity[1]))
            .row(w.t("manager-dose3"), figure(w, series.capacity[2]))
            .row(w.t("manager-walk-in"), figure(w, series.walk_in))
            .row(w.t("manager-ages"), html! { (ages(w, series.ages)) })
            .row(w.t("manager-fee"), html! { (w.fee(series.fee.paise.into())) }))
        (table(w.with("manager-preview-days", [("count", days.into())]))
            .column(w.t("manager-day")).column(w.t("manager-hours")).figures(w.t("manager-places")).column(w.t("manager-state"))
            .rows(series.days.iter().map(row)))
        (post_form("/manager/sessions/new", html! {
            @for name in FIELDS { @for value in form.values(name) { (hidden(name, value)) } }
            (buttons(html! {
                (button(w.with("manager-plan-publish", [("count", days.into())])))
                (button(w.t("manager-plan-change")).secondary().sends("act", "change").to("/manager/sessions/preview"))
            }))
        }))
    })
}

fn opening(w: Words, series: &Series) -> String {
    let (from, to) = (series.slots[0].minutes().0, series.slots[series.slots.len() - 1].minutes().1);
    w.time_span(clock(from), clock(to))
}

/// `POST /manager/sessions/new`.
pub(super) async fn publish(desk: Desk, posted: Posted) -> Result<Response, Failure> {
    let (mut form, w) = (posted.form(), desk.frame.w);
    let centre = desk.vault().centre(form.value("centre").parse()?).await?;
    let Some(series) = read(w, &mut form, desk.vault().today()) else {
        return Ok(form_page(desk.frame, &form, &centre).into_response());
    };
    let effects = series.sessions().into_iter().map(|session| Effect::Publish(Box::new(session))).collect();
    match desk.vault().plan(&desk.staff, Effect::All(effects)).await {
        Ok(changed) => Ok(done_page(desk.frame, &centre, &series, changed.0).into_response()),
        // The same form was sent before with other values: a new key makes it another plan.
        Err(Refused::Rule(Refusal::Conflict)) => {
            form = Form::empty().with("once", once_key(desk.vault())).with("centre", centre.id.to_string());
            form.problem("vaccine", w.t("manager-plan-again"));
            Ok(form_page(desk.frame, &form, &centre).into_response())
        }
        Err(refused) => Err(refused.into()),
    }
}

fn done_page(frame: Frame, centre: &Centre, series: &Series, published: u32) -> Markup {
    let w = frame.w;
    let title = w.with("manager-plan-done", [("count", published.into())]);
    let week = format!("/manager/sessions?centre={}&week={}", centre.id, series.days[0]);
    let path = format!("/manager/sessions/new?centre={}", centre.id);
    frame.narrow(&*title, &path).question().page(html! {
        (confirmation(&title, html! { p { (centre.name) } p { (series.vaccine.label()) } }))
        @if published == 0 { p { (w.t("manager-plan-nothing")) } }
        h2 { (w.t("manager-plan-next")) }
        p { (w.t("manager-plan-next-hint")) }
        (buttons(html! {
            (link_button(&week, &w.t("manager-plan-see")))
            (quiet_link_button("/manager/sessions/new", &w.t("manager-plan-another")))
        }))
    })
}

#[cfg(test)]
mod tests;
