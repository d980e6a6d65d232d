//! Somebody comes without a booking, a phone or a card: registered here, with a card to take home.
//!
//! The form carries a key that this page drew: sent twice, it is one registration with one card.

use super::{At, Posted, Spot, shell};
use crate::caller::PageVaccinator;
use crate::open::sessions::ages as whom;
use crate::page::{
    Form, Shell, Tone, banner, button, buttons, field, hidden, link_button, look_recorded, post_form, radios, select,
    summary_list,
};
use crate::words::{Words, in_groups};
use crate::{Failure, Portal, papers};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use registry::{AgeBand, BirthYear, Gender, IdDocument, IdKind, Malformed, Name, Phone, Wrong};
use uuid::Uuid;
use vault::rows::Offer;
use vault::{Disclosed, NewPerson, Patient, Refusal, Refused, Registered, Staff};

pub(super) async fn page(
    State(portal): State<Portal>,
    PageVaccinator(staff): PageVaccinator,
    w: Words,
    at: At,
) -> Result<Markup, Failure> {
    let key = Uuid::from_bytes(portal.vault().draw()).to_string();
    show(&portal, &staff, w, at, &Form::empty().with("key", key)).await
}

async fn show(portal: &Portal, staff: &Staff, w: Words, at: At, form: &Form) -> Result<Markup, Failure> {
    let offer = portal.vault().at_work(staff, at.0).await?;
    let path = at.under("walk-in");
    let shell = shell(portal, staff, w, "work-walk-in", &path).back(at.path()).form(form);
    Ok(whole(shell, w, at, &offer, form))
}

fn whole(shell: Shell<'_>, w: Words, at: At, offer: &Offer, form: &Form) -> Markup {
    let gender = radios(w, form, "gender", w.t("work-gender-label")).tiles();
    let gender = Gender::ALL.iter().fold(gender, |gender, one| {
        gender.option(one.id().to_string(), w.with("work-gender", [("gender", one.id().into())]))
    });
    let kind = select(w, form, "id-kind", w.t("work-id-kind-label")).optional();
    let kind = IdKind::ALL
        .iter()
        .fold(kind, |kind, one| kind.option(one.id().to_string(), w.with("work-id-kind", [("kind", one.id().into())])));
    shell.page(html! {
        @if offer.session.walk_in.open == 0 { (banner(w, Tone::Warn, html! { p { (w.t("work-walk-in-full")) } })) }
        (post_form(&at.under("walk-in"), html! {
            (hidden("key", form.value("key")))
            (field(w, form, "name", w.t("work-name")).hint(w.t("work-name-hint")))
            (field(w, form, "year", w.t("work-year")).hint(w.t("work-year-hint")).digits(4))
            (gender)
            (kind)
            (field(w, form, "id-number", w.t("work-id-number")).hint(w.t("work-id-number-hint")).optional().characters(16))
            (field(w, form, "phone", w.t("work-phone")).hint(w.t("work-phone-hint")).optional().phone())
            (button(w.t("work-register")))
        }))
    })
}

/// What the form says, parsed.
struct Told {
    name: Name,
    born: BirthYear,
    gender: Gender,
    id_document: Option<IdDocument>,
    phone: Option<Phone>,
    key: [u8; 16],
}

