//! Check-in: a reference or a row of the list, and one of three proofs that she is there. The counter asks for the same, but
//! for the slip.

use super::{Asked, At, Posted, Spot, shell, window};
use crate::caller::PageVaccinator;
use crate::page::{Form, Shell, button, buttons, details, field, hidden, inset, post_form};
use crate::words::Words;
use crate::{Failure, Portal, papers};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use registry::{AppointmentId, Ineligible, Malformed, Reference, TransactionId, Wrong};
use vault::{Evidence, ListRow, Refusal, Refused, Staff};

/// What she comes for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Aim {
    Dose,
    /// Something else, at the counter: no place is taken, so no row of the list and no slip say who she is.
    Counter,
}

impl Aim {
    /// Where its form is, below the session.
    const fn segment(self) -> &'static str {
        match self {
            Self::Dose => "check-in",
            Self::Counter => "counter",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Dose => "work-check-in",
            Self::Counter => "counter-title",
        }
    }

    /// The field in which a proof is missing when none was given.
    const fn missing(self) -> (&'static str, &'static str) {
        match self {
            Self::Dose => ("code", "work-code-missing"),
            Self::Counter => ("card", "counter-card-missing"),
        }
    }

    fn row(self, form: &Form) -> Option<Row> {
        if self == Self::Dose { Row::of(form) } else { None }
    }
}

/// Whom the form is about, if that is known from the list.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Row {
    appointment: AppointmentId,
    nth: usize,
}

impl Row {
    /// A row as its links name it: the appointment and the place in it.
    fn of(form: &Form) -> Option<Self> {
        let (appointment, nth) = form.value("row").split_once('.')?;
        Some(Self { appointment: appointment.parse().ok()?, nth: nth.parse().ok()? })
    }
}

/// The proof that is being typed, and the field it stands in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Proof {
    Code,
    Card,
    Otp,
}

impl Proof {
    const fn field(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Card => "card",
            Self::Otp => "otp",
        }
    }
}

pub(super) async fn page(
    State(portal): State<Portal>,
    PageVaccinator(staff): PageVaccinator,
    w: Words,
    at: At,
    asked: Asked,
) -> Result<Markup, Failure> {
    show(&portal, &staff, w, (at, Aim::Dose), &Form::from(asked.0)).await
}

pub(super) async fn show(
    portal: &Portal,
    staff: &Staff,
    w: Words,
    (at, aim): (At, Aim),
    form: &Form,
) -> Result<Markup, Failure> {
    portal.vault().at_work(staff, at.0).await?;
    let row = match aim.row(form) {
        None => None,
        Some(wanted) => {
            let rows = portal.vault().session_list(staff, at.0).await?;
            rows.into_iter().find(|row| row.appointment == wanted.appointment && row.nth == wanted.nth)
        }
    };
    let path = at.under(aim.segment());
    let shell = shell(portal, staff, w, aim.title(), &path).back(at.path()).form(form);
    Ok(whole(shell, w, (at, aim), row.as_ref(), form))
}

fn whole(shell: Shell<'_>, w: Words, (at, aim): (At, Aim), row: Option<&ListRow>, form: &Form) -> Markup {
    let is_sent = !form.value("sent").is_empty();
    shell.page(html! {
        @if let Some(row) = row { (about(w, row)) }
        @if is_sent { (code_from_phone(w, (at, aim), form)) }
        @else if aim == Aim::Counter { (card_or_phone(w, at, form)) }
        @else { (code_from_slip(w, at, row.is_some(), form)) }
    })
}

fn about(w: Words, row: &ListRow) -> Markup {
    let values = [
        ("four", row.reference_last_four.as_str().into()),
        ("dose", row.dose.into()),
        ("window", window(w, &row.slot).into()),
    ];
    html! { p.lead { (w.with("work-row", values)) } }
}

/// Reference unless the row says it, the four digits of her slip, or her card.
fn code_from_slip(w: Words, at: At, is_listed: bool, form: &Form) -> Markup {
    let code = field(w, form, "code", w.t("work-code")).hint(w.t("work-code-hint")).digits(4);
    let code = if is_listed { code.focused() } else { code };
    let reference = field(w, form, "reference", w.t("work-reference")).hint(w.t("work-reference-hint"));
    let card = field(w, form, "card", w.t("work-card")).hint(w.t("work-card-hint")).digits(8);
    let wants_card = form.problem_of("card").is_some();
    let send = at.under("check-in/send");
    post_form(
        &at.under("check-in"),
        html! {
            @if is_listed { (hidden("row", form.value("row"))) } @else { (reference.digits(14).scan().focused()) }
            (code)
            @if wants_card { (card) }
            (buttons(html! {
                (button(w.t("work-check-in")))
                (button(w.t("work-send")).secondary().to(&send))
            }))
            @if !wants_card { (details(&w.t("work-with-card"), html! { (card) (button(w.t("work-check-in")).secondary()) })) }
        },
    )
}

