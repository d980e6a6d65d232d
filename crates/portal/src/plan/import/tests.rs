use super::compare::{Known, compare};
use super::*;
use crate::plan::trouble;
use crate::words::{Language, Words};
use jiff::civil::{date, time};
use registry::{AgeBand, Centre, CentreId, DistrictId, Places as Room, Role, Session, SessionId, StaffId, Vaccine};
use std::collections::HashSet;
use vault::rows::{BatchRow, StaffRow};
use vault::{Effect, NewSession};

/// The problems of a file's rows, as line, column and trouble.
fn problems(kind: Kind, text: &str) -> Vec<(u64, &'static str, Trouble)> {
    let lines = parse(kind, text).expect("the file as a whole is fine");
    lines.into_iter().filter_map(Result::err).map(|bad| (bad.line, bad.column, bad.trouble)).collect()
}

fn rows(kind: Kind, text: &str) -> Vec<Row> {
    let lines = parse(kind, text).expect("the file as a whole is fine");
    lines.into_iter().map(|line| line.expect("each row is fine").row).collect()
}

#[test]
fn every_template_is_a_file_that_can_be_read() {
    for kind in Kind::ALL {
        assert_eq!(rows(kind, &kind.template()).len(), 1, "{kind:?}");
        assert_eq!(Kind::from_code(kind.code()), Some(kind));
    }
    assert_eq!(Kind::from_code("people"), None);
}

#[test]
fn a_file_is_read_as_spreadsheets_write_it() {
    let plain = "centre_id,vaccine,number,expires,doses\n7,COVAXIN,A12,2027-03-31,500\n";
    let written =
        "\u{feff}Vaccine , Number,Centre ID,DOSES,\"expires\"\r\n covaxin ,a12,7, 500,31/03/2027\r\n,,,,\r\n\r\n";
    for text in [plain, written] {
        let [Row::Batch(batch)] = &rows(Kind::Batches, text)[..] else { panic!("one batch: {text}") };
        assert_eq!((batch.centre, batch.vaccine, &*batch.number), (CentreId(7), Vaccine::Covaxin, "A12"));
        assert_eq!((batch.expires, batch.doses), (date(2027, 3, 31), 500));
    }
}

#[test]
fn a_file_that_cannot_be_read_says_why() {
    let head = "centre_id,vaccine,number,expires,doses";
    let many = format!("{head}\n{}", "7,COVAXIN,A1,2027-03-31,5\n".repeat(MOST_ROWS + 1));
    let long = format!("{head}\n{}", "x".repeat(MOST_BYTES));
    for (text, problem) in [
        ("", FileProblem::Empty),
        ("\n\n", FileProblem::Empty),
        (head, FileProblem::Empty),
        ("centre_id;vaccine;number;expires;doses\n7;COVAXIN;A;2027-03-31;5", FileProblem::NoCommas),
        ("centre_id,vaccine,doses\n1,2,3", FileProblem::Missing(vec!["number", "expires"])),
        (&format!("{head},colour,Shape\n"), FileProblem::Unknown(vec!["colour".into(), "Shape".into()])),
        (&format!("{head},doses\n"), FileProblem::Unknown(vec!["doses".into()])),
        (&many, FileProblem::TooManyRows),
        (&long, FileProblem::TooLarge),
    ] {
        assert_eq!(
            parse(Kind::Batches, text).map(|_| ()),
            Err(problem),
            "{}",
            text.chars().take(60).collect::<String>()
        );
    }
    assert_eq!(text_of(b"name\n\xff\xfe"), Err(FileProblem::NotText));
}

