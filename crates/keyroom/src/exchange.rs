//! Receipts are exchanged for keys, under the tree that they are shown in.

use crate::hold::Held;
use crate::{
    Consented, Exchange, Kept, KeyRoom, Person, Receipt, Refused, Released, Shelf, Wanted, field_key, order, receipt,
};
use ledger::TagKey;
use ledger::note::Signature;
use ledger::witness::{Request, Seen, consider};
use std::collections::{HashMap, HashSet};

/// How often followed places that are too old are forgotten, milliseconds.
const SWEEP_MS: i64 = 1000;

/// What there is of a person: her keys, or what is held since she left.
enum Hers {
    Kept(Kept),
    Held(Held),
}

/// What an exchange moves: how many entries of whom are followed, and looks under consents.
#[derive(Default)]
struct Moved {
    kept: HashMap<Person, u64>,
    held: HashMap<Person, u64>,
    consented: HashSet<Consented>,
}

/// What the room knows from one exchange to the next.
#[derive(Default)]
pub(crate) struct Turn {
    /// The tree that was cosigned last, once the shelf was asked.
    pub(crate) seen: Option<Seen>,
    /// Where the entries stand that were followed just now, and when that was: one that comes late is still good, and
    /// another under the same tag is not.
    followed: HashMap<(Person, u64), (u64, i64)>,
    /// When those that were too old were forgotten last.
    swept_ms: i64,
}

impl<S: Shelf> KeyRoom<S> {
    /// Takes a checkpoint that continues the last one, and exchanges receipts that are shown under it, each once. What
    /// was seen, spent and followed is durable before anything goes out, the cosignature of the checkpoint among it.
    ///
    /// # Errors
    /// [`Refused::Unbelieved`] for the checkpoint, and then nothing is exchanged; [`Refused::Shelf`]. Within: for each
    /// receipt the first check that failed.
    pub async fn exchange(
        &self,
        request: &Request,
        receipts: &[Receipt],
        now_ms: i64,
    ) -> Result<(Signature, Vec<Result<Released, Refused>>), Refused> {
        let mut turn = self.turn.lock().await;
        if !(0..SWEEP_MS).contains(&(now_ms - turn.swept_ms)) {
            turn.followed.retain(|_, (_, at_ms)| *at_ms > now_ms - receipt::LIFE_MS - receipt::AHEAD_MS);
            turn.swept_ms = now_ms;
        }
        let before = match turn.seen {
            Some(seen) => Some(seen),
            None => self.shelf.seen().await?,
        };
        let seen = consider(request, &self.log, before).map_err(Refused::Unbelieved)?;
        let mut exchange = Exchange { seen: Some(seen), at_ms: now_ms, ..Exchange::default() };
        let mut moved = Moved::default();
        let mut answers = Vec::with_capacity(receipts.len());
        for receipt in receipts {
            let answer = self.check(receipt, &seen, &mut moved, &mut turn.followed, now_ms).await;
            if answer.is_ok() {
                exchange.spent.push((receipt.own()?.position, receipt.keys()));
            }
            answers.push(answer);
        }
        exchange.followed = moved.kept.into_iter().collect();
        exchange.consented = moved.consented.into_iter().collect();
        for (person, count) in moved.held {
            // In a file of its own: should the note fail, her count has moved and no key went out.
            self.shelf.follow_held(person, count).await?;
        }
        let mut fresh = self.shelf.note(exchange).await?.into_iter();
        turn.seen = Some(seen);
        let once = |answer: Result<Released, Refused>| {
            answer.and_then(|out| if fresh.next() == Some(true) { Ok(out) } else { Err(Refused::Replayed) })
        };
        let signature = self.cosigner.sign(&request.checkpoint.text, u64::try_from(now_ms / 1000).unwrap_or(0));
        Ok((signature, answers.into_iter().map(once).collect()))
    }

    /// What a receipt is good for, if it is good.
    async fn check(
        &self,
        receipt: &Receipt,
        tree: &Seen,
        moved: &mut Moved,
        places: &mut HashMap<(Person, u64), (u64, i64)>,
        now_ms: i64,
    ) -> Result<Released, Refused> {
        let entry = receipt.check(tree, now_ms)?;
        let hers = match receipt.subject {
            Some((person, count)) => {
                let hers = match self.shelf.find(person).await {
                    // Who has left is opened to an order alone.
                    Err(Refused::NoKeys) if order::opens_hold(&entry) => Hers::Held(self.held(person, now_ms).await?),
                    kept => Hers::Kept(kept?),
                };
                let (tag, so_far, followed) = match &hers {
                    Hers::Held(held) => (self.held_tag_key(held)?, held.followed, &mut moved.held),
                    Hers::Kept(kept) => {
                        let tag = self.roots().unwrap(&kept.keys.tag, person, "tag").ok_or(Refused::NoKeys)?;
                        (TagKey(*tag), kept.followed, &mut moved.kept)
                    }
                };
                let before = *followed.get(&person).unwrap_or(&so_far);
                receipt.follow(&tag, count, before)?;
                for (at, leaf) in receipt.counted(count) {
                    // What was followed before has keys only where it stood then, and only for as long as it may be late.
                    let stands = match places.get(&(person, at)) {
                        Some((position, _)) => *position == leaf.position,
                        None => at >= before || at < count,
                    };
                    if !stands {
                        return Err(Refused::WrongSubject);
                    }
                    if at >= before {
                        places.insert((person, at), (leaf.position, now_ms));
                    }
                }
                if let Some((consent, reads)) = receipt.check_ground(&entry, &tag, count, tree)? {
                    let look = Consented { person, consent, position: receipt.own()?.position };
                    self.count_look(look, reads, &mut moved.consented).await?;
                }
                followed.insert(person, before.max(count + 1));
                Some((person, hers))
            }
            None => None,
        };
        match &receipt.wanted {
            Wanted::Keys(wanted) => match hers.ok_or(Refused::WrongSubject)? {
                (_, Hers::Held(held)) => Ok(Released::Keys(self.held_keys(&held, wanted)?)),
                (person, Hers::Kept(kept)) => {
                    let data = self.roots().unwrap(&kept.keys.data, person, "data").ok_or(Refused::NoKeys)?;
                    Ok(Released::Keys(wanted.iter().map(|(opening, salt)| field_key(&data, *opening, salt)).collect()))
                }
            },
            Wanted::Values(values) => {
                let root = self.roots().now;
                Ok(Released::Values(values.iter().map(|(index, value)| root.index(*index, value)).collect()))
            }
        }
    }

    /// Counts a look under a consent that allows so many: here, where nobody can set the count back.
    async fn count_look(&self, look: Consented, reads: u8, now: &mut HashSet<Consented>) -> Result<(), Refused> {
        let beside = |other: &&Consented| {
            (other.person, other.consent) == (look.person, look.consent) && other.position != look.position
        };
        let before = usize::from(self.shelf.looks_beside(look).await?);
        if before + now.iter().filter(beside).count() >= usize::from(reads) {
            return Err(Refused::UsedUp);
        }
        now.insert(look);
        Ok(())
    }
}
