//! Access facts: beside every look stands who looked at which fields, sealed to its day's desk key. The vault can seal them
//! and not open them: the private half lies in the key room, and goes out against an entry that everybody can count.
//!
//! Every night the facts of the day that is over are held against the looks in the log, one by one. A fact that is missing,
//! or that names another than the look's own tag does, is an alarm that everybody can read.

use crate::caller::Actor;
use crate::gate::{Act, Draft};
use crate::{Refused, Vault, seal};
use curve25519_dalek::MontgomeryPoint;
use hkdf::Hkdf;
use keyroom::{Index, Released, Wanted};
use ledger::leaf::BUCKET_SECONDS;
use ledger::{Kind, LEAF_BYTES, Leaf, Purpose, actor_tag};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use store::command::{Beside, Compared, Effect};
use store::rows::FactRow;
use zeroize::Zeroizing;

const DAY_MS: i64 = 86_400_000;

/// Days that are compared at once, where many are not.
const AT_ONCE: usize = 8;

/// What a fact says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fact {
    /// Who looked, as the entry names it.
    pub(crate) actor: String,
    /// For which organisation.
    pub(crate) organisation: String,
    /// By what right, by its number on the wire.
    pub(crate) grant: u8,
    /// Which fields, as bits of their wire numbers.
    pub(crate) fields: u64,
    /// Stands for the person.
    pub(crate) token: [u8; 32],
}

/// The vault's half of a day's desk key: a fresh key of its own every ten minutes, which seals and is forgotten.
pub(crate) struct Desk {
    day: u32,
    bucket: i64,
    ephemeral: [u8; 32],
    key: Zeroizing<[u8; 32]>,
}

impl Desk {
    fn new(public: [u8; 32], day: u32, bucket: i64, secret: &Zeroizing<[u8; 32]>) -> Self {
        let ephemeral = MontgomeryPoint::mul_base_clamped(**secret).to_bytes();
        let shared = MontgomeryPoint(public).mul_clamped(**secret).to_bytes();
        Self { day, bucket, ephemeral, key: box_key(&ephemeral, &public, &shared) }
    }

    fn seal(&self, nonce: [u8; 12], person: &[u8; 16], fact: &Fact) -> Vec<u8> {
        let mut plain = Vec::with_capacity(96);
        ciborium::into_writer(fact, &mut plain).expect("writing to memory does not fail");
        let sealed = seal::seal_with_nonce(&self.key, nonce, &bound_to(person, self.day), &plain);
        [self.ephemeral.as_slice(), &sealed].concat()
    }
}

/// Opens a fact with the private half of its day's key.
fn open(private: &[u8; 32], row: &FactRow) -> Option<Fact> {
    let (ephemeral, sealed) = row.sealed.split_first_chunk::<32>()?;
    let public = MontgomeryPoint::mul_base_clamped(*private).to_bytes();
    let shared = MontgomeryPoint(*ephemeral).mul_clamped(*private).to_bytes();
    let key = box_key(ephemeral, &public, &shared);
    let plain = seal::open_with_nonce(&key, &bound_to(row.person?.bytes(), row.day), sealed)?;
    ciborium::from_reader(plain.as_slice()).ok()
}

/// HKDF-SHA256 of the shared point, bound to both public halves.
fn box_key(ephemeral: &[u8; 32], public: &[u8; 32], shared: &[u8; 32]) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    let salt = [ephemeral.as_slice(), public].concat();
    let expanded = Hkdf::<Sha256>::new(Some(&salt), shared).expand(b"teeka/desk-box/v1", key.as_mut());
    expanded.expect("32 bytes are within HKDF's bound");
    key
}

fn bound_to(person: &[u8; 16], day: u32) -> Vec<u8> {
    [b"fact".as_slice(), person, &day.to_be_bytes()].concat()
}

fn day_of(at_ms: i64) -> u32 {
    u32::try_from(at_ms.div_euclid(DAY_MS)).unwrap_or(0)
}

