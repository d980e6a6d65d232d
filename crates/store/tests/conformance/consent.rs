//! Clients and consents: asked within a day's number, answered once, used no further than allowed.

use crate::fixture::{Bench, Engine, HOUR, MINUTE, NOW, on_every_engine, on_one_store};
use ledger::{Field, Fields};
use registry::{ClientId, ClientState, PersonId, TransactionId};
use store::command::consent::ConsentEffect;
use store::command::{Effect, Refusal, Resume};
use store::rows::{ClientRow, ConsentRequestRow, ConsentRow};

const DAY: i64 = 24 * HOUR;
const BOTH: Fields = Fields::of(&[Field::Name, Field::Gender]);
const NAME: Fields = Fields::of(&[Field::Name]);
const PHONE: [u8; 32] = [3; 32];

fn id(text: &str) -> ClientId {
    text.parse().unwrap()
}

fn client(text: &str, state: ClientState) -> ClientRow {
    ClientRow {
        id: id(text),
        name: "A Clinic".into(),
        contact: "desk".into(),
        key: [9; 32],
        fields: BOTH,
        purpose_code: "CAREMGT".into(),
        purpose_en: "care".into(),
        purpose_hi: "देखभाल".into(),
        consents_a_day: 3,
        state,
    }
}

pub(crate) fn does(effect: ConsentEffect) -> Effect {
    Effect::Consent(Box::new(effect))
}

fn request(id: TransactionId, of: &str) -> ConsentRequestRow {
    ConsentRequestRow {
        id,
        client: self::id(of),
        phone: PHONE,
        contact: vec![1; 20],
        code: id,
        fields: BOTH,
        reads: 3,
        lasts_ms: HOUR,
        name: None,
        language: "en".into(),
        expires_ms: NOW + 15 * MINUTE,
    }
}

pub(crate) fn consent(request: &ConsentRequestRow, person: PersonId) -> ConsentRow {
    ConsentRow {
        id: request.id,
        person,
        client: request.client.clone(),
        fields: request.fields,
        reads: request.reads,
        used: 0,
        entry: 1,
        made_ms: NOW,
        until_ms: NOW + request.lasts_ms,
        revoked_ms: None,
        artefact: vec![1, 2, 3],
    }
}

/// A client, a person at a phone, and a request to her.
pub(crate) async fn asked(bench: &mut Bench) -> (PersonId, ConsentRequestRow) {
    bench.does(does(ConsentEffect::Client(client("clinic", ClientState::Live)))).await.unwrap();
    let mut hold = bench.sign_in(PHONE).await;
    let person = bench.member(&mut hold).await;
    let request = request(bench.transaction(), "clinic");
    bench.does(does(ConsentEffect::Ask { request: request.clone(), now_ms: NOW })).await.unwrap();
    (person, request)
}

/// The same, answered with yes, and a token.
async fn given(bench: &mut Bench) -> (PersonId, ConsentRow, [u8; 32]) {
    let (person, request) = asked(bench).await;
    let consent = consent(&request, person);
    bench.does(does(ConsentEffect::Give(consent.clone()))).await.unwrap();
    let token = bench.draw();
    bench.does(opens(token, &consent)).await.unwrap();
    (person, consent, token)
}

fn opens(token: [u8; 32], consent: &ConsentRow) -> Effect {
    does(ConsentEffect::Token {
        token,
        client: consent.client.clone(),
        consent: Some(consent.id),
        sealed: vec![7],
        expires_ms: consent.until_ms,
    })
}

fn takes(consent: &ConsentRow, token: [u8; 32], fields: Fields, now_ms: i64) -> Effect {
    does(ConsentEffect::Use { consent: consent.id, token, fields, now_ms })
}

#[tokio::test]
async fn a_client_is_kept_as_it_was_registered_last() {
    on_every_engine(async |bench| {
        let first = client("clinic", ClientState::Sandbox);
        let second = ClientRow { name: "Another name".into(), key: [8; 32], ..client("clinic", ClientState::Live) };
        for row in [&first, &second] {
            bench.does(does(ConsentEffect::Client(row.clone()))).await.unwrap();
            assert_eq!(bench.read(|store| store.client(&id("clinic"))).await.as_ref(), Some(row));
        }
        bench.does(does(ConsentEffect::Client(client("abc", ClientState::Live)))).await.unwrap();
        let all = bench.read(store::Reader::clients).await;
        assert_eq!(all.iter().map(|row| row.id.text()).collect::<Vec<_>>(), ["abc", "clinic"]);
        assert_eq!(bench.read(|store| store.client(&id("nobody"))).await, None);
    })
    .await;
}

