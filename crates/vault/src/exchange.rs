//! Entries are exchanged for keys: all that wait at once, under one checkpoint.

use crate::caller::Actor;
use crate::figures::Figures;
use crate::gate::{Act, Draft, Place, Thread, open_entry};
use crate::grant::Ground;
use crate::log::{Kept, Log};
use crate::{Clock, Refused, Vault};
use keyroom::{FieldKey, Index, Keys, Released, Wanted};
use ledger::leaf::tag_of;
use ledger::{Entry, Kind, LEAF_BYTES, Leaf, Opening, Purpose, TagKey, subject_tag};
use registry::PersonId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use store::command::Effect;
use store::rows::OrderEntry;
use tokio::sync::{mpsc, oneshot};

/// The most errands that go under one checkpoint.
const MOST: usize = 256;

/// The most leaves that are shown under one checkpoint, unless one errand alone has more: each with its proof is a
/// kilobyte, and what is asked of the key room at once must be shorter than its longest frame.
const MOST_LEAVES: usize = 8192;

/// An entry that is committed, with what opens its commitment.
#[derive(Clone)]
pub(crate) struct Entered {
    pub(crate) position: u64,
    pub(crate) leaf: [u8; LEAF_BYTES],
    pub(crate) salt: [u8; 32],
    pub(crate) entry: Arc<Entry>,
    /// Whose it is, with the count of its tag.
    pub(crate) subject: Option<Thread>,
    /// Where it stands, if it is about somebody who left.
    pub(crate) held: Option<Place>,
    /// Her entry on which it rests.
    pub(crate) ground: Option<Ground>,
}

impl Entered {
    /// Whose entry it is, and which of hers.
    pub(crate) fn counted(&self) -> Option<(PersonId, u64)> {
        let hers = self.subject.as_ref().map(|thread| (thread.person, thread.count));
        hers.or(self.held.map(|place| (place.person, place.count)))
    }
}

/// An entry on its way to the key room.
#[derive(Clone)]
pub(crate) struct Errand {
    pub(crate) entered: Entered,
    /// Her entries before it that the room has not followed.
    pub(crate) before: Vec<Kept>,
    /// Her entry on which it rests.
    pub(crate) ground: Option<Arc<Rest>>,
    /// Where that is the filing of an order: its confirming, and what is said of it in public.
    pub(crate) by_order: Option<Arc<(Rest, Rest)>>,
    pub(crate) wanted: Wanted,
}

impl Errand {
    /// The same errand, with the entries that the room has not followed.
    fn after(&self, before: Vec<Kept>) -> Arc<Self> {
        Arc::new(Self { before, ..self.clone() })
    }

    /// How many leaves are shown for it.
    fn leaves(&self) -> usize {
        self.before.len() + 1 + usize::from(self.ground.is_some())
    }
}

/// How many errands with so many leaves each go together, one part after the other.
fn parts(leaves: &[usize]) -> Vec<usize> {
    let (mut parts, mut within) = (Vec::new(), 0);
    for one in leaves {
        match parts.last_mut() {
            Some(many) if within + one <= MOST_LEAVES => *many += 1,
            _ => {
                parts.push(1);
                within = 0;
            }
        }
        within += one;
    }
    parts
}

/// An entry on which others rest.
pub(crate) struct Rest {
    /// Which of hers it is.
    pub(crate) count: u64,
    pub(crate) kept: Kept,
    /// What opens its commitment.
    pub(crate) salt: [u8; 32],
    pub(crate) entry: Vec<u8>,
}

type Answer = Result<Released, keyroom::Refused>;

/// The most people whose counts, and the most entries that others rest on, that are remembered.
const REMEMBERED: usize = 100_000;

/// The way to the key room.
pub(crate) struct Exchanges {
    queue: mpsc::UnboundedSender<(Arc<Errand>, oneshot::Sender<Answer>)>,
    /// How far the key room is known to follow people. It says so itself when this is behind.
    followed: Mutex<HashMap<PersonId, u64>>,
    /// What looks rested on last: of one sign-in come many.
    rests: Mutex<HashMap<(PersonId, Ground), Arc<Rest>>>,
    figures: Figures,
}