#[test]
fn a_bad_cell_is_named_by_line_and_column() {
    let number = |from: &str, to: &str| Trouble::Number { from: from.into(), to: to.into() };
    let cases: &[(Kind, &str, &str, Trouble)] = &[
        (Kind::Centres, "x,A,363,B,,411005,18.5,73.8,09:00,17:00", "id", number("1", "99999999")),
        (Kind::Centres, "1,,363,B,,411005,18.5,73.8,09:00,17:00", "name", Trouble::Empty),
        (Kind::Centres, "1,A,363,B,,41100,18.5,73.8,09:00,17:00", "pincode", Trouble::Pincode),
        (Kind::Centres, "1,A,363,B,,411005,73.8,18.5,09:00,17:00", "latitude", number("6", "38")),
        (Kind::Centres, "1,A,363,B,,411005,NaN,73.8,09:00,17:00", "latitude", number("6", "38")),
        (Kind::Centres, "1,A,363,B,,411005,18.5,73.8,25:00,17:00", "opens", Trouble::Time),
        (Kind::Centres, "1,A,363,B,,411005,18.5,73.8,17:00,09:00", "closes", Trouble::ClosesEarly),
        (Kind::Centres, "1,\"A\nB\",363,B,,411005,18.5,73.8,09:00,17:00", "name", Trouble::Unseen),
        (Kind::Centres, "1,A,363", "id", Trouble::Width { cells: 3, columns: 10 }),
        (Kind::Staff, "a,Asha,vaccinator,", "login", Trouble::Login),
        (Kind::Staff, "asha,Asha 7,vaccinator,", "name", Trouble::Name),
        (Kind::Staff, "asha,Asha,boss,", "role", Trouble::Role),
        (Kind::Staff, "asha,Asha,vaccinator,0", "centre_id", number("1", "99999999")),
        (Kind::Sessions, ",7,2026-02-30,COVAXIN,09:00AM-11:00AM,18,,,5,5,,", "date", Trouble::Date),
        (Kind::Sessions, ",7,2026-12-01,COVAXINE,09:00AM-11:00AM,18,,,5,5,,", "vaccine", Trouble::Vaccine),
        (Kind::Sessions, ",7,2026-12-01,COVAXIN,11:00AM-09:00AM,18,,,5,5,,", "slots", Trouble::Slots),
        (Kind::Sessions, ",7,2026-12-01,COVAXIN,09:00-11:00 10:00-12:00,18,,,5,5,,", "slots", Trouble::Slots),
        (Kind::Sessions, ",7,2026-12-01,COVAXIN,09:00-11:00,18,12,,5,5,,", "max_age", number("18", "120")),
        (Kind::Sessions, ",7,2026-12-01,COVAXIN,09:00-11:00,18,,1.234,5,5,,", "fee_rupees", number("0", "99999.99")),
        (Kind::Sessions, ",7,2026-12-01,COVAXIN,09:00-11:00,18,,,0,0,,", "dose1", Trouble::NoPlaces),
        (Kind::Sessions, ",7,2026-12-01,COVAXIN,09:00-11:00,18,,,-5,5,,", "dose1", number("0", "10000")),
        (Kind::Sessions, "7,7,2026-12-01,COVAXIN,09:00-11:00,18,,,5,5,,", "id", Trouble::Uuid),
        (Kind::Rosters, ",7,2026-12-01,COVAXIN,", "login", Trouble::Empty),
        (Kind::Batches, "7,COVAXIN,A 1,2027-03-31,5", "number", Trouble::BatchNumber),
        (Kind::Batches, "7,COVAXIN,A1,31-3-27,5", "expires", Trouble::Date),
    ];
    for (kind, row, column, trouble) in cases {
        let names: Vec<_> = kind.columns().iter().map(|column| column.name).collect();
        let text = format!("{}\n{row}\n", names.join(","));
        assert_eq!(problems(*kind, &text), [(2, *column, trouble.clone())], "{row}");
    }
}

#[test]
fn two_rows_about_one_thing_are_named_and_lines_are_counted_as_editors_count() {
    let text =
        "login,name,role\nasha.more,Asha More,vaccinator\n\nravi.k,Ravi,manager\nASHA.MORE,Asha More,vaccinator\n";
    assert_eq!(problems(Kind::Staff, text), [(5, "login", Trouble::Twice { line: 2 })]);
}

#[test]
fn every_message_is_said_in_both_languages() {
    let text = "login,name,role\na,b,c\n";
    for language in Language::ALL {
        let w = Words::new(language);
        for problem in parse(Kind::Staff, text).unwrap().into_iter().filter_map(Result::err) {
            let said = trouble::row(w, &problem);
            assert!(said.contains('2') && said.contains("login"), "{said}");
        }
        let said = trouble::file(w, &FileProblem::Unknown(vec!["colour".into()]));
        assert!(said.contains("colour"), "{said}");
    }
}

fn centre() -> Centre {
    Centre {
        id: CentreId(7),
        district: DistrictId(363),
        name: "A".into(),
        address: "B".into(),
        block: String::new(),
        pincode: registry::Pincode::new(411_005).unwrap(),
        latitude: 18.5,
        longitude: 73.8,
        opens: time(9, 0, 0, 0),
        closes: time(17, 0, 0, 0),
    }
}

fn asha() -> StaffRow {
    StaffRow {
        id: StaffId::from_random([1; 16]),
        login: "asha".into(),
        name: "Asha".into(),
        role: Role::Vaccinator,
        centre: Some(CentreId(7)),
        active: true,
        password: String::new(),
        totp: Vec::new(),
        step: 0,
        failures: 0,
        locked_ms: 0,
    }
}

/// A session as it stands after it was published.
fn published(new: &NewSession) -> Session {
    let room = |capacity| Room { capacity, open: capacity, held: 0, booked: 0 };
    Session {
        id: new.id,
        centre: new.centre,
        day: new.day,
        vaccine: new.vaccine,
        ages: new.ages,
        fee: new.fee,
        slots: new.slots.clone(),
        places: new.capacity.map(room),
        walk_in: room(new.walk_in),
        cancelled: false,
    }
}