/// Her reference and her card; or a code to her phone.
fn card_or_phone(w: Words, at: At, form: &Form) -> Markup {
    let reference = field(w, form, "reference", w.t("work-reference")).hint(w.t("counter-reference-hint"));
    let path = at.under(Aim::Counter.segment());
    html! {
        p { (w.t("counter-text")) }
        (post_form(&path, html! {
            (reference.digits(14).scan().focused())
            (field(w, form, "card", w.t("work-card")).hint(w.t("work-card-hint")).digits(8))
            (buttons(html! {
                (button(w.t("counter-go")))
                (button(w.t("work-send")).secondary().to(&format!("{path}/send")))
            }))
        }))
    }
}

/// The code that was just sent to her phone.
fn code_from_phone(w: Words, (at, aim): (At, Aim), form: &Form) -> Markup {
    let (row, path) = (form.value("row"), at.under(aim.segment()));
    let again = if row.is_empty() { path.clone() } else { format!("{path}?row={row}") };
    html! {
        (inset(html! { p { (w.t("work-sent")) } }))
        (post_form(&path, html! {
            (hidden("sent", form.value("sent")))
            @if !row.is_empty() { (hidden("row", row)) }
            (field(w, form, "otp", w.t("work-otp")).hint(w.t("work-otp-hint")).digits(6).focused())
            (button(w.t(if aim == Aim::Counter { "counter-go" } else { "work-check-in" })))
        }))
        p { a href=(again) { (w.t("work-other-way")) } }
    }
}

pub(super) async fn submit(
    State(portal): State<Portal>,
    PageVaccinator(staff): PageVaccinator,
    w: Words,
    at: At,
    posted: Posted,
) -> Result<Response, Failure> {
    arrives(&portal, &staff, w, (at, Aim::Dose), posted).await
}

/// She shows that she is there: then the page of her dose comes, or of what she asks for.
pub(super) async fn arrives(
    portal: &Portal,
    staff: &Staff,
    w: Words,
    (at, aim): (At, Aim),
    posted: Posted,
) -> Result<Response, Failure> {
    let mut form = Form::from(posted.0);
    let Some((who, proof, evidence)) = read(w, aim, &mut form) else {
        return Ok(show(portal, staff, w, (at, aim), &form).await?.into_response());
    };
    let (vault, session) = (portal.vault(), at.0);
    let there = match (&who, &evidence, aim) {
        (_, Evidence::Otp { transaction, code }, Aim::Dose) => {
            vault.check_in_by_code(staff, session, *transaction, code).await
        }
        (_, Evidence::Otp { transaction, code }, Aim::Counter) => {
            vault.visit_by_code(staff, session, *transaction, code).await
        }
        (Who::Row(row), ..) => vault.check_in_listed(staff, session, row.appointment, row.nth, &evidence).await,
        (Who::Reference(reference), _, Aim::Dose) => vault.check_in(staff, session, reference, &evidence).await,
        (Who::Reference(reference), _, Aim::Counter) => vault.visit(staff, session, reference, &evidence).await,
        (Who::Holder, ..) => Err(Refused::NotFound),
    };
    match (there, aim) {
        (Ok(place), Aim::Dose) => Ok(Redirect::to(&Spot::new(at, place).path()).into_response()),
        (Ok(place), Aim::Counter) => Ok(Redirect::to(&Spot::new(at, place).under("ask")).into_response()),
        (Err(refused), _) => {
            let message = explain(w, &refused, proof, aim).ok_or_else(|| Failure::from(refused))?;
            form.problem(proof.field(), message);
            Ok(show(portal, staff, w, (at, aim), &form).await?.into_response())
        }
    }
}

/// Whom a form names.
enum Who {
    Row(Row),
    Reference(Reference),
    /// Whoever holds the phone that the code went to.
    Holder,
}