/// Reads the form; problems are noted in it. `year` is the year of the session.
fn read(w: Words, form: &mut Form, ages: AgeBand, year: i16) -> Option<Told> {
    let key = form.value("key").parse::<Uuid>().map(Uuid::into_bytes);
    let name = form.value("name").parse::<Name>();
    let born = form.digits("year").parse::<BirthYear>();
    let gender = form.value("gender").parse().ok().and_then(|id| Gender::from_id(id).ok());
    let phone =
        Some(form.digits("phone")).filter(|text| !text.is_empty()).map(|text| text.parse::<Phone>()).transpose();
    let kind = form.value("id-kind").parse().ok().and_then(|id| IdKind::from_id(id).ok());
    let number = form.value("id-number").to_owned();
    let document = match (kind, number.is_empty()) {
        (Some(kind), false) => IdDocument::parse(kind, &number).map(Some),
        (Some(_), true) => Err(Wrong::Missing.of("photo_id_number")),
        (None, false) => Err(Wrong::Unknown.of("photo_id_type")),
        (None, true) => Ok(None),
    };
    if name.is_err() {
        form.problem("name", w.t("work-name-missing"));
    }
    match born.as_ref().map(|born| born.age_in(year)) {
        Ok(Some(age)) if ages.serves(age) => {}
        Ok(Some(_)) => form.problem("year", w.with("work-year-age", [("ages", whom(w, ages).into())])),
        _ => form.problem("year", w.t("work-year-missing")),
    }
    if gender.is_none() {
        form.problem("gender", w.t("work-gender-missing"));
    }
    if let Err(Malformed { wrong, .. }) = &document {
        let (name, key) = match wrong {
            Wrong::Unknown => ("id-kind", "work-id-kind-missing"),
            Wrong::CheckDigit => ("id-number", "work-id-number-mistyped"),
            _ => ("id-number", "work-id-number-wrong"),
        };
        form.problem(name, w.t(key));
    }
    if phone.is_err() {
        form.problem("phone", w.t("work-phone-wrong"));
    }
    if !form.is_fine() {
        return None;
    }
    let told = Told {
        name: name.ok()?,
        born: born.ok()?,
        gender: gender?,
        id_document: document.ok()?,
        phone: phone.ok()?,
        key: key.ok()?,
    };
    Some(told)
}

/// Somebody who was registered here, and where she stands on the list if there was a place for her.
struct Admitted {
    offer: Offer,
    registered: Registered,
    name: Name,
    born: BirthYear,
    place: Option<(Spot, Disclosed<Patient>)>,
}

/// Registers and admits, or finds her again when the same form comes a second time. `None` leaves problems in the form.
async fn admit(portal: &Portal, staff: &Staff, w: Words, at: At, form: &mut Form) -> Result<Option<Admitted>, Failure> {
    let vault = portal.vault();
    let offer = vault.at_work(staff, at.0).await?;
    let Some(told) = read(w, form, offer.session.ages, offer.session.day.year()) else { return Ok(None) };
    let new = NewPerson {
        name: told.name.clone(),
        born: told.born,
        gender: told.gender,
        id_document: told.id_document,
        comorbidity: false,
        language: w.language().code().to_owned(),
        notice: None,
        once: Some(told.key),
    };
    let registered = match vault.register_at(staff, offer.centre.id, told.phone, new).await {
        Ok(registered) => registered,
        Err(Refused::Rule(Refusal::FamilyFull)) => {
            form.problem("phone", w.t("failure-family-full"));
            return Ok(None);
        }
        Err(other) => return Err(other.into()),
    };
    let place = match vault.admit(staff, at.0, &registered).await {
        Ok(place) => {
            let spot = Spot::new(at, place);
            let (grant, row) = spot.present(portal, staff).await?;
            Some((spot, vault.disclose::<Patient>(staff, &grant, row.person).await?))
        }
        Err(Refused::Rule(Refusal::Full)) => None,
        Err(other) => return Err(other.into()),
    };
    Ok(Some(Admitted { offer, registered, name: told.name, born: told.born, place }))
}

pub(super) async fn submit(
    State(portal): State<Portal>,
    PageVaccinator(staff): PageVaccinator,
    w: Words,
    at: At,
    posted: Posted,
) -> Result<Markup, Failure> {
    let mut form = Form::from(posted.0);
    let Some(admitted) = admit(&portal, &staff, w, at, &mut form).await? else {
        return show(&portal, &staff, w, at, &form).await;
    };
    let path = at.under("walk-in");
    let shell = shell(&portal, &staff, w, "work-card-title", &path).back(at.path());
    let name = admitted.place.as_ref().map(|(_, patient)| patient.name.as_str());
    let spot = admitted.place.as_ref().map(|(spot, _)| *spot);
    Ok(shell.page(registered(w, at, &admitted.registered, name, spot, &form)))
}

