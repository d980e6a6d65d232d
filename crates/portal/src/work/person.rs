//! The person who is there: her name appears now. Health questions and dose on one page, one button.

use super::screening::{self, Screening};
use super::{Posted, Spot, batch_hint, batches, shell};
use crate::caller::PageVaccinator;
use crate::page::{Form, Tone, banner, button, link_button, look_recorded, post_form, radios, summary_list};
use crate::words::Words;
use crate::{Failure, Portal};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use maud::{Markup, html};
use registry::{BirthYear, Ineligible, PastDose, Timing, eligibility};
use vault::rows::{AppointmentRow, BatchRow, DoseRow, Offer, Status};
use vault::{Disclosed, Given, Grant, Patient, Refusal, Refused, Staff};

/// Why a dose is given before its day: chosen, never typed, for it is kept in the open.
const EARLY: [(&str, &str); 3] =
    [("travel", "work-early-travel"), ("doctor", "work-early-doctor"), ("order", "work-early-order")];

/// What the page shows besides the person.
struct View<'a> {
    spot: Spot,
    row: &'a AppointmentRow,
    offer: &'a Offer,
    batches: &'a [BatchRow],
    today: Date,
}

pub(super) async fn page(
    State(portal): State<Portal>,
    PageVaccinator(staff): PageVaccinator,
    w: Words,
    spot: Spot,
) -> Result<Response, Failure> {
    let (grant, row) = spot.present(&portal, &staff).await?;
    // Whoever comes back here after the dose wants to know that it was recorded, not to see her again.
    if row.status == Status::Done {
        return Ok(Redirect::to(&spot.under("done")).into_response());
    }
    Ok(show(&portal, &staff, w, spot, &grant, &row, None).await?.into_response())
}

/// Opens her record and draws the page: a first time, or again with what was typed.
async fn show(
    portal: &Portal,
    staff: &Staff,
    w: Words,
    spot: Spot,
    grant: &Grant,
    row: &AppointmentRow,
    typed: Option<Form>,
) -> Result<Markup, Failure> {
    let vault = portal.vault();
    let offer = vault.at_work(staff, row.session).await?;
    let batches = batches(portal, staff, row.session).await?;
    let last = vault.last_batch(staff, row.session).await?;
    let patient = vault.disclose::<Patient>(staff, grant, row.person).await?;
    let today = vault.today();
    let form = typed.unwrap_or_else(|| first_form(&patient, &batches, last, today));
    let view = View { spot, row, offer: &offer, batches: &batches, today };
    let path = spot.path();
    let shell = shell(portal, staff, w, "work-person-title", &path).back(spot.at.path()).form(&form);
    Ok(shell.page(content(w, &patient, &view, &form)))
}

/// Today's answers if there are any, and the batch she has in her hand: the one she gave last, or the only one.
fn first_form(patient: &Patient, batches: &[BatchRow], last: Option<String>, today: Date) -> Form {
    let answers = patient.screening.as_deref().and_then(|kept| Screening::of(kept, today));
    let form = answers.map_or_else(Form::empty, |answers| answers.fill(Form::empty()));
    let only = || batches.first().filter(|_| batches.len() == 1).map(|batch| batch.number.clone());
    let at_hand = last.filter(|last| batches.iter().any(|batch| batch.number == *last)).or_else(only);
    match at_hand {
        Some(number) => form.with("batch", number),
        None => form,
    }
}

fn content(w: Words, patient: &Disclosed<Patient>, view: &View<'_>, form: &Form) -> Markup {
    html! {
        (identity(w, patient, view))
        (past(w, &patient.doses))
        (dose(w, timing(patient, view), view, form))
        p { a href=(view.spot.under("ask")) { (w.t("ask-link")) } }
    }
}

/// What is compared with the document she shows.
fn identity(w: Words, patient: &Patient, view: &View<'_>) -> Markup {
    let age = BirthYear::new(patient.birth_year).ok().and_then(|born| born.age_in(view.today.year())).unwrap_or(0);
    let about = [("age", age.into()), ("gender", patient.gender.id().into())];
    let document = match &patient.id_document {
        Some((kind, four)) => {
            let kind = w.with("work-id-kind", [("kind", (*kind).into())]);
            w.with("work-id", [("kind", kind.into()), ("four", four.as_str().into())])
        }
        None => w.t("work-id-none"),
    };
    html! {
        h2 { (patient.name) }
        p.lead { (w.with("work-age-gender", about)) }
        (summary_list(w)
            .row(w.t("work-id-label"), document)
            .row(w.t("work-reference-label"), w.with("work-ends", [("four", patient.reference_last_four.as_str().into())])))
        p { (look_recorded(w)) }
    }
}

