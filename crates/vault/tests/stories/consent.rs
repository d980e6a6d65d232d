//! The third way in: asked, shown, allowed, taken five times at most, ended by time and by her.

use crate::partner::{ALL, HOUR, Partner, arrived, ask, noticed};
use crate::world::{DAY_MS, MINUTE, World, person};
use data_encoding::BASE64URL_NOPAD;
use ledger::consent::Terms;
use registry::case::Claim;
use registry::{ClientState, TransactionId};
use vault::{
    Card, Channel, Confirmed, Consented, Field, Fields, GrantKind, Kind, Message, Purpose, Refusal, Refused, Signed,
    Slip,
};

const ASHA: &str = "9876543210";
const NAME: Fields = Fields::of(&[Field::Name, Field::BirthYear]);

const OVER: Refused = Refused::Rule(Refusal::ConsentOver);

/// She reads the code to the partner, which confirms by it.
async fn confirms(world: &World, partner: &Partner, request: TransactionId, phone: &str) -> String {
    let code = arrived(world, phone).await;
    let client = partner.client(world).await;
    match world.vault.confirm_consent(&client, request, &code, &noticed()).await.unwrap() {
        Confirmed::Token { token, is_new: false } => token,
        _ => panic!("no consent came of it"),
    }
}

async fn consented(world: &World, partner: &Partner, token: &str) -> Consented {
    world.vault.consented(partner.client(world).await, token).await.unwrap()
}

async fn reads(world: &World, consented: &Consented) -> Result<(), Refused> {
    world.vault.shared(consented).await.map(|_| ())
}

#[tokio::test]
async fn asked_confirmed_read_five_times_and_not_a_sixth() {
    let world = World::new().await;
    let (token, asha) = world.family(ASHA, "Asha Devi").await;
    world.vaccinates(&token, &asha).await;
    let clinic = Partner::new(&world, "clinic").await;
    let request = clinic.asks(&world, ASHA, NAME).await;
    let sent = world.outbox.sent.lock().unwrap().last().cloned().unwrap().1;
    let Message::Consent { code, partner, purpose, fields, reads: most, lasts_ms } = sent else { panic!("no request") };
    assert_eq!((code.len(), partner.as_str(), purpose.as_str()), (8, "The clinic Trust", "To plan your next dose"));
    assert_eq!((fields, most, lasts_ms), (vec![Field::Name, Field::BirthYear], 5, HOUR));

    let given = confirms(&world, &clinic, request, ASHA).await;
    let reader = consented(&world, &clinic, &given).await;
    let shown = world.vault.shared(&reader).await.unwrap();
    let expected = vec![(Field::Name, "Asha Devi".to_owned()), (Field::BirthYear, "1983".to_owned())];
    assert_eq!((&shown.fields, shown.doses.len()), (&expected, 1));
    let before = world.count(Kind::Reveal).await;
    for _ in 0..4 {
        reads(&world, &reader).await.unwrap();
    }
    assert_eq!(world.count(Kind::Reveal).await, before + 4, "each look is an entry");
    assert_eq!(reads(&world, &reader).await, Err(OVER));
    assert_eq!(world.count(Kind::Reveal).await, before + 4, "a look that is not allowed writes none");

    // The key room counts for itself, where nobody sets anything back.
    let person = asha.person();
    let entry = world.store.read(move |store| store.consents_of(person, 1)).await.unwrap()[0].entry;
    let next = store::keys::Consented { person, consent: entry, position: 0 };
    assert_eq!(world.keys().looks_beside(next).unwrap(), 5);

    // She finds it all in her list, the refused one too, by the organisation's name.
    let citizen = world.citizen(&world.signs_in(ASHA).await.token).await;
    let looks = world.vault.looks(&citizen, asha.person(), 50).await.unwrap();
    let theirs: Vec<_> = looks.looks.iter().filter(|look| look.actor == "client clinic").collect();
    assert!(theirs.iter().all(|look| look.organisation == "The clinic Trust" && look.role == "client"));
    let of = |kind| theirs.iter().filter(|look| look.kind == kind).count();
    assert_eq!((of(Kind::Reveal), of(Kind::Refused)), (5, 1));
    let by_right = theirs.iter().filter(|look| look.kind == Kind::Reveal).all(|look| look.grant == GrantKind::Consent);
    assert!(by_right && looks.looks.iter().any(|look| look.kind == Kind::Consent && look.actor == "self"));
    world.publishes().await;
    let file = world.vault.looks_file(&citizen, person).await.unwrap();
    let file = serde_json::from_value(serde_json::to_value(&*file).unwrap()).unwrap();
    assert!(watch::check::check(&file, None).is_ok(), "five looks under a consent for five");
}

