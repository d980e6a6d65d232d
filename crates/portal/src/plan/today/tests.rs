use super::*;
use jiff::civil::date;
use jiff::tz::TimeZone;
use registry::{AgeBand, Centre, CentreId, DistrictId, Fee, Gender, Pincode, Places, Slot, Vaccine};

const DAY: Date = date(2026, 11, 23);

fn offer(id: u8, slots: &[(u16, u16)], cancelled: bool) -> Offer {
    let places = Places { capacity: 10, open: 4, held: 0, booked: 6 };
    Offer {
        centre: Centre {
            id: CentreId(7),
            district: DistrictId(1),
            name: "Haveli".into(),
            address: String::new(),
            block: String::new(),
            pincode: Pincode::new(411_005).unwrap(),
            latitude: 18.5,
            longitude: 73.8,
            opens: jiff::civil::time(9, 0, 0, 0),
            closes: jiff::civil::time(17, 0, 0, 0),
        },
        session: Session {
            id: SessionId::from_random([id; 16]),
            centre: CentreId(7),
            day: DAY,
            vaccine: Vaccine::Covaxin,
            ages: AgeBand { min: 18, max: None },
            fee: Fee { paise: 0 },
            slots: slots.iter().map(|(from, to)| Slot::between(*from, *to)).collect(),
            places: [places, Places::default(), Places::default()],
            walk_in: Places { capacity: 2, open: 1, held: 0, booked: 1 },
            cancelled,
        },
    }
}

fn batch(number: &str, expires: Date, given: u32, stopped: bool) -> BatchRow {
    BatchRow {
        centre: CentreId(7),
        vaccine: Vaccine::Covaxin,
        number: number.into(),
        expires,
        doses: 10,
        given,
        stopped,
    }
}

fn tally(day: Date, attested: bool, doses: u32) -> Tally {
    Tally {
        centre: CentreId(7),
        day,
        vaccine: Vaccine::Covaxin,
        number: 1,
        age_from: 30,
        gender: Gender::Male,
        attested,
        doses,
    }
}

fn ahead(offers: Vec<Offer>, batches: Vec<BatchRow>, hands: &[u8]) -> DayAhead {
    let first = offers[0].session.id;
    DayAhead {
        sessions: offers.into_iter().map(|offer| (offer, SessionCounts::default())).collect(),
        awaited: vec![(first, Slot::between(540, 660), 3), (first, Slot::between(660, 780), 2)],
        hands: hands.iter().map(|id| (SessionId::from_random([*id; 16]), 1)).collect(),
        batches,
    }
}

fn at(hour: i8, minute: i8) -> Zoned {
    DAY.at(hour, minute, 0, 0).to_zoned(TimeZone::UTC).unwrap()
}

#[test]
fn the_figures_follow_the_clock() {
    let two = [(540, 660), (660, 780)];
    let day = ahead(
        vec![offer(1, &two, false), offer(2, &[(840, 900)], false), offer(3, &two, true)],
        vec![batch("A", DAY, 0, false)],
        &[1, 2],
    );
    let yesterday = date(2026, 11, 22);
    let tallies = [tally(DAY, true, 5), tally(DAY, false, 1), tally(yesterday, true, 9), tally(yesterday, false, 2)];
    let seen = |now: Zoned| {
        let glance = Glance::of(&day, &tallies, &now);
        assert_eq!((glance.sessions, glance.given, glance.unattested, &glance.alarms[..]), (2, 5, 3, &[][..]));
        (glance.running, glance.no_shows, glance.left)
    };
    assert_eq!(seen(at(8, 59)), (0, 0, 10));
    assert_eq!(seen(at(9, 0)), (1, 0, 10));
    assert_eq!(seen(at(11, 0)), (1, 3, 10));
    assert_eq!(seen(at(13, 0)), (0, 5, 5));
    assert_eq!(seen(at(14, 30)), (1, 5, 5));
    assert_eq!(seen(at(15, 0)), (0, 5, 0));
}

#[test]
fn an_expired_batch_an_empty_shelf_and_an_empty_roster_are_alarms() {
    let slots = [(540, 660)];
    let old = batch("OLD", date(2026, 11, 22), 3, false);
    let alarms = |batches: Vec<BatchRow>, hands: &[u8], cancelled| {
        Glance::of(&ahead(vec![offer(1, &slots, cancelled)], batches, hands), &[], &at(8, 0)).alarms
    };
    assert_eq!(alarms(vec![batch("A", DAY, 9, false)], &[1], false), []);
    let expired = Alarm::Expired { centre: "Haveli".into(), batch: old.clone() };
    assert_eq!(alarms(vec![old.clone(), batch("A", DAY, 9, false)], &[1], false), [expired]);
    for useless in [batch("A", DAY, 10, false), batch("A", DAY, 0, true)] {
        assert!(matches!(&alarms(vec![useless], &[1], false)[..], [Alarm::NoBatch { .. }]));
    }
    assert!(matches!(&alarms(vec![batch("A", DAY, 0, false)], &[], false)[..], [Alarm::NoHands { .. }]));
    assert_eq!(alarms(vec![old], &[], true), [], "what was called off needs nothing");
}

#[test]
fn the_page_shows_figures_with_their_meaning() {
    for language in crate::words::Language::ALL {
        let frame = Frame { w: Words::new(language), seconds_left: 0 };
        let day = ahead(vec![offer(1, &[(540, 660)], false)], Vec::new(), &[]);
        let glance = Glance::of(&day, &[], &at(10, 0));
        let page = page(frame, &at(10, 0), &glance, &cut(day.sessions, 1), &day.hands).0;
        for name in ["running", "given", "no-shows", "left", "unattested"] {
            assert!(page.contains(&format!("/manager/figures#{name}")), "{name}");
        }
        assert!(page.contains("Haveli") && page.contains("/manager/batches?centre=7"));
    }
}
