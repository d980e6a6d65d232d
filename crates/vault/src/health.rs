//! Whether the vault can do its work, part by part, for operators. What it says names parts, never people.

use crate::{Refused, Vault};
use ledger::note::Note;
use std::time::Duration;

/// How long a part may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// How the parts stand: what is wrong with each in words, or nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// Each part by its name.
    pub parts: [(&'static str, Option<&'static str>); 5],
}

impl Health {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.parts.iter().all(|(_, wrong)| wrong.is_none())
    }
}

impl Vault {
    /// Asks every part whether it can do its work.
    pub async fn health(&self) -> Health {
        let store = async { self.store.read(store::Reader::log_size).await.map_err(Refused::from) };
        let keys = async { self.keys.counters(self.now_ms()).await.map_err(Refused::from) };
        let (store, keys, files) = tokio::join!(
            tokio::time::timeout(PATIENCE, store),
            tokio::time::timeout(PATIENCE, keys),
            tokio::time::timeout(PATIENCE, self.log.takes_files(self.now_ms())),
        );
        let has_answered = matches!(store, Ok(Ok(_)));
        let has_signed = matches!(keys, Ok(Ok(Note { .. })));
        let wrong = |is_right: bool, words: &'static str| (!is_right).then_some(words);
        Health {
            parts: [
                ("store", wrong(has_answered, "it does not answer")),
                ("key room", wrong(has_signed, "it does not answer")),
                ("log", wrong(matches!(files, Ok(true)), "its folder takes no files")),
                ("witnesses", self.unwatched()),
                (
                    "clock",
                    wrong(!self.is_before_the_log(self.now_ms()), "it stands before the newest entry of the log"),
                ),
            ],
        }
    }

    /// What is wrong with the watch over the log, by the stricter of its limits.
    fn unwatched(&self) -> Option<&'static str> {
        if self.watch.is_contradicted() {
            return Some("too many have cosigned another log");
        }
        let is_late = self.check_watched("health").is_err();
        is_late.then_some("too few have cosigned the log for four hours")
    }
}