#[tokio::test]
async fn revoked_it_refuses_the_very_next_look() {
    let world = World::new().await;
    let (_, asha) = world.family(ASHA, "Asha Devi").await;
    let clinic = Partner::new(&world, "clinic").await;
    let request = clinic.asks(&world, ASHA, NAME).await;
    let reader = consented(&world, &clinic, &confirms(&world, &clinic, request, ASHA).await).await;
    reads(&world, &reader).await.unwrap();
    let citizen = world.citizen(&world.signs_in(ASHA).await.token).await;
    let given = world.vault.permissions(&citizen, asha.person()).await.unwrap();
    assert_eq!((given.name.as_str(), given.given.len()), ("Asha Devi", 1));
    let one = &given.given[0];
    assert_eq!((one.partner.as_str(), one.purpose.as_str()), ("The clinic Trust", "To plan your next dose"));
    assert_eq!((one.reads, one.used, one.stands(world.vault.now_ms())), (5, 1, true));

    world.vault.revoke_consent(&citizen, one.id).await.unwrap();
    assert_eq!(reads(&world, &reader).await, Err(OVER));
    assert_eq!(world.vault.revoke_consent(&citizen, one.id).await, Err(Refused::NotFound));
    assert_eq!(world.vault.consent_token(&clinic.client(&world).await, request).await.unwrap(), None);
    assert_eq!(world.count(Kind::Revoke).await, 1);
    let given = world.vault.permissions(&citizen, asha.person()).await.unwrap();
    assert!(!given.given[0].stands(world.vault.now_ms()) && given.given[0].revoked_ms.is_some());
}

#[tokio::test]
async fn a_request_under_way_ends_with_its_sign_in() {
    let world = World::new().await;
    let (token, asha) = world.family(ASHA, "Asha Devi").await;
    let clinic = Partner::new(&world, "clinic").await;
    let consent = clinic.asks(&world, ASHA, NAME).await;
    confirms(&world, &clinic, consent, ASHA).await;
    let id = world.books(&token, vec![asha.person()]).await;
    let (vault, person) = (&world.vault, asha.person());
    let citizen = world.citizen(&token).await;
    let number = vault.file_case(&citizen, person, &Claim::Aefi, "a rash", &[1; 16]).await.unwrap();
    let grant = citizen.grant(person).unwrap();
    // Her requests were let in, and she signs out before they are done.
    vault.sign_out(&world.citizen(&token).await).await.unwrap();
    vault.sign_out(&citizen).await.unwrap();
    let leaves = world.leaves().await.len();
    let ended = Some(Refused::Rule(Refusal::SignedOut));
    let (session, slot) = (world.session, registry::Slot::between(780, 1020));
    assert_eq!(vault.reschedule(&citizen, id, session, slot.clone()).await.err(), ended);
    assert_eq!(vault.cancel(&citizen, id, &[person]).await.err(), ended);
    assert_eq!(vault.withdraw_case(&citizen, person, number).await.err(), ended);
    assert_eq!(vault.revoke_consent(&citizen, consent).await.err(), ended);
    assert_eq!(vault.disclose::<Card>(&citizen, &grant, person).await.err(), ended, "nor is she shown");
    assert_eq!(world.leaves().await.len(), leaves, "nothing is written");

    let (token, now_ms) = (world.signs_in(ASHA).await.token, vault.now_ms());
    let citizen = world.citizen(&token).await;
    let row = vault.appointment(&citizen, id).await.unwrap().remove(0);
    assert_eq!((row.status, row.slot == slot), (vault::rows::Status::Booked, false));
    assert!(vault.case(&citizen, person, number).await.unwrap().state.is_open());
    assert!(vault.permissions(&citizen, person).await.unwrap().given[0].stands(now_ms));
    // By a sign-in that lives all of it is done.
    vault.reschedule(&citizen, id, session, slot).await.unwrap();
    vault.cancel(&citizen, id, &[person]).await.unwrap();
    vault.withdraw_case(&citizen, person, number).await.unwrap();
    vault.revoke_consent(&citizen, consent).await.unwrap();
}

