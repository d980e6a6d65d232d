//! Messages. Nothing personal is on the air: time and place, never a name or a vaccine.

use crate::caller::Actor;
use crate::gate::{Act, open_entry};
use crate::grant::{Evidence, Grant};
use crate::{CodeFor, Refused, Vault};
use jiff::civil::Date;
use ledger::{Field, Kind, Purpose};
use registry::{CentreId, Phone, Slot};
use std::pin::Pin;
use store::command::Effect;
use store::rows::{Cause, NoticeRow, Status};

/// What a message says; the words are the messenger's, from registered templates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// A one-time code.
    Code {
        /// The digits.
        code: String,
        /// What it is for.
        what_for: CodeFor,
    },
    /// A client asks for a consent; the code gives it.
    Consent {
        /// The digits.
        code: String,
        /// Name of the organisation.
        partner: String,
        /// Its purpose, in the message's language.
        purpose: String,
        /// What it would see.
        fields: Vec<Field>,
        /// How often.
        reads: u8,
        /// For how long, milliseconds.
        lasts_ms: i64,
    },
    /// A client asks whether she is vaccinated; the code lets it know.
    Status {
        /// The digits.
        code: String,
        /// Name of the organisation.
        partner: String,
    },
    /// An appointment was made or moved.
    Appointment {
        /// Name of the centre.
        centre: String,
        /// When.
        day: Date,
        /// Window.
        slot: Slot,
    },
    /// The centre called a session off.
    CalledOff {
        /// Name of the centre.
        centre: String,
        /// The day that is off.
        day: Date,
    },
    /// Somebody signed in from a browser that this phone never used before.
    NewBrowser,
    /// An organisation looked at a person for the first time.
    FirstLook {
        /// Its name.
        organisation: String,
        /// What for.
        purpose: Purpose,
    },
    /// A letter about her data waits: whose, and what it says, only a sign-in shows.
    Letter,
    /// A member of the phone's family is to move to another phone.
    Moving {
        /// Until when it can be stopped, milliseconds since the epoch.
        until_ms: i64,
    },
    /// A member of the phone's family is of age and goes to a phone of her own.
    MovesOfAge {
        /// When, milliseconds since the epoch.
        until_ms: i64,
    },
}

/// The gateway did not take a message. Its text names no phone.
#[derive(Debug, thiserror::Error)]
#[error("not delivered: {0}")]
pub struct Undelivered(pub String);

/// A message on its way.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<(), Undelivered>> + Send + 'a>>;

/// Where messages go. It gets a phone to send to, once, and gives nothing back.
pub trait Messenger: Send + Sync {
    /// Sends one message.
    fn send(&self, phone: Phone, message: Message, language: String) -> Sending<'_>;
}

impl Vault {
    /// Sends what is due; each phone number goes from the vault straight to the messenger, under an entry of its
    /// person. Returns how many went out.
    ///
    /// # Errors
    /// [`Refused::Unavailable`].
    pub async fn send_notices(&self) -> Result<u32, Refused> {
        let now_ms = self.now_ms();
        let due = self.store.read(move |store| store.notices_due(now_ms, 64)).await?;
        let mut sent = 0;
        for notice in due {
            let told = self.send_notice(&notice).await;
            self.figures.sent("notice", told.is_ok());
            let effect = match told {
                Ok(()) => {
                    sent += 1;
                    Effect::NoticeSent { notice: notice.id, now_ms: self.now_ms() }
                }
                Err(_) => {
                    let again_ms = self.now_ms() + 30_000 * (1 << notice.attempts.min(10));
                    Effect::NoticeFailed { notice: notice.id, again_ms }
                }
            };
            self.act_alone(&Actor::worker("messenger", self.draw()), Act::new(Vec::new(), effect)).await?;
        }
        Ok(sent)
    }

    /// How many notices are due and not sent.
    ///
    /// # Errors
    /// [`Refused::Unavailable`].
    pub async fn notices_waiting(&self) -> Result<u64, Refused> {
        let now_ms = self.now_ms();
        Ok(self.store.read(move |store| store.notices_waiting(now_ms)).await?)
    }

    async fn send_notice(&self, notice: &NoticeRow) -> Result<(), Refused> {
        if notice.cause == Cause::Moving {
            return self.tell_of_move(notice).await;
        }
        let Some((message, purpose)) = self.message_of(notice).await? else { return Ok(()) };
        let on = *notice.appointment.bytes();
        let grant = Grant::Notice(Evidence { subject: notice.person, on, holder: [0; 32], ground: None });
        let actor = Actor::worker("messenger", self.draw());
        let (mut fields, row) = self.open(&actor, &grant, Kind::Notice, purpose, &[Field::Phone]).await?;
        // Someone without a phone is told nothing on the air; her slip and the centre's door say it.
        let Some(phone) = fields.take(Field::Phone) else { return Ok(()) };
        self.messenger.send(phone.parse()?, message, row.language).await.map_err(|_| Refused::Unavailable)
    }

    /// What a notice says; nothing where it has become pointless: then no phone is opened for it.
    async fn message_of(&self, notice: &NoticeRow) -> Result<Option<(Message, Purpose)>, Refused> {
        match notice.cause {
            Cause::NewBrowser => Ok(Some((Message::NewBrowser, Purpose::SignIn))),
            Cause::FirstLook => self.first_look(notice).await.map(|message| Some((message, Purpose::AccessList))),
            Cause::Letter => Ok(Some((Message::Letter, Purpose::LetterNotice))),
            Cause::Changed | Cause::Cancelled | Cause::Moving => self.about_appointment(notice).await,
        }
    }

    /// Who looked and what for, as the entry of the look says it.
    async fn first_look(&self, notice: &NoticeRow) -> Result<Message, Refused> {
        let position = u64::try_from(u128::from_be_bytes(*notice.appointment.bytes())).unwrap_or(u64::MAX);
        let row = self.people(&[notice.person]).await?.remove(0);
        let kept = self.log.entries(vec![position]).await?.remove(0);
        let (_, entry) =
            open_entry(&self.thread(&row)?.tag_key, &kept.leaf, &kept.sealed).ok_or(Refused::Unavailable)?;
        // A partner is called what it is called, also if that is the number of a centre.
        let centre = entry.organisation.parse().ok().filter(|_| entry.role != "client");
        let organisation = match centre.map(CentreId) {
            Some(centre) => self.centre(centre).await?.name,
            None => entry.organisation,
        };
        Ok(Message::FirstLook { organisation, purpose: entry.purpose })
    }

    /// What there is to say of her appointment, if anything still is.
    async fn about_appointment(&self, notice: &NoticeRow) -> Result<Option<(Message, Purpose)>, Refused> {
        let (id, person) = (notice.appointment, notice.person);
        let rows = self.store.read(move |store| store.appointment(id)).await?;
        let Some(row) = rows.into_iter().find(|row| row.person == person) else { return Ok(None) };
        let centre = self.centre(row.centre).await?.name;
        Ok(match (notice.cause, row.status) {
            (Cause::Changed, Status::Booked) => {
                Some((Message::Appointment { centre, day: row.day, slot: row.slot }, Purpose::BookingNotice))
            }
            // A place that was given back meanwhile, or used, is not announced.
            (Cause::Changed, _) => None,
            _ => Some((Message::CalledOff { centre, day: row.day }, Purpose::CancelledNotice)),
        })
    }
}
