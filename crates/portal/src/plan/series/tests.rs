use super::*;
use jiff::civil::date;

fn good() -> Form {
    let form = Form::empty().with_date("first", date(2026, 11, 23)).with_date("last", date(2026, 12, 4));
    let plain = [
        ("once", "0123456789abcdef0123456789abcdef"),
        ("centre", "7"),
        ("vaccine", "COVAXIN"),
        ("opens", "09:00"),
        ("closes", "17:00"),
        ("minutes", "120"),
        ("pause-from", "13:00"),
        ("pause-to", "14:00"),
        ("dose1", "50"),
        ("dose2", "40"),
        ("walk-in", "10"),
        ("min-age", "18"),
        ("fee", "780.50"),
        ("on", "1"),
        ("on", "3"),
    ];
    plain.into_iter().fold(form, |form, (name, value)| form.with(name, value))
}

const TODAY: Date = date(2026, 11, 22);

#[test]
fn a_plan_repeats_on_its_weekdays_in_slots_around_the_pause() {
    let mut form = good();
    let series = read(Words::default(), &mut form, TODAY).expect("the plan holds");
    let days: Vec<_> = [(11, 23), (11, 25), (11, 30), (12, 2)].map(|(month, day)| date(2026, month, day)).into();
    assert_eq!(series.days, days);
    let slots: Vec<_> = series.slots.iter().map(Slot::text).collect();
    assert_eq!(slots, ["09:00AM-11:00AM", "11:00AM-01:00PM", "02:00PM-04:00PM"]);
    assert_eq!((series.capacity, series.walk_in, series.fee.paise), ([50, 40, 0], 10, 78_050));
    assert_eq!(series.ages, AgeBand { min: 18, max: None });
}

#[test]
fn one_day_is_planned_whatever_weekday_is_ticked() {
    let sunday = date(2026, 11, 29);
    for last in [Some(sunday), None] {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for field in FIELDS.into_iter().filter(|field| !field.starts_with("first-") && !field.starts_with("last-")) {
            pairs.extend(good().values(field).map(|value| (field.to_owned(), value.to_owned())));
        }
        let form = Form::from(pairs).with_date("first", sunday);
        let mut form = if let Some(last) = last { form.with_date("last", last) } else { form };
        assert_eq!(read(Words::default(), &mut form, TODAY).map(|series| series.days), Some(vec![sunday]));
    }
}

#[test]
fn the_same_form_twice_makes_the_same_sessions_and_another_form_others() {
    let w = Words::default();
    let ids =
        |mut form: Form| -> Vec<_> { read(w, &mut form, TODAY).unwrap().sessions().iter().map(|one| one.id).collect() };
    let first = ids(good());
    assert_eq!(first, ids(good()));
    assert_eq!(first.iter().collect::<HashSet<_>>().len(), 4, "each day has its own");
    let other = Form::empty().with("once", "ffffffffffffffffffffffffffffffff");
    let mut pairs: Vec<(String, String)> = vec![("once".into(), other.value("once").into())];
    for name in FIELDS {
        pairs.extend(good().values(name).map(|value| (name.to_owned(), value.to_owned())));
    }
    assert!(ids(pairs.into()).iter().all(|id| !first.contains(id)));
}

#[test]
fn the_preview_carries_the_whole_plan_to_the_publishing() {
    let mut form = good();
    let series = read(Words::default(), &mut form, TODAY).unwrap();
    let centre = centre();
    let page = preview_page(Frame::default(), &form, &centre, &series, &HashSet::from([date(2026, 11, 25)])).0;
    let sent = Form::from(hidden_fields(&page));
    let mut sent = sent;
    assert_eq!(read(Words::default(), &mut sent, TODAY), Some(series));
    assert_eq!(page.matches(&Words::default().t("manager-plan-taken")).count(), 1);
}

/// Names and values of the hidden fields of a page.
fn hidden_fields(page: &str) -> Vec<(String, String)> {
    let after =
        |text: &str, start: &str| text.split_once(start).map(|(_, rest)| rest.split('"').next().unwrap().to_owned());
    let fields = page.split("<input type=\"hidden\"").skip(1);
    fields.map(|field| (after(field, "name=\"").unwrap(), after(field, "value=\"").unwrap())).collect()
}

fn centre() -> Centre {
    Centre {
        id: CentreId(7),
        district: registry::DistrictId(363),
        name: "Haveli".into(),
        address: "B".into(),
        block: String::new(),
        pincode: registry::Pincode::new(411_005).unwrap(),
        latitude: 18.5,
        longitude: 73.8,
        opens: jiff::civil::time(9, 0, 0, 0),
        closes: jiff::civil::time(17, 0, 0, 0),
    }
}

#[test]
fn what_is_wrong_is_said_beside_its_field() {
    let table: &[(&str, &str, &str)] = &[
        ("vaccine", "WATER", "vaccine"),
        ("first-day", "32", "first"),
        ("first-year", "2025", "first"),
        ("last-month", "10", "last"),
        ("last-year", "2027", "last"),
        ("opens", "25:00", "opens"),
        ("closes", "09:30", "closes"),
        ("minutes", "5", "minutes"),
        ("minutes", "10", "minutes"),
        ("pause-to", "", "pause-to"),
        ("dose1", "10001", "dose1"),
        ("min-age", "121", "min-age"),
        ("max-age", "17", "max-age"),
        ("fee", "1.234", "fee"),
    ];
    for (name, value, problem) in table {
        // The first value of a name counts.
        let mut pairs = vec![((*name).to_owned(), (*value).to_owned())];
        for field in FIELDS {
            pairs.extend(good().values(field).map(|value| (field.to_owned(), value.to_owned())));
        }
        let mut form = Form::from(pairs);
        assert_eq!(read(Words::default(), &mut form, TODAY), None, "{name}={value}");
        assert!(form.problem_of(problem).is_some(), "{name}={value}");
        let page = form_page(Frame::default(), &form, &centre()).0;
        assert!(
            page.contains(&format!("href=\"#{problem}\"")) && page.contains(&format!("id=\"{problem}\"")),
            "{problem}"
        );
    }
}

#[test]
fn a_fresh_form_is_next_week_and_holds_once_a_vaccine_is_chosen() {
    let fresh = fresh(&centre(), TODAY, "0".repeat(32)).with("vaccine", "COVAXIN");
    let mut form = fresh;
    let series = read(Words::default(), &mut form, TODAY).expect("only the vaccine was missing");
    assert_eq!((series.days.len(), series.days[0]), (6, date(2026, 11, 23)));
}