#[tokio::test]
async fn after_a_restore_from_before_its_looks_it_allows_no_more() {
    let world = World::new().await;
    world.family(ASHA, "Asha Devi").await;
    let clinic = Partner::new(&world, "clinic").await;
    let request = clinic.asks(&world, ASHA, NAME).await;
    let reader = consented(&world, &clinic, &confirms(&world, &clinic, request, ASHA).await).await;
    let older = world.data();
    reads(&world, &reader).await.unwrap();
    world.publishes().await;
    let restored = world.restored(older);
    assert!(restored.vault.begin_log().await.unwrap() > 0);
    let client = clinic.client(&restored).await;
    assert_eq!(restored.vault.consent_token(&client, request).await.unwrap(), None);
}

#[tokio::test]
async fn it_ends_when_its_time_is_over() {
    let world = World::new().await;
    world.family(ASHA, "Asha Devi").await;
    let clinic = Partner::new(&world, "clinic").await;
    let request = clinic.asks(&world, ASHA, NAME).await;
    let token = confirms(&world, &clinic, request, ASHA).await;
    let reader = consented(&world, &clinic, &token).await;
    world.pass(HOUR - 1);
    reads(&world, &reader).await.unwrap();
    world.pass(1);
    assert_eq!(reads(&world, &reader).await, Err(OVER));
    let again = world.vault.consented(clinic.client(&world).await, &token).await;
    assert_eq!(again.err(), Some(Refused::NotSignedIn));
}

#[tokio::test]
async fn it_is_good_in_one_clients_hands_for_one_person_and_the_fields_she_allowed() {
    let world = World::new().await;
    let (_, asha) = world.family(ASHA, "Asha Devi").await;
    let (_, sita) = world.family("9876543211", "Sita").await;
    let (clinic, other) = (Partner::new(&world, "clinic").await, Partner::new(&world, "other").await);
    let request = clinic.asks(&world, ASHA, NAME).await;
    let code = arrived(&world, ASHA).await;
    // Another client has the request's id and the code, and gets nowhere.
    let stranger = other.client(&world).await;
    let refused = world.vault.confirm_consent(&stranger, request, &code, &noticed()).await;
    assert_eq!(refused.err(), Some(Refused::Rule(Refusal::CodeGone)));
    let token = confirms(&world, &clinic, request, ASHA).await;
    let stolen = world.vault.consented(other.client(&world).await, &token).await;
    assert_eq!(stolen.err(), Some(Refused::NotSignedIn));
    assert_eq!(world.vault.consent_token(&other.client(&world).await, request).await.unwrap(), None);

    let reader = consented(&world, &clinic, &token).await;
    let grant = reader.grant().unwrap();
    assert_eq!(reader.person(), Some(asha.person()));
    let elsewhere = world.vault.disclose::<Card>(&reader, &grant, sita.person()).await;
    assert_eq!(elsewhere.err(), Some(Refused::NotFound));
    // A card has more fields than she allowed.
    let before = world.count(Kind::Reveal).await;
    let wider = world.vault.disclose::<Card>(&reader, &grant, asha.person()).await;
    assert_eq!(wider.err(), Some(OVER));
    assert_eq!(world.count(Kind::Reveal).await, before);
    // Naming somebody else by her reference tells nothing, and she learns of it.
    let no_ones = registry::Reference::from_random([3; 8]);
    for reference in [&sita.reference, &no_ones] {
        assert_eq!(world.vault.named_in_consent(&reader, reference).await, Err(Refused::NotFound));
    }
    assert_eq!(world.vault.named_in_consent(&reader, &asha.reference).await, Ok(asha.person()));
    let citizen = world.citizen(&world.signs_in("9876543211").await.token).await;
    let looks = world.vault.looks(&citizen, sita.person(), 50).await.unwrap();
    assert_eq!(looks.looks.iter().filter(|look| look.kind == Kind::Refused).count(), 1);
    // Her permissions are hers alone.
    assert_eq!(world.vault.permissions(&citizen, asha.person()).await.err(), Some(Refused::NotFound));
    assert_eq!(world.vault.revoke_consent(&citizen, request).await, Err(Refused::NotFound));
}

