//! The phones of the seeded people: each takes the code that was just sent to it.

use portal::registry::Phone;
use portal::vault::{Message, Messenger, Sending, Undelivered};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use tokio::sync::oneshot;

/// Where the messages of the seeded people go. Only codes are read; other messages are taken and forgotten.
#[derive(Default)]
pub struct Post(Mutex<HashMap<String, oneshot::Sender<String>>>);

impl Post {
    /// The next code that is sent to a phone. Ask before the code is sent.
    pub(super) fn expect(&self, phone: &Phone) -> oneshot::Receiver<String> {
        let (send, receive) = oneshot::channel();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(phone.digits().to_owned(), send);
        receive
    }
}

impl Messenger for Post {
    fn send(&self, phone: Phone, message: Message, _language: String) -> Sending<'_> {
        Box::pin(async move {
            let Message::Code { code, .. } = message else { return Ok(()) };
            let waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(phone.digits());
            let waiting = waiting.ok_or_else(|| Undelivered("nobody waits for this code".into()))?;
            waiting.send(code).map_err(|_| Undelivered("whoever waited is gone".into()))
        })
    }
}