#[tokio::test]
async fn a_nonce_is_good_once_for_each_client_that_is_not_stopped() {
    on_every_engine(async |bench| {
        let signed =
            |of: &str, nonce: u8| does(ConsentEffect::Signed { client: id(of), nonce: [nonce; 32], now_ms: NOW });
        for (name, state) in [("one", ClientState::Live), ("two", ClientState::Sandbox), ("off", ClientState::Stopped)]
        {
            bench.does(does(ConsentEffect::Client(client(name, state)))).await.unwrap();
        }
        for (of, nonce, refusal) in [
            ("one", 1, None),
            ("one", 1, Some(Refusal::Conflict)),
            ("one", 2, None),
            ("two", 1, None),
            ("off", 1, Some(Refusal::NotFound)),
            ("nobody", 1, Some(Refusal::NotFound)),
        ] {
            assert_eq!(bench.does(signed(of, nonce)).await.err(), refusal, "{of} {nonce}");
        }
        // It is remembered longer than a signature is good.
        bench.does(Effect::Sweep { now_ms: NOW + 10 * MINUTE }).await.unwrap();
        assert_eq!(bench.refuses(signed("one", 1)).await, Refusal::Conflict);
        bench.does(Effect::Sweep { now_ms: NOW + 2 * HOUR }).await.unwrap();
        bench.does(signed("one", 1)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_client_asks_so_often_a_day_and_not_once_it_is_stopped() {
    on_every_engine(async |bench| {
        bench.does(does(ConsentEffect::Client(client("clinic", ClientState::Live)))).await.unwrap();
        let mut ask = async |now_ms: i64| {
            let request = request(bench.transaction(), "clinic");
            bench.does(does(ConsentEffect::Ask { request, now_ms })).await.err()
        };
        for _ in 0..3 {
            assert_eq!(ask(NOW).await, None);
        }
        let until_ms = (NOW / DAY + 1) * DAY;
        assert_eq!(ask(NOW).await, Some(Refusal::OverBudget { until_ms }));
        assert_eq!(ask(until_ms).await, None, "another day");
        assert_eq!(bench.read(|store| store.asked_today(&id("clinic"), NOW)).await, 3, "a refused one is not counted");
        bench.does(does(ConsentEffect::Client(client("clinic", ClientState::Stopped)))).await.unwrap();
        let request = request(bench.transaction(), "clinic");
        assert_eq!(bench.refuses(does(ConsentEffect::Ask { request, now_ms: until_ms })).await, Refusal::NotFound);
    })
    .await;
}

#[tokio::test]
async fn a_request_is_answered_once_by_somebody_of_the_phone_and_as_it_was_asked() {
    on_every_engine(async |bench| {
        let (person, request) = asked(bench).await;
        let mut elsewhere = bench.sign_in([4; 32]).await;
        let stranger = bench.member(&mut elsewhere).await;
        bench.does(does(ConsentEffect::Client(client("other", ClientState::Live)))).await.unwrap();
        let good = consent(&request, person);
        let wrong = [
            ConsentRow { person: stranger, ..good.clone() },
            ConsentRow { client: id("other"), ..good.clone() },
            ConsentRow { fields: NAME, ..good.clone() },
            ConsentRow { reads: 5, ..good.clone() },
            ConsentRow { until_ms: NOW + HOUR + 1, ..good.clone() },
            ConsentRow { id: bench.transaction(), ..good.clone() },
            ConsentRow { made_ms: request.expires_ms, until_ms: request.expires_ms + 1, ..good.clone() },
        ];
        for row in wrong {
            assert_eq!(bench.refuses(does(ConsentEffect::Give(row.clone()))).await, Refusal::NotFound, "{row:?}");
        }
        let id = request.id;
        assert_eq!(bench.read(move |store| store.consent_request(id, NOW)).await.as_ref(), Some(&request));
        bench.does(does(ConsentEffect::Give(good.clone()))).await.unwrap();
        assert_eq!(bench.refuses(does(ConsentEffect::Give(good.clone()))).await, Refusal::NotFound);
        assert_eq!(bench.refuses(does(ConsentEffect::Close { request: id, now_ms: NOW })).await, Refusal::NotFound);
        assert_eq!(bench.read(move |store| store.consent_request(id, NOW)).await, None);
        assert_eq!(bench.read(move |store| store.consent(id)).await, Some(good.clone()));
        assert_eq!(bench.read(move |store| store.consents_of(person, 10)).await, std::slice::from_ref(&good));
    })
    .await;
}

#[tokio::test]
async fn data_that_is_older_than_its_log_knows_nothing_of_looks_since() {
    on_one_store("each log is taken up by itself", async |bench| {
        let (_, consent, _) = given(bench).await;
        let (id, next) = (consent.id, bench.log_size().await + 1);
        bench.does(Effect::Resume(Resume { next, tags: Vec::new(), counts: Vec::new() })).await.unwrap();
        let used = bench.read(move |store| store.consent(id)).await.map(|row| row.used);
        assert_eq!(used, Some(consent.reads), "none is left");
    })
    .await;
}

#[tokio::test]
async fn a_request_that_ran_out_or_was_closed_gets_no_code_and_no_answer() {
    on_every_engine(async |bench| {
        let (person, request) = asked(bench).await;
        let (id, code) = (request.id, bench.transaction());
        let again = |now_ms| does(ConsentEffect::AskedAgain { request: id, code, now_ms });
        bench.does(again(NOW)).await.unwrap();
        assert_eq!(bench.read(move |store| store.consent_request(id, NOW)).await.unwrap().code, code);
        assert_eq!(bench.refuses(again(request.expires_ms)).await, Refusal::NotFound);
        bench.does(does(ConsentEffect::Close { request: id, now_ms: NOW })).await.unwrap();
        assert_eq!(bench.refuses(again(NOW)).await, Refusal::NotFound);
        assert_eq!(bench.refuses(does(ConsentEffect::Give(consent(&request, person)))).await, Refusal::NotFound);
        // One that asks only whether a name fits never becomes a consent.
        let mut named = self::request(bench.transaction(), "clinic");
        named.name = Some([5; 32]);
        bench.does(does(ConsentEffect::Ask { request: named.clone(), now_ms: NOW })).await.unwrap();
        assert_eq!(bench.refuses(does(ConsentEffect::Give(consent(&named, person)))).await, Refusal::NotFound);
    })
    .await;
}

#[tokio::test]
async fn a_look_needs_a_live_token_the_fields_the_time_and_a_look_that_is_left() {
    on_every_engine(async |bench| {
        let (person, consent, token) = given(bench).await;
        let wider = Fields::of(&[Field::Name, Field::Phone]);
        let other = bench.draw();
        for (case, effect) in [
            ("no such token", takes(&consent, other, NAME, NOW)),
            ("wider", takes(&consent, token, wider, NOW)),
            ("over", takes(&consent, token, NAME, consent.until_ms)),
        ] {
            assert_eq!(bench.does_about(person, effect).await.err(), Some(Refusal::ConsentOver), "{case}");
        }
        assert_eq!(bench.row(person).await.entries, 1, "a refused look leaves no entry");
        for _ in 0..3 {
            bench.does_about(person, takes(&consent, token, NAME, consent.until_ms - 1)).await.unwrap();
        }
        let fourth = bench.does_about(person, takes(&consent, token, NAME, NOW)).await;
        assert_eq!(fourth.err(), Some(Refusal::ConsentOver));
        assert_eq!(bench.row(person).await.entries, 4);
    })
    .await;
}

#[tokio::test]
async fn whatever_ends_it_ends_it_for_the_next_look() {
    on_every_engine(async |bench| {
        let (person, consent, token) = given(bench).await;
        // A newer token ends the older.
        let newer = bench.draw();
        bench.does(opens(newer, &consent)).await.unwrap();
        assert_eq!(bench.refuses(takes(&consent, token, NAME, NOW)).await, Refusal::ConsentOver);
        bench.does(takes(&consent, newer, NAME, NOW)).await.unwrap();
        // Its client is stopped.
        bench.does(does(ConsentEffect::Client(client("clinic", ClientState::Stopped)))).await.unwrap();
        assert_eq!(bench.refuses(takes(&consent, newer, NAME, NOW)).await, Refusal::ConsentOver);
        assert_eq!(bench.read(move |store| store.client_token(&newer, NOW)).await, None);
        bench.does(does(ConsentEffect::Client(client("clinic", ClientState::Live)))).await.unwrap();
        assert_eq!(bench.refuses(takes(&consent, newer, NAME, NOW)).await, Refusal::ConsentOver, "its token is gone");
        let newest = bench.draw();
        bench.does(opens(newest, &consent)).await.unwrap();
        bench.does(takes(&consent, newest, NAME, NOW)).await.unwrap();
        // She revokes it; nobody else can.
        let revoke = |person| does(ConsentEffect::Revoke { consent: consent.id, person, now_ms: NOW + 1 });
        assert_eq!(bench.refuses(revoke(PersonId::from_random([8; 16]))).await, Refusal::NotFound);
        bench.does(revoke(person)).await.unwrap();
        assert_eq!(bench.refuses(revoke(person)).await, Refusal::NotFound);
        assert_eq!(bench.refuses(takes(&consent, newest, NAME, NOW + 1)).await, Refusal::ConsentOver);
        let after = bench.draw();
        bench.does(opens(after, &consent)).await.unwrap();
        assert_eq!(bench.refuses(takes(&consent, after, NAME, NOW + 1)).await, Refusal::ConsentOver);
        // With her goes what she allowed.
        let hold = bench.sign_in(PHONE).await;
        let erase = bench.erase(person, Some(hold), 2);
        bench.does_about(person, Effect::Erase(Box::new(erase))).await.unwrap();
        assert_eq!(bench.read(move |store| store.consents_of(person, 10)).await, []);
        assert_eq!(bench.read(move |store| store.client_token(&after, NOW)).await, None);
    })
    .await;
}

/// A consent as it should be, in memory.
struct Model {
    used: u8,
    revoked: bool,
    stopped: bool,
}

#[tokio::test]
async fn random_looks_and_ends_do_to_a_store_what_they_do_to_a_model() {
    for engine in Engine::all_and_shards() {
        for seed in [1, 2, 3, 0x7_ee4a] {
            println!("engine {engine:?}, seed {seed}");
            let mut bench = Bench::new(engine.clone(), seed).await;
            let (person, consent, token) = given(&mut bench).await;
            let mut model = Model { used: 0, revoked: false, stopped: false };
            for _ in 0..60 {
                let at = [NOW, consent.until_ms - 1, consent.until_ms][bench.below(3)];
                let fields = [NAME, BOTH, Fields::of(&[Field::Phone])][bench.below(3)];
                match bench.below(40) {
                    0 => {
                        model.stopped = !model.stopped;
                        let state = if model.stopped { ClientState::Stopped } else { ClientState::Live };
                        bench.does(does(ConsentEffect::Client(client("clinic", state)))).await.unwrap();
                        bench.does(opens(token, &consent)).await.unwrap();
                    }
                    1 => {
                        let revoke = does(ConsentEffect::Revoke { consent: consent.id, person, now_ms: NOW });
                        let expected = model.revoked.then_some(Refusal::NotFound);
                        assert_eq!(bench.does_about(person, revoke).await.err(), expected);
                        model.revoked = true;
                        bench.does(opens(token, &consent)).await.unwrap();
                    }
                    _ => {
                        let may = model.used < 3
                            && !model.revoked
                            && !model.stopped
                            && at < consent.until_ms
                            && fields.0 & !BOTH.0 == 0;
                        let taken = bench.does_about(person, takes(&consent, token, fields, at)).await;
                        assert_eq!(taken.err(), (!may).then_some(Refusal::ConsentOver));
                        model.used += u8::from(may);
                    }
                }
                let id = consent.id;
                let row = bench.read(move |store| store.consent(id)).await.unwrap();
                assert_eq!((row.used, row.revoked_ms.is_some()), (model.used, model.revoked));
            }
        }
    }
}