#[tokio::test]
async fn a_client_learns_of_no_phone_whether_we_know_it() {
    let world = World::new().await;
    world.family(ASHA, "Asha Devi").await;
    let clinic = Partner::new(&world, "clinic").await;
    let mut told = Vec::new();
    for phone in [ASHA, "9000000001"] {
        world.pass(HOUR);
        let log = world.leaves().await.len();
        let request = clinic.asks(&world, phone, NAME).await;
        let entries = world.leaves().await.len() - log;
        let client = clinic.client(&world).await;
        let wrong = world.vault.confirm_consent(&client, request, "00000000", &noticed()).await.err();
        let token = world.vault.consent_token(&client, request).await.unwrap();
        // Over the phone's budget: alike, too.
        let again = world.vault.ask_consent(&client, ask(phone, NAME, 5, HOUR)).await.err();
        let again = again.map(|why| matches!(why, Refused::Rule(Refusal::OverBudget { .. })));
        told.push((entries, wrong, token, again));
    }
    assert_eq!(told[0], told[1]);
    assert_eq!(told[0].1, Some(Refused::Wrong { left: 2 }));
    assert_eq!(told[0].3, Some(true));
    // With the code, an unknown phone has nobody behind it, and a token that shows nobody.
    world.pass(HOUR);
    let request = clinic.asks(&world, "9000000001", NAME).await;
    let code = arrived(&world, "9000000001").await;
    let client = clinic.client(&world).await;
    let Confirmed::Token { token, is_new: true } =
        world.vault.confirm_consent(&client, request, &code, &noticed()).await.unwrap()
    else {
        panic!("somebody is there")
    };
    let reader = consented(&world, &clinic, &token).await;
    assert_eq!((reader.person(), reader.phone_last_four()), (None, "0001"));
    assert_eq!(reads(&world, &reader).await, Err(Refused::NotFound));
}

