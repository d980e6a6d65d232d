//! What can be asked of the key room: the same whether it is in this process or behind a socket.

use crate::receipt::{Receipt, Released};
use crate::{KeyRoom, Person, Refused, Sealing, Shelf, wire};
use ledger::note::{Note, Signature, Verifier};
use ledger::witness::Request;
use ledger::{Opening, TagKey};
use serde::{Deserialize, Serialize};
use std::pin::Pin;
use std::sync::Arc;

/// A question. Each is a method of [`KeyRoom`], and says there what it does.
#[derive(Serialize, Deserialize)]
pub enum Ask {
    /// Her two keys, new.
    Enrol(Person),
    /// Keys to seal new versions with.
    SealingKeys(Person, Vec<Opening>),
    /// A checkpoint, and receipts under it.
    Exchange(#[serde(with = "wire::text")] Request, Vec<Receipt>),
    /// The signed counters.
    Counters,
    /// What went out for each position.
    ReleasedBetween(u64, u64),
    /// Whose keys were made from one moment to another, milliseconds since the epoch.
    Sweep(i64, i64),
    /// Her keys, destroyed.
    Erase(Person),
    /// A copy of the shelf, under a name.
    Copy(String),
    /// Whether there is a new root to tell of.
    Rotated,
    /// That the log tells of it.
    RotationTold,
    /// The public half of a day's desk key.
    Desk(u32),
    /// Somebody leaves: these versions are held until then, milliseconds since the epoch, and her keys destroyed.
    Leave(Person, Vec<(Opening, [u8; 16])>, i64),
    /// What is held of her, destroyed.
    EndHold(Person),
    /// Tags of someone who left, from one count to another.
    HeldTags(Person, u64, u64),
    /// Everyone whose keys were destroyed.
    Gone,
}

impl Ask {
    /// What is asked, without whom it is about.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Enrol(_) => "enrol",
            Self::SealingKeys(..) => "sealing_keys",
            Self::Exchange(..) => "exchange",
            Self::Counters => "counters",
            Self::ReleasedBetween(..) => "released_between",
            Self::Sweep(..) => "sweep",
            Self::Erase(_) => "erase",
            Self::Copy(_) => "copy",
            Self::Rotated => "rotated",
            Self::RotationTold => "rotation_told",
            Self::Desk(_) => "desk",
            Self::Leave(..) => "leave",
            Self::EndHold(_) => "end_hold",
            Self::HeldTags(..) => "held_tags",
            Self::Gone => "gone",
        }
    }
}

