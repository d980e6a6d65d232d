//! Where messages go in `teeka demo`, and only there: an inbox held in memory.

use crate::routes::{Access, Entry, Shows, get};
use crate::words::{Language, Words};
use crate::{Failure, Portal, sms};
use axum::extract::{Path, State};
use axum::response::Response;
use registry::Phone;
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use vault::{Clock, Message, Messenger, Sending};

/// Messages kept for one phone.
const KEPT: usize = 20;

/// The inbox: the newest messages of every phone, until the process ends.
pub struct Inbox {
    clock: Clock,
    messages: Mutex<HashMap<String, VecDeque<(i64, String)>>>,
}

impl Inbox {
    /// An empty inbox.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self { clock, messages: Mutex::new(HashMap::new()) }
    }

    /// A phone's messages, newest first: when (milliseconds since the epoch) and what.
    #[must_use]
    pub fn of(&self, phone: &Phone) -> Vec<(i64, String)> {
        let messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        messages.get(phone.digits()).map(|kept| kept.iter().cloned().collect()).unwrap_or_default()
    }

    /// Forgets everything: after seeding, so that the first message a visitor sees is her own.
    pub fn clear(&self) {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Messenger for Inbox {
    fn send(&self, phone: Phone, message: Message, language: String) -> Sending<'_> {
        Box::pin(async move {
            let words = Words::new(Language::from_code(&language).unwrap_or_default());
            let text = sms::compose(words, &message).text;
            let mut messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
            let kept = messages.entry(phone.digits().to_owned()).or_default();
            kept.push_front(((self.clock)(), text));
            kept.truncate(KEPT);
            Ok(())
        })
    }
}

pub(crate) fn routes() -> Vec<Entry> {
    vec![get("/demo/inbox/{mobile}", Access::Anyone, Shows::NoOne, read)]
}

async fn read(State(portal): State<Portal>, Path(mobile): Path<String>) -> Result<Response, Failure> {
    let demo = portal.demo().ok_or_else(Failure::not_found)?;
    let phone: Phone = mobile.parse()?;
    let rows = demo.inbox.of(&phone).into_iter().map(|(at_ms, text)| {
        serde_json::json!({ "at": vault::at(at_ms).strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string(), "text": text })
    });
    Ok(crate::failure::json(axum::http::StatusCode::OK, &rows.collect()))
}