#[tokio::test]
async fn on_our_page_she_chooses_who_and_says_yes_or_no() {
    let world = World::new().await;
    let (token, asha) = world.family(ASHA, "Asha Devi").await;
    let citizen = world.citizen(&token).await;
    let ravi = world.vault.register(&citizen, person("Ravi", 1950)).await.unwrap();
    let clinic = Partner::new(&world, "clinic").await;
    let asked = || world.vault.asked(Channel::Page);
    let request = clinic.asks(&world, ASHA, NAME).await;
    // Over the API nobody can choose for them.
    let client = clinic.client(&world).await;
    let code = arrived(&world, ASHA).await;
    let several = world.vault.confirm_consent(&client, request, &code, &noticed()).await.unwrap();
    assert!(matches!(several, Confirmed::Several));
    world.pass(MINUTE + 1);
    world.vault.ask_consent_again(asked(), request).await.unwrap();
    let code = arrived(&world, ASHA).await;
    let before = world.count(Kind::Reveal).await;
    let chooser = world.vault.try_consent_code(asked(), request, &code).await.unwrap();
    let mut endings = vec![asha.reference.last_four(), ravi.reference.last_four()];
    assert_eq!(world.count(Kind::Reveal).await, before, "a choice opens nobody");
    let place = chooser.endings.iter().position(|one| *one == ravi.reference.last_four()).unwrap();
    let mut shown = chooser.endings.clone();
    shown.sort();
    endings.sort();
    assert_eq!(shown, endings);
    let other = Partner::new(&world, "other").await.asks(&world, ASHA, NAME).await;
    for (id, proof, place) in [(request, "AAAA", 0), (other, chooser.proof.as_str(), 0), (request, &chooser.proof, 2)] {
        let refused = world.vault.give_consent(asked(), id, proof, place, &noticed()).await;
        assert_eq!(refused, Err(Refused::NotFound));
    }
    let until = world.vault.give_consent(asked(), request, &chooser.proof, place, &noticed()).await.unwrap();
    assert_eq!(until, world.vault.now_ms() + HOUR);
    let twice = world.vault.give_consent(asked(), request, &chooser.proof, place, &noticed()).await;
    assert_eq!(twice, Err(Refused::NotFound), "a request is answered once");
    let (token, signed) = world.vault.consent_token(&client, request).await.unwrap().unwrap();
    let reader = consented(&world, &clinic, &token).await;
    assert_eq!(reader.person(), Some(ravi.person()));
    reads(&world, &reader).await.unwrap();
    artefact_says(&world, &signed, request).await;

    // No is no, and the client is not told.
    let code = arrived(&world, ASHA).await;
    let chooser = world.vault.try_consent_code(asked(), other, &code).await.unwrap();
    world.vault.decline_consent(asked(), other, &chooser.proof).await.unwrap();
    let late = world.vault.give_consent(asked(), other, &chooser.proof, 0, &noticed()).await;
    assert_eq!(late, Err(Refused::NotFound));
}

/// The artefact is signed, and names the entry of the log that says the same.
pub(crate) async fn artefact_says(world: &World, signed: &str, request: TransactionId) {
    let (text, signature) = signed.rsplit_once('.').unwrap();
    let decode = |part: &str| BASE64URL_NOPAD.decode(part.as_bytes()).unwrap();
    let key: [u8; 32] = decode(&world.vault.consent_key().x).try_into().unwrap();
    let key = ed25519_dalek::VerifyingKey::from_bytes(&key).unwrap();
    let signature = ed25519_dalek::Signature::from_slice(&decode(signature)).unwrap();
    key.verify_strict(text.as_bytes(), &signature).unwrap();
    let body: serde_json::Value = serde_json::from_slice(&decode(text.split_once('.').unwrap().1)).unwrap();
    assert_eq!(body["consentId"], request.to_string());
    assert_eq!((&body["fields"][0], &body["max_reads"]), (&"name".into(), &5.into()));
    assert_eq!((&body["permission"]["accessMode"], &body["notice_language"]), (&"VIEW".into(), &"en".into()));
    let leaves = world.leaves().await;
    let leaf = &leaves[usize::try_from(body["log_index"].as_u64().unwrap()).unwrap()];
    assert_eq!(leaf.kind(), Some(Kind::Consent));
    assert_eq!(data_encoding::HEXLOWER.encode(&leaf.subject_tag), body["subject_tag"]);
}

#[tokio::test]
async fn her_entry_states_the_terms() {
    let world = World::new().await;
    let (_, asha) = world.family(ASHA, "Asha Devi").await;
    let clinic = Partner::new(&world, "clinic").await;
    let request = clinic.asks(&world, ASHA, NAME).await;
    confirms(&world, &clinic, request, ASHA).await;
    let citizen = world.citizen(&world.signs_in(ASHA).await.token).await;
    world.publishes().await;
    let file = world.vault.looks_file(&citizen, asha.person()).await.unwrap();
    let file: watch::check::Looks = serde_json::from_value(serde_json::to_value(&*file).unwrap()).unwrap();
    watch::check::check(&file, None).expect("a statement in her own entry does not disturb the check of her list");
    let mut entries = file.entries.iter().map(|row| ledger::Entry::from_cbor(&row.entry).unwrap());
    let given = entries.find(|entry| entry.kind == Kind::Consent).unwrap();
    let terms = Terms::from_cbor(&given.statement).unwrap();
    assert_eq!((terms.client.as_str(), terms.fields, terms.reads), ("clinic", NAME, 5));
    assert_eq!(terms.until_ms, given.at_ms + HOUR);
    assert_eq!(given.evidence, *request.bytes());
}