/// What the form says, or nothing and its problems noted.
fn read(w: Words, aim: Aim, form: &mut Form) -> Option<(Who, Proof, Evidence)> {
    let digits = |form: &Form, name: &str| form.digits(name).chars().filter(char::is_ascii_digit).collect::<String>();
    if let Ok(transaction) = form.value("sent").parse::<TransactionId>() {
        let code = digits(form, "otp");
        if matches!(code.len(), 6 | 8) {
            return Some((Who::Holder, Proof::Otp, Evidence::Otp { transaction, code }));
        }
        form.problem("otp", w.t("work-otp-missing"));
        return None;
    }
    let (who, scanned) = match aim.row(form) {
        Some(row) => (Some(Who::Row(row)), None),
        None => {
            read_reference(w, form).map_or((None, None), |(reference, card)| (Some(Who::Reference(reference)), card))
        }
    };
    let card = scanned.unwrap_or_else(|| digits(form, "card"));
    let code = if aim == Aim::Dose { digits(form, "code") } else { String::new() };
    if card.is_empty() && code.len() != 4 {
        let (field, message) = aim.missing();
        form.problem(field, w.t(message));
        return None;
    }
    if !card.is_empty() && card.len() != 8 {
        form.problem("card", w.t("work-card-missing"));
        return None;
    }
    let proof = if card.is_empty() { (Proof::Code, Evidence::Code(code)) } else { (Proof::Card, Evidence::Card(card)) };
    who.map(|who| (who, proof.0, proof.1))
}

/// The reference that was typed or scanned; a scanned card brings its eight digits along.
fn read_reference(w: Words, form: &mut Form) -> Option<(Reference, Option<String>)> {
    let digits = form.digits("reference");
    if let Some(read) = papers::scanned(&digits) {
        return Some(read);
    }
    let key = match digits.parse::<Reference>() {
        Err(Malformed { wrong: Wrong::CheckDigit, .. }) => "work-reference-mistyped",
        _ => "work-reference-missing",
    };
    form.problem("reference", w.t(key));
    None
}

/// What went wrong and what else she can do; `None` is for the page of failures.
fn explain(w: Words, refused: &Refused, proof: Proof, aim: Aim) -> Option<String> {
    let key = match (refused, proof) {
        (Refused::Wrong { left }, _) => {
            let key = match proof {
                Proof::Card if aim == Aim::Counter => "counter-wrong-card",
                Proof::Code => "work-wrong-code",
                Proof::Card => "work-wrong-card",
                Proof::Otp => "work-wrong-otp",
            };
            return Some(w.with(key, [("left", (*left).into())]));
        }
        (Refused::NotFound, Proof::Code) => "work-not-here",
        (Refused::NotFound, _) if aim == Aim::Counter => "counter-not-known",
        (Refused::NotFound, _) => "work-not-known",
        (Refused::Rule(Refusal::Full), _) => "work-walk-in-full",
        (Refused::Rule(Refusal::AlreadyBooked), _) => "work-booked-elsewhere",
        (Refused::Rule(Refusal::CodeGone | Refusal::Locked { .. }), _) => "work-otp-gone",
        (Refused::Ineligible(Ineligible::NoSuchDose), _) => "work-all-given",
        (Refused::Ineligible(why), _) => Failure::from(*why).key,
        _ => return None,
    };
    Some(w.t(key))
}

/// Sends a code to her phone; then the page asks for it alone.
pub(super) async fn send(
    State(portal): State<Portal>,
    PageVaccinator(staff): PageVaccinator,
    w: Words,
    at: At,
    posted: Posted,
) -> Result<Response, Failure> {
    sends(&portal, &staff, w, (at, Aim::Dose), posted).await
}