/// Her card: to be printed, or written down; its eight digits are shown here and kept nowhere.
fn registered(
    w: Words,
    at: At,
    registered: &Registered,
    name: Option<&str>,
    spot: Option<Spot>,
    form: &Form,
) -> Markup {
    let card = registered.card.as_deref().unwrap_or_default();
    let list = summary_list(w)
        .row(w.t("work-reference-label"), in_groups(&registered.reference.digits()))
        .row(w.t("work-card"), in_groups(card));
    let print = html! {
        @for name in ["key", "name", "year", "gender", "id-kind", "id-number", "phone"] { (hidden(name, form.value(name))) }
        (button(w.t("work-card-print")).secondary())
    };
    html! {
        @if spot.is_none() { (banner(w, Tone::Warn, html! { p { (w.t("work-walk-in-later")) } })) }
        @if let Some(name) = name { h2 { (name) } p { (look_recorded(w)) } }
        (list)
        p { (w.t("work-card-help")) }
        (buttons(html! {
            @if let Some(spot) = spot { (link_button(&spot.path(), &w.t("work-go-on"))) }
            @else { (link_button(&at.path(), &w.t("work-next"))) }
            (post_form(&at.under("walk-in/card.pdf"), print))
        }))
    }
}

/// The card as a sheet of paper. The form is sent along once more, and finds the registration that it made.
pub(super) async fn card(
    State(portal): State<Portal>,
    PageVaccinator(staff): PageVaccinator,
    w: Words,
    at: At,
    posted: Posted,
) -> Result<Response, Failure> {
    let mut form = Form::from(posted.0);
    let Some(admitted) = admit(&portal, &staff, w, at, &mut form).await? else {
        return Ok(show(&portal, &staff, w, at, &form).await?.into_response());
    };
    let centre = &admitted.offer.centre.name;
    let sheet = papers::card(&admitted.registered, &admitted.name, admitted.born, centre, portal.vault().now_ms());
    papers::answer(sheet, "card").await
}

#[cfg(test)]
mod tests {
    use super::super::tests::{at, offer};
    use super::*;
    use crate::words::Language;

    const ADULTS: AgeBand = AgeBand { min: 18, max: None };

    fn form(changes: &[(&str, &str)]) -> Form {
        let key = "00000000-0000-4000-8000-000000000001";
        let told = [
            ("key", key),
            ("name", "Asha Devi"),
            ("year", "1966"),
            ("gender", "2"),
            ("id-kind", ""),
            ("id-number", ""),
            ("phone", ""),
        ];
        let value = |name: &str, usual: &str| {
            changes.iter().find(|(changed, _)| *changed == name).map_or(usual, |(_, value)| value).to_owned()
        };
        told.iter().map(|(name, usual)| ((*name).to_owned(), value(name, usual))).collect::<Vec<_>>().into()
    }

    #[test]
    fn name_year_and_gender_are_enough() {
        let told = read(Words::default(), &mut form(&[]), ADULTS, 2026).unwrap();
        assert_eq!(told.name.text(), "Asha Devi");
        assert!(told.id_document.is_none() && told.phone.is_none());
        let told =
            read(Words::default(), &mut form(&[("year", "१९६६"), ("phone", "98765 43210")]), ADULTS, 2026).unwrap();
        assert_eq!((told.born.year(), told.phone.unwrap().digits()), (1966, "9876543210"));
    }

    #[test]
    fn each_mistake_stands_at_its_field() {
        for (changed, wrong) in [
            (&[("name", "12")][..], "name"),
            (&[("year", "")][..], "year"),
            (&[("year", "2015")][..], "year"),
            (&[("gender", "")][..], "gender"),
            (&[("id-kind", "1")][..], "id-number"),
            (&[("id-number", "9999")][..], "id-kind"),
            (&[("id-kind", "1"), ("id-number", "234567890123")][..], "id-number"),
            (&[("phone", "12345")][..], "phone"),
        ] {
            for w in Language::ALL.map(Words::new) {
                let mut form = form(changed);
                assert!(read(w, &mut form, ADULTS, 2026).is_none(), "{changed:?}");
                assert!(form.problem_of(wrong).is_some(), "{changed:?}");
            }
        }
    }

    #[test]
    fn the_form_says_when_no_place_is_left() {
        let w = Words::default();
        let mut offer = offer();
        let draw = |offer: &Offer| whole(Shell::new(w, w.t("work-walk-in"), "/"), w, at(), offer, &form(&[])).0;
        assert!(!draw(&offer).contains(&w.t("work-walk-in-full")));
        offer.session.walk_in.open = 0;
        assert!(draw(&offer).contains(&w.t("work-walk-in-full")));
        assert!(draw(&offer).contains("00000000-0000-4000-8000-000000000001"), "the key is kept");
    }

    #[test]
    fn digits_are_grouped_as_people_copy_them() {
        assert_eq!(in_groups("12345678901234"), "1234 5678 9012 34");
    }
}
