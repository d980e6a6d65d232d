//! What a list of open sessions says, and in which order.

use super::*;
use crate::words::Language;
use jiff::civil::{date, time};
use registry::{CentreId, DistrictId, Fee, Pincode, Places, SessionId};

const TODAY: Date = date(2026, 11, 23);

fn offer(id: u32, name: &str, north: f64, day: Date, open: [u32; 3]) -> Offer {
    let centre = Centre {
        id: CentreId(id),
        district: DistrictId(1),
        name: name.into(),
        address: "Main Road".into(),
        block: "North".into(),
        pincode: Pincode::new(560_001).unwrap(),
        latitude: north,
        longitude: 77.6,
        opens: time(9, 0, 0, 0),
        closes: time(17, 0, 0, 0),
    };
    let session = Session {
        id: SessionId::from_random([u8::try_from(id).unwrap(); 16]),
        centre: centre.id,
        day,
        vaccine: Vaccine::Covaxin,
        ages: AgeBand { min: 18, max: None },
        fee: Fee { paise: 25_000 },
        slots: vec![Slot::between(540, 660), Slot::between(660, 780)],
        places: open.map(|open| Places { capacity: 50, open, held: 0, booked: 50 - open }),
        walk_in: Places::default(),
        cancelled: false,
    };
    Offer { centre, session }
}

fn list(w: Words, offers: &[Offer], near: Option<Position>, elsewhere: &[Elsewhere]) -> String {
    let how = Listing {
        today: TODAY,
        from: TODAY,
        as_of: time(16, 2, 17, 0),
        near,
        dose: None,
        part: 1,
        page: &|day| format!("/find/pin?date={day}"),
        link: &|session| format!("/find/session/{}", session.id),
        elsewhere,
    };
    listing(w, offers, &how).0
}

#[test]
fn centres_stand_by_distance_when_the_reader_says_where_she_is_and_by_name_otherwise() {
    let offers = [offer(1, "Adarsh", 13.5, TODAY, [5, 0, 0]), offer(2, "Zenana", 13.0, TODAY, [5, 0, 0])];
    let place = |page: &str, name: &str| page.find(name).expect("the centre is listed");
    let by_name = list(Words::default(), &offers, None, &[]);
    assert!(place(&by_name, "Adarsh") < place(&by_name, "Zenana"));
    let by_distance = list(Words::default(), &offers, Some((13.0, 77.6)), &[]);
    assert!(place(&by_distance, "Zenana") < place(&by_distance, "Adarsh"));
    assert!(by_distance.contains("55 km") && by_distance.contains("0 m"));
}

#[test]
fn a_session_says_vaccine_age_fee_places_times_and_how_fresh_that_is() {
    let page = list(Words::default(), &[offer(1, "Adarsh", 13.0, TODAY, [1, 12, 0])], None, &[]);
    for words in [
        "Covaxin",
        "18 years and over",
        "₹250",
        "Places left: dose\u{a0}1:\u{a0}1, dose\u{a0}2:\u{a0}12",
        "9:00 am to 1:00 pm",
        "4:02:17 pm",
    ] {
        assert!(page.contains(words), "{words}");
    }
    assert!(!page.contains("dose\u{a0}3"), "a dose without places is left out");
    assert_eq!(page.matches("No session").count(), 6, "each of the other days says that there is none");
    let full = list(Words::default(), &[offer(1, "Adarsh", 13.0, TODAY, [0, 0, 0])], None, &[]);
    assert!(full.contains("No places left"));
}

#[test]
fn places_of_one_dose_can_be_asked_for_alone() {
    let session = offer(1, "Adarsh", 13.0, TODAY, [3, 4, 0]).session;
    assert_eq!(places(Words::default(), &session, Some(2)), ["Dose 2: 4 places left"]);
    assert_eq!(places(Words::default(), &session, Some(3)), ["No places left"]);
    assert_eq!(places(Words::default(), &session, None), ["Dose 1: 3 places left", "Dose 2: 4 places left"]);
}

#[test]
fn nothing_open_leads_to_the_nearest_that_is() {
    let Offer { centre, session } = offer(1, "Adarsh", 13.0, date(2026, 12, 5), [3, 0, 0]);
    let id = session.id;
    let page = list(Words::default(), &[], None, &[Elsewhere { centre, metres: Some(2_400), next: vec![session] }]);
    for words in
        ["No session on these days", "Adarsh", "about 2.4 km", "Sat 5 Dec: Covaxin", &format!("/find/session/{id}")]
    {
        assert!(page.contains(words), "{words}");
    }
}

#[test]
fn a_list_begins_today_at_the_earliest_and_leads_a_week_on() {
    assert_eq!(first_day(None, TODAY), TODAY);
    assert_eq!(first_day(Some(date(2020, 1, 1)), TODAY), TODAY);
    assert_eq!(first_day(Some(Date::MAX), TODAY), date(2027, 2, 21));
    let page = list(Words::default(), &[], None, &[]);
    assert!(page.contains("date=2026-11-30") && !page.contains("rel=\"prev\""));
}

#[test]
fn a_page_of_search_results_is_light_in_every_language() {
    for language in Language::ALL {
        let days = |id| {
            (0..7).map(move |days| offer(id, "Government Primary School", 13.0, TODAY + days.days(), [50, 50, 50]))
        };
        let offers: Vec<Offer> = (0..200_u32).flat_map(days).collect();
        let page = list(Words::new(language), &offers, None, &[]);
        assert!(page.len() <= 25_000, "{} bytes in {}", page.len(), language.code());
        assert_eq!(page.matches("<h2>").count(), SESSIONS / 7, "whole centres, each with seven sessions");
        assert!(page.contains("date=2026-11-23&amp;part=2"), "the other centres are one link away");
    }
}

#[test]
fn a_centre_with_more_sessions_than_a_page_holds_has_a_page_of_its_own() {
    let many = (0..=SESSIONS).map(|_| offer(1, "Adarsh", 13.0, TODAY, [5, 0, 0]));
    let offers: Vec<Offer> = many.chain([offer(2, "Zenana", 13.0, TODAY, [5, 0, 0])]).collect();
    let centres = by_centre(&offers, None);
    assert_eq!(in_pages(&centres).iter().map(|page| page.len()).collect::<Vec<_>>(), [1, 1]);
    assert!(in_pages(&[]).is_empty());
}