#[tokio::test]
async fn whoever_is_silent_for_long_or_asks_too_much_gets_nothing() {
    let world = World::new().await;
    world.family(ASHA, "Asha Devi").await;
    let narrow = Partner::with(&world, "narrow", NAME, ClientState::Live).await;
    let client = narrow.client(&world).await;
    let too_much =
        [ask(ASHA, ALL, 5, HOUR), ask(ASHA, NAME, 6, HOUR), ask(ASHA, NAME, 0, HOUR), ask(ASHA, NAME, 1, DAY_MS + 1)];
    for ask in too_much {
        assert!(matches!(world.vault.ask_consent(&client, ask).await, Err(Refused::Malformed(_))));
    }
    let phone = Fields::of(&[Field::Phone]);
    assert!(matches!(
        world.vault.register_client(narrow.row(phone, ClientState::Live, 1)).await,
        Err(Refused::Malformed(_))
    ));

    // One a day is one a day.
    world.vault.register_client(narrow.row(NAME, ClientState::Live, 1)).await.unwrap();
    narrow.asks(&world, ASHA, NAME).await;
    let client = narrow.client(&world).await;
    let second = world.vault.ask_consent(&client, ask("9000000001", NAME, 5, HOUR)).await;
    assert!(matches!(second, Err(Refused::Rule(Refusal::OverBudget { .. }))));

    // A phone that was silent for ninety days may have a new holder.
    world.pass(91 * DAY_MS);
    let request = narrow.asks(&world, ASHA, NAME).await;
    let code = arrived(&world, ASHA).await;
    let confirmed =
        world.vault.confirm_consent(&narrow.client(&world).await, request, &code, &noticed()).await.unwrap();
    assert!(matches!(confirmed, Confirmed::Token { is_new: true, .. }));
}

#[tokio::test]
async fn a_card_a_slip_and_a_certificate_are_one_look_each() {
    let world = World::new().await;
    let (token, asha) = world.family(ASHA, "Asha Devi").await;
    world.vaccinates(&token, &asha).await;
    let clinic = Partner::new(&world, "clinic").await;
    let request = clinic.asks(&world, ASHA, ALL).await;
    let reader = consented(&world, &clinic, &confirms(&world, &clinic, request, ASHA).await).await;
    let (grant, person) = (reader.grant().unwrap(), asha.person());
    let before = world.count(Kind::Reveal).await;
    let card = world.vault.disclose::<Card>(&reader, &grant, person).await.unwrap();
    assert_eq!((card.name.as_str(), card.doses.len()), ("Asha Devi", 1));
    world.vault.disclose::<Slip>(&reader, &grant, person).await.unwrap();
    let certified = world.vault.certify(&reader, &grant, person).await.unwrap();
    assert_eq!(certified.certificate.name, "Asha Devi");
    assert_eq!(world.count(Kind::Reveal).await, before + 3);
    for _ in 0..2 {
        reads(&world, &reader).await.unwrap();
    }
    assert_eq!(world.vault.certify(&reader, &grant, person).await.err(), Some(OVER));
    // An appointment is hers or nobody's.
    let appointment = card.appointments[0].id;
    assert_eq!(world.vault.appointment_in_consent(&reader, appointment).await.unwrap().len(), 1);
    let none = registry::AppointmentId::from_random([9; 16]);
    assert_eq!(world.vault.appointment_in_consent(&reader, none).await.err(), Some(Refused::NotFound));
}