/// What is answered, each to the question of its name.
#[derive(Serialize, Deserialize)]
pub enum Answer {
    /// Her tag key.
    Enrolled([u8; 32]),
    /// In the order asked.
    Sealing(Vec<Sealing>),
    /// The cosignature, and an answer to each receipt.
    Exchanged(#[serde(with = "wire::text")] Signature, Vec<Result<Released, Refused>>),
    /// The counters' note.
    Counters(#[serde(with = "wire::text")] Note),
    /// Positions with the number of keys.
    Released(Vec<(u64, u16)>),
    /// People.
    Made(Vec<Person>),
    /// Done.
    Erased,
    /// Leaves that were seen when the copy was made, at most.
    Copied(u64),
    /// The note, as text.
    Rotated(Option<String>),
    /// Done.
    RotationTold,
    /// A point.
    Desk([u8; 32]),
    /// Done.
    Left,
    /// Done.
    HoldEnded,
    /// Tags.
    HeldTags(Vec<[u8; 32]>),
    /// People.
    Gone(Vec<Person>),
}

/// An answer on its way.
pub type Asking<'a> = Pin<Box<dyn Future<Output = Result<Answer, Refused>> + Send + 'a>>;

/// A key room, wherever it is.
pub trait Room: Send + Sync {
    /// Answers one question. A room in another process goes by its own clock, not by `now_ms`.
    fn ask(&self, ask: Ask, now_ms: i64) -> Asking<'_>;
}

impl<S: Shelf> Room for KeyRoom<S> {
    fn ask(&self, ask: Ask, now_ms: i64) -> Asking<'_> {
        Box::pin(async move {
            Ok(match ask {
                Ask::Enrol(person) => Answer::Enrolled(self.enrol(person, now_ms).await?.0),
                Ask::SealingKeys(person, versions) => Answer::Sealing(self.sealing_keys(person, &versions).await?),
                Ask::Exchange(request, receipts) => {
                    let (signature, released) = self.exchange(&request, &receipts, now_ms).await?;
                    Answer::Exchanged(signature, released)
                }
                Ask::Counters => Answer::Counters(self.counters(now_ms).await?),
                Ask::ReleasedBetween(from, to) => Answer::Released(self.released_between(from, to).await?),
                Ask::Sweep(from_ms, to_ms) => Answer::Made(self.sweep(from_ms, to_ms, now_ms).await?),
                Ask::Erase(person) => {
                    self.erase(person).await?;
                    Answer::Erased
                }
                Ask::Copy(name) => Answer::Copied(self.copy(&name).await?),
                Ask::Rotated => Answer::Rotated(self.rotated(now_ms).map(|note| note.to_string())),
                Ask::Leave(person, versions, until_ms) => {
                    self.leave(person, &versions, until_ms).await?;
                    Answer::Left
                }
                Ask::EndHold(person) => {
                    self.end_hold(person).await?;
                    Answer::HoldEnded
                }
                Ask::HeldTags(person, from, to) => Answer::HeldTags(self.held_tags(person, from, to, now_ms).await?),
                Ask::Gone => Answer::Gone(self.gone().await?),
                Ask::Desk(day) => Answer::Desk(self.desk(day)),
                Ask::RotationTold => {
                    self.rotation_told();
                    Answer::RotationTold
                }
            })
        })
    }
}

/// The way to a key room, as the vault uses it.
pub struct Keys {
    room: Arc<dyn Room>,
    cosigner: Verifier,
}

macro_rules! answered {
    ($asking:expr, $answer:pat $(if $check:expr)? => $value:expr) => {
        match $asking.await? {
            $answer $(if $check)? => Ok($value),
            // Only a room of another build mixes its answers up.
            _ => Err(Refused::Away),
        }
    };
}

impl Keys {
    /// The way to a room that cosigns with this key.
    #[must_use]
    pub fn new(cosigner: Verifier, room: Arc<dyn Room>) -> Self {
        Self { room, cosigner }
    }

    /// The key by which the room cosigns.
    #[must_use]
    pub fn cosigner(&self) -> &Verifier {
        &self.cosigner
    }

    /// As [`KeyRoom::enrol`].
    ///
    /// # Errors
    /// As there.
    pub async fn enrol(&self, person: Person, now_ms: i64) -> Result<TagKey, Refused> {
        answered!(self.room.ask(Ask::Enrol(person), now_ms), Answer::Enrolled(key) => TagKey(key))
    }

    /// As [`KeyRoom::sealing_keys`].
    ///
    /// # Errors
    /// As there.
    pub async fn sealing_keys(&self, person: Person, versions: &[Opening]) -> Result<Vec<Sealing>, Refused> {
        let ask = Ask::SealingKeys(person, versions.to_vec());
        answered!(self.room.ask(ask, 0), Answer::Sealing(keys) if keys.len() == versions.len() => keys)
    }

    /// As [`KeyRoom::exchange`].
    ///
    /// # Errors
    /// As there.
    pub async fn exchange(
        &self,
        request: Request,
        receipts: Vec<Receipt>,
        now_ms: i64,
    ) -> Result<(Signature, Vec<Result<Released, Refused>>), Refused> {
        let many = receipts.len();
        let ask = Ask::Exchange(request, receipts);
        answered!(self.room.ask(ask, now_ms), Answer::Exchanged(one, each) if each.len() == many => (one, each))
    }

