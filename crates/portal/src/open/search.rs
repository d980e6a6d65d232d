//! The search for open sessions: by postal code, by district, near a place.

use super::sessions::{Elsewhere, Position, metres, week};
use jiff::ToSpan;
use jiff::civil::{Date, Time};
use registry::{Centre, CentreId, District, DistrictId, Pincode, Session, Slot, StateId};
use vault::rows::{Offer, View};
use vault::{Refused, Vault};

/// Centres of a search near a place.
const NEAREST: usize = 12;

/// Centres that are looked at when nothing is open where the reader looks, and how many of them are shown.
const TRIED: usize = 20;
const SHOWN: usize = 5;

/// Days over which other centres are looked at, and sessions shown of each.
const WEEKS_AHEAD: i32 = 28;
const NEXT: usize = 3;

/// Where someone looks for a session.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Wanted {
    /// At centres of one postal code.
    Pin(Pincode),
    /// At centres of one district.
    District(StateId, DistrictId),
    /// At the centres nearest to a place.
    Near(Position),
}

impl Wanted {
    /// The address of this search below `base`, beginning with a day.
    pub(crate) fn address(self, base: &str, from: Date) -> String {
        match self {
            Self::Pin(pin) => format!("{base}/pin?pin={}&date={from}", pin.number()),
            Self::District(state, district) => format!("{base}/district?state={state}&district={district}&date={from}"),
            Self::Near((north, east)) => format!("{base}/near?lat={north}&long={east}&date={from}"),
        }
    }
}

/// What a search found.
pub(crate) struct Found {
    /// Open sessions of seven days, by centre and day.
    pub(crate) offers: Vec<Offer>,
    /// From where distances count, when the reader said where she is.
    pub(crate) near: Option<Position>,
    /// Other centres with open places, when there are no sessions at all.
    pub(crate) elsewhere: Vec<Elsewhere>,
}

/// Sessions of the seven days from `from` that have not ended yet.
///
/// # Errors
/// [`Refused::Unavailable`].
pub(crate) async fn search(vault: &Vault, wanted: Wanted, from: Date) -> Result<Found, Refused> {
    let (from, to) = week(from);
    let mut offers = match wanted {
        Wanted::Pin(pin) => vault.offers(View::Pincode(pin), from, to).await?,
        Wanted::District(_, district) => vault.offers(View::District(district), from, to).await?,
        Wanted::Near((north, east)) => {
            let near = vault.nearest(north, east, NEAREST).await?;
            at_centres(vault, near.into_iter().map(|(centre, _)| centre.id), from, to).await?
        }
    };
    let now = vault.now();
    offers.retain(|offer| !has_ended(&offer.session, now.date(), now.time()));
    let elsewhere = if offers.is_empty() { elsewhere(vault, wanted, from).await? } else { Vec::new() };
    let near = if let Wanted::Near(position) = wanted { Some(position) } else { None };
    Ok(Found { offers, near, elsewhere })
}

async fn at_centres(
    vault: &Vault,
    ids: impl Iterator<Item = CentreId>,
    from: Date,
    to: Date,
) -> Result<Vec<Offer>, Refused> {
    let mut offers = Vec::new();
    for id in ids {
        offers.extend(vault.offers(View::Centre(id), from, to).await?);
    }
    Ok(offers)
}

/// Whether the last slot of a session is over.
pub(crate) fn has_ended(session: &Session, today: Date, now: Time) -> bool {
    let minute = u16::from(now.hour().unsigned_abs()) * 60 + u16::from(now.minute().unsigned_abs());
    let last = session.slots.iter().map(|slot| Slot::minutes(slot).1).max();
    session.day < today || session.day == today && last.is_some_and(|end| end <= minute)
}

/// The nearest centres that have open places in the coming weeks.
async fn elsewhere(vault: &Vault, wanted: Wanted, from: Date) -> Result<Vec<Elsewhere>, Refused> {
    let Some((position, exact)) = position(vault, wanted).await? else { return Ok(Vec::new()) };
    let (today, now) = (vault.today(), vault.now().time());
    let mut others = Vec::new();
    for (centre, _) in vault.nearest(position.0, position.1, TRIED).await? {
        let offers = vault.offers(View::Centre(centre.id), from, from.saturating_add(WEEKS_AHEAD.days())).await?;
        let open = |session: &Session| session.open() > 0 && !has_ended(session, today, now);
        let next: Vec<Session> = offers.into_iter().map(|offer| offer.session).filter(open).take(NEXT).collect();
        if !next.is_empty() {
            let metres = exact.then(|| metres(&centre, position.0, position.1));
            others.push(Elsewhere { centre, metres, next });
        }
        if others.len() == SHOWN {
            break;
        }
    }
    Ok(others)
}