fn past(w: Words, doses: &[DoseRow]) -> Markup {
    let said = |dose: &DoseRow| {
        let values =
            [("dose", dose.number.into()), ("vaccine", dose.vaccine.label().into()), ("date", w.date(dose.day).into())];
        w.with("work-past", values)
    };
    html! {
        @if doses.is_empty() { p { (w.t("work-past-none")) } }
        @else { ul { @for dose in doses { li { (said(dose)) } } } }
    }
}

/// Whether the dose that she came for may be given today.
fn timing(patient: &Patient, view: &View<'_>) -> Result<Timing, Ineligible> {
    let past = patient.doses.iter().map(|dose| PastDose { number: dose.number, vaccine: dose.vaccine, day: dose.day });
    let past: Vec<_> = past.collect();
    let session = &view.offer.session;
    let age = BirthYear::new(patient.birth_year).ok().and_then(|born| born.age_in(session.day.year()));
    if !age.is_some_and(|age| session.ages.serves(age)) {
        return Err(Ineligible::Age);
    }
    eligibility::timing(&past, view.row.dose, session.vaccine, session.day)
}

/// The form of the dose; or, in its place, why there is none today and what to do.
fn dose(w: Words, timing: Result<Timing, Ineligible>, view: &View<'_>, form: &Form) -> Markup {
    let session = &view.offer.session;
    let heading = w.with("work-dose", [("dose", view.row.dose.into()), ("vaccine", session.vaccine.label().into())]);
    html! {
        h2 { (heading) }
        @match timing {
            Err(why) => {
                (banner(w, Tone::Bad, html! { p { (w.t(Failure::from(why).key)) } p { (w.t("work-stop-help")) } }))
                (link_button(&view.spot.at.path(), &w.t("work-next")))
            }
            Ok(timing) => (post_form(&view.spot.path(), html! {
                (screening::draw(w, form))
                @if let Timing::Early { from } = timing { (early(w, from, form)) }
                (batch(w, view.batches, form))
                @if !view.batches.is_empty() { (button(w.t("work-give"))) }
            })),
        }
    }
}

fn early(w: Words, from: Date, form: &Form) -> Markup {
    let reasons = radios(w, form, "early", w.t("work-early-why"));
    let reasons = EARLY.iter().fold(reasons, |reasons, (value, key)| reasons.option(*value, w.t(key)));
    html! {
        (banner(w, Tone::Warn, html! { p { (w.with("work-early", [("date", w.date(from).into())])) } }))
        (reasons)
    }
}

pub(super) fn batch(w: Words, batches: &[BatchRow], form: &Form) -> Markup {
    if batches.is_empty() {
        return banner(w, Tone::Bad, html! { p { (w.t("work-no-batch")) } });
    }
    let choice = radios(w, form, "batch", w.t("work-batch"));
    let choice = batches.iter().fold(choice, |choice, batch| {
        choice.option_with_hint(batch.number.as_str(), batch.number.as_str(), batch_hint(w, batch))
    });
    html! { (choice) }
}

pub(super) async fn submit(
    State(portal): State<Portal>,
    PageVaccinator(staff): PageVaccinator,
    w: Words,
    spot: Spot,
    posted: Posted,
) -> Result<Response, Failure> {
    let mut form = Form::from(posted.0);
    let (grant, row) = spot.present(&portal, &staff).await?;
    if row.status == Status::Done {
        return Ok(Redirect::to(&spot.under("done")).into_response());
    }
    let answers = Screening::read(w, &mut form);
    let given = read_given(w, &mut form, answers.as_ref().is_some_and(Screening::is_stop));
    let vault = portal.vault();
    if let Some(answers) = &answers {
        vault.screen(&staff, spot.appointment, spot.nth, &answers.kept(vault.today())).await?;
    }
    if let (true, Some(given)) = (form.is_fine(), given) {
        match vault.record_dose(&staff, spot.appointment, spot.nth, given).await {
            Ok(_) => return Ok(Redirect::to(&spot.under("done")).into_response()),
            Err(refused) => note(w, &mut form, refused)?,
        }
        // Sent twice: the other one was faster, and the dose is recorded.
        if spot.present(&portal, &staff).await?.1.status == Status::Done {
            return Ok(Redirect::to(&spot.under("done")).into_response());
        }
    }
    Ok(show(&portal, &staff, w, spot, &grant, &row, Some(form)).await?.into_response())
}

/// The dose that the form says; none is read where an answer forbids it.
fn read_given(w: Words, form: &mut Form, is_stop: bool) -> Option<Given> {
    let batch = form.value("batch").to_owned();
    if is_stop {
        return None;
    }
    if batch.is_empty() {
        form.problem("batch", w.t("work-batch-missing"));
        return None;
    }
    let early_reason =
        EARLY.iter().find(|(value, _)| *value == form.value("early")).map(|(value, _)| (*value).to_owned());
    Some(Given { batch, early_reason })
}

