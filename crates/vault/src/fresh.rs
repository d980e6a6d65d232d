//! A fresh code for what weighs more than a sign-in: leaving, taking everything along, moving to another phone. It goes to the
//! signed-in phone, is good for one member and one act, and its budget hangs on her, not on the phone's own sign-ins.

use crate::caller::Citizen;
use crate::code::{CodeFor, Counted, Fresh};
use crate::gate::{Act, Draft};
use crate::notice::Message;
use crate::{Refused, Vault};
use ledger::Kind;
use registry::{PersonId, Phone, TransactionId};
use std::future::ready;
use store::command::Effect;

impl Vault {
    /// Sends a code to the signed-in phone, about one member.
    ///
    /// # Errors
    /// [`Refused::NotFound`] for anyone who is not a confirmed member; [`store::Refusal::OverBudget`].
    pub async fn send_fresh_code(
        &self,
        citizen: &Citizen,
        person: PersonId,
        what_for: CodeFor,
        language: &str,
    ) -> Result<TransactionId, Refused> {
        let (grant, actor) = (citizen.grant(person)?, citizen.actor());
        let phone: Phone = citizen.memory.phone.parse()?;
        let index = self.secrets.code_hash(&[b"fresh", &citizen.phone_index], person.bytes());
        let Fresh { code, send } =
            self.fresh_code(Counted::for_anyone(index), &phone, (what_for, Some(person))).await?;
        let transaction = send.transaction;
        // One command: what is over the budget is not sent, and her list does not say that it was.
        let plan = |_| {
            let draft = Draft::under(&grant, Kind::OtpSend, what_for.purpose(), Vec::new());
            ready(Ok(Act::new(vec![draft], Effect::SendCode(send.clone()))))
        };
        self.act(&actor, &[person], plan).await?;
        self.hand_over(&phone, Message::Code { code, what_for }, language).await;
        Ok(transaction)
    }

    /// Tries such a code.
    ///
    /// # Errors
    /// [`Refused::Wrong`]; [`store::Refusal::CodeGone`], [`store::Refusal::Locked`].
    pub(crate) async fn take_fresh_code(
        &self,
        citizen: &Citizen,
        person: PersonId,
        what_for: CodeFor,
        transaction: TransactionId,
        typed: &str,
    ) -> Result<(), Refused> {
        citizen.remembered(person)?;
        let holder = self.try_code(&citizen.actor(), transaction, what_for, Some(person), typed).await?;
        // It went to this very phone: a code is nothing to somebody else's sign-in.
        let index = self.secrets.code_hash(&[b"fresh", &citizen.phone_index], person.bytes());
        if holder.index == index { Ok(()) } else { Err(Refused::NotFound) }
    }
}
