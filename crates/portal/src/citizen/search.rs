//! Where a member can have her dose: near a PIN code, in a district, near her. The address keeps the place and her
//! place in the family, never a person's data.

use super::standing::{self, Bar, dose_of};
use super::{Desk, Pairs, form};
use crate::Failure;
use crate::caller::cookie;
use crate::open::sessions::{self, Elsewhere, Listing, Position};
use crate::page::{
    Form, Shell, button, buttons, details, field, get_form, hidden, look_recorded, near_me, quiet_link_button,
};
use crate::words::{Language, Words};
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};
use registry::{Centre, CentreId, District, DistrictId, Pincode, State, StateId};
use vault::rows::{Offer, View};
use vault::{Card, Refused, Vault};

/// The cookie that keeps the PIN code of the last search on the device.
const PIN_COOKIE: &str = "pin";

/// Centres that are looked at around a point.
const NEAREST: usize = 15;

/// How far ahead the next dates are looked for when nothing is open in the days asked for.
const AHEAD_DAYS: i32 = 28;

/// Where is looked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Spot {
    /// Around a postal code.
    Pin(Pincode),
    /// In a district.
    District(DistrictId),
    /// Around a point.
    Near(f64, f64),
    /// At a centre.
    Centre(CentreId),
}

impl Spot {
    fn of(form: &Form) -> Option<Self> {
        let number = |name| form.value(name).parse::<f64>().ok().filter(|n| n.is_finite() && n.abs() <= 180.0);
        if let Ok(pin) = form.digits("pin").parse() {
            return Some(Self::Pin(pin));
        }
        if let Ok(district) = form.value("district").parse() {
            return Some(Self::District(district));
        }
        Some(Self::Near(number("lat")?, number("long")?))
    }

    /// As a query keeps it.
    fn query(self) -> String {
        match self {
            Self::Pin(pin) => format!("pin={}", pin.number()),
            Self::District(district) => format!("district={district}"),
            Self::Near(north, east) => format!("lat={north:.2}&long={east:.2}"),
            Self::Centre(centre) => format!("centre={centre}"),
        }
    }
}

/// The PIN code that was searched last on this device.
pub(super) fn remembered(headers: &HeaderMap) -> Option<Pincode> {
    cookie(headers, PIN_COOKIE)?.parse().ok()
}

/// The sessions around a spot over a span of days, and the point from which distances are measured.
pub(super) async fn offers(
    vault: &Vault,
    spot: &Spot,
    from: Date,
    to: Date,
) -> Result<(Option<Position>, Vec<Offer>), Refused> {
    let near = match *spot {
        Spot::District(district) => return Ok((None, vault.offers(View::District(district), from, to).await?)),
        Spot::Centre(centre) => return Ok((None, vault.offers(View::Centre(centre), from, to).await?)),
        Spot::Near(north, east) => (north, east),
        Spot::Pin(pin) => match middle_of(&vault.centres().await?, pin) {
            Some(middle) => middle,
            None => return Ok((None, Vec::new())),
        },
    };
    let mut offers = Vec::new();
    for (centre, _) in vault.nearest(near.0, near.1, NEAREST).await? {
        offers.extend(vault.offers(View::Centre(centre.id), from, to).await?);
    }
    Ok((Some(near), offers))
}

/// The middle of the centres whose PIN code is most like this one: the digits go from region to post office.
fn middle_of(centres: &[Centre], pin: Pincode) -> Option<Position> {
    (0..=4).find_map(|dropped| {
        let head = 10_u32.pow(dropped);
        let like: Vec<&Centre> = centres.iter().filter(|c| c.pincode.number() / head == pin.number() / head).collect();
        let count = f64::from(u32::try_from(like.len()).ok().filter(|count| *count > 0)?);
        let middle = |degrees: fn(&Centre) -> f64| like.iter().map(|centre| degrees(centre)).sum::<f64>() / count;
        Some((middle(|c| c.latitude), middle(|c| c.longitude)))
    })
}

/// A search as its address says it.
struct Search {
    place: usize,
    form: Form,
}

impl Search {
    /// The address with another query; an appointment that is being moved stays with it.
    fn address(&self, query: &str) -> String {
        let change = self.form.value("change");
        let change = if is_id(change) { format!("&change={change}") } else { String::new() };
        format!("/family/{}/book?{query}{change}", self.place)
    }

    /// What forms of the search carry along.
    fn kept(&self) -> Vec<(&'static str, &str)> {
        let change = self.form.value("change");
        if is_id(change) { vec![("change", change)] } else { Vec::new() }
    }
}

fn is_id(text: &str) -> bool {
    text.parse::<registry::AppointmentId>().is_ok()
}