impl Exchanges {
    /// Opens the way; it closes when this is dropped.
    pub(crate) fn open(log: Arc<Log>, keys: Arc<Keys>, clock: Clock, figures: Figures) -> Self {
        let (queue, mut waiting) = mpsc::unbounded_channel();
        let counted = figures.clone();
        tokio::spawn(async move {
            let mut batch: Vec<(Arc<Errand>, oneshot::Sender<Answer>)> = Vec::new();
            while waiting.recv_many(&mut batch, MOST).await > 0 {
                let leaves: Vec<usize> = batch.iter().map(|(errand, _)| errand.leaves()).collect();
                for many in parts(&leaves) {
                    let part = batch.drain(..many);
                    let (errands, answers): (Vec<Arc<Errand>>, Vec<oneshot::Sender<Answer>>) = part.unzip();
                    // Without an answer, whoever waits finds the way closed.
                    let begun = counted.store().moment();
                    if let Ok((_, released)) = log.exchange(&keys, &errands, clock()).await {
                        counted.exchanged(&released, begun);
                        for (answer, one) in answers.into_iter().zip(released) {
                            // Who went away needs none.
                            let _ = answer.send(one);
                        }
                    }
                }
            }
        });
        Self { queue, followed: Mutex::default(), rests: Mutex::default(), figures }
    }

    fn followed(&self, person: PersonId) -> Option<u64> {
        self.followed.lock().expect("nobody panics while holding it").get(&person).copied()
    }

    /// Notes that the key room follows a person's entries up to this count.
    pub(crate) fn follow(&self, person: PersonId, count: u64) {
        let mut followed = self.followed.lock().expect("nobody panics while holding it");
        if followed.len() >= REMEMBERED {
            followed.clear();
        }
        let known = followed.entry(person).or_insert(count);
        *known = count.max(*known);
    }

    /// Forgets what is remembered of a person who left.
    pub(crate) fn forget(&self, person: PersonId) {
        self.followed.lock().expect("nobody panics while holding it").remove(&person);
        self.rests.lock().expect("nobody panics while holding it").retain(|(of, _), _| *of != person);
    }

    async fn carry(&self, errand: Arc<Errand>) -> Result<Answer, Refused> {
        let _waits = self.figures.waits();
        let (answer, answered) = oneshot::channel();
        self.queue.send((errand, answer)).map_err(|_| Refused::Unavailable)?;
        answered.await.map_err(|_| Refused::Unavailable)
    }
}

impl Vault {
    /// The keys of these versions of fields, for an entry that says them.
    pub(crate) async fn field_keys(
        &self,
        entered: Entered,
        wanted: Vec<(Opening, [u8; 16])>,
    ) -> Result<Vec<FieldKey>, Refused> {
        match self.exchange(entered, Wanted::Keys(wanted)).await? {
            Released::Keys(keys) => Ok(keys),
            Released::Values(_) => Err(Refused::Unavailable),
        }
    }

    /// Writes down that somebody is looked up, and gets the index values for it.
    pub(crate) async fn look_up(
        &self,
        actor: &Actor,
        kind: Kind,
        purpose: Purpose,
        values: &[(Index, &[u8])],
    ) -> Result<Vec<[u8; 32]>, Refused> {
        let act = Act::new(vec![Draft::about_nobody(kind, purpose)], Effect::Append);
        let (_, mut entered) = self.act_alone(actor, act).await?;
        let values = values.iter().map(|(index, value)| (*index, value.to_vec())).collect();
        match self.exchange(entered.remove(0), Wanted::Values(values)).await? {
            Released::Values(values) => Ok(values),
            Released::Keys(_) => Err(Refused::Unavailable),
        }
    }

    pub(crate) async fn exchange(&self, entered: Entered, wanted: Wanted) -> Result<Released, Refused> {
        self.check_watched(&entered.entry.role)?;
        let (hers, rests_on) = (entered.subject.clone(), entered.ground);
        let Some(thread) = hers else {
            let errand = Errand { entered, before: Vec::new(), ground: None, by_order: None, wanted };
            return Ok(self.exchanges.carry(Arc::new(errand)).await??);
        };
        let followed = self.exchanges.followed(thread.person).unwrap_or(thread.count);
        let before = self.of_hers(&thread, followed).await?;
        let (ground, by_order) = match rests_on {
            Some(Ground::Order { filed, confirmed }) => {
                self.order_rests(filed, confirmed, Some(&thread.tag_key)).await?
            }
            Some(ground) => (Some(self.rest(&thread, ground).await?), None),
            None => (None, None),
        };
        let errand = Arc::new(Errand { entered, before, ground, by_order, wanted });
        let mut answer = self.exchanges.carry(Arc::clone(&errand)).await?;
        if let Err(keyroom::Refused::Behind { count }) = answer {
            answer = self.exchanges.carry(errand.after(self.of_hers(&thread, count).await?)).await?;
        }
        if answer.is_ok() {
            self.exchanges.follow(thread.person, thread.count + 1);
        }
        Ok(answer?)
    }