pub(super) async fn sends(
    portal: &Portal,
    staff: &Staff,
    w: Words,
    (at, aim): (At, Aim),
    posted: Posted,
) -> Result<Response, Failure> {
    let mut form = Form::from(posted.0);
    let (vault, row) = (portal.vault(), aim.row(&form));
    let sent = match row {
        Some(row) => vault.send_presence_code_listed(staff, at.0, row.appointment, row.nth).await,
        None => match read_reference(w, &mut form) {
            Some((reference, _)) => vault.send_presence_code(staff, at.0, &reference).await,
            None => return Ok(show(portal, staff, w, (at, aim), &form).await?.into_response()),
        },
    };
    let message = match sent {
        Ok(transaction) => {
            let row = row.map(|row| format!("&row={}.{}", row.appointment, row.nth)).unwrap_or_default();
            return Ok(Redirect::to(&at.under(&format!("{}?sent={transaction}{row}", aim.segment()))).into_response());
        }
        Err(Refused::NotFound) => w.t("work-no-phone"),
        Err(Refused::Rule(Refusal::OverBudget { until_ms })) => {
            w.with("work-send-later", [("time", w.time(vault::at(until_ms).time()).into())])
        }
        Err(other) => return Err(other.into()),
    };
    form.problem(if row.is_some() { "code" } else { "reference" }, message);
    Ok(show(portal, staff, w, (at, aim), &form).await?.into_response())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{at, row};
    use super::*;
    use crate::words::Language;
    use vault::rows::Status;

    fn form(pairs: &[(&str, &str)]) -> Form {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>().into()
    }

    fn page(w: Words, row: Option<&ListRow>, form: &Form) -> String {
        whole(Shell::new(w, w.t("work-check-in"), "/vaccinator/x/check-in"), w, (at(), Aim::Dose), row, form).0
    }

    #[test]
    fn a_row_of_the_list_asks_for_four_digits_alone() {
        let w = Words::default();
        let listed = row(Status::Booked);
        let asked = form(&[("row", &format!("{}.0", listed.appointment))]);
        let drawn = page(w, Some(&listed), &asked);
        assert!(!drawn.contains("name=\"reference\"") && drawn.contains("name=\"code\""));
        assert!(drawn.contains("…4321"), "the nurse sees which row it is");
        assert!(page(w, None, &Form::empty()).contains("name=\"reference\""));
    }

    #[test]
    fn what_was_scanned_or_typed_is_read() {
        let reference = Reference::from_random([9; 8]).digits();
        let proof_of =
            |pairs: &[(&str, &str)]| read(Words::default(), Aim::Dose, &mut form(pairs)).map(|(_, proof, _)| proof);
        assert_eq!(proof_of(&[("reference", &reference), ("code", "1 2 3 4")]), Some(Proof::Code));
        assert_eq!(proof_of(&[("reference", &format!("{reference}-12345678")), ("code", "")]), Some(Proof::Card));
        assert_eq!(proof_of(&[("reference", &reference), ("card", "1234 ५६७८")]), Some(Proof::Card));
        assert_eq!(proof_of(&[("reference", &reference), ("code", "12")]), None);
        assert_eq!(proof_of(&[("reference", "123"), ("code", "1234")]), None);
        let sent = TransactionId::from_random([1; 16]).to_string();
        assert_eq!(proof_of(&[("sent", &sent), ("otp", "123456")]), Some(Proof::Otp));
        assert_eq!(proof_of(&[("sent", &sent), ("otp", "1234")]), None);
    }

    #[test]
    fn a_mistyped_reference_is_told_from_an_unfinished_one() {
        let w = Words::default();
        let right = Reference::from_random([9; 8]).digits();
        let last = if right.ends_with('0') { "1" } else { "0" };
        for (typed, key) in
            [(format!("{}{last}", &right[..13]), "work-reference-mistyped"), ("12".into(), "work-reference-missing")]
        {
            let mut wrong = form(&[("reference", &typed), ("code", "1234")]);
            assert!(read(w, Aim::Dose, &mut wrong).is_none());
            assert_eq!(wrong.problem_of("reference"), Some(w.t(key).as_str()));
        }
    }

    #[test]
    fn every_refusal_says_what_else_she_can_do() {
        for w in Language::ALL.map(Words::new) {
            for proof in [Proof::Code, Proof::Card, Proof::Otp] {
                for aim in [Aim::Dose, Aim::Counter] {
                    let two = explain(w, &Refused::Wrong { left: 2 }, proof, aim).unwrap();
                    assert!(two.contains('2'), "{two}");
                    assert_ne!(explain(w, &Refused::Wrong { left: 0 }, proof, aim).unwrap(), two);
                    assert!(explain(w, &Refused::NotFound, proof, aim).is_some());
                    assert!(explain(w, &Refusal::Full.into(), proof, aim).is_some());
                    assert!(explain(w, &Refused::Unavailable, proof, aim).is_none());
                }
            }
        }
    }

    #[test]
    fn after_a_code_was_sent_it_alone_is_asked() {
        let w = Words::default();
        let drawn = page(w, None, &form(&[("sent", "00000000-0000-4000-8000-000000000000")]));
        assert!(drawn.contains("name=\"otp\"") && !drawn.contains("name=\"code\""));
    }

    #[test]
    fn the_counter_takes_a_card_or_a_code_from_the_phone_and_no_slip() {
        let (w, reference) = (Words::default(), Reference::from_random([9; 8]).digits());
        let shell = Shell::new(w, w.t("counter-title"), "/vaccinator/x/counter");
        let drawn = whole(shell, w, (at(), Aim::Counter), None, &Form::empty()).0;
        assert!(drawn.contains("name=\"reference\"") && drawn.contains("name=\"card\""));
        assert!(!drawn.contains("name=\"code\"") && !drawn.contains("mobile"));
        let mut slip = form(&[("reference", &reference), ("code", "1234")]);
        assert!(read(w, Aim::Counter, &mut slip).is_none() && slip.problem_of("card").is_some());
        let card = read(w, Aim::Counter, &mut form(&[("reference", &reference), ("card", "12345678")]));
        assert_eq!(card.map(|(_, proof, _)| proof), Some(Proof::Card));
        let listed = format!("{}.0", super::super::tests::appointment());
        assert!(read(w, Aim::Counter, &mut form(&[("row", &listed), ("card", "12345678")])).is_none());
    }
}