pub(super) async fn show(
    desk: Desk,
    Path(place): Path<String>,
    Query(query): Query<Pairs>,
) -> Result<Response, Failure> {
    let (place, person) = desk.member(&place)?;
    let mut form = form(query);
    let card = desk.card(person).await?;
    let Some(dose) = dose_of(&form, &card) else { return Err(registry::Ineligible::NoSuchDose.into()) };
    let spot = Spot::of(&form);
    if spot.is_none() && !form.value("pin").is_empty() {
        form.problem("pin", desk.w.t("search-pin-wrong"));
    }
    let wished = form.value("from").parse::<Date>().ok();
    let search = Search { place, form };
    let path = search.address(&spot.map(Spot::query).unwrap_or_default());
    let w = desk.w;
    let title = w.with("search-title", [("dose", dose.into()), ("name", card.name.as_str().into())]);
    let shell = desk.shell(title, &path).back("/family").form(&search.form);
    let Some(spot) = spot else { return Ok(ask(&desk, shell, &search).await?.into_response()) };
    let from = sessions::first_day(wished, desk.vault().today());
    let page = shell.wide().page(results(&desk, &search, &card, dose, spot, from).await?);
    Ok((keep_pin(&desk, spot), page).into_response())
}

/// The PIN code stays on the device, where the next search finds it.
fn keep_pin(desk: &Desk, spot: Spot) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if let Spot::Pin(pin) = spot {
        let secure = if desk.portal.secure() { "; Secure" } else { "" };
        let text = format!("{PIN_COOKIE}={}; Path=/; Max-Age=7776000; HttpOnly; SameSite=Lax{secure}", pin.number());
        headers.insert(header::SET_COOKIE, HeaderValue::try_from(text).expect("six digits are plain"));
    }
    headers
}

/// A PIN code and a button: the shortest way to a list of centres.
pub(super) fn pin_form(w: Words, form: &Form, place: usize, keep: &[(&str, &str)]) -> Markup {
    get_form(
        &format!("/family/{place}/book"),
        html! {
            (field(w, form, "pin", w.t("search-pin")).hint(w.t("search-pin-hint")).digits(6).autocomplete("postal-code"))
            @for (name, value) in keep { (hidden(name, value)) }
            (buttons(button(w.t("search-pin-go"))))
        },
    )
}

async fn ask(desk: &Desk, shell: Shell<'_>, search: &Search) -> Result<Markup, Failure> {
    let w = desk.w;
    let kept = search.kept();
    let by_district = by_district(desk, search).await?;
    Ok(shell.page(html! {
        p { (look_recorded(w)) }
        @if search.form.value("by").is_empty() && search.form.value("state").is_empty() {
            (pin_form(w, &search.form, search.place, &kept))
            (near_me(w, &format!("/family/{}/book", search.place), &kept))
            h2 { (w.t("search-otherwise")) }
            (quiet_link_button(&search.address("by=state"), &w.t("search-by-district")))
        } @else { (by_district) }
    }))
}

/// From a state to its districts, link by link: light, and without a script.
async fn by_district(desk: &Desk, search: &Search) -> Result<Markup, Failure> {
    let w = desk.w;
    let link = |query: String, name: &str| html! { li { a href=(search.address(&query)) { (name) } } };
    if let Ok(state) = search.form.value("state").parse::<StateId>() {
        let districts = desk.vault().districts(Some(state)).await?;
        return Ok(html! {
            h2 { (w.t("search-district")) }
            ul { @for one in &districts { (link(format!("district={}", one.id), district_name(w, one))) } }
        });
    }
    let (states, districts) = (desk.vault().states().await?, desk.vault().districts(None).await?);
    // A state without a district leads nowhere.
    let open = states.iter().filter(|state| districts.iter().any(|district| district.state == state.id));
    Ok(html! {
        h2 { (w.t("search-state")) }
        ul { @for one in open { (link(format!("state={}", one.id), state_name(w, one))) } }
    })
}

fn district_name(w: Words, district: &District) -> &str {
    if w.language() == Language::Hindi { &district.name_hi } else { &district.name }
}

fn state_name(w: Words, state: &State) -> &str {
    if w.language() == Language::Hindi { &state.name_hi } else { &state.name }
}

async fn results(
    desk: &Desk,
    search: &Search,
    card: &Card,
    dose: u8,
    spot: Spot,
    from: Date,
) -> Result<Markup, Failure> {
    let (w, vault) = (desk.w, desk.vault());
    let now = vault.now();
    let (_, to) = sessions::week(from);
    let (near, found) = offers(vault, &spot, from, to).await?;
    let (hers, others) = apart(found, |offer| standing::may_book(card, dose, &offer.session, &now));
    let elsewhere = if hers.is_empty() { next_dates(vault, card, dose, &spot, from).await? } else { Vec::new() };
    let kept = search.kept();
    let change = kept.first().map(|(name, id)| format!("?{name}={id}")).unwrap_or_default();
    let listing = sessions::listing(
        w,
        &hers,
        &Listing {
            today: now.date(),
            from,
            as_of: now.time(),
            near,
            dose: Some(dose),
            part: sessions::part_of(&search.form),
            page: &|day| search.address(&format!("{}&from={day}", spot.query())),
            link: &|session| format!("/family/{}/book/{}{change}", search.place, session.id),
            elsewhere: &elsewhere,
        },
    );
    Ok(html! {
        p { (place_in_words(desk, spot).await?) " " a href=(search.address("")) { (w.t("search-elsewhere")) } }
        p { (look_recorded(w)) }
        (listing)
        @if !others.is_empty() { (not_hers(w, &others)) }
    })
}

