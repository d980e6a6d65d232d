//! Answers to searches, kept as finished bytes while the open places they show stand.

use super::Answered;
use crate::{Failure, Portal};
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use registry::{District, DistrictId, State, StateId, Vaccine};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use vault::rows::View;

/// No answer is older than this, so that a day rolling over cannot stick.
const LIFE_MS: i64 = 60_000;
/// What one of the shards may hold; there are sixteen.
const SHARD_ANSWERS: usize = 512;
const SHARD_BYTES: usize = 4 << 20;

/// What was asked, in typed form: every spelling of the same question is one question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Question {
    /// States, with their Hindi names or without.
    States(bool),
    /// Districts of a state, with their Hindi names or without.
    Districts(StateId, bool),
    /// Sessions of a day.
    Find(View, Date, Option<Vaccine>),
    /// Centres with their sessions of a week.
    Calendar(View, Date, Option<Vaccine>),
}

impl Question {
    /// From where the question looks: its answers stand while nothing changes there.
    fn view(self) -> View {
        match self {
            Self::States(_) | Self::Districts(..) => View::Everywhere,
            Self::Find(view, ..) | Self::Calendar(view, ..) => view,
        }
    }
}

/// A finished answer. Cloning it copies no bytes.
#[derive(Clone)]
struct Answer {
    body: Bytes,
    tag: HeaderValue,
    version: u64,
    made_ms: i64,
}

#[derive(Default)]
struct Shard {
    kept: Mutex<Kept>,
    /// Whoever makes an answer holds this, so that a crowd asking the same makes it once.
    making: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Kept {
    answers: HashMap<Question, Answer>,
    bytes: usize,
}

/// Answers to searches, kept while the open places they show stand; and the names of districts, which stand longer.
#[derive(Default)]
pub struct Answers {
    shards: [Shard; 16],
    districts: RwLock<Arc<Districts>>,
}

/// Names by district.
pub(super) type Districts = HashMap<DistrictId, (District, State)>;

impl Kept {
    fn find(&self, question: &Question, version: u64, now_ms: i64) -> Option<Answer> {
        let answer = self.answers.get(question)?;
        let is_young = (0..LIFE_MS).contains(&(now_ms - answer.made_ms));
        (answer.version == version && is_young).then(|| answer.clone())
    }

    fn keep(&mut self, question: Question, answer: Answer) {
        let bytes = answer.body.len();
        if bytes > SHARD_BYTES {
            return;
        }
        if self.answers.len() >= SHARD_ANSWERS || self.bytes + bytes > SHARD_BYTES {
            // What is in demand is back at once; this costs less than a record of who was asked when.
            self.answers.clear();
            self.bytes = 0;
        }
        let before = self.answers.insert(question, answer);
        self.bytes += bytes;
        self.bytes -= before.map_or(0, |before| before.body.len());
    }
}

impl Answers {
    fn shard(&self, question: &Question) -> &Shard {
        let mut hasher = DefaultHasher::new();
        question.hash(&mut hasher);
        &self.shards[usize::from(hasher.finish().to_be_bytes()[0] & 15)]
    }
}

impl Shard {
    fn find(&self, question: &Question, version: u64, now_ms: i64) -> Option<Answer> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).find(question, version, now_ms)
    }
}

/// The kept answer to a question, or the one that `make` makes now.
pub(super) async fn answer(
    portal: &Portal,
    headers: &HeaderMap,
    question: Question,
    make: impl Future<Output = Result<Vec<u8>, Failure>>,
) -> Answered {
    let shard = portal.answers().shard(&question);
    let version = || portal.vault().version(question.view());
    let now_ms = portal.vault().now_ms();
    if let Some(answer) = shard.find(&question, version(), now_ms) {
        return Ok(reply(headers, answer));
    }
    let _making = shard.making.lock().await;
    // Read before the places are: an answer may be older than it says, never newer.
    let version = version();
    if let Some(answer) = shard.find(&question, version, now_ms) {
        return Ok(reply(headers, answer));
    }
    let body = Bytes::from(make.await?);
    let answer = Answer { tag: tag_of(&body), body, version, made_ms: now_ms };
    shard.kept.lock().unwrap_or_else(PoisonError::into_inner).keep(question, answer.clone());
    Ok(reply(headers, answer))
}

fn tag_of(body: &[u8]) -> HeaderValue {
    let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(body)[..8]);
    HeaderValue::try_from(format!("W/\"{digest}\"")).expect("hex digits stand in a header")
}

fn reply(headers: &HeaderMap, answer: Answer) -> Response {
    let asked = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let is_known = asked.is_some_and(|tags| tags.split(',').any(|tag| answer.tag == tag.trim()));
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = Response::new(Body::from(answer.body));
        let json = HeaderValue::from_static("application/json; charset=utf-8");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
        response
    };
    response.headers_mut().insert(header::ETAG, answer.tag);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// The districts with their states, among them at least `wanted`: read again when one of those is missing.
pub(super) async fn districts(portal: &Portal, wanted: &[DistrictId]) -> Result<Arc<Districts>, Failure> {
    let kept = &portal.answers().districts;
    let known = Arc::clone(&kept.read().unwrap_or_else(PoisonError::into_inner));
    if wanted.iter().all(|id| known.contains_key(id)) {
        return Ok(known);
    }
    let (districts, states) = (portal.vault().districts(None).await?, portal.vault().states().await?);
    let states: HashMap<StateId, State> = states.into_iter().map(|state| (state.id, state)).collect();
    let read =
        districts.into_iter().filter_map(|d| states.get(&d.state).map(|state| (d.id, (d.clone(), state.clone()))));
    let read: Arc<Districts> = Arc::new(read.collect());
    *kept.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&read);
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn answer(bytes: usize, version: u64) -> Answer {
        let body = Bytes::from(vec![b' '; bytes]);
        Answer { tag: tag_of(&body), body, version, made_ms: 1_000 }
    }

    fn question(day: i8) -> Question {
        Question::Find(View::District(DistrictId(1)), date(2026, 1, day), None)
    }

    #[test]
    fn an_answer_stands_while_its_version_does_and_a_minute_at_most() {
        let mut kept = Kept::default();
        kept.keep(question(1), answer(10, 7));
        assert!(kept.find(&question(1), 7, 60_999).is_some());
        for (asked, version, now_ms) in [(1, 8, 1_000), (1, 7, 61_000), (1, 7, 999), (2, 7, 1_000)] {
            assert!(kept.find(&question(asked), version, now_ms).is_none(), "{asked} {version} {now_ms}");
        }
    }

    #[test]
    fn a_shard_is_bounded_in_answers_and_in_bytes() {
        let mut kept = Kept::default();
        for number in 0..10 * SHARD_ANSWERS {
            let pin = registry::Pincode::new(100_000 + u32::try_from(number).unwrap()).unwrap();
            kept.keep(Question::Find(View::Pincode(pin), date(2026, 1, 1), None), answer(SHARD_BYTES / 100, 1));
            assert!(kept.answers.len() <= SHARD_ANSWERS && kept.bytes <= SHARD_BYTES);
            assert_eq!(kept.bytes, kept.answers.values().map(|a| a.body.len()).sum::<usize>());
        }
        kept.keep(question(1), answer(50, 1));
        kept.keep(question(1), answer(20, 2));
        assert_eq!(kept.bytes, kept.answers.values().map(|a| a.body.len()).sum::<usize>());
        kept.keep(question(2), answer(SHARD_BYTES + 1, 1));
        assert!(kept.find(&question(2), 1, 1_000).is_none());
    }
}
