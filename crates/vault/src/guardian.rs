//! The day guardianship ends. Of birth only the year is kept, sealed; for who comes to a phone under age the year of majority
//! stands beside it, so that the day is found without opening anybody.

use crate::caller::{Actor, Citizen, Remembered};
use crate::gate::{Act, Draft};
use crate::{NewPerson, Refused, Vault};
use ledger::{Kind, Purpose};
use registry::PersonId;
use std::future::ready;
use store::command::{Effect, Guarded, Joins, Refusal};

/// People told in one sweep; the next one goes on.
const MOST: u32 = 200;

impl Vault {
    /// The year of majority of a new person who comes to a phone under age.
    pub(crate) fn guarded_until(&self, new: &NewPerson, joins: &Joins) -> Option<i16> {
        let year = new.born.of_age_from();
        (year > self.today().year() && !matches!(joins, Joins::Alone)).then_some(year)
    }

    /// What a sign-in knows of its members' majority, as it opened their years of birth anyway: so whoever came before this was
    /// noted, or had her year put right, is noted too.
    pub(crate) fn guarded(&self, members: &[Option<Remembered>]) -> Vec<Guarded> {
        let year = self.today().year();
        let one = |member: &Remembered| {
            let until_year = member.born().of_age_from();
            Guarded { person: member.person, until_year, is_under_age: until_year > year }
        };
        members.iter().flatten().map(one).collect()
    }

    /// Notes and tells of everyone who is of age by now. Opens nothing.
    pub(crate) async fn end_guardianships(&self) -> Result<(), Refused> {
        let (year, now_ms) = (self.today().year(), self.now_ms());
        let actor = Actor::worker("guardianship", self.draw());
        for person in self.store.read(move |store| store.guardianships_over(year, MOST)).await? {
            let plan = |_| {
                let draft = Draft::about(person, Kind::Write, Purpose::Membership);
                ready(Ok(Act::new(vec![draft], Effect::OfAge { person, now_ms })))
            };
            match self.act(&actor, &[person], plan).await {
                // Who left meanwhile is told of nothing.
                Ok(_) | Err(Refused::NotFound | Refused::Rule(Refusal::NotFound)) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(())
    }

    /// Since when a member is of age at this phone that was her guardian's, milliseconds since the epoch. Opens nothing.
    ///
    /// # Errors
    /// [`Refused::NotFound`] for anyone else.
    pub async fn of_age_since(&self, citizen: &Citizen, person: PersonId) -> Result<Option<i64>, Refused> {
        citizen.grant(person)?;
        Ok(self.people(&[person]).await?.remove(0).of_age_ms)
    }
}
