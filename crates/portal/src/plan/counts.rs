//! Counts by centre and day: doses, apart those that nobody attested. Never people.

use super::{Cut, Desk, Frame, cut, figure, today::figure_card};
use crate::Failure;
use crate::page::{Form, button, date_field, empty_state, field, get_form, link_button, pagination, table};
use crate::words::Words;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};
use registry::CentreId;
use std::collections::{BTreeMap, HashMap};
use vault::rows::Tally;

/// The longest span that is shown at once, in days.
const MOST_DAYS: i32 = 366;

/// Doses of one centre on one day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Sum {
    /// Attested, by dose number.
    given: [u32; 3],
    /// Not attested.
    unattested: u32,
}

impl Sum {
    fn add(&mut self, tally: &Tally) {
        if !tally.attested {
            self.unattested += tally.doses;
        } else if let Some(given) = usize::from(tally.number).checked_sub(1).and_then(|at| self.given.get_mut(at)) {
            *given += tally.doses;
        }
    }

    fn total(&self) -> u32 {
        self.given.iter().sum()
    }
}

/// Sums by day and centre, the newest day first, and over all.
fn sums(tallies: &[Tally]) -> (Vec<(Date, CentreId, Sum)>, Sum) {
    let mut by_place: BTreeMap<(std::cmp::Reverse<Date>, CentreId), Sum> = BTreeMap::new();
    let mut all = Sum::default();
    for tally in tallies {
        by_place.entry((std::cmp::Reverse(tally.day), tally.centre)).or_default().add(tally);
        all.add(tally);
    }
    (by_place.into_iter().map(|((day, centre), sum)| (day.0, centre, sum)).collect(), all)
}

/// Which days, and which centre.
struct Asked {
    from: Date,
    to: Date,
    centre: Option<CentreId>,
    form: Form,
}

impl Asked {
    /// What an address asks: `from` and `to` as `2026-11-23` or in three fields; the last seven days otherwise.
    fn of(w: Words, query: &Form, today: Date) -> Self {
        let mut form = Form::empty().with("centre", query.value("centre"));
        let mut day = |name: &str, otherwise: Date| match (query.value(name).parse::<Date>(), query.date(name)) {
            (Ok(day), _) | (_, Ok(day)) => day,
            (_, Err(crate::page::DateProblem::Missing)) => otherwise,
            (_, Err(problem)) => {
                form.problem(name, problem.message(w));
                otherwise
            }
        };
        let to = day("to", today);
        let mut from = day("from", to.saturating_sub(6.days()));
        if from > to {
            form.problem("from", w.t("manager-counts-order"));
            from = to;
        }
        if from < to.saturating_sub(MOST_DAYS.days()) {
            form.problem("from", w.t("manager-counts-long"));
            from = to.saturating_sub(MOST_DAYS.days());
        }
        let centre = query.value("centre").parse().ok();
        if centre.is_none() && !query.value("centre").is_empty() {
            form.problem("centre", w.t("manager-wrong-no-centre"));
        }
        let form = form.with_date("from", from).with_date("to", to);
        Self { from, to, centre, form }
    }

    fn address(&self, path: &str) -> String {
        let centre = self.centre.map(|centre| centre.to_string()).unwrap_or_default();
        format!("{path}?from={}&to={}&centre={centre}", self.from, self.to)
    }
}

async fn counted(
    desk: &Desk,
    asked: &Asked,
) -> Result<(Vec<(Date, CentreId, Sum)>, Sum, HashMap<CentreId, String>), Failure> {
    let tallies = desk.vault().tallies(&desk.staff, asked.centre, asked.from, asked.to).await?;
    let names = desk.vault().centres().await?.into_iter().map(|centre| (centre.id, centre.name)).collect();
    let (rows, all) = sums(&tallies);
    Ok((rows, all, names))
}

/// `GET /manager/counts`.
pub(super) async fn counts(desk: Desk) -> Result<Markup, Failure> {
    let now = desk.vault().now();
    let asked = Asked::of(desk.frame.w, &desk.query, now.date());
    let (rows, all, names) = counted(&desk, &asked).await?;
    let time = desk.frame.w.time_exact(now.time());
    Ok(page(desk.frame, &asked, &cut(rows, desk.page_asked()), all, &names, &time))
}