impl Vault {
    /// The desk key of a moment.
    pub(crate) async fn desk(&self, at_ms: i64) -> Result<Arc<Desk>, Refused> {
        let (day, bucket) = (day_of(at_ms), at_ms.div_euclid(BUCKET_SECONDS * 1000));
        let kept = self.desk.lock().expect("nobody panics while holding it").clone();
        if let Some(kept) = kept.filter(|desk| (desk.day, desk.bucket) == (day, bucket)) {
            return Ok(kept);
        }
        let public = self.keys.desk(day).await?;
        let desk = Arc::new(Desk::new(public, day, bucket, &Zeroizing::new(self.draw())));
        *self.desk.lock().expect("nobody panics while holding it") = Some(Arc::clone(&desk));
        Ok(desk)
    }

    /// What is kept beside the entry of a look.
    pub(crate) fn beside(&self, desk: &Desk, entry: &ledger::Entry, person: &[u8; 16]) -> Beside {
        let fact = Fact {
            actor: entry.actor.clone(),
            organisation: entry.organisation.clone(),
            grant: entry.grant.wire(),
            fields: entry.fields().0,
            token: self.secrets.desk_token(&[b"person", person]),
        };
        let sealed = desk.seal(self.draw(), person, &fact);
        // Of a look by order she is told when the order ends; the entry stands in her list from the first moment.
        let is_told = entry.purpose != Purpose::LawfulOrder && !entry.organisation.is_empty();
        let organisation = Some(entry.organisation.as_bytes()).filter(|_| is_told);
        let organisation = organisation.map(|name| {
            let token = self.secrets.desk_token(&[b"organisation", person, name]);
            *token.first_chunk().expect("a token has 32 bytes")
        });
        Beside { day: desk.day, fact: sealed, organisation, now_ms: entry.at_ms }
    }

    /// Holds the facts of every day that is over and indexed against its looks, and says in public what came of it. Answers
    /// the days that were compared now.
    ///
    /// # Errors
    /// [`Refused::Unavailable`]; then the next call does it.
    pub async fn compare_facts(&self) -> Result<Vec<Compared>, Refused> {
        let indexed = self.store.read(store::Reader::log_indexes).await?;
        let before = self.store.read(|store| store.compared(1)).await?.first().map(|one| one.day);
        let due = indexed.iter().map(|(root, _)| root).filter(|root| {
            let day = root.span.first_day;
            root.span.log2_days == 0 && before.is_none_or(|before| day > before)
        });
        let mut compared = Vec::new();
        for root in due.take(AT_ONCE) {
            compared.push(self.compare(root.span.first_day, root.from, root.to).await?);
        }
        Ok(compared)
    }

    async fn compare(&self, day: u32, from: u64, to: u64) -> Result<Compared, Refused> {
        let facts = self.store.read(move |store| store.facts_between(from, to)).await?;
        let mut keys = HashMap::new();
        for fact in facts.iter().filter(|fact| !fact.sealed.is_empty()) {
            if let Entry::Vacant(free) = keys.entry(fact.day) {
                free.insert(self.desk_key(fact.day).await?);
            }
        }
        let mut facts: HashMap<u64, FactRow> = facts.into_iter().map(|fact| (fact.position, fact)).collect();
        let mut found = Compared { day, looks: 0, missing: 0, wrong: 0, fallen: 0, by_grant: [0; 6] };
        for (position, leaf) in (from..).zip(self.log.leaves(from, to).await?) {
            let Some(leaf) = look(&leaf) else { continue };
            found.looks += 1;
            match facts.remove(&position) {
                None => found.missing += 1,
                Some(fact) if fact.sealed.is_empty() => found.fallen += 1,
                Some(fact) => {
                    let audit = self.secrets.audit_key(leaf.day().into());
                    let fits = |fact: &Fact| actor_tag(&audit, fact.actor.as_bytes()) == leaf.actor_tag;
                    let fact = keys.get(&fact.day).and_then(|key| open(key, &fact)).filter(fits);
                    match fact.and_then(|fact| found.by_grant.get_mut(usize::from(fact.grant))) {
                        Some(count) => *count += 1,
                        None => found.wrong += 1,
                    }
                }
            }
        }
        // A fact beside no look at all.
        found.wrong += facts.len() as u64;
        if !found.agrees() {
            tracing::error!(day, missing = found.missing, wrong = found.wrong, "access facts and looks do not agree");
        }
        let Compared { looks, missing, wrong, fallen, .. } = found;
        let statement = format!("teeka/access-facts/v1\n{day}\n{looks}\n{missing}\n{wrong}\n{fallen}\n").into_bytes();
        let said = Draft { statement, ..Draft::about_nobody(Kind::Config, Purpose::Watching) };
        let worker = Actor::worker("facts", self.draw());
        self.act_alone(&worker, Act::new(vec![said], Effect::Compared(found))).await?;
        Ok(found)
    }

