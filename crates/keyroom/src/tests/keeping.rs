//! How keys are kept: under a root that changes, behind a socket, for a year after she left, for the desk of a day.

use super::*;
use ledger::audit::Rotation;

#[tokio::test]
async fn who_leaves_is_held_for_the_law_alone() {
    let (room, mut log, tag) = room().await;
    let sealing = room.sealing_keys(HER, &[NAME, YEAR]).await.unwrap();
    let versions = [(NAME, sealing[0].salt)];
    // A hold that cannot be written destroys nothing.
    room.shelf.is_full.store(true, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(room.leave(HER, &versions, NOW).await, Err(Refused::Shelf));
    assert!(room.sealing_keys(HER, &[NAME]).await.is_ok());
    room.shelf.is_full.store(false, std::sync::atomic::Ordering::SeqCst);
    room.leave(HER, &versions, NOW).await.unwrap();
    room.leave(HER, &[], NOW + 1).await.unwrap();

    // Nothing goes out any more, neither to open nor to seal.
    let shown = entry(Kind::Reveal);
    let at = log.enter(&shown, &tag, 1);
    let late = log.receipt(&shown, 1, &[0, at], keys(NAME));
    assert_eq!(asked(&room, &log, late, NOW).await.err(), Some(Refused::NoKeys));
    assert_eq!(room.sealing_keys(HER, &[NAME]).await.err(), Some(Refused::NoKeys));

    // With the root and the file in hand: exactly the versions that are held, and her tag key.
    let held = room.shelf.held.lock().unwrap()[&HER].clone();
    assert_eq!(held.until_ms, NOW);
    let opened = hold::open(&room.roots().now, &held).unwrap();
    assert_eq!(opened.tag.0, tag.0);
    let fields: Vec<_> = opened.fields.iter().map(|(opening, key)| (*opening, *key.bytes())).collect();
    assert_eq!(fields, [(NAME, *sealing[0].key.bytes())]);
    assert!(hold::open(&Root::new(&[99; 32]), &held).is_none());
    let later = Root::next(&[10; 32], &Root::new(&[9; 32]).legacy());
    assert!(hold::open(&later, &held).is_some(), "also when the root has changed");
    // The shelf's own root opens nothing of it, and one version's key is not another's.
    assert!(room.roots().now.unwrap(&held.tag, &HER, "tag").is_none());
    let moved = hold::Held { fields: vec![(YEAR, held.fields[0].1.clone())], ..held };
    assert!(hold::open(&room.roots().now, &moved).is_none());
    room.end_hold(HER).await.unwrap();
    assert!(room.shelf.held.lock().unwrap().is_empty());
}

#[tokio::test]
async fn the_root_is_changed_while_the_room_works() {
    let (room, mut log, tag) = room().await;
    let sealing = room.sealing_keys(HER, &[NAME]).await.unwrap().remove(0);
    let (first, value) = (Root::new(&[9; 32]), room.roots().now.index(Index::Phone, b"98"));
    let next = Root::next(&[10; 32], &first.legacy());
    assert_ne!(first.name(), next.name());
    room.turn_over(next, first);
    let mut receipts = Vec::new();
    for count in 1..4 {
        let at = log.enter(&entry(Kind::Reveal), &tag, count);
        receipts.push((count, at));
    }
    let opens = async |room: &KeyRoom<Drawer>, (count, at): (u64, u64)| {
        let from = if count == 1 { 0 } else { at };
        let receipt = log.receipt(
            &entry(Kind::Reveal),
            count,
            &(from..=at).collect::<Vec<_>>(),
            Wanted::Keys(vec![(NAME, sealing.salt)]),
        );
        match asked(room, &log, receipt, NOW).await {
            Ok(Released::Keys(keys)) => keys[0].bytes() == sealing.key.bytes(),
            _ => false,
        }
    };
    assert!(opens(&room, receipts[0]).await, "under the old root");
    room.enrol([2; 16], NOW).await.unwrap();
    let last = room.rewrap(None).await.unwrap();
    assert!(room.rotated(NOW).is_none(), "not yet everywhere");
    assert_eq!((last, room.rewrap(last).await.unwrap()), (Some([2; 16]), None));
    let told = Rotation::of(&room.rotated(NOW).unwrap(), room.cosigner()).unwrap();
    room.rotation_told();
    assert_eq!((told.root, false), room.root());
    assert!(room.rotated(NOW).is_none(), "told once");
    let drawer = Drawer { keys: std::sync::Mutex::new(room.shelf.keys.lock().unwrap().clone()), ..Drawer::default() };
    assert!(opens(&room, receipts[1]).await, "under the new root");
    // After a restart the old root is not needed, and cannot open anything.
    let (random, verifier) = (Arc::clone(&room.random), room.log.clone());
    let alone = |root, drawer| KeyRoom::new(root, drawer, Arc::clone(&random), verifier.clone());
    let stale = alone(
        Root::new(&[9; 32]),
        Drawer { keys: std::sync::Mutex::new(drawer.keys.lock().unwrap().clone()), ..Drawer::default() },
    );
    assert_eq!(stale.sealing_keys(HER, &[NAME]).await.err(), Some(Refused::NoKeys));
    let fresh = alone(Root::next(&[10; 32], &Root::new(&[9; 32]).legacy()), drawer);
    assert_eq!(fresh.cosigner(), room.cosigner());
    assert_eq!(fresh.roots().now.index(Index::Phone, b"98"), value);
    assert!(fresh.sealing_keys(HER, &[NAME]).await.is_ok());
    assert!(fresh.sealing_keys([2; 16], &[NAME]).await.is_ok());
}

#[tokio::test]
async fn whoever_is_enrolled_while_the_root_changes_lies_under_the_new_one() {
    let (room, _, _) = room().await;
    let (room, slow) = (Arc::new(room), Arc::new(tokio::sync::Notify::new()));
    *room.shelf.slow.lock().unwrap() = Some(Arc::clone(&slow));
    let enrolling = tokio::spawn({
        let room = Arc::clone(&room);
        async move { room.enrol([3; 16], NOW).await }
    });
    while room.shelf.slow.lock().unwrap().is_some() {
        tokio::task::yield_now().await;
    }
    let first = Root::new(&[9; 32]);
    room.turn_over(Root::next(&[10; 32], &first.legacy()), first);
    let last = room.rewrap(None).await.unwrap();
    assert_eq!((last, room.rewrap(last).await.unwrap()), (Some(HER), None));
    room.rotation_told();
    slow.notify_one();
    let tag = enrolling.await.unwrap().unwrap();
    assert_eq!(room.tag_key([3; 16]).await.0, tag.0, "the old root is forgotten, and her keys are not");
}

#[tokio::test]
async fn a_room_behind_a_socket_answers_as_one_at_hand_and_after_a_break_too() {
    let (room, mut log, tag) = room().await;
    let (room, cosigner) = (Arc::new(room), log.key.verifier().clone());
    let served: Arc<dyn Room> = Arc::clone(&room) as _;
    let lines = Arc::new(std::sync::Mutex::new(Vec::new()));
    let opened = Arc::clone(&lines);
    let connect: Connect = Box::new(move || {
        let (here, there) = tokio::io::duplex(1 << 16);
        let line = tokio::spawn(serve(Arc::clone(&served), Box::new(there), Arc::new(|| NOW)));
        opened.lock().unwrap().push(line.abort_handle());
        Box::pin(async move { Ok(Box::new(here) as Box<dyn Stream>) })
    });
    let keys = Arc::new(Keys::new(cosigner, Arc::new(Remote::new(connect))));
    let sealing = keys.sealing_keys(HER, &[NAME]).await.unwrap().remove(0);
    let at = log.enter(&entry(Kind::Reveal), &tag, 1);
    let receipt = log.receipt(&entry(Kind::Reveal), 1, &[0, at], Wanted::Keys(vec![(NAME, sealing.salt)]));
    let (cosignature, mut answers) = keys.exchange(log.shows(0), vec![receipt.clone()], 0).await.unwrap();
    let Ok(Released::Keys(released)) = answers.remove(0) else { panic!("refused") };
    assert_eq!(released[0].bytes(), sealing.key.bytes());
    let mut note = log.shows(0).checkpoint;
    note.signatures.push(cosignature);
    assert!(note.vouched_by(room.cosigner()).is_some());
    let again = keys.exchange(log.shows(log.size()), vec![receipt], 0).await.unwrap().1.remove(0);
    assert_eq!(again.err(), Some(Refused::Replayed), "refusals come by name");
    let behind = keys.exchange(log.shows(0), Vec::new(), 0).await.err();
    assert_eq!(behind, Some(Refused::Unbelieved(witness::Refused::Conflict { size: log.size() })));
    assert_eq!(keys.released_between(0, 9).await.unwrap(), [(at, 1)]);
    assert!(Counters::of(&keys.counters(0).await.unwrap(), room.cosigner()).is_ok());
    // Many at once on one connection, each with its own answer.
    let each: Vec<_> = (50..250).map(|n| tokio::spawn(enrol(Arc::clone(&keys), n))).collect();
    for (n, one) in (50..250).zip(each) {
        assert_eq!(one.await.unwrap().unwrap().0, room.tag_key([n; 16]).await.0);
    }
    // The connection breaks: who waits is told, and the next question goes over a new one.
    lines.lock().unwrap().drain(..).for_each(|line| line.abort());
    while keys.counters(0).await == Err(Refused::Away) {}
    assert_eq!(lines.lock().unwrap().len(), 1);
}

async fn enrol(keys: Arc<Keys>, n: u8) -> Result<TagKey, Refused> {
    keys.enrol([n; 16], 0).await
}

impl KeyRoom<Drawer> {
    async fn tag_key(&self, person: Person) -> TagKey {
        let kept = self.shelf.find(person).await.unwrap();
        TagKey(*self.roots().unwrap(&kept.keys.tag, person, "tag").unwrap())
    }
}

#[tokio::test]
async fn a_desk_key_goes_out_for_the_day_that_its_entry_names() {
    let (room, mut log, _) = room().await;
    let day = 20_781_u32;
    let named = |day: u32, kind, purpose| {
        let evidence = u128::from(day).to_be_bytes();
        Entry { evidence, purpose, openings: Vec::new(), ..entry(kind) }
    };
    let private = |day: u32| (Index::Desk, day.to_be_bytes().to_vec());
    let cases = [
        ("another day", named(day + 1, Kind::Use, Purpose::Watching), vec![private(day)], Err(Refused::WiderThanEntry)),
        (
            "two",
            named(day, Kind::Use, Purpose::Watching),
            vec![private(day), private(day)],
            Err(Refused::WiderThanEntry),
        ),
        ("another purpose", named(day, Kind::Use, Purpose::SignIn), vec![private(day)], Err(Refused::WrongKind)),
        ("a look-up", named(day, Kind::Lookup, Purpose::Watching), vec![private(day)], Err(Refused::WrongKind)),
        (
            "a phone on the way",
            named(day, Kind::Use, Purpose::Watching),
            vec![(Index::Phone, b"98".to_vec())],
            Err(Refused::WrongKind),
        ),
        ("the night's test", named(day, Kind::Use, Purpose::Watching), vec![private(day)], Ok(())),
        ("a case", named(day, Kind::Case, Purpose::Watching), vec![private(day)], Ok(())),
    ];
    for (case, entry, values, outcome) in cases {
        let mut tag = [0xee; 32];
        tag[0] = u8::try_from(log.size()).unwrap();
        let at = log.push(entry.leaf(0, tag, [0; 32], &SALT).encode());
        let leaves = vec![log.proven(at)];
        let wanted = Wanted::Values(values);
        let receipt =
            Receipt { salt: SALT, entry: entry.to_cbor(), subject: None, leaves, ground: None, by_order: None, wanted };
        let released = asked(&room, &log, receipt, NOW).await;
        assert_eq!(released.as_ref().map(|_| ()).map_err(|refused| *refused), outcome, "{case}");
        if let Ok(Released::Values(values)) = released {
            assert_eq!(MontgomeryPoint::mul_base_clamped(values[0]).to_bytes(), room.desk(day), "its public half");
        }
    }
    assert_ne!(room.desk(day), room.desk(day + 1));
}
