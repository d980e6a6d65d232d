//! Entries are exchanged for keys: all that wait at once, under one checkpoint.

use crate::caller::Actor;
use crate::gate::{Act, Draft, Thread};
use crate::log::Log;
use crate::shelf::KeyShelf;
use crate::{Clock, Refused, Vault};
use keyroom::{FieldKey, Index, KeyRoom, Released, Wanted};
use ledger::{Entry, Kind, LEAF_BYTES, Opening, Purpose, subject_tag};
use std::sync::Arc;
use store::command::Effect;
use tokio::sync::{mpsc, oneshot};

/// The most errands that go under one checkpoint.
const MOST: usize = 256;

/// An entry that is committed, with what opens its commitment.
#[derive(Clone)]
pub(crate) struct Entered {
    pub(crate) position: u64,
    pub(crate) leaf: [u8; LEAF_BYTES],
    pub(crate) salt: [u8; 32],
    pub(crate) entry: Vec<u8>,
    /// Whose it is, with the count of its tag.
    pub(crate) subject: Option<Thread>,
}

/// An entry on its way to the key room.
#[derive(Clone)]
pub(crate) struct Errand {
    pub(crate) entered: Entered,
    /// Positions of her entries before it that the room has not followed.
    pub(crate) before: Vec<u64>,
    pub(crate) wanted: Wanted,
}

type Answer = Result<Released, keyroom::Refused>;

/// The way to the key room.
pub(crate) struct Exchanges(mpsc::UnboundedSender<(Errand, oneshot::Sender<Answer>)>);

impl Exchanges {
    /// Opens the way; it closes when this is dropped.
    pub(crate) fn open(log: Arc<Log>, keys: Arc<KeyRoom<KeyShelf>>, clock: Clock) -> Self {
        let (queue, mut waiting) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            let mut batch = Vec::new();
            while waiting.recv_many(&mut batch, MOST).await > 0 {
                let (errands, answers): (Vec<Errand>, Vec<oneshot::Sender<Answer>>) = batch.drain(..).unzip();
                // Without an answer, whoever waits finds the way closed.
                if let Ok((_, released)) = log.exchange(&keys, &errands, clock()).await {
                    for (answer, one) in answers.into_iter().zip(released) {
                        // Who went away needs none.
                        let _ = answer.send(one);
                    }
                }
            }
        });
        Self(queue)
    }

    async fn carry(&self, errand: Errand) -> Result<Answer, Refused> {
        let (answer, answered) = oneshot::channel();
        self.0.send((errand, answer)).map_err(|_| Refused::Unavailable)?;
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

    async fn exchange(&self, entered: Entered, wanted: Wanted) -> Result<Released, Refused> {
        self.check_watched(&Entry::from_cbor(&entered.entry).expect("we wrote it").role)?;
        let mut errand = Errand { entered, before: Vec::new(), wanted };
        let answer = self.exchanges.carry(errand.clone()).await?;
        let (Err(keyroom::Refused::Behind { count }), Some(thread)) = (&answer, &errand.entered.subject) else {
            return Ok(answer?);
        };
        let tags: Vec<_> = (*count..thread.count).map(|count| subject_tag(&thread.tag_key, count)).collect();
        errand.before = self.store.read(move |store| store.log_positions(&tags)).await?;
        Ok(self.exchanges.carry(errand).await??)
    }
}
