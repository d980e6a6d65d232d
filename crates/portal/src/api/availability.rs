//! Open sessions, by the day and by the week. What anyone may see and what the signed-in see are the same answers;
//! only the signed-in may ask for one vaccine.

use super::Answered;
use super::answers::{Districts, Question, answer, districts};
use crate::body::{Params, dated};
use crate::caller::ApiCitizen;
use crate::{Failure, Portal};
use axum::extract::State;
use axum::http::HeaderMap;
use jiff::ToSpan;
use jiff::civil::{Date, Time};
use registry::{Centre, CentreId, DistrictId, Pincode, Session, Vaccine};
use serde::Serialize;
use std::sync::Arc;
use vault::rows::{Offer, View};

/// Whether a search may be narrowed to a vaccine.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Anyone,
    SignedIn,
}

/// Which form the answer has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Day,
    Week,
    Centre,
}

macro_rules! searches {
    ($($public:ident, $own:ident: $view:ident, $shape:ident;)*) => {$(
        pub(super) async fn $public(State(portal): State<Portal>, headers: HeaderMap, params: Params) -> Answered {
            search(&portal, &headers, &params, $view(&params)?, Shape::$shape, By::Anyone).await
        }

        pub(super) async fn $own(_: ApiCitizen, State(portal): State<Portal>, headers: HeaderMap, params: Params) -> Answered {
            search(&portal, &headers, &params, $view(&params)?, Shape::$shape, By::SignedIn).await
        }
    )*};
}

// Rows 13 to 17, each for anyone and for the signed-in.
searches! {
    find_by_pin, own_find_by_pin: pincode, Day;
    find_by_district, own_find_by_district: district, Day;
    calendar_by_pin, own_calendar_by_pin: pincode, Week;
    calendar_by_district, own_calendar_by_district: district, Week;
    calendar_by_center, own_calendar_by_center: center, Centre;
}

fn pincode(params: &Params) -> Result<View, Failure> {
    let pincode = params.needed("pincode")?.parse::<Pincode>();
    pincode.map(View::Pincode).map_err(|_| Failure::contract("APPOIN0018", "Invalid Pincode"))
}

fn district(params: &Params) -> Result<View, Failure> {
    let id = params.needed("district_id")?.parse::<DistrictId>();
    id.map(View::District).map_err(|_| Failure::input("Invalid district_id"))
}

fn center(params: &Params) -> Result<View, Failure> {
    let id = params.needed("center_id")?.parse::<CentreId>();
    id.map(View::Centre).map_err(|_| Failure::input("Invalid center_id"))
}

async fn search(portal: &Portal, headers: &HeaderMap, params: &Params, view: View, shape: Shape, by: By) -> Answered {
    let day = params.day()?;
    let wanted = params.given("vaccine").filter(|_| by == By::SignedIn);
    let vaccine = wanted.map(str::parse::<Vaccine>);
    let Ok(vaccine) = vaccine.transpose() else { return super::done(&nothing(shape)) };
    let question =
        if shape == Shape::Day { Question::Find(view, day, vaccine) } else { Question::Calendar(view, day, vaccine) };
    answer(portal, headers, question, make(portal, view, day, vaccine, shape)).await
}

/// The answer to a search for a vaccine that nobody gives here.
fn nothing(shape: Shape) -> serde_json::Value {
    match shape {
        Shape::Day => serde_json::json!({ "sessions": [] }),
        Shape::Week => serde_json::json!({ "centers": [] }),
        Shape::Centre => serde_json::json!({ "centers": {} }),
    }
}

async fn make(
    portal: &Portal,
    view: View,
    day: Date,
    vaccine: Option<Vaccine>,
    shape: Shape,
) -> Result<Vec<u8>, Failure> {
    let days = if shape == Shape::Day { 0 } else { 6 };
    let to = day.saturating_add(days.days());
    // A day that is over has no open places.
    let mut offers = portal.vault().offers(view, day.max(portal.vault().today()), to).await?;
    offers.retain(|offer| vaccine.is_none_or(|vaccine| offer.session.vaccine == vaccine));
    let places: Vec<DistrictId> = offers.iter().map(|offer| offer.centre.district).collect();
    let names = districts(portal, &places).await?;
    let bytes = match shape {
        Shape::Day => {
            serde_json::to_vec(&Sessions { sessions: offers.iter().map(|o| OneSession::of(o, &names)).collect() })
        }
        Shape::Week => serde_json::to_vec(&Centers { centers: centers(&offers, &names) }),
        Shape::Centre => serde_json::to_vec(&one_center(portal, view, &offers, &names).await?),
    };
    Ok(bytes.expect("the answer is plain data"))
}