fn page(
    frame: Frame,
    asked: &Asked,
    rows: &Cut<(Date, CentreId, Sum)>,
    all: Sum,
    names: &HashMap<CentreId, String>,
    time: &str,
) -> Markup {
    let (w, path) = (frame.w, asked.address("/manager/counts"));
    let row = |(day, centre, sum): &(Date, CentreId, Sum)| {
        vec![
            html! { (w.date(*day)) },
            html! { a href={ "/manager/centres/" (centre) } { (names.get(centre).map_or("", String::as_str)) } },
            figure(w, sum.given[0]),
            figure(w, sum.given[1]),
            figure(w, sum.given[2]),
            figure(w, sum.total()),
            figure(w, sum.unattested),
        ]
    };
    let span = w.with("manager-week", [("from", w.date(asked.from).into()), ("to", w.date(asked.to).into())]);
    frame.wide(w.t("manager-counts-title"), &path).back("/manager").form(&asked.form).page(html! {
        p.lead { (span) }
        p.quiet { (w.with("manager-as-of", [("time", time.into())])) }
        div.grid {
            (figure_card(w, "dose1", &w.t("manager-dose1"), all.given[0].into()))
            (figure_card(w, "dose2", &w.t("manager-dose2"), all.given[1].into()))
            (figure_card(w, "dose3", &w.t("manager-dose3"), all.given[2].into()))
            (figure_card(w, "given", &w.t("manager-counts-all"), all.total().into()))
            (figure_card(w, "unattested", &w.t("manager-unattested"), all.unattested.into()))
        }
        @if rows.rows.is_empty() {
            (empty_state(&w.t("manager-counts-empty"), html! { p { (w.t("manager-counts-empty-hint")) } }))
        } @else {
            (table(w.t("manager-counts-table"))
                .column(w.t("manager-day")).column(w.t("manager-centre")).figures(w.t("manager-dose1"))
                .figures(w.t("manager-dose2")).figures(w.t("manager-dose3")).figures(w.t("manager-counts-all"))
                .figures(w.t("manager-unattested")).rows(rows.rows.iter().map(row)))
            (pagination(w, rows.page, rows.pages, |page| format!("{path}&page={page}")))
            div.buttons { (link_button(&asked.address("/manager/counts.csv"), &w.t("manager-counts-download"))) }
        }
        h2 { (w.t("manager-counts-choose")) }
        (get_form("/manager/counts", html! {
            (date_field(w, &asked.form, "from", w.t("manager-counts-from")))
            (date_field(w, &asked.form, "to", w.t("manager-counts-to")))
            (field(w, &asked.form, "centre", w.t("manager-centre-number")).hint(w.t("manager-counts-centre-hint")).digits(8).optional())
            (button(w.t("manager-counts-show")).secondary())
        }))
    })
}

/// `GET /manager/counts.csv`.
pub(super) async fn download(desk: Desk) -> Result<Response, Failure> {
    let asked = Asked::of(desk.frame.w, &desk.query, desk.vault().today());
    let (rows, _, names) = counted(&desk, &asked).await?;
    let name = format!("counts-{}-{}.csv", asked.from, asked.to);
    Ok(attachment(&name, &table_text(&rows, &names)))
}

fn table_text(rows: &[(Date, CentreId, Sum)], names: &HashMap<CentreId, String>) -> String {
    let mut text = csv::Writer::from_writer(Vec::new());
    let head = ["date", "centre_id", "centre", "dose1", "dose2", "dose3", "doses_attested", "doses_unattested"];
    text.write_record(head).expect("a vector takes every byte");
    for (day, centre, sum) in rows {
        let name = names.get(centre).map_or("", String::as_str);
        let figures = [sum.given[0], sum.given[1], sum.given[2], sum.total(), sum.unattested].map(|n| n.to_string());
        let cells = [day.to_string(), centre.to_string(), harmless(name)].into_iter().chain(figures);
        text.write_record(cells).expect("a vector takes every byte");
    }
    String::from_utf8(text.into_inner().expect("a vector takes every byte")).expect("our cells are text")
}

/// Text that a spreadsheet does not take for a formula.
pub(super) fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t']) { format!("'{text}") } else { text.to_owned() }
}

