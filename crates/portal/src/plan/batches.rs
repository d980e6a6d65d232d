//! Batches at a centre: what is there, what may be given, and stopping one everywhere at once.

use super::import::{Kind, Row, Trouble, from_form};
use super::{Desk, Frame, Posted, centres, figure, staff::ask, trouble};
use crate::Failure;
use crate::page::{
    Form, Tone, button, date_field, empty_state, field, hidden, link_button, post_form, select, summary_list, table,
    tag,
};
use crate::words::Words;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use maud::{Markup, html};
use registry::{Centre, Vaccine};
use std::collections::HashMap;
use vault::Effect;
use vault::rows::BatchRow;

/// `GET /manager/batches`: of a centre, or the centres to choose from.
pub(super) async fn list(desk: Desk) -> Result<Markup, Failure> {
    let (frame, w) = (desk.frame, desk.frame.w);
    let Some(centre) = desk.centre_asked() else {
        let found = centres::find(&desk).await?;
        let leads = |id| format!("/manager/batches?centre={id}");
        return Ok(frame.wide(w.t("nav-batches"), "/manager/batches").page(html! {
            p.lead { (w.t("manager-batches-choose")) }
            (centres::chooser(w, "/manager/batches", &desk.query, &found, leads))
        }));
    };
    let centre = desk.vault().centre(centre).await?;
    let batches = desk.vault().batches(&desk.staff, centre.id).await?;
    Ok(list_page(frame, desk.vault().today(), &centre, &batches, desk.query.value("done")))
}

fn list_page(frame: Frame, today: Date, centre: &Centre, batches: &[BatchRow], done: &str) -> Markup {
    let w = frame.w;
    let path = format!("/manager/batches?centre={}", centre.id);
    let title = w.with("manager-batches-title", [("centre", centre.name.as_str().into())]);
    let mut shell = frame.wide(title, &path).back(format!("/manager/centres/{}", centre.id));
    match done {
        "saved" => shell = shell.flash(Tone::Good, w.t("manager-saved")),
        "stopped" => shell = shell.flash(Tone::Good, w.t("manager-batch-stopped-done")),
        _ => {}
    }
    shell.page(html! {
        div.buttons { (link_button(&format!("/manager/batches/new?centre={}", centre.id), &w.t("manager-batch-add"))) }
        @if batches.is_empty() {
            (empty_state(&w.t("manager-batches-empty"), html! { p { (w.t("manager-batches-empty-hint")) } }))
        } @else {
            (table(w.t("manager-batches-here"))
                .column(w.t("manager-batch-number")).column(w.t("manager-vaccine")).column(w.t("manager-expires"))
                .figures(w.t("manager-doses")).figures(w.t("manager-given")).figures(w.t("manager-doses-left"))
                .column(w.t("manager-state")).column(w.t("manager-act"))
                .rows(batches.iter().map(|batch| batch_cells(w, today, batch))))
        }
    })
}

fn batch_cells(w: Words, today: Date, batch: &BatchRow) -> Vec<Markup> {
    let stop = format!(
        "/manager/batches/stop?vaccine={}&number={}&centre={}",
        centres::query_part(batch.vaccine.label()),
        centres::query_part(&batch.number),
        batch.centre
    );
    vec![
        html! { (batch.number) },
        html! { (batch.vaccine.label()) },
        html! { (w.date(batch.expires)) },
        figure(w, batch.doses),
        figure(w, batch.given),
        figure(w, batch.doses.saturating_sub(batch.given)),
        state(w, today, batch),
        html! { @if !batch.stopped { a href=(stop) { (w.t("manager-batch-stop")) } } },
    ]
}

fn state(w: Words, today: Date, batch: &BatchRow) -> Markup {
    if batch.stopped {
        tag(Tone::Bad, &w.t("manager-batch-stopped"))
    } else if batch.expires < today {
        tag(Tone::Bad, &w.t("manager-batch-expired"))
    } else if batch.given >= batch.doses {
        tag(Tone::Plain, &w.t("manager-batch-used-up"))
    } else {
        tag(Tone::Good, &w.t("manager-batch-good"))
    }
}

/// `GET /manager/batches/new`.
pub(super) async fn new(desk: Desk) -> Result<Markup, Failure> {
    let centre = desk.vault().centre(desk.centre_asked().ok_or_else(Failure::not_found)?).await?;
    Ok(new_page(desk.frame, &Form::empty(), &centre))
}

fn new_page(frame: Frame, form: &Form, centre: &Centre) -> Markup {
    let w = frame.w;
    let path = format!("/manager/batches/new?centre={}", centre.id);
    let back = format!("/manager/batches?centre={}", centre.id);
    frame.narrow(w.t("manager-batch-add"), &path).back(back).form(form).page(post_form(&path, html! {
        p { (centre.name) }
        (vaccine_field(w, form))
        (field(w, form, "number", w.t("manager-batch-number")).hint(w.t("manager-batch-number-hint")).characters(16))
        (date_field(w, form, "expires", w.t("manager-expires")).hint(w.t("manager-expires-hint")))
        (field(w, form, "doses", w.t("manager-doses")).digits(7))
        (button(w.t("manager-batch-add")))
    }))
}

/// Which vaccine.
pub(super) fn vaccine_field(w: Words, form: &Form) -> Markup {
    let choice = select(w, form, "vaccine", w.t("manager-vaccine"));
    let choice = Vaccine::ALL.into_iter().fold(choice, |choice, one| choice.option(one.label(), one.label()));
    html! { (choice) }
}