async fn place_in_words(desk: &Desk, spot: Spot) -> Result<String, Failure> {
    let w = desk.w;
    Ok(match spot {
        Spot::Pin(pin) => w.with("search-near-pin", [("pin", pin.number().to_string().into())]),
        Spot::District(id) => {
            let all = desk.vault().districts(None).await?;
            let found = all.iter().find(|one| one.id == id).ok_or_else(Failure::not_found)?;
            w.with("search-in-district", [("district", district_name(w, found).into())])
        }
        Spot::Near(..) | Spot::Centre(_) => w.t("search-near-you"),
    })
}

/// What she may book, and the rest with the reason against each.
fn apart(found: Vec<Offer>, judge: impl Fn(&Offer) -> Result<(), Bar>) -> (Vec<Offer>, Vec<(Offer, Bar)>) {
    let (mut hers, mut others) = (Vec::new(), Vec::new());
    for offer in found {
        match judge(&offer) {
            Ok(()) => hers.push(offer),
            Err(bar) => others.push((offer, bar)),
        }
    }
    (hers, others)
}

/// The next days on which she finds a place around the spot, centre by centre, nearest first.
async fn next_dates(vault: &Vault, card: &Card, dose: u8, spot: &Spot, from: Date) -> Result<Vec<Elsewhere>, Failure> {
    let now = vault.now();
    let from = now.date().min(from);
    let (near, offers) = offers(vault, spot, from, from.saturating_add(AHEAD_DAYS.days())).await?;
    let mut places: Vec<Elsewhere> = Vec::new();
    for offer in offers.into_iter().filter(|o| standing::may_book(card, dose, &o.session, &now).is_ok()) {
        match places.iter_mut().find(|place| place.centre.id == offer.centre.id) {
            Some(place) if place.next.len() < 3 => place.next.push(offer.session),
            Some(_) => {}
            None => {
                let metres = near.map(|(north, east)| sessions::metres(&offer.centre, north, east));
                places.push(Elsewhere { centre: offer.centre, metres, next: vec![offer.session] });
            }
        }
    }
    places.sort_by_key(|place| place.metres);
    places.truncate(5);
    Ok(places)
}

/// Sessions that are not for her, folded away: how many of each vaccine, and the reason against them.
fn not_hers(w: Words, others: &[(Offer, Bar)]) -> Markup {
    let whole = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let mut reasons: Vec<(String, String, usize)> = Vec::new();
    for (offer, bar) in others {
        let (vaccine, reason) = (sessions::vaccine(w, offer.session.vaccine), bar.words(w));
        match reasons.iter_mut().find(|known| known.0 == vaccine && known.1 == reason) {
            Some(known) => known.2 += 1,
            None => reasons.push((vaccine, reason, 1)),
        }
    }
    details(
        &w.with("search-not-yours", [("count", whole(others.len()).into())]),
        html! {
            ul {
                @for (vaccine, reason, count) in reasons {
                    li.quiet {
                        (w.with("search-not-yours-of", [("vaccine", vaccine.into()), ("count", whole(count).into())]))
                        ": " strong { (reason) }
                    }
                }
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(text: &[(&str, &str)]) -> Form {
        text.iter().fold(Form::empty(), |form, (name, value)| form.with(name, *value))
    }

    #[test]
    fn a_spot_is_read_and_written_alike() {
        let pin = Spot::of(&query(&[("pin", "५६० ००१")])).unwrap();
        assert_eq!(pin.query(), "pin=560001");
        assert_eq!(Spot::of(&query(&[("district", "294")])).unwrap().query(), "district=294");
        let near = Spot::of(&query(&[("lat", "12.9716"), ("long", "77.5946")])).unwrap();
        assert_eq!(near.query(), "lat=12.97&long=77.59");
        for nowhere in [&[("pin", "12")][..], &[("lat", "NaN"), ("long", "1")], &[("lat", "1")], &[("district", "x")]] {
            assert_eq!(Spot::of(&query(nowhere)), None, "{nowhere:?}");
        }
    }

    #[test]
    fn a_move_stays_with_every_address_and_nothing_else_does() {
        let id = registry::AppointmentId::from_random([7; 16]).to_string();
        let search = Search { place: 1, form: query(&[("change", &id), ("name", "Asha")]) };
        assert_eq!(search.address("pin=560001"), format!("/family/1/book?pin=560001&change={id}"));
        let hostile = Search { place: 0, form: query(&[("change", "x&pin=1")]) };
        assert_eq!(hostile.address("by=state"), "/family/0/book?by=state");
        assert!(hostile.kept().is_empty());
    }
}
