//! On what a look of each kind must rest.

use super::*;

#[tokio::test]
async fn an_officers_look_rests_on_the_case_that_she_filed() {
    let (room, mut log, tag) = room().await;
    let (day, evidence) = (24 * 3_600_000, [5; 16]);
    let case = |at_ms, grant| Entry {
        at_ms,
        grant,
        evidence,
        purpose: Purpose::Case,
        openings: Vec::new(),
        ..entry(Kind::Case)
    };
    let old = log.enter(&case(NOW - 90 * day - 1, GrantKind::CitizenOtp), &tag, 1);
    let filed = log.enter(&case(NOW - 90 * day, GrantKind::CitizenOtp), &tag, 2);
    let at_the_centre = log.enter(&case(NOW - day, GrantKind::Presence), &tag, 3);
    let taken = log.enter(&case(NOW - day, GrantKind::Case), &tag, 4);
    let revoked = log.enter(&Entry { kind: Kind::Revoke, ..case(NOW, GrantKind::CitizenOtp) }, &tag, 5);
    let other = log.enter(&Entry { evidence: [6; 16], ..case(NOW, GrantKind::CitizenOtp) }, &tag, 6);
    let sign_in = Entry { purpose: Purpose::SignIn, openings: Vec::new(), ..entry(Kind::OtpVerify) };
    let signed_in = log.enter(&sign_in, &tag, 7);
    let strange = log.enter(&case(NOW, GrantKind::CitizenOtp), &TagKey([8; 32]), 2);
    let look = Entry { grant: GrantKind::Case, evidence, purpose: Purpose::Case, ..entry(Kind::Reveal) };
    let cases = [
        ("no ground", None, false),
        ("one filed too long ago", Some((old, case(NOW - 90 * day - 1, GrantKind::CitizenOtp))), false),
        ("an old one said to be fresh", Some((old, case(NOW, GrantKind::CitizenOtp))), false),
        ("an officer's own entry", Some((taken, case(NOW - day, GrantKind::Case))), false),
        (
            "that she took it back",
            Some((revoked, Entry { kind: Kind::Revoke, ..case(NOW, GrantKind::CitizenOtp) })),
            false,
        ),
        ("another case of hers", Some((other, Entry { evidence: [6; 16], ..case(NOW, GrantKind::CitizenOtp) })), false),
        ("her sign-in", Some((signed_in, sign_in)), false),
        ("another's case", Some((strange, case(NOW, GrantKind::CitizenOtp))), false),
        ("the case she filed", Some((filed, case(NOW - 90 * day, GrantKind::CitizenOtp))), true),
        ("one she filed at a centre", Some((at_the_centre, case(NOW - day, GrantKind::Presence))), true),
    ];
    let mut mine = vec![0, old, filed, at_the_centre, taken, revoked, other, signed_in];
    let mut looks = Vec::new();
    for (count, (name, ground, good)) in (8..).zip(cases) {
        mine.push(log.enter(&look, &tag, count));
        looks.push((name, count, mine.clone(), ground, good));
    }
    for (name, count, positions, ground, good) in looks {
        let ground = ground.map(|(at, entry)| log.ground(at, at, &entry));
        let receipt = Receipt { ground, ..log.receipt(&look, count, &positions, keys(NAME)) };
        let outcome = asked(&room, &log, receipt, NOW).await.map(|_| ());
        assert_eq!(outcome, if good { Ok(()) } else { Err(Refused::Groundless) }, "{name}");
    }
}