#[tokio::test]
async fn what_is_registered_of_a_client_is_public_but_whom_to_call() {
    let world = World::new().await;
    Partner::new(&world, "clinic").await;
    world.vault.stop_client("clinic".parse().unwrap()).await.unwrap();
    world.publishes().await;
    let mut said = Vec::new();
    for (position, leaf) in world.leaves().await.iter().enumerate() {
        if leaf.kind() == Some(Kind::Config) {
            let file = world.vault.log_file(&format!("opening/{position}"), None).await.unwrap();
            let opening: serde_json::Value = serde_json::from_slice(&file.bytes).unwrap();
            let entry = data_encoding::BASE64.decode(opening["entry"].as_str().unwrap().as_bytes()).unwrap();
            let statement = ledger::Entry::from_cbor(&entry).unwrap().statement;
            said.push(String::from_utf8_lossy(&statement).into_owned());
        }
    }
    let of_clients: Vec<_> = said.iter().filter(|text| text.contains("The clinic Trust")).collect();
    assert_eq!(of_clients.len(), 2);
    assert!(of_clients[0].contains("live") && of_clients[1].contains("stopped"));
    assert!(of_clients.iter().all(|text| text.contains("birth-year") && !text.contains("desk@partner")));
}

#[tokio::test]
async fn no_partner_can_keep_her_from_signing_in() {
    let world = World::new().await;
    world.family(ASHA, "Asha Devi").await;
    let clinic = Partner::new(&world, "clinic").await;
    // Every code that a phone gets in an hour, each tried wrongly: the partner waits, she does not.
    for code in 0..5 {
        let request = clinic.asks(&world, ASHA, NAME).await;
        let client = clinic.client(&world).await;
        for _ in 0..if code < 3 { 3 } else { 0 } {
            let wrong = world.vault.confirm_consent(&client, request, "00000000", &noticed()).await;
            assert!(matches!(wrong.err(), Some(Refused::Wrong { .. })));
        }
    }
    world.pass(MINUTE + 1);
    let more = world.vault.ask_consent(&clinic.client(&world).await, ask(ASHA, NAME, 5, HOUR)).await;
    assert!(matches!(more, Err(Refused::Rule(Refusal::OverBudget { .. }))));
    world.signs_in(ASHA).await;
    // A right code forgives the wrong ones before it: nine and nine are not eighteen.
    for _ in 0..2 {
        world.pass(DAY_MS);
        let request = clinic.asks(&world, ASHA, NAME).await;
        confirms(&world, &clinic, request, ASHA).await;
        for _ in 0..3 {
            let request = clinic.asks(&world, ASHA, NAME).await;
            let client = clinic.client(&world).await;
            for _ in 0..3 {
                world.vault.confirm_consent(&client, request, "00000000", &noticed()).await.err().unwrap();
            }
        }
    }
}

#[tokio::test]
async fn a_client_in_the_sandbox_reaches_nobody_and_one_that_is_stopped_ends() {
    let world = World::new().await;
    world.family(ASHA, "Asha Devi").await;
    let sandbox = Partner::with(&world, "sandbox", NAME, ClientState::Sandbox).await;
    let before = world.outbox.sent.lock().unwrap().len();
    let request = sandbox.asks(&world, ASHA, NAME).await;
    assert_eq!(world.outbox.sent.lock().unwrap().len(), before);
    let client = sandbox.client(&world).await;
    let typed = world.vault.confirm_consent(&client, request, "12345678", &noticed()).await;
    assert_eq!(typed.err(), Some(Refused::Rule(Refusal::CodeGone)));

    let clinic = Partner::new(&world, "clinic").await;
    let request = clinic.asks(&world, ASHA, NAME).await;
    let reader = consented(&world, &clinic, &confirms(&world, &clinic, request, ASHA).await).await;
    reads(&world, &reader).await.unwrap();
    world.vault.stop_client("clinic".parse().unwrap()).await.unwrap();
    assert_eq!(reads(&world, &reader).await, Err(OVER));
    let headers = clinic.headers(&world, "POST", "/", b"").map(|(_, value)| value);
    let [client, time, nonce, signature] = &headers;
    let signed = Signed { client, time, nonce, signature, method: "POST", path: "/", body: b"" };
    assert_eq!(world.vault.client(&signed).await.err(), Some(Refused::NotSignedIn));
}