    /// What came of comparing, the newest days first.
    ///
    /// # Errors
    /// [`Refused::Unavailable`].
    pub async fn compared(&self, most: u32) -> Result<Vec<Compared>, Refused> {
        Ok(self.store.read(move |store| store.compared(most)).await?)
    }

    /// Looks of the last so many days that were compared, by the right on which each rests, by its number on the wire.
    ///
    /// # Errors
    /// [`Refused::Unavailable`].
    pub async fn looks_by_grant(&self, days: u32) -> Result<[u64; 6], Refused> {
        let since = day_of(self.now_ms()).saturating_sub(days);
        let mut looks = [0; 6];
        for day in self.compared(days).await?.iter().filter(|one| one.day >= since) {
            looks.iter_mut().zip(day.by_grant).for_each(|(sum, more)| *sum += more);
        }
        Ok(looks)
    }

    /// The private half of a day's desk key, under an entry that names the day.
    async fn desk_key(&self, day: u32) -> Result<Zeroizing<[u8; 32]>, Refused> {
        let evidence = u128::from(day).to_be_bytes();
        let draft = Draft { evidence, ..Draft::about_nobody(Kind::Use, Purpose::Watching) };
        let worker = Actor::worker("facts", self.draw());
        let (_, mut entered) = self.act_alone(&worker, Act::new(vec![draft], Effect::Append)).await?;
        let wanted = Wanted::Values(vec![(Index::Desk, day.to_be_bytes().to_vec())]);
        match self.exchange(entered.remove(0), wanted).await? {
            Released::Values(values) => Ok(Zeroizing::new(*values.first().ok_or(Refused::Unavailable)?)),
            Released::Keys(_) => Err(Refused::Unavailable),
        }
    }
}

/// The leaf, if it is of a look that showed fields.
fn look(leaf: &[u8; LEAF_BYTES]) -> Option<Leaf> {
    Leaf::decode(leaf).filter(|leaf| leaf.kind() == Some(Kind::Reveal) && leaf.keys_asked > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use registry::PersonId;

    fn private(n: u8) -> [u8; 32] {
        [n; 32]
    }

    fn row(day: u32, person: [u8; 16], sealed: Vec<u8>) -> FactRow {
        FactRow { position: 5, person: Some(PersonId::from_random(person)), day, sealed }
    }

    #[test]
    fn a_fact_opens_with_its_days_private_half_for_its_person_and_no_other() {
        let public = MontgomeryPoint::mul_base_clamped(private(1)).to_bytes();
        let desk = Desk::new(public, 20_000, 3, &Zeroizing::new([9; 32]));
        let fact = Fact { actor: "1A2B".into(), organisation: "601".into(), grant: 2, fields: 5, token: [7; 32] };
        let her = *PersonId::from_random([3; 16]).bytes();
        let sealed = desk.seal([1; 12], &her, &fact);
        assert!(!sealed.windows(4).any(|bytes| bytes == b"1A2B"));
        assert_eq!(open(&private(1), &row(20_000, her, sealed.clone())), Some(fact));
        assert_eq!(open(&private(2), &row(20_000, her, sealed.clone())), None, "another day's key");
        assert_eq!(open(&private(1), &row(20_001, her, sealed.clone())), None, "moved to another day");
        assert_eq!(open(&private(1), &row(20_000, [4; 16], sealed.clone())), None, "moved to another person");
        for at in 0..sealed.len() {
            let mut other = sealed.clone();
            other[at] ^= 1;
            // The top bit of an X25519 point means nothing; that it is bound into the key's derivation catches it.
            assert_eq!(open(&private(1), &row(20_000, her, other)), None, "byte {at}");
        }
    }
}
