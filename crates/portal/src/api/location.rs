//! Places and the short lists that forms are filled from.

use super::answers::{Question, answer, districts as districts_by_id};
use super::{Answered, done, reads_hindi};
use crate::body::Params;
use crate::caller::ApiCitizen;
use crate::{Failure, Portal};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use registry::{Gender, IdKind, StateId};
use serde_json::{Map, Value, json};

/// Clients read it as hours.
const TTL: u8 = 24;

/// How many centres are near.
const NEAR: usize = 50;

/// Row 8.
pub(super) async fn states(State(portal): State<Portal>, headers: HeaderMap) -> Answered {
    let hindi = reads_hindi(&headers);
    let make = async {
        let states = portal.vault().states().await?;
        let row = |s: &registry::State| named("state", s.id.0, &s.name, hindi.then_some(&s.name_hi));
        Ok(json!({ "states": states.iter().map(row).collect::<Vec<_>>(), "ttl": TTL }).to_string().into_bytes())
    };
    answer(&portal, &headers, Question::States(hindi), make).await
}

/// Row 9. A state that does not exist has no districts.
pub(super) async fn districts(
    State(portal): State<Portal>,
    state: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Answered {
    let state = state.ok().and_then(|Path(text)| text.parse::<StateId>().ok());
    let state = state.ok_or_else(|| Failure::input("Invalid state_id"))?;
    let hindi = reads_hindi(&headers);
    let make = async {
        let districts = portal.vault().districts(Some(state)).await?;
        let row = |d: &registry::District| named("district", d.id.0, &d.name, hindi.then_some(&d.name_hi));
        Ok(json!({ "districts": districts.iter().map(row).collect::<Vec<_>>(), "ttl": TTL }).to_string().into_bytes())
    };
    answer(&portal, &headers, Question::Districts(state, hindi), make).await
}

/// `state_id`, `state_name`, and for those who read it the twin `state_name_l`.
fn named(what: &str, id: u32, name: &str, hindi: Option<&String>) -> Value {
    let mut row = Map::new();
    row.insert(format!("{what}_id"), id.into());
    row.insert(format!("{what}_name"), name.into());
    if let Some(hindi) = hindi {
        row.insert(format!("{what}_name_l"), hindi.as_str().into());
    }
    row.into()
}

/// Row 10.
pub(super) async fn id_types() -> Answered {
    let row = |kind: IdKind| json!({ "type": kind.label(), "id": kind.id(), "doc_type": kind.code(), "flag": 1 });
    done(&json!({ "types": IdKind::ALL.map(row), "ttl": TTL }))
}

/// Row 11.
pub(super) async fn genders() -> Answered {
    let row = |gender: Gender| json!({ "gender": gender.label(), "id": gender.id() });
    done(&json!({ "genders": Gender::ALL.map(row), "ttl": TTL }))
}

/// Row 12, public. Here PIN code, latitude and longitude are text.
pub(super) async fn near(State(portal): State<Portal>, params: Params) -> Answered {
    let degrees = |name: &'static str, most: f64| {
        let number = params.needed(name)?.parse::<f64>().ok().filter(|number| number.abs() <= most);
        number.ok_or_else(|| Failure::input(format!("Invalid {name}")))
    };
    let (latitude, longitude) = (degrees("lat", 90.0)?, degrees("long", 180.0)?);
    let near = portal.vault().nearest(latitude, longitude, NEAR).await?;
    let places: Vec<_> = near.iter().map(|(centre, _)| centre.district).collect();
    let names = districts_by_id(&portal, &places).await?;
    let row = |(centre, _): &(registry::Centre, f64)| {
        let (district, state) = names.get(&centre.district)?;
        Some(json!({
            "center_id": centre.id.0,
            "name": centre.name,
            "district_name": district.name,
            "state_name": state.name,
            "location": centre.address,
            "pincode": centre.pincode.number().to_string(),
            "block_name": centre.block,
            "lat": format!("{:.8}", centre.latitude),
            "long": format!("{:.8}", centre.longitude),
        }))
    };
    done(&json!({ "centers": near.iter().filter_map(row).collect::<Vec<_>>(), "ttl": TTL }))
}

/// Row 12, signed in.
pub(super) async fn near_signed_in(_: ApiCitizen, portal: State<Portal>, params: Params) -> Answered {
    near(portal, params).await
}