    /// The keys of what is held of somebody who left, for a look by order.
    pub(crate) async fn exchange_held(
        &self,
        entered: Entered,
        wanted: Vec<(Opening, [u8; 16])>,
    ) -> Result<Released, Refused> {
        self.check_watched(&entered.entry.role)?;
        let (Some(place), Some(Ground::Order { filed, confirmed })) = (entered.held, entered.ground) else {
            return Err(Refused::Unavailable);
        };
        let (ground, by_order) = self.order_rests(filed, confirmed, None).await?;
        let wanted = Wanted::Keys(wanted);
        let errand = Arc::new(Errand { entered, before: Vec::new(), ground, by_order, wanted });
        let mut answer = self.exchanges.carry(Arc::clone(&errand)).await?;
        if let Err(keyroom::Refused::Behind { count }) = answer {
            let tags = self.keys.held_tags(*place.person.bytes(), count, place.count, self.now_ms()).await?;
            let positions = self.store.read(move |store| store.log_positions(&tags)).await?;
            answer = self.exchanges.carry(errand.after(self.log.entries(positions).await?)).await?;
        }
        Ok(answer?)
    }

    /// What a look by order rests on: sealed under her tag key, or under the day's audit key since she left.
    async fn order_rests(
        &self,
        filed: OrderEntry,
        confirmed: OrderEntry,
        key: Option<&TagKey>,
    ) -> Result<(Option<Arc<Rest>>, Option<Arc<(Rest, Rest)>>), Refused> {
        let positions = vec![filed.position, confirmed.position, filed.position + 1];
        let kept: [Kept; 3] = self.log.entries(positions).await?.try_into().map_err(|_| Refused::Unavailable)?;
        let rest = |kept: Kept, count: u64, key: Option<&TagKey>| {
            let day = Leaf::decode(&kept.leaf)?.day();
            let key = key.cloned().unwrap_or_else(|| self.secrets.audit_key(day.into()));
            let (salt, entry) = open_entry(&key, &kept.leaf, &kept.sealed)?;
            Some(Rest { count, kept, salt, entry: entry.to_cbor() })
        };
        let [first, second, public] = kept;
        let first = rest(first, filed.count, key).ok_or(Refused::Unavailable)?;
        let second = rest(second, confirmed.count, key).ok_or(Refused::Unavailable)?;
        let public = rest(public, 0, None).ok_or(Refused::Unavailable)?;
        Ok((Some(Arc::new(first)), Some(Arc::new((second, public)))))
    }

    /// Her entries from a count on to the thread's own, without it.
    async fn of_hers(&self, thread: &Thread, from: u64) -> Result<Vec<Kept>, Refused> {
        let tags: Vec<_> = (from..thread.count).map(|count| subject_tag(&thread.tag_key, count)).collect();
        if tags.is_empty() {
            return Ok(Vec::new());
        }
        let positions = self.store.read(move |store| store.log_positions(&tags)).await?;
        self.log.entries(positions).await
    }

    /// Her entry on which another rests.
    async fn rest(&self, thread: &Thread, ground: Ground) -> Result<Arc<Rest>, Refused> {
        let at = (thread.person, ground);
        let known = self.exchanges.rests.lock().expect("nobody panics while holding it").get(&at).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let position = match ground {
            Ground::Position(position) | Ground::Order { filed: OrderEntry { position, .. }, .. } => Some(position),
            Ground::Count(count) => {
                let tag = [subject_tag(&thread.tag_key, count)];
                self.store.find(move |store| store.log_positions(&tag)).await?.pop()
            }
        };
        let kept = self.log.entries(position.into_iter().collect()).await?.pop().ok_or(Refused::Unavailable)?;
        let tag = tag_of(&kept.leaf);
        let count = match ground {
            Ground::Count(count) => Some(count),
            Ground::Position(_) | Ground::Order { .. } => {
                (0..thread.count).rev().find(|count| subject_tag(&thread.tag_key, *count) == tag)
            }
        };
        let (salt, entry) = open_entry(&thread.tag_key, &kept.leaf, &kept.sealed).ok_or(Refused::Unavailable)?;
        let count = count.ok_or(Refused::Unavailable)?;
        let rest = Arc::new(Rest { count, kept, salt, entry: entry.to_cbor() });
        let mut rests = self.exchanges.rests.lock().expect("nobody panics while holding it");
        if rests.len() >= REMEMBERED {
            rests.clear();
        }
        rests.insert(at, Arc::clone(&rest));
        Ok(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errands_go_together_as_far_as_their_leaves_do() {
        let table: [(&[usize], &[usize]); 6] = [
            (&[], &[]),
            (&[2, 2, 2], &[3]),
            (&[MOST_LEAVES - 1, 1, 1], &[2, 1]),
            (&[1, MOST_LEAVES, 1], &[1, 1, 1]),
            (&[3 * MOST_LEAVES, 1, 1], &[1, 2]),
            (&[MOST_LEAVES / 2; 5], &[2, 2, 1]),
        ];
        for (leaves, expected) in table {
            assert_eq!(parts(leaves), expected, "{leaves:?}");
        }
    }
}
