//! Members of a phone's family: registered, removed, listed.

use super::{Answered, answers, done, reads_hindi};
use crate::body::{Json, Text, dated};
use crate::caller::{ApiCitizen, ApiReader};
use crate::{Failure, Portal};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use jiff::civil::Time;
use registry::{BirthYear, Centre, CentreId, Gender, IdDocument, IdKind, Malformed, Name, Reference};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use vault::rows::{AppointmentRow, DoseRow, Status};
use vault::{Card, Citizen, NewPerson, Shown, Specimens};

/// What is told of a new person. Numbers may come as text and text as numbers.
#[derive(Deserialize)]
pub(super) struct Told {
    #[serde(default)]
    name: Text,
    #[serde(default)]
    birth_year: Text,
    #[serde(default)]
    gender_id: Text,
    #[serde(default)]
    photo_id_type: Text,
    #[serde(default)]
    photo_id_number: Text,
    #[serde(default)]
    comorbidity_ind: Text,
    #[serde(default)]
    consent_version: Text,
}

impl Told {
    /// Parses it all. The document's number is reduced here and goes no further.
    pub(super) fn person(&self, portal: &Portal, headers: &HeaderMap) -> Result<NewPerson, Failure> {
        self.consent_version.needed()?;
        let born: BirthYear = self.birth_year.needed()?.parse()?;
        if born.age_in(portal.vault().today().year()).is_none() {
            return Err(registry::Wrong::Range.of("birth_year").into());
        }
        let kind = IdKind::from_id(small(self.photo_id_type.needed()?, "photo_id_type")?)?;
        Ok(NewPerson {
            name: self.name.needed()?.parse::<Name>()?,
            born,
            gender: self.gender()?,
            id_document: Some(IdDocument::parse(kind, self.photo_id_number.needed()?)?),
            comorbidity: self.comorbidity()?,
            language: if reads_hindi(headers) { "hi" } else { "en" }.to_owned(),
            notice: None,
            once: None,
        })
    }

    /// The contract does not demand a gender; whoever names none is *Others*.
    fn gender(&self) -> Result<Gender, Malformed> {
        self.gender_id.given().map_or(Ok(Gender::Others), |id| Gender::from_id(small(id, "gender_id")?))
    }

    fn comorbidity(&self) -> Result<bool, Malformed> {
        match self.comorbidity_ind.given() {
            None | Some("N" | "n") => Ok(false),
            Some("Y" | "y") => Ok(true),
            Some(_) => Err(registry::Wrong::Unknown.of("comorbidity_ind")),
        }
    }
}

fn small(text: &str, field: &'static str) -> Result<u8, Malformed> {
    text.parse().map_err(|_| registry::Wrong::Unknown.of(field))
}

/// Row 18.
pub(super) async fn register(
    State(portal): State<Portal>,
    ApiCitizen(citizen): ApiCitizen,
    headers: HeaderMap,
    Json(told): Json<Told>,
) -> Answered {
    let registered = portal.vault().register(&citizen, told.person(&portal, &headers)?).await?;
    done(&json!({ "beneficiary_reference_id": registered.reference.digits() }))
}

/// One member, by her reference.
#[derive(Deserialize)]
pub(super) struct Named {
    #[serde(default)]
    beneficiary_reference_id: Text,
}

