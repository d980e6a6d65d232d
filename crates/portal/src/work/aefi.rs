//! An adverse event after the dose: reported in half a minute, sealed at once.

use super::{Posted, Spot, shell};
use crate::caller::PageVaccinator;
use crate::page::{Form, Shell, Tone, banner, button, checkboxes, field, post_form, radios};
use crate::words::Words;
use crate::{Failure, Portal};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use vault::Staff;
use vault::rows::Status;

/// What is seen most, and what must not be missed (ministry of health, *AEFI surveillance and response guidelines*, 2015).
const SIGNS: [(&str, &str); 6] = [
    ("breathing", "work-sign-breathing"),
    ("faint", "work-sign-faint"),
    ("rash", "work-sign-rash"),
    ("fever", "work-sign-fever"),
    ("site", "work-sign-site"),
    ("other", "work-sign-other"),
];

/// How grave it is, in the words of the national guidelines.
const GRAVITY: [(&str, &str); 3] =
    [("minor", "work-grave-minor"), ("severe", "work-grave-severe"), ("serious", "work-grave-serious")];

pub(super) async fn page(
    State(portal): State<Portal>,
    PageVaccinator(staff): PageVaccinator,
    w: Words,
    spot: Spot,
) -> Result<Response, Failure> {
    show(&portal, &staff, w, spot, &Form::empty()).await
}

async fn show(portal: &Portal, staff: &Staff, w: Words, spot: Spot, form: &Form) -> Result<Response, Failure> {
    let (_, row) = spot.present(portal, staff).await?;
    if row.status != Status::Done {
        return Ok(Redirect::to(&spot.path()).into_response());
    }
    let path = spot.under("aefi");
    let shell = shell(portal, staff, w, "work-aefi", &path).back(spot.under("done")).form(form);
    Ok(whole(shell, w, spot, &row.reference_last_four, form).into_response())
}

fn whole(shell: Shell<'_>, w: Words, spot: Spot, four: &str, form: &Form) -> Markup {
    let signs = checkboxes(w, form, "sign", w.t("work-signs"));
    let signs = SIGNS.iter().fold(signs, |signs, (value, key)| signs.option(*value, w.t(key)));
    let gravity = radios(w, form, "gravity", w.t("work-gravity"));
    let gravity = GRAVITY.iter().fold(gravity, |gravity, (value, key)| gravity.option(*value, w.t(key)));
    shell.page(html! {
        (banner(w, Tone::Bad, html! { p { (w.t("work-aefi-help")) } }))
        p { (w.with("work-reference-ends", [("four", four.into())])) }
        (post_form(&spot.under("aefi"), html! {
            (signs)
            (gravity)
            (field(w, form, "words", w.t("work-aefi-words")).hint(w.t("work-aefi-words-hint")).optional().lines(4))
            (button(w.t("work-aefi-do")))
        }))
    })
}

pub(super) async fn submit(
    State(portal): State<Portal>,
    PageVaccinator(staff): PageVaccinator,
    w: Words,
    spot: Spot,
    posted: Posted,
) -> Result<Response, Failure> {
    let mut form = Form::from(posted.0);
    let (_, row) = spot.present(&portal, &staff).await?;
    let Some(report) = read(w, &mut form).filter(|_| row.status == Status::Done) else {
        return show(&portal, &staff, w, spot, &form).await;
    };
    portal.vault().report_aefi(&staff, spot.appointment, spot.nth, &report).await?;
    Ok(Redirect::to(&spot.under("done?after=aefi")).into_response())
}

/// The report as it is kept: pairs, the free words last; or nothing and the problems noted.
fn read(w: Words, form: &mut Form) -> Option<String> {
    let known = |list: &[(&'static str, &str)], name: &str| -> Vec<&'static str> {
        list.iter().map(|(value, _)| *value).filter(|value| form.values(name).any(|ticked| ticked == *value)).collect()
    };
    let (signs, gravity) = (known(&SIGNS, "sign"), known(&GRAVITY, "gravity"));
    let words: String = form.value("words").chars().take(2000).collect();
    if signs.is_empty() {
        form.problem("sign", w.t("work-signs-missing"));
    }
    if signs == ["other"] && words.is_empty() {
        form.problem("words", w.t("work-aefi-words-missing"));
    }
    if gravity.is_empty() {
        form.problem("gravity", w.t("work-gravity-missing"));
    }
    form.is_fine().then(|| format!("signs={}&gravity={}&words={words}", signs.join(","), gravity[0]))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{appointment, at};
    use super::*;
    use crate::words::Language;

    fn form(pairs: &[(&str, &str)]) -> Form {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>().into()
    }

    #[test]
    fn a_report_needs_a_sign_and_its_gravity() {
        let w = Words::default();
        let told = read(
            w,
            &mut form(&[("sign", "faint"), ("sign", "rash"), ("gravity", "minor"), ("words", "lay down & rested")]),
        );
        assert_eq!(told.as_deref(), Some("signs=faint,rash&gravity=minor&words=lay down & rested"));
        for (pairs, wrong) in [
            (&[("gravity", "minor")][..], "sign"),
            (&[("sign", "faint")][..], "gravity"),
            (&[("sign", "faint"), ("gravity", "dire")][..], "gravity"),
            (&[("sign", "other"), ("gravity", "minor")][..], "words"),
        ] {
            let mut form = form(pairs);
            assert!(read(w, &mut form).is_none());
            assert!(form.problem_of(wrong).is_some(), "{wrong}");
        }
    }

    #[test]
    fn what_to_do_now_stands_before_the_questions() {
        let spot = Spot::new(at(), (appointment(), 0));
        for w in Language::ALL.map(Words::new) {
            let page = whole(Shell::new(w, w.t("work-aefi"), "/"), w, spot, "4321", &Form::empty()).0;
            assert!(
                page.find(&w.t("work-aefi-help")).unwrap()
                    < page.find("<form method=\"post\" action=\"/vaccinator").unwrap()
            );
        }
    }
}
