//! Values that the tests of these pages share.

use super::At;
use registry::{AgeBand, AppointmentId, Centre, Fee, Places, Session, SessionId, Slot, Vaccine};
use vault::rows::{AppointmentRow, BatchRow, DoseRow, Offer, Status};
use vault::{GivenHere, ListRow, Patient};

pub(super) fn at() -> At {
    At(SessionId::from_random([7; 16]))
}

pub(super) fn appointment() -> AppointmentId {
    AppointmentId::from_random([3; 16])
}

pub(super) fn offer() -> Offer {
    let centre = Centre {
        id: registry::CentreId(1),
        district: registry::DistrictId(265),
        name: "PHC Devanahalli".into(),
        address: "Main Road".into(),
        block: "Devanahalli".into(),
        pincode: registry::Pincode::new(562_110).unwrap(),
        latitude: 13.2,
        longitude: 77.7,
        opens: jiff::civil::time(9, 0, 0, 0),
        closes: jiff::civil::time(17, 0, 0, 0),
    };
    let places = Places { capacity: 10, open: 10, held: 0, booked: 0 };
    let session = Session {
        id: at().0,
        centre: centre.id,
        day: jiff::civil::date(2026, 11, 23),
        vaccine: Vaccine::Covishield,
        ages: AgeBand { min: 18, max: None },
        fee: Fee { paise: 0 },
        slots: vec![Slot::between(540, 660), Slot::between(660, 780)],
        places: [places; 3],
        walk_in: places,
        cancelled: false,
    };
    Offer { centre, session }
}

pub(super) fn row(status: Status) -> ListRow {
    ListRow {
        appointment: appointment(),
        nth: 0,
        slot: Slot::between(540, 660),
        reference_last_four: "4321".into(),
        dose: 1,
        status,
    }
}

pub(super) fn batch(number: &str, left: u32) -> BatchRow {
    BatchRow {
        centre: registry::CentreId(1),
        vaccine: Vaccine::Covishield,
        number: number.into(),
        expires: jiff::civil::date(2027, 3, 31),
        doses: 100,
        given: 100 - left,
        stopped: false,
    }
}

pub(super) fn appointment_row() -> AppointmentRow {
    AppointmentRow {
        id: appointment(),
        person: registry::PersonId::from_random([1; 16]),
        session: at().0,
        centre: registry::CentreId(1),
        day: jiff::civil::date(2026, 11, 23),
        vaccine: Vaccine::Covishield,
        slot: Slot::between(540, 660),
        dose: 1,
        status: Status::CheckedIn,
        code_version: 1,
        code_hash: [0; 32],
        wrong_codes: 0,
        factor: Some(registry::Factor::Code),
        check_in: None,
        reference_last_four: "4321".into(),
    }
}

/// Sixty years old in 2026, with these doses: number, vaccine, day.
pub(super) fn patient(doses: &[(u8, Vaccine, jiff::civil::Date)]) -> Patient {
    let dose = |(number, vaccine, day): &(u8, Vaccine, jiff::civil::Date)| DoseRow {
        id: registry::DoseId::from_random([*number; 16]),
        person: registry::PersonId::from_random([1; 16]),
        session: None,
        centre: registry::CentreId(1),
        vaccine: *vaccine,
        number: *number,
        batch: "B0".into(),
        day: *day,
        at_ms: 0,
        staff: registry::StaffId::from_random([2; 16]),
        factor: Some(registry::Factor::Code),
        observed: true,
    };
    Patient {
        name: "Asha Devi".into(),
        birth_year: 1966,
        gender: registry::Gender::Female,
        id_document: Some((1, "9999".into())),
        reference_last_four: "4321".into(),
        screening: None,
        doses: doses.iter().map(dose).collect(),
    }
}

pub(super) fn given() -> GivenHere {
    GivenHere {
        reference_last_four: "4321".into(),
        number: 1,
        vaccine: Vaccine::Covishield,
        batch: "B1".into(),
        attested: true,
        observed: false,
        until_ms: 1_800_000,
    }
}