#[tokio::test]
async fn a_look_rests_on_her_own_sign_in_or_check_in() {
    let (room, mut log, tag) = room().await;
    let hour = 3_600_000;
    let sign_in = |at_ms| Entry { at_ms, purpose: Purpose::SignIn, openings: Vec::new(), ..entry(Kind::OtpVerify) };
    let check_in = |evidence| Entry {
        grant: GrantKind::Presence,
        purpose: Purpose::CheckIn,
        evidence: [evidence; 16],
        ..entry(Kind::Write)
    };
    let shown = |grant, evidence| Entry { grant, evidence: [evidence; 16], ..entry(Kind::Reveal) };
    let old = log.enter(&sign_in(NOW - hour - 1), &tag, 1);
    let fresh = log.enter(&sign_in(NOW - hour), &tag, 2);
    let there = log.enter(&check_in(3), &tag, 3);
    let looked = log.enter(&entry(Kind::Reveal), &tag, 4);
    let booked = log.enter(&Entry { purpose: Purpose::Booking, ..entry(Kind::Write) }, &tag, 5);
    let strange = log.enter(&sign_in(NOW), &TagKey([8; 32]), 2);
    let citizen = shown(GrantKind::CitizenOtp, 3);
    let nurse = shown(GrantKind::Presence, 3);
    let later = log.enter(&sign_in(NOW), &tag, 6);
    let mut mine = vec![0, old, fresh, there, looked, booked, later];
    let mut table = Vec::new();
    let booking = Entry { purpose: Purpose::Booking, ..entry(Kind::Write) };
    let cases = [
        ("by no right", &shown(GrantKind::None, 3), Some((fresh, sign_in(NOW - hour))), false),
        ("by the right to send a message", &shown(GrantKind::Notice, 3), Some((fresh, sign_in(NOW - hour))), false),
        ("no ground", &citizen, None, false),
        ("an old sign-in", &citizen, Some((old, sign_in(NOW - hour - 1))), false),
        ("an old one said to be fresh", &citizen, Some((old, sign_in(NOW))), false),
        ("another look", &citizen, Some((looked, entry(Kind::Reveal))), false),
        ("a booking", &citizen, Some((booked, booking)), false),
        ("another's sign-in", &citizen, Some((strange, sign_in(NOW))), false),
        ("a check-in", &citizen, Some((there, check_in(3))), false),
        ("her sign-in", &citizen, Some((fresh, sign_in(NOW - hour))), true),
        ("her registration", &citizen, Some((0, registration())), true),
        ("a vaccinator on a sign-in", &nurse, Some((fresh, sign_in(NOW - hour))), false),
        ("a vaccinator on another check-in", &shown(GrantKind::Presence, 4), Some((there, check_in(3))), false),
        ("a vaccinator on her check-in", &nurse, Some((there, check_in(3))), true),
    ];
    for (count, (case, look, ground, good)) in (7..).zip(cases) {
        mine.push(log.enter(look, &tag, count));
        table.push((case, look.clone(), count, mine.clone(), ground, good));
    }
    for (case, look, count, positions, ground, good) in table {
        // In this log nobody but she has entries, and one stranger: her counts are where her entries stand.
        let count_of = |at: u64| if at > strange { at - 1 } else { at };
        let ground = ground.map(|(at, entry)| log.ground(count_of(at), at, &entry));
        let receipt = Receipt { ground, ..log.receipt(&look, count, &positions, keys(NAME)) };
        let outcome = asked(&room, &log, receipt, NOW).await.map(|_| ());
        assert_eq!(outcome, if good { Ok(()) } else { Err(Refused::Groundless) }, "{case}");
    }
}