/// Where a search looks, as one point, and whether a distance from it means something to the reader.
async fn position(vault: &Vault, wanted: Wanted) -> Result<Option<(Position, bool)>, Refused> {
    if let Wanted::Near(position) = wanted {
        return Ok(Some((position, true)));
    }
    let centres = vault.centres().await?;
    Ok(match wanted {
        Wanted::Pin(pin) => around_pin(&centres, pin),
        Wanted::District(state, district) => around_district(&centres, &vault.districts(Some(state)).await?, district),
        Wanted::Near(_) => None,
    })
}

/// The middle of the centres of this postal code; of its sorting district, sub-region or region when it has none.
fn around_pin(centres: &[Centre], pin: Pincode) -> Option<(Position, bool)> {
    [(1, true), (1_000, true), (10_000, false), (100_000, false)].into_iter().find_map(|(part, exact)| {
        middle(centres, |centre| centre.pincode.number() / part == pin.number() / part).map(|middle| (middle, exact))
    })
}

/// The middle of a district's centres; of its state's when it has none.
fn around_district(centres: &[Centre], of_state: &[District], district: DistrictId) -> Option<(Position, bool)> {
    let own = middle(centres, |centre| centre.district == district);
    let of_state = || middle(centres, |centre| of_state.iter().any(|other| other.id == centre.district));
    own.map(|middle| (middle, true)).or_else(|| of_state().map(|middle| (middle, false)))
}

#[expect(clippy::cast_precision_loss, reason = "there are far fewer centres than 2^52")]
fn middle(centres: &[Centre], belongs: impl Fn(&Centre) -> bool) -> Option<Position> {
    let of: Vec<&Centre> = centres.iter().filter(|centre| belongs(centre)).collect();
    let mean = |degrees: fn(&Centre) -> f64| of.iter().map(|centre| degrees(centre)).sum::<f64>() / of.len() as f64;
    (!of.is_empty()).then(|| (mean(|centre| centre.latitude), mean(|centre| centre.longitude)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    fn centre(id: u32, pin: u32, north: f64) -> Centre {
        Centre {
            id: CentreId(id),
            district: DistrictId(id),
            name: String::new(),
            address: String::new(),
            block: String::new(),
            pincode: Pincode::new(pin).unwrap(),
            latitude: north,
            longitude: 77.0,
            opens: time(9, 0, 0, 0),
            closes: time(17, 0, 0, 0),
        }
    }

    #[test]
    fn a_postal_code_without_a_centre_is_placed_by_its_first_digits_and_a_rough_place_has_no_distance() {
        let centres = [centre(1, 560_001, 13.0), centre(2, 560_001, 13.2), centre(3, 110_001, 28.6)];
        let at = |pin| around_pin(&centres, Pincode::new(pin).unwrap());
        assert_eq!(at(560_001), Some(((13.1, 77.0), true)));
        assert_eq!(at(560_099), Some(((13.1, 77.0), true)));
        assert_eq!(at(199_999), Some(((28.6, 77.0), false)));
        assert_eq!(at(700_001), None);
    }

    #[test]
    fn a_district_without_a_centre_is_placed_by_its_state() {
        let district =
            |id| District { id: DistrictId(id), state: StateId(1), name: String::new(), name_hi: String::new() };
        let centres = [centre(1, 560_001, 13.0), centre(2, 560_001, 14.0)];
        let at = |id| around_district(&centres, &[district(1), district(9)], DistrictId(id));
        assert_eq!(at(2), Some(((14.0, 77.0), true)));
        assert_eq!(at(9), Some(((13.0, 77.0), false)));
        assert_eq!(around_district(&[], &[], DistrictId(9)), None);
    }

    #[test]
    fn the_address_of_a_search_holds_all_of_it() {
        let day = date(2026, 11, 23);
        assert_eq!(
            Wanted::Pin(Pincode::new(560_001).unwrap()).address("/find", day),
            "/find/pin?pin=560001&date=2026-11-23"
        );
        assert_eq!(
            Wanted::District(StateId(16), DistrictId(265)).address("/find", day),
            "/find/district?state=16&district=265&date=2026-11-23"
        );
        assert_eq!(Wanted::Near((12.97, 77.6)).address("/find", day), "/find/near?lat=12.97&long=77.6&date=2026-11-23");
    }
}