/// Row 17 answers an object. A centre without open sessions is still a centre; one that does not exist is empty.
async fn one_center(
    portal: &Portal,
    view: View,
    offers: &[Offer],
    names: &Arc<Districts>,
) -> Result<serde_json::Value, Failure> {
    let center = match (centers(offers, names).pop(), view) {
        (Some(center), _) => serde_json::to_value(center).expect("a centre is plain data"),
        (None, View::Centre(id)) => match portal.vault().centre(id).await {
            Ok(centre) => {
                let names = districts(portal, &[centre.district]).await?;
                serde_json::to_value(OneCenter::of(&centre, &[], &names)).expect("a centre is plain data")
            }
            Err(vault::Refused::NotFound) => serde_json::json!({}),
            Err(other) => return Err(other.into()),
        },
        (None, _) => serde_json::json!({}),
    };
    Ok(serde_json::json!({ "centers": center }))
}

#[derive(Serialize)]
struct Sessions<'a> {
    sessions: Vec<OneSession<'a>>,
}

#[derive(Serialize)]
struct Centers<'a> {
    centers: Vec<OneCenter<'a>>,
}

/// What both shapes say of a centre. Existing clients read `pincode` as an integer, and whole degrees.
#[derive(Serialize)]
struct Place<'a> {
    center_id: u32,
    name: &'a str,
    address: &'a str,
    state_name: &'a str,
    district_name: &'a str,
    block_name: &'a str,
    pincode: u32,
    lat: i16,
    long: i16,
    from: String,
    to: String,
    fee_type: &'static str,
}

/// What both shapes say of a session. Places for a precaution dose are in the whole alone, as clients expect.
#[derive(Serialize)]
struct Open<'a> {
    session_id: String,
    date: String,
    available_capacity: u32,
    min_age_limit: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_age_limit: Option<u8>,
    allow_all_age: bool,
    vaccine: &'static str,
    slots: Vec<&'a str>,
    available_capacity_dose1: u32,
    available_capacity_dose2: u32,
}

#[derive(Serialize)]
struct OneSession<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    #[serde(flatten)]
    open: Open<'a>,
    fee: String,
}

#[derive(Serialize)]
struct OneCenter<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    sessions: Vec<Open<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    vaccine_fees: Vec<VaccineFee>,
}

#[derive(Serialize, PartialEq, Eq)]
struct VaccineFee {
    vaccine: &'static str,
    fee: String,
}

impl<'a> Place<'a> {
    fn of(centre: &'a Centre, is_free: bool, names: &'a Districts) -> Self {
        let names = names.get(&centre.district);
        Self {
            center_id: centre.id.0,
            name: &centre.name,
            address: &centre.address,
            state_name: names.map_or("", |(_, state)| &state.name),
            district_name: names.map_or("", |(district, _)| &district.name),
            block_name: &centre.block,
            pincode: centre.pincode.number(),
            lat: whole(centre.latitude),
            long: whole(centre.longitude),
            from: clock(centre.opens),
            to: clock(centre.closes),
            fee_type: if is_free { "Free" } else { "Paid" },
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "to truncate is the contract, and degrees are small")]
fn whole(degrees: f64) -> i16 {
    degrees as i16
}

fn clock(time: Time) -> String {
    format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second())
}

impl<'a> Open<'a> {
    fn of(session: &'a Session) -> Self {
        Self {
            session_id: session.id.to_string(),
            date: dated(session.day),
            available_capacity: session.open(),
            min_age_limit: session.ages.min,
            max_age_limit: session.ages.max,
            allow_all_age: session.ages.all_ages(),
            vaccine: session.vaccine.label(),
            slots: session.slots.iter().map(registry::Slot::text).collect(),
            available_capacity_dose1: session.open_for(1),
            available_capacity_dose2: session.open_for(2),
        }
    }
}

impl<'a> OneSession<'a> {
    fn of(offer: &'a Offer, names: &'a Districts) -> Self {
        let fee = offer.session.fee;
        Self {
            place: Place::of(&offer.centre, fee.is_free(), names),
            open: Open::of(&offer.session),
            fee: fee.rupees().to_string(),
        }
    }
}

impl<'a> OneCenter<'a> {
    fn of(centre: &'a Centre, offers: &'a [Offer], names: &'a Districts) -> Self {
        let mut vaccine_fees = Vec::new();
        for session in offers.iter().map(|offer| &offer.session).filter(|session| !session.fee.is_free()) {
            let fee = VaccineFee { vaccine: session.vaccine.label(), fee: session.fee.rupees().to_string() };
            if !vaccine_fees.contains(&fee) {
                vaccine_fees.push(fee);
            }
        }
        Self {
            place: Place::of(centre, vaccine_fees.is_empty(), names),
            sessions: offers.iter().map(|offer| Open::of(&offer.session)).collect(),
            vaccine_fees,
        }
    }
}

/// Offers come by centre and day: each run of one centre is one row.
fn centers<'a>(offers: &'a [Offer], names: &'a Districts) -> Vec<OneCenter<'a>> {
    let runs = offers.chunk_by(|a, b| a.centre.id == b.centre.id);
    runs.map(|run| OneCenter::of(&run[0].centre, run, names)).collect()
}
