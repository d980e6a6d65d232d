//! Centres: find one, see what belongs to it, add, change.

use super::import::{Kind, Row, from_form};
use super::{Cut, Desk, Frame, Posted, cut, holds, id, search, trouble};
use crate::Failure;
use crate::page::{
    Form, Tone, button, empty_state, field, link_button, pagination, post_form, select, summary_list, table,
};
use crate::words::Words;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use registry::{Centre, CentreId, District, DistrictId};
use std::collections::HashMap;
use vault::Effect;

/// The centres that fit a search, cut to a page, and the names of their districts.
pub(super) struct Found {
    centres: Cut<Centre>,
    districts: HashMap<DistrictId, String>,
}

fn district_name(w: Words, district: &District) -> String {
    let hindi = w.language() == crate::words::Language::Hindi;
    if hindi { district.name_hi.clone() } else { district.name.clone() }
}

/// Finds centres by name, block, district, PIN code or number.
pub(super) async fn find(desk: &Desk) -> Result<Found, Failure> {
    let w = desk.frame.w;
    let districts = desk.vault().districts(None).await?;
    let districts: HashMap<_, _> = districts.iter().map(|one| (one.id, district_name(w, one))).collect();
    let wanted = desk.query.value("q");
    let fits = |centre: &Centre| {
        let (number, pincode) = (centre.id.to_string(), centre.pincode.number().to_string());
        let district = districts.get(&centre.district).map_or("", String::as_str);
        holds(&[&centre.name, &centre.block, district], wanted)
            || number == wanted
            || pincode == wanted.replace(' ', "")
    };
    let centres = desk.vault().centres().await?.into_iter().filter(fits).collect();
    Ok(Found { centres: cut(centres, desk.page_asked()), districts })
}

/// A searchable list of centres; each name leads where `leads` says.
pub(super) fn chooser(w: Words, path: &str, query: &Form, found: &Found, leads: impl Fn(CentreId) -> String) -> Markup {
    let row = |centre: &Centre| {
        vec![
            html! { a href=(leads(centre.id)) { (centre.name) } },
            html! { (centre.id) },
            html! { (centre.block) },
            html! { (found.districts.get(&centre.district).map_or("", String::as_str)) },
            html! { (centre.pincode.number()) },
        ]
    };
    let Cut { rows, page, pages } = &found.centres;
    let wanted = query_part(query.value("q"));
    html! {
        (search(w, path, query, w.t("manager-centre-search"), w.t("manager-centre-search-hint")))
        @if rows.is_empty() {
            (empty_state(&w.t("manager-centres-empty"), html! { p { a href=(path) { (w.t("manager-show-all")) } } }))
        } @else {
            (table(w.t("nav-centres"))
                .column(w.t("manager-centre")).column(w.t("manager-number")).column(w.t("manager-block"))
                .column(w.t("manager-district")).column(w.t("manager-pincode")).rows(rows.iter().map(row)))
            (pagination(w, *page, *pages, |page| format!("{path}?q={wanted}&page={page}")))
        }
    }
}

/// Text as part of an address.
pub(super) fn query_part(text: &str) -> String {
    text.bytes().fold(String::new(), |mut part, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            part.push(char::from(byte));
        } else {
            part.push('%');
            part.push_str(&data_encoding::HEXUPPER.encode(&[byte]));
        }
        part
    })
}

/// `GET /manager/centres`.
pub(super) async fn list(desk: Desk) -> Result<Markup, Failure> {
    let found = find(&desk).await?;
    let (frame, w) = (desk.frame, desk.frame.w);
    Ok(frame.wide(w.t("nav-centres"), "/manager/centres").page(html! {
        div.buttons { (link_button("/manager/centres/new", &w.t("manager-centre-add"))) }
        (chooser(w, "/manager/centres", &desk.query, &found, |id| format!("/manager/centres/{id}")))
    }))
}