/// Row 19.
pub(super) async fn remove(
    State(portal): State<Portal>,
    ApiCitizen(citizen): ApiCitizen,
    Json(named): Json<Named>,
) -> Answered {
    let reference: Reference = named.beneficiary_reference_id.needed()?.parse()?;
    let person = portal.vault().named_member(&citizen, &reference).await?;
    portal.vault().remove_member(&citizen, person).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Row 21: every confirmed member is one look, recorded.
pub(super) async fn list(State(portal): State<Portal>, reader: ApiReader) -> Answered {
    let (cards, last_four) = match &reader {
        ApiReader::Citizen(citizen) => {
            let citizen = citizen.as_ref();
            let grants = citizen.members().into_iter().map(|person| citizen.grant(person));
            let grants = grants.collect::<Result<Vec<_>, _>>()?;
            (portal.vault().disclose_each::<Card>(citizen, &grants).await?, citizen.phone_last_four())
        }
        ApiReader::Client(client) => {
            let client = client.as_ref();
            // Of a phone at which nobody is, nobody is listed.
            let grants: Vec<_> = client.person().map(|_| client.grant()).transpose()?.into_iter().collect();
            (portal.vault().disclose_each::<Card>(client, &grants).await?, client.phone_last_four())
        }
    };
    listing(&portal, last_four, &cards).await
}

async fn listing(portal: &Portal, last_four: &str, cards: &[impl Shown<Card>]) -> Answered {
    let places = Places::of(portal, cards).await?;
    let rows: Vec<Value> = cards.iter().map(|card| beneficiary(last_four, card, &places)).collect();
    done(&json!({ "beneficiaries": rows }))
}

/// What [`list`] would cost without its entries: the same answer, of nobody.
pub(crate) async fn specimens(portal: Portal, citizen: Citizen, of: &Specimens, number: usize) -> Answered {
    listing(&portal, citizen.phone_last_four(), &[portal.vault().specimen::<Card>(of, number).await?]).await
}

/// The centres at which the family has appointments.
struct Places {
    centres: HashMap<CentreId, Centre>,
    districts: Arc<answers::Districts>,
}

impl Places {
    async fn of(portal: &Portal, cards: &[impl Shown<Card>]) -> Result<Self, Failure> {
        let mut centres = HashMap::new();
        for appointment in cards.iter().flat_map(|card| listed(card)) {
            if let Entry::Vacant(place) = centres.entry(appointment.centre) {
                place.insert(portal.vault().centre(appointment.centre).await?);
            }
        }
        let wanted: Vec<_> = centres.values().map(|centre: &Centre| centre.district).collect();
        let districts = answers::districts(portal, &wanted).await?;
        Ok(Self { centres, districts })
    }
}

/// Appointments that clients count: kept ones stay, given-back ones do not.
fn listed(card: &Card) -> impl Iterator<Item = &AppointmentRow> {
    card.appointments.iter().filter(|row| matches!(row.status, Status::Booked | Status::CheckedIn | Status::Done))
}

fn beneficiary(phone_last_four: &str, card: &Card, places: &Places) -> Value {
    // A dose that she has not attested certifies nothing, here neither.
    let doses: Vec<&DoseRow> = card.doses.iter().filter(|dose| dose.factor.is_some()).collect();
    let day = |number| doses.iter().find(|dose| dose.number == number).map(|dose| dated(dose.day)).unwrap_or_default();
    let (kind, number) = match &card.id_document {
        Some((kind, last_four)) => (IdKind::from_id(*kind).map_or("", IdKind::label), format!("********{last_four}")),
        None => ("", String::new()),
    };
    json!({
        "beneficiary_reference_id": card.reference,
        "name": card.name,
        "birth_year": card.birth_year.to_string(),
        "gender": card.gender.label(),
        "mobile_number": phone_last_four,
        "photo_id_type": kind,
        "photo_id_number": number,
        "comorbidity_ind": if card.comorbidity { "Y" } else { "N" },
        "vaccination_status": status(&doses),
        "vaccine": doses.last().map_or("", |dose| dose.vaccine.label()),
        "dose1_date": day(1),
        "dose2_date": day(2),
        "appointments": listed(card).map(|row| appointment(row, places)).collect::<Vec<_>>(),
    })
}

fn status(doses: &[&DoseRow]) -> &'static str {
    match doses.last() {
        None => "Not Vaccinated",
        Some(last) if last.number >= last.vaccine.primary_doses() => "Vaccinated",
        Some(_) => "Partially Vaccinated",
    }
}

fn appointment(row: &AppointmentRow, places: &Places) -> Value {
    let centre = &places.centres[&row.centre];
    let names = places.districts.get(&centre.district);
    json!({
        "appointment_id": row.id.to_string(),
        "center_id": row.centre.0,
        "name": centre.name,
        "state_name": names.map_or("", |(_, state)| &state.name),
        "district_name": names.map_or("", |(district, _)| &district.name),
        "block_name": centre.block,
        "from": clock(centre.opens),
        "to": clock(centre.closes),
        "dose": row.dose,
        "session_id": row.session.to_string(),
        "date": dated(row.day),
        "slot": row.slot.text(),
    })
}

fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}