/// `POST /manager/batches/new`.
pub(super) async fn add(desk: Desk, posted: Posted) -> Result<Response, Failure> {
    let centre = desk.vault().centre(desk.centre_asked().ok_or_else(Failure::not_found)?).await?;
    let w = desk.frame.w;
    let expires = posted.form().date("expires");
    // A day that cannot be read is noted below; the rest of the form is read all the same.
    let day = expires.map_or_else(|_| "2000-01-01".to_owned(), |day| day.to_string());
    let mut form = posted.after([("centre_id", centre.id.to_string()), ("expires", day)]);
    let read = from_form(Kind::Batches, &form);
    if let Err(problems) = &read {
        trouble::note(w, &mut form, problems.clone());
    }
    if let Err(problem) = expires {
        form.problem("expires", problem.message(w));
    }
    if let (Ok(Row::Batch(batch)), true) = (read, form.is_fine()) {
        let there = desk.vault().batches(&desk.staff, centre.id).await?;
        let same = there.iter().find(|one| (one.vaccine, &one.number) == (batch.vaccine, &batch.number));
        let given = same.map_or(0, |one| one.given);
        if batch.doses >= given {
            desk.vault().plan(&desk.staff, Effect::Batch(batch)).await?;
            return Ok(Redirect::to(&format!("/manager/batches?centre={}&done=saved", centre.id)).into_response());
        }
        form.problem("doses", trouble::text(w, &Trouble::FewerThanGiven { given }));
    }
    Ok(new_page(desk.frame, &form, &centre).into_response())
}

/// The batch that an address or form names, wherever it is.
async fn named(desk: &Desk, form: &Form) -> Result<(Vaccine, String, Vec<BatchRow>), Failure> {
    let vaccine: Vaccine = form.value("vaccine").parse().map_err(|_| Failure::not_found())?;
    let number = form.value("number").to_owned();
    let rows = desk.vault().batch_everywhere(&desk.staff, vaccine, number.clone()).await?;
    if rows.is_empty() { Err(Failure::not_found()) } else { Ok((vaccine, number, rows)) }
}

/// `GET /manager/batches/stop`.
pub(super) async fn ask_stop(desk: Desk) -> Result<Markup, Failure> {
    let (vaccine, number, rows) = named(&desk, &desk.query).await?;
    let names = desk.vault().centres().await?.into_iter().map(|centre| (centre.id, centre.name)).collect();
    Ok(ask_stop_page(desk.frame, desk.query.value("centre"), vaccine, &number, &rows, &names))
}

fn ask_stop_page(
    frame: Frame,
    centre: &str,
    vaccine: Vaccine,
    number: &str,
    rows: &[BatchRow],
    names: &HashMap<registry::CentreId, String>,
) -> Markup {
    let w = frame.w;
    let left: u32 = rows.iter().map(|row| row.doses.saturating_sub(row.given)).sum();
    let given: u32 = rows.iter().map(|row| row.given).sum();
    let back = format!("/manager/batches?centre={centre}");
    let title = w.with("manager-stop-title", [("number", number.into())]);
    let body = html! {
        p.lead { (w.t("manager-stop-text")) }
        (summary_list(w)
            .row(w.t("manager-vaccine"), html! { (vaccine.label()) })
            .row(w.t("manager-stop-centres"), figure(w, i64::try_from(rows.len()).unwrap_or(i64::MAX)))
            .row(w.t("manager-given"), figure(w, given))
            .row(w.t("manager-doses-left"), figure(w, left)))
        ul { @for row in rows.iter().take(20) { li { (names.get(&row.centre).map_or("", String::as_str)) } } }
        (hidden("vaccine", vaccine.label())) (hidden("number", number)) (hidden("centre", centre))
    };
    ask(frame, &title, "/manager/batches/stop", &back, &body, w.t("manager-batch-stop"))
}

/// `POST /manager/batches/stop`.
pub(super) async fn stop(desk: Desk, posted: Posted) -> Result<Redirect, Failure> {
    let form = posted.form();
    let (vaccine, number, rows) = named(&desk, &form).await?;
    desk.vault().plan(&desk.staff, Effect::StopBatch { vaccine, number }).await?;
    let centre = form.value("centre").parse().unwrap_or(rows[0].centre);
    Ok(Redirect::to(&format!("/manager/batches?centre={centre}&done=stopped")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_batch_says_why_it_cannot_be_given() {
        let batch = BatchRow {
            centre: registry::CentreId(7),
            vaccine: Vaccine::Covaxin,
            number: "A1".into(),
            expires: date(2026, 11, 22),
            doses: 10,
            given: 4,
            stopped: false,
        };
        let (w, today) = (Words::default(), date(2026, 11, 22));
        let said = |batch: BatchRow| batch_cells(w, today, &batch).into_iter().map(|cell| cell.0).collect::<String>();
        assert!(said(batch.clone()).contains(&w.t("manager-batch-good")), "the last day is a good day");
        assert!(said(batch.clone()).contains("stop?vaccine=COVAXIN&amp;number=A1&amp;centre=7"));
        let (expired, empty) = (date(2026, 11, 21), 10);
        assert!(said(BatchRow { expires: expired, ..batch.clone() }).contains(&w.t("manager-batch-expired")));
        assert!(said(BatchRow { given: empty, ..batch.clone() }).contains(&w.t("manager-batch-used-up")));
        let stopped = said(BatchRow { stopped: true, expires: expired, ..batch });
        assert!(stopped.contains(&w.t("manager-batch-stopped")) && !stopped.contains("/stop?"));
    }
}