/// `GET /manager/centres/{id}`.
pub(super) async fn one(desk: Desk, Path(path): Path<String>) -> Result<Markup, Failure> {
    let centre = desk.vault().centre(id(&path)?).await?;
    let districts = desk.vault().districts(None).await?;
    let district = districts.iter().find(|one| one.id == centre.district);
    let district = district.map(|one| district_name(desk.frame.w, one)).unwrap_or_default();
    Ok(one_page(desk.frame, &centre, &district, desk.query.value("done") == "saved"))
}

fn one_page(frame: Frame, centre: &Centre, district: &str, saved: bool) -> Markup {
    let (w, id) = (frame.w, centre.id);
    let path = format!("/manager/centres/{id}");
    let mut shell = frame.narrow(&*centre.name, &path).back("/manager/centres");
    if saved {
        shell = shell.flash(Tone::Good, w.t("manager-saved"));
    }
    shell.page(html! {
        (summary_list(w)
            .row(w.t("manager-number"), html! { (id) })
            .row(w.t("manager-address"), html! { (centre.address) })
            .row(w.t("manager-block"), html! { (centre.block) })
            .row(w.t("manager-district"), html! { (district) })
            .row(w.t("manager-pincode"), html! { (centre.pincode.number()) })
            .row(w.t("manager-position"), html! { (format!("{:.4}, {:.4}", centre.latitude, centre.longitude)) })
            .row(w.t("manager-hours"), html! { (w.time_span(centre.opens, centre.closes)) }))
        p { a href={ (path) "/edit" } { (w.t("manager-centre-edit")) } }
        h2 { (w.t("manager-centre-work")) }
        ul {
            li { a href={ "/manager/sessions?centre=" (id) } { (w.t("nav-sessions")) } }
            li { a href={ "/manager/sessions/new?centre=" (id) } { (w.t("manager-plan-title")) } }
            li { a href={ "/manager/batches?centre=" (id) } { (w.t("nav-batches")) } }
            li { a href={ "/manager/staff?centre=" (id) } { (w.t("nav-staff")) } }
            li { a href={ "/manager/counts?centre=" (id) } { (w.t("manager-counts-title")) } }
        }
    })
}

/// `GET /manager/centres/new`.
pub(super) async fn new(desk: Desk) -> Result<Markup, Failure> {
    let districts = desk.vault().districts(None).await?;
    let form = Form::empty().with("opens", "09:00").with("closes", "17:00");
    Ok(form_page(desk.frame, &form, &districts, None))
}

/// `POST /manager/centres/new`.
pub(super) async fn add(desk: Desk, posted: Posted) -> Result<Response, Failure> {
    let mut form = posted.form();
    let w = desk.frame.w;
    match from_form(Kind::Centres, &form) {
        Ok(Row::Centre(centre)) => {
            let known = desk.vault().centre(centre.id).await;
            if known.is_ok_and(|known| known != centre) {
                form.problem("id", w.t("manager-centre-taken"));
            } else {
                return save(&desk, centre).await;
            }
        }
        Ok(_) => unreachable!("a form of centres gives a centre"),
        Err(problems) => trouble::note(w, &mut form, problems),
    }
    let districts = desk.vault().districts(None).await?;
    Ok(form_page(desk.frame, &form, &districts, None).into_response())
}

/// `GET /manager/centres/{id}/edit`.
pub(super) async fn edit(desk: Desk, Path(path): Path<String>) -> Result<Markup, Failure> {
    let centre = desk.vault().centre(id(&path)?).await?;
    let districts = desk.vault().districts(None).await?;
    Ok(form_page(desk.frame, &filled(&centre), &districts, Some(centre.id)))
}

/// `POST /manager/centres/{id}/edit`.
pub(super) async fn change(desk: Desk, Path(path): Path<String>, posted: Posted) -> Result<Response, Failure> {
    let centre = desk.vault().centre(id(&path)?).await?.id;
    // The number is the address's, whatever the form says.
    let mut form = posted.after([("id", centre.to_string())]);
    match from_form(Kind::Centres, &form) {
        Ok(Row::Centre(centre)) => return save(&desk, centre).await,
        Ok(_) => unreachable!("a form of centres gives a centre"),
        Err(problems) => trouble::note(desk.frame.w, &mut form, problems),
    }
    let districts = desk.vault().districts(None).await?;
    Ok(form_page(desk.frame, &form, &districts, Some(centre)).into_response())
}