#[tokio::test]
async fn a_signature_is_good_once_in_its_time_for_its_bytes() {
    let world = World::new().await;
    let clinic = Partner::new(&world, "clinic").await;
    let now = world.vault.now_ms() / 1000;
    let nonce = "0123456789abcdef";
    let good = clinic.headers_at(now, nonce, "POST", "/a?b", b"{}").map(|(_, value)| value);
    let by = |headers: [String; 4], method: &'static str, path: &'static str, body: &'static [u8]| {
        let vault = &world.vault;
        async move {
            let [client, time, nonce, signature] = &headers;
            vault.client(&Signed { client, time, nonce, signature, method, path, body }).await.map(|_| ())
        }
    };
    for (method, path, body) in [("GET", "/a?b", &b"{}"[..]), ("POST", "/a", b"{}"), ("POST", "/a?b", b"{} ")] {
        assert_eq!(by(good.clone(), method, path, body).await, Err(Refused::NotSignedIn), "{method} {path}");
    }
    let with = |at: usize, text: &str| {
        let mut headers = good.clone();
        headers[at] = text.into();
        headers
    };
    for headers in
        [with(0, "other"), with(1, "0"), with(1, "x"), with(2, "short"), with(2, "0123456789abcdeF"), with(3, "")]
    {
        assert_eq!(by(headers, "POST", "/a?b", b"{}").await, Err(Refused::NotSignedIn));
    }
    assert_eq!(by(good.clone(), "POST", "/a?b", b"{}").await, Ok(()));
    assert_eq!(by(good.clone(), "POST", "/a?b", b"{}").await, Err(Refused::NotSignedIn), "shown again");
    for (seconds, good) in [(now - 300, true), (now - 301, false), (now + 300, true), (now + 301, false)] {
        let nonce = format!("fresh-nonce-{seconds}");
        let headers = clinic.headers_at(seconds, &nonce, "POST", "/", b"").map(|(_, value)| value);
        assert_eq!(by(headers, "POST", "/", b"").await.is_ok(), good, "{}", seconds - now);
    }
}

#[tokio::test]
async fn whether_she_is_vaccinated_is_a_number_and_a_name_never_leaves() {
    let world = World::new().await;
    let (token, asha) = world.family(ASHA, "Asha Devi").await;
    world.vaccinates(&token, &asha).await;
    let citizen = world.citizen(&world.signs_in(ASHA).await.token).await;
    world.vault.register(&citizen, person("Ravi", 1950)).await.unwrap();
    let clinic = Partner::new(&world, "clinic").await;
    let cases = [
        (ASHA, "asha  DEVI", 1, 2),
        (ASHA, "Ravi", 0, 2),
        (ASHA, "Somebody Else", 0, 2),
        ("9000000001", "Asha Devi", 0, 0),
    ];
    for (phone, name, status, uses) in cases {
        world.pass(HOUR);
        let client = clinic.client(&world).await;
        let (reveals, used) = (world.count(Kind::Reveal).await, world.count(Kind::Use).await);
        let name = name.parse().unwrap();
        let request = world.vault.ask_status(&client, &phone.parse().unwrap(), &name, "en").await.unwrap();
        let code = arrived(&world, phone).await;
        assert_eq!(code.len(), 8);
        // A status is no consent, and the other way round.
        let crossed = world.vault.confirm_consent(&client, request, &code, &noticed()).await;
        assert_eq!(crossed.err(), Some(Refused::Rule(Refusal::CodeGone)));
        let token = world.vault.confirm_status(&client, request, &code).await.unwrap();
        let reader = consented(&world, &clinic, &token).await;
        assert_eq!((reader.status(), reader.person()), (Some(status), None), "{phone} {name:?}");
        assert_eq!(reads(&world, &reader).await, Err(Refused::NotFound));
        assert_eq!((world.count(Kind::Reveal).await, world.count(Kind::Use).await), (reveals, used + uses));
    }
    let looks = world.vault.looks(&citizen, asha.person(), 50).await.unwrap();
    let used = looks.looks.iter().filter(|look| look.kind == Kind::Use && look.actor == "client clinic");
    assert!(used.clone().count() == 3 && used.clone().all(|look| look.purpose == Purpose::Consent));
}