    /// As [`KeyRoom::counters`].
    ///
    /// # Errors
    /// As there.
    pub async fn counters(&self, now_ms: i64) -> Result<Note, Refused> {
        answered!(self.room.ask(Ask::Counters, now_ms), Answer::Counters(note) => note)
    }

    /// As [`KeyRoom::released_between`].
    ///
    /// # Errors
    /// As there.
    pub async fn released_between(&self, from: u64, to: u64) -> Result<Vec<(u64, u16)>, Refused> {
        answered!(self.room.ask(Ask::ReleasedBetween(from, to), 0), Answer::Released(each) => each)
    }

    /// As [`KeyRoom::sweep`].
    ///
    /// # Errors
    /// As there.
    pub async fn sweep(&self, from_ms: i64, to_ms: i64, now_ms: i64) -> Result<Vec<Person>, Refused> {
        answered!(self.room.ask(Ask::Sweep(from_ms, to_ms), now_ms), Answer::Made(people) => people)
    }

    /// As [`KeyRoom::erase`].
    ///
    /// # Errors
    /// As there.
    pub async fn erase(&self, person: Person) -> Result<(), Refused> {
        answered!(self.room.ask(Ask::Erase(person), 0), Answer::Erased => ())
    }

    /// As [`KeyRoom::copy`].
    ///
    /// # Errors
    /// As there.
    pub async fn copy(&self, name: &str) -> Result<u64, Refused> {
        answered!(self.room.ask(Ask::Copy(name.to_owned()), 0), Answer::Copied(seen) => seen)
    }

    /// As [`KeyRoom::rotated`], as text.
    ///
    /// # Errors
    /// [`Refused::Away`].
    pub async fn rotated(&self, now_ms: i64) -> Result<Option<String>, Refused> {
        answered!(self.room.ask(Ask::Rotated, now_ms), Answer::Rotated(note) => note)
    }

    /// As [`KeyRoom::rotation_told`].
    ///
    /// # Errors
    /// [`Refused::Away`].
    pub async fn rotation_told(&self) -> Result<(), Refused> {
        answered!(self.room.ask(Ask::RotationTold, 0), Answer::RotationTold => ())
    }

    /// As [`KeyRoom::desk`].
    ///
    /// # Errors
    /// [`Refused::Away`].
    pub async fn desk(&self, day: u32) -> Result<[u8; 32], Refused> {
        answered!(self.room.ask(Ask::Desk(day), 0), Answer::Desk(public) => public)
    }

    /// As [`KeyRoom::leave`].
    ///
    /// # Errors
    /// As there.
    pub async fn leave(&self, person: Person, versions: &[(Opening, [u8; 16])], until_ms: i64) -> Result<(), Refused> {
        answered!(self.room.ask(Ask::Leave(person, versions.to_vec(), until_ms), 0), Answer::Left => ())
    }

    /// As [`KeyRoom::end_hold`].
    ///
    /// # Errors
    /// As there.
    pub async fn end_hold(&self, person: Person) -> Result<(), Refused> {
        answered!(self.room.ask(Ask::EndHold(person), 0), Answer::HoldEnded => ())
    }

    /// As [`KeyRoom::held_tags`].
    ///
    /// # Errors
    /// As there.
    pub async fn held_tags(&self, person: Person, from: u64, to: u64, now_ms: i64) -> Result<Vec<[u8; 32]>, Refused> {
        answered!(self.room.ask(Ask::HeldTags(person, from, to), now_ms), Answer::HeldTags(tags) => tags)
    }

    /// As [`KeyRoom::gone`].
    ///
    /// # Errors
    /// As there.
    pub async fn gone(&self) -> Result<Vec<Person>, Refused> {
        answered!(self.room.ask(Ask::Gone, 0), Answer::Gone(people) => people)
    }
}