/// Puts a refusal where the vaccinator can do something about it.
fn note(w: Words, form: &mut Form, refused: Refused) -> Result<(), Failure> {
    match refused {
        Refused::Ineligible(Ineligible::TooEarly { .. }) => form.problem("early", w.t("work-early-missing")),
        Refused::Rule(Refusal::BatchUnusable) => form.problem("batch", w.t("failure-batch")),
        // The page itself says which rule stands against it.
        Refused::Ineligible(_) | Refused::Rule(Refusal::AlreadyGiven) => {}
        other => return Err(other.into()),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{appointment, at, batch as batch_row, offer, patient};
    use super::*;
    use crate::words::Language;
    use jiff::civil::date;
    use registry::Vaccine;
    use vault::rows::AppointmentRow;

    const TODAY: Date = date(2026, 11, 23);

    fn drawn(w: Words, patient: &Patient, number: u8, form: &Form) -> String {
        let offer = offer();
        let row = AppointmentRow { dose: number, ..super::super::tests::appointment_row() };
        let batches = [batch_row("B1", 3), batch_row("B2", 50)];
        let spot = Spot::new(at(), (appointment(), 0));
        let view = View { spot, row: &row, offer: &offer, batches: &batches, today: TODAY };
        let page = html! { (identity(w, patient, &view)) (past(w, &patient.doses)) (dose(w, timing(patient, &view), &view, form)) };
        page.0
    }

    #[test]
    fn she_is_compared_and_the_batch_shows_its_expiry() {
        for w in Language::ALL.map(Words::new) {
            let page = drawn(w, &patient(&[]), 1, &Form::empty());
            assert!(page.contains("Asha Devi") && page.contains("9999") && page.contains("60"), "{page}");
            assert!(page.contains(&w.t("look-recorded")));
            assert!(page.contains(&w.date(date(2027, 3, 31))) && page.contains(&w.t("work-give")));
            assert!(!page.contains("name=\"early\""));
        }
    }

    #[test]
    fn too_early_warns_and_asks_a_reason() {
        let w = Words::default();
        let page = drawn(w, &patient(&[(1, Vaccine::Covishield, date(2026, 11, 1))]), 2, &Form::empty());
        assert!(page.contains("name=\"early\"") && page.contains(&w.date(date(2027, 1, 24))));
        assert!(page.contains(&w.t("work-give")));
    }

    #[test]
    fn a_hard_stop_has_no_button() {
        let w = Words::default();
        let cases = [
            (patient(&[(1, Vaccine::Covaxin, date(2026, 1, 1))]), 2, "failure-other-vaccine"),
            (patient(&[]), 2, "failure-earlier-dose"),
            (patient(&[(1, Vaccine::Covishield, date(2026, 1, 1))]), 1, "failure-already-given"),
            (Patient { birth_year: 2015, ..patient(&[]) }, 1, "failure-age"),
        ];
        for (patient, number, key) in cases {
            let page = drawn(w, &patient, number, &Form::empty());
            assert!(page.contains(&w.t(key)) && !page.contains(&w.t("work-give")), "{key}");
        }
    }

    #[test]
    fn the_batch_in_hand_is_chosen_already() {
        let two = [batch_row("B1", 3), batch_row("B2", 50)];
        let chosen = |batches: &[BatchRow], last: Option<&str>| {
            first_form(&patient(&[]), batches, last.map(str::to_owned), TODAY).value("batch").to_owned()
        };
        assert_eq!(chosen(&two, None), "", "with two vials nobody guesses");
        assert_eq!(chosen(&two, Some("B2")), "B2");
        assert_eq!(chosen(&two, Some("used up")), "");
        assert_eq!(chosen(&two[..1], None), "B1");
    }

    #[test]
    fn answers_of_another_day_are_asked_again() {
        let w = Words::default();
        let mut said = Form::empty().with("yes", "none");
        let answers = Screening::read(w, &mut said).unwrap();
        let with = |kept: String| {
            let patient = Patient { screening: Some(kept), ..patient(&[]) };
            first_form(&patient, &[], None, TODAY).value("yes").to_owned()
        };
        assert_eq!(with(answers.kept(TODAY)), "none");
        assert_eq!(with(answers.kept(date(2026, 11, 22))), "");
    }

    #[test]
    fn a_dose_needs_a_batch_and_a_known_reason() {
        let w = Words::default();
        let mut none = Form::empty();
        assert!(read_given(w, &mut none, false).is_none() && none.problem_of("batch").is_some());
        let mut form = Form::empty().with("batch", "B1").with("early", "she is my cousin Asha");
        assert_eq!(read_given(w, &mut form, false).unwrap().early_reason, None, "free words are not kept in the open");
        assert!(read_given(w, &mut form, true).is_none());
    }
}