/// A CSV file to be saved, with the mark by which spreadsheets know UTF-8.
pub(super) fn attachment(name: &str, text: &str) -> Response {
    let kept = format!("attachment; filename=\"{name}\"");
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, kept)];
    (headers, format!("\u{feff}{text}")).into_response()
}

/// `GET /manager/figures`: what each figure means.
pub(super) async fn figures(desk: Desk) -> Markup {
    figures_page(desk.frame)
}

fn figures_page(frame: Frame) -> Markup {
    let w = frame.w;
    let all = [
        ("running", w.t("manager-figure-running"), w.t("manager-means-running")),
        ("given", w.t("manager-figure-given"), w.t("manager-means-given")),
        ("dose1", w.t("manager-dose1"), w.t("manager-means-dose1")),
        ("dose2", w.t("manager-dose2"), w.t("manager-means-dose2")),
        ("dose3", w.t("manager-dose3"), w.t("manager-means-dose3")),
        ("unattested", w.t("manager-figure-unattested"), w.t("manager-means-unattested")),
        ("no-shows", w.t("manager-figure-no-shows"), w.t("manager-means-no-shows")),
        ("left", w.t("manager-figure-left"), w.t("manager-means-left")),
    ];
    frame.narrow(w.t("manager-figures-title"), "/manager/figures").back("/manager").page(html! {
        p.lead { (w.t("manager-figures-lead")) }
        @for (id, name, means) in &all { h2 id=(id) { (name) } p { (means) } }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use registry::{Gender, Vaccine};

    fn tally(centre: u32, day: i8, number: u8, attested: bool, doses: u32) -> Tally {
        Tally {
            centre: CentreId(centre),
            day: date(2026, 11, day),
            vaccine: Vaccine::Covaxin,
            number,
            age_from: 30,
            gender: Gender::Female,
            attested,
            doses,
        }
    }

    #[test]
    fn doses_add_up_by_day_and_centre_and_unattested_ones_stand_apart() {
        let tallies =
            [tally(2, 21, 1, true, 5), tally(2, 21, 1, true, 3), tally(1, 22, 2, true, 4), tally(2, 21, 2, false, 1)];
        let (rows, all) = sums(&tallies);
        let newest = (date(2026, 11, 22), CentreId(1), Sum { given: [0, 4, 0], unattested: 0 });
        let older = (date(2026, 11, 21), CentreId(2), Sum { given: [8, 0, 0], unattested: 1 });
        assert_eq!(rows, [newest, older]);
        assert_eq!((all.total(), all.unattested), (12, 1));
        let names = HashMap::from([(CentreId(1), "=A, \"B\"".to_owned())]);
        assert_eq!(
            table_text(&rows, &names),
            "date,centre_id,centre,dose1,dose2,dose3,doses_attested,doses_unattested\n\
             2026-11-22,1,\"'=A, \"\"B\"\"\",0,4,0,4,0\n2026-11-21,2,,8,0,0,8,1\n"
        );
    }

    #[test]
    fn an_address_asks_for_days_in_either_form() {
        let (w, today) = (Words::default(), date(2026, 11, 22));
        let asked = |form: Form| Asked::of(w, &form, today);
        let week = asked(Form::empty());
        assert_eq!((week.from, week.to), (date(2026, 11, 16), today));
        let named =
            asked(Form::empty().with("from", "2026-10-01").with_date("to", date(2026, 10, 9)).with("centre", "7"));
        assert_eq!(named.address("/x"), "/x?from=2026-10-01&to=2026-10-09&centre=7");
        assert!(named.form.is_fine());
        for wrong in [("from", "2027-01-01"), ("from", "1900-01-01"), ("centre", "x"), ("to-day", "5")] {
            let asked = asked(Form::empty().with(wrong.0, wrong.1));
            assert!(!asked.form.is_fine() && asked.from <= asked.to, "{wrong:?}");
        }
    }

    #[test]
    fn every_figure_on_the_pages_has_its_definition() {
        let page = figures_page(Frame::default()).0;
        for id in ["running", "given", "dose1", "dose2", "dose3", "unattested", "no-shows", "left"] {
            assert!(page.contains(&format!("<h2 id=\"{id}\">")), "{id}");
        }
    }
}