fn world() -> Known {
    Known {
        today: date(2026, 11, 22),
        districts: HashSet::from([DistrictId(363)]),
        centres: [(CentreId(7), centre())].into(),
        staff: [("asha".to_owned(), asha())].into(),
        ..Known::default()
    }
}

/// What a file of one row does in this world: `+` new, `~` changed, `=` nothing, or the column of its problem.
fn does(kind: Kind, row: &str, known: &Known) -> String {
    let names: Vec<_> = kind.columns().iter().map(|column| column.name).collect();
    let compared = compare(parse(kind, &format!("{}\n{row}\n", names.join(","))).unwrap(), known);
    let effects = compared.effects.len() + compared.new_staff.len();
    assert_eq!(effects, compared.added + compared.changed);
    match (compared.added, compared.changed, compared.unchanged, &compared.problems[..]) {
        (1, 0, 0, []) => "+".into(),
        (0, 1, 0, []) => "~".into(),
        (0, 0, 1, []) => "=".into(),
        (0, 0, 0, [bad]) => format!("{}: {:?}", bad.column, bad.trouble),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_row_is_new_or_a_change_or_nothing_or_refused() {
    let mut known = world();
    let day = date(2026, 12, 1);
    let ages = AgeBand { min: 18, max: None };
    let session = "7,2026-12-01,COVAXIN,09:00-11:00,18,,780,5,6,0,2";
    assert_eq!(does(Kind::Sessions, &format!(",{session}"), &known), "+");
    let [Row::Session(new, false)] = &rows(
        Kind::Sessions,
        &format!("centre_id,date,vaccine,slots,min_age,max_age,fee_rupees,dose1,dose2,dose3,walk_in\n{session}"),
    )[..] else {
        panic!("a session")
    };
    assert_eq!((new.fee.paise, new.capacity, new.walk_in, new.ages), (78_000, [5, 6, 0], 2, ages));
    let mut standing = published(new);
    standing.places[1] = Room { capacity: 6, open: 0, held: 0, booked: 6 };
    known.sessions.insert(new.id, standing);
    known.batches.insert(
        (CentreId(7), Vaccine::Covaxin, "A1".into()),
        BatchRow {
            centre: CentreId(7),
            vaccine: Vaccine::Covaxin,
            number: "A1".into(),
            expires: day,
            doses: 50,
            given: 20,
            stopped: false,
        },
    );
    let table: &[(Kind, &str, &str)] = &[
        (Kind::Centres, "7,A,363,B,,411005,18.5,73.8,09:00,17:00", "="),
        (Kind::Centres, "7,A,363,B,,411005,18.5,73.8,09:00,18:00", "~"),
        (Kind::Centres, "8,A,363,B,,411005,18.5,73.8,09:00,17:00", "+"),
        (Kind::Centres, "8,A,364,B,,411005,18.5,73.8,09:00,17:00", "district_id: NoDistrict"),
        (Kind::Staff, "asha,Asha,vaccinator,7", "="),
        (Kind::Staff, "asha,Asha,vaccinator,", "="),
        (Kind::Staff, "asha,Asha,manager,7", "~"),
        (Kind::Staff, "asha,Usha,vaccinator,7", "login: OtherName { name: \"Asha\" }"),
        (Kind::Staff, "usha,Usha,vaccinator,7", "+"),
        (Kind::Staff, "usha,Usha,vaccinator,8", "centre_id: NoCentre"),
        (Kind::Sessions, ",7,2026-12-01,COVAXIN,09:00-11:00,18,,780,5,6,0,2", "="),
        (Kind::Sessions, ",7,2026-12-01,COVAXIN,09:00-11:00,18,,780,5,7,0,2", "~"),
        (Kind::Sessions, ",7,2026-12-01,COVAXIN,09:00-11:00,18,,780,5,5,0,2", "dose2: FewerThanTaken { taken: 6 }"),
        (Kind::Sessions, ",7,2026-12-01,COVAXIN,09:00-11:00,18,,790,5,6,0,2", "id: Differs"),
        (Kind::Sessions, ",7,2026-12-01,COVAXIN,09:00-11:00,12,17,780,5,7,0,2", "+"),
        (Kind::Sessions, ",7,2026-11-21,COVAXIN,09:00-11:00,18,,780,5,6,0,2", "date: Past"),
        (Kind::Sessions, ",8,2026-12-01,COVAXIN,09:00-11:00,18,,780,5,6,0,2", "centre_id: NoCentre"),
        (Kind::Rosters, ",7,2026-12-01,COVAXIN,asha", "+"),
        (Kind::Rosters, ",7,2026-12-02,COVAXIN,asha", "date: NoSession"),
        (Kind::Rosters, ",7,2026-12-01,COVAXIN,usha", "login: NoStaff"),
        (Kind::Batches, "7,COVAXIN,A1,2026-12-01,50", "="),
        (Kind::Batches, "7,COVAXIN,A1,2026-12-01,60", "~"),
        (Kind::Batches, "7,COVAXIN,A1,2026-12-01,19", "doses: FewerThanGiven { given: 20 }"),
        (Kind::Batches, "7,COVAXIN,A2,2026-12-01,50", "+"),
    ];
    for (kind, row, what) in table {
        assert_eq!(does(*kind, row, &known), *what, "{row}");
    }
}

#[test]
fn what_was_called_off_or_left_is_not_taken_up_again_in_silence() {
    let mut known = world();
    let ages = AgeBand { min: 18, max: None };
    let id = row::session_id(CentreId(7), date(2026, 12, 1), Vaccine::Covaxin, ages);
    let session = NewSession {
        id,
        centre: CentreId(7),
        day: date(2026, 12, 1),
        vaccine: Vaccine::Covaxin,
        ages,
        fee: registry::Fee { paise: 0 },
        slots: vec![registry::Slot::between(540, 660)],
        capacity: [5, 5, 0],
        walk_in: 0,
    };
    known.sessions.insert(id, Session { cancelled: true, ..published(&session) });
    let again = "7,2026-12-01,COVAXIN,09:00-11:00,18,,,5,5,,";
    assert_eq!(does(Kind::Sessions, &format!(",{again}"), &known), "id: CalledOff");
    assert_eq!(does(Kind::Sessions, &format!("a1a2a3a4-b1b2-4c3c-8d1d-e1e2e3e4e5e6,{again}"), &known), "+");
    assert_eq!(does(Kind::Rosters, ",7,2026-12-01,COVAXIN,asha", &known), "date: NoSession");

    // A session planned on a page, under another id, is the same session; two of them need their id.
    let planned = |byte: u8| NewSession { id: SessionId::from_random([byte; 16]), ..session.clone() };
    known.sessions.insert(planned(1).id, published(&planned(1)));
    assert_eq!(does(Kind::Sessions, &format!(",{again}"), &known), "=");
    let roster = |known: &Known, id: &str| does(Kind::Rosters, &format!("{id},7,2026-12-01,COVAXIN,asha"), known);
    assert_eq!(roster(&known, ""), "+");
    known.rosters.insert(planned(1).id, HashSet::from([asha().id]));
    assert_eq!(roster(&known, ""), "=");
    known.sessions.insert(planned(2).id, published(&planned(2)));
    assert_eq!(roster(&known, ""), "session_id: ManySessions");
    assert_eq!(roster(&known, &planned(2).id.to_string()), "+");

    known.staff.insert("asha".into(), StaffRow { active: false, ..asha() });
    assert_eq!(does(Kind::Staff, "asha,Asha,vaccinator,7", &known), "login: Left");
    assert_eq!(roster(&known, &planned(2).id.to_string()), "login: Left");
    known.staff.insert("asha".into(), StaffRow { role: Role::Manager, ..asha() });
    assert_eq!(roster(&known, &planned(2).id.to_string()), "login: NotVaccinator");
    known.myself = Some(asha().id);
    assert_eq!(does(Kind::Staff, "asha,Asha,vaccinator,7", &known), "login: Yourself");
    assert_eq!(does(Kind::Staff, "asha,Asha,manager,7", &known), "=");
}

#[test]
fn one_bad_row_among_good_ones_leaves_its_problem() {
    let text = "login,name,role,centre_id\nusha,Usha,vaccinator,7\nmina,Mina,vaccinator,9\n";
    let compared = compare(parse(Kind::Staff, text).unwrap(), &world());
    assert_eq!((compared.added, compared.problems.len()), (1, 1));
    assert_eq!((compared.problems[0].line, compared.problems[0].column), (3, "centre_id"));
    assert!(!compared.effects.iter().any(|effect| matches!(effect, Effect::Staff(_))));
}

#[test]
fn times_and_money_are_read_as_people_write_them() {
    for (text, hour, minute) in
        [("09:00", 9, 0), ("9:05", 9, 5), ("09:00:00", 9, 0), ("12:30AM", 0, 30), ("02:30 pm", 14, 30)]
    {
        assert_eq!(super::time(text), Some(time(hour, minute, 0, 0)), "{text}");
    }
    for text in ["", "9", "24:00", "09:60", "13:00PM", "9:5", "०९:००", ":00", "00"] {
        assert_eq!(super::time(text), None, "{text}");
    }
    assert_eq!(["0", "780", "780.5", "780.05"].map(paise), [Some(0), Some(78_000), Some(78_050), Some(78_005)]);
    for text in ["", ".5", "7.123", "-1", "1e3", "999999", "१"] {
        assert_eq!(paise(text), None, "{text}");
    }
}