async fn save(desk: &Desk, centre: Centre) -> Result<Response, Failure> {
    let done = format!("/manager/centres/{}?done=saved", centre.id);
    desk.vault().plan(&desk.staff, Effect::Centre(centre)).await?;
    Ok(Redirect::to(&done).into_response())
}

fn filled(centre: &Centre) -> Form {
    Form::empty()
        .with("id", centre.id.to_string())
        .with("name", &*centre.name)
        .with("district_id", centre.district.to_string())
        .with("address", &*centre.address)
        .with("block", &*centre.block)
        .with("pincode", centre.pincode.number().to_string())
        .with("latitude", centre.latitude.to_string())
        .with("longitude", centre.longitude.to_string())
        .with("opens", centre.opens.strftime("%H:%M").to_string())
        .with("closes", centre.closes.strftime("%H:%M").to_string())
}

/// The form of a new centre, or of one that is there.
fn form_page(frame: Frame, form: &Form, districts: &[District], there: Option<CentreId>) -> Markup {
    let w = frame.w;
    let (title, path, back) = match there {
        None => (w.t("manager-centre-add"), "/manager/centres/new".to_owned(), "/manager/centres".to_owned()),
        Some(id) => {
            (w.t("manager-centre-edit"), format!("/manager/centres/{id}/edit"), format!("/manager/centres/{id}"))
        }
    };
    let choice = select(w, form, "district_id", w.t("manager-district"));
    let choice = districts.iter().fold(choice, |choice, one| choice.option(one.id.to_string(), district_name(w, one)));
    frame.narrow(title, &path).back(back).form(form).page(post_form(
        &path,
        html! {
            @if there.is_none() {
                (field(w, form, "id", w.t("manager-number")).hint(w.t("manager-centre-number-hint")).digits(8))
            }
            (field(w, form, "name", w.t("manager-name")).hint(w.t("manager-centre-name-hint")))
            (field(w, form, "address", w.t("manager-address")))
            (field(w, form, "block", w.t("manager-block")).optional())
            (choice)
            (field(w, form, "pincode", w.t("manager-pincode")).digits(6))
            (field(w, form, "latitude", w.t("manager-latitude")).hint(w.t("manager-latitude-hint")).characters(10))
            (field(w, form, "longitude", w.t("manager-longitude")).hint(w.t("manager-longitude-hint")).characters(10))
            (field(w, form, "opens", w.t("manager-opens")).clock())
            (field(w, form, "closes", w.t("manager-closes")).clock())
            (button(w.t("manager-centre-save")))
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    #[test]
    fn a_form_says_everything_that_is_wrong_at_once() {
        for language in Language::ALL {
            let frame = Frame { w: Words::new(language), seconds_left: 0 };
            let mut form =
                Form::empty().with("id", "7").with("pincode", "12").with("latitude", "77").with("opens", "x");
            let problems = from_form(Kind::Centres, &form).unwrap_err();
            let named: Vec<_> = problems.iter().map(|(column, _)| *column).collect();
            assert_eq!(
                named,
                ["name", "district_id", "address", "pincode", "latitude", "longitude", "opens", "closes"]
            );
            trouble::note(frame.w, &mut form, problems);
            let page = form_page(frame, &form, &[], None).0;
            assert!(page.contains("href=\"#latitude\"") && page.contains("value=\"77\""));
        }
    }

    #[test]
    fn search_terms_travel_in_an_address() {
        assert_eq!(query_part("पुणे a&b"), "%E0%A4%AA%E0%A5%81%E0%A4%A3%E0%A5%87%20a%26b");
    }
}