#[tokio::test]
async fn a_clients_look_rests_on_her_consent_and_keeps_its_terms() {
    let (room, mut log, tag) = room().await;
    let hour = 3_600_000;
    let terms =
        |until_ms| Terms { client: "clinic".into(), fields: Fields::of(&[Field::Name]), reads: 5, until_ms }.to_cbor();
    let given = |at_ms, until_ms| Entry {
        at_ms,
        purpose: Purpose::Consent,
        openings: Vec::new(),
        statement: terms(until_ms),
        ..entry(Kind::Consent)
    };
    let consent = given(NOW - hour, NOW);
    let over = given(NOW - hour, NOW - 1);
    let old = given(NOW - 24 * hour - 1, NOW);
    let shapeless = Entry { statement: Vec::new(), ..given(NOW - hour, NOW) };
    // What says the same, but is no consent of hers, or was not given by her.
    let written = Entry { kind: Kind::Write, ..consent.clone() };
    let by_client = Entry { grant: GrantKind::Consent, ..consent.clone() };
    let grounds = [&consent, &over, &old, &shapeless, &written, &by_client];
    let places: Vec<u64> = (1..).zip(grounds).map(|(count, ground)| log.enter(ground, &tag, count)).collect();
    let strange = log.enter(&consent, &TagKey([8; 32]), 1);
    let look = Entry { grant: GrantKind::Consent, actor: "client clinic".into(), ..entry(Kind::Reveal) };
    let wider = Entry { openings: vec![NAME, YEAR], ..look.clone() };
    let cases = [
        ("no consent", &look, None, false),
        ("her consent", &look, Some((places[0], &consent)), true),
        ("one that is over", &look, Some((places[1], &over)), false),
        ("one older than a day", &look, Some((places[2], &old)), false),
        ("one without terms", &look, Some((places[3], &shapeless)), false),
        ("a write", &look, Some((places[4], &written)), false),
        ("a client's word", &look, Some((places[5], &by_client)), false),
        ("another's consent", &look, Some((strange, &consent)), false),
        ("more fields", &wider, Some((places[0], &consent)), false),
        ("another client", &Entry { actor: "client other".into(), ..look.clone() }, Some((places[0], &consent)), false),
        ("a member of staff", &Entry { actor: "clinic".into(), ..look.clone() }, Some((places[0], &consent)), false),
        ("another consent", &Entry { evidence: [9; 16], ..look.clone() }, Some((places[0], &consent)), false),
        (
            "a sign-in's right",
            &Entry { grant: GrantKind::CitizenOtp, ..look.clone() },
            Some((places[0], &consent)),
            false,
        ),
    ];
    let mut mine: Vec<u64> = std::iter::once(0).chain(places.iter().copied()).collect();
    let mut table = Vec::new();
    for (count, (case, look, ground, good)) in (7..).zip(cases) {
        mine.push(log.enter(look, &tag, count));
        table.push((case, look.clone(), count, mine.clone(), ground, good));
    }
    for (case, look, count, positions, ground, good) in table {
        // Nobody but she has entries here, and one stranger last.
        let ground = ground.map(|(at, entry)| log.ground(at, at, entry));
        let receipt = Receipt { ground, ..log.receipt(&look, count, &positions, keys(NAME)) };
        let outcome = asked(&room, &log, receipt, NOW).await.map(|_| ());
        assert_eq!(outcome, if good { Ok(()) } else { Err(Refused::Groundless) }, "{case}");
    }
}

#[tokio::test]
async fn a_consent_is_good_for_as_many_looks_as_it_says_and_a_repeat_is_none_more() {
    let (room, mut log, tag) = room().await;
    let given = |reads| {
        let until_ms = NOW + 1;
        let terms = Terms { client: "clinic".into(), fields: Fields::of(&[Field::Name]), reads, until_ms };
        Entry { purpose: Purpose::Consent, openings: Vec::new(), statement: terms.to_cbor(), ..entry(Kind::Consent) }
    };
    let (two, one) = (log.enter(&given(2), &tag, 1), log.enter(&given(1), &tag, 2));
    let look = Entry { grant: GrantKind::Consent, actor: "client clinic".into(), ..entry(Kind::Reveal) };
    let mut mine = vec![0, two, one];
    mine.extend((3..=8).map(|count| log.enter(&look, &tag, count)));
    let receipt = |count: u64, consent: u64, reads| {
        let ground = Some(log.ground(consent, consent, &given(reads)));
        let positions = &mine[..=usize::try_from(count).unwrap()];
        Receipt { ground, ..log.receipt(&look, count, positions, keys(NAME)) }
    };
    let first = receipt(3, two, 2);
    assert!(asked(&room, &log, first.clone(), NOW).await.is_ok());
    assert_eq!(asked(&room, &log, first.clone(), NOW).await.err(), Some(Refused::Replayed));
    let second = asked(&room, &log, receipt(4, two, 2), NOW).await.map(|_| ());
    assert_eq!(second, Ok(()), "the repeat took none of them");
    assert_eq!(asked(&room, &log, receipt(5, two, 2), NOW).await.err(), Some(Refused::UsedUp));
    assert_eq!(asked(&room, &log, first, NOW).await.err(), Some(Refused::Replayed));
    // Of two that come under one checkpoint the first is shown, and what is refused fails nobody beside it.
    let request = log.shows(log.size());
    let batch = [receipt(6, two, 2), receipt(6, one, 1), receipt(7, one, 1), receipt(8, two, 2)];
    let (_, answers) = room.exchange(&request, &batch, NOW).await.unwrap();
    let answers: Vec<_> = answers.into_iter().map(Result::err).collect();
    let used_up = Some(Refused::UsedUp);
    assert_eq!(answers, [used_up, None, used_up, used_up]);
}
