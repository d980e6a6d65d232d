//! The key file: kept once, spent once, destroyed for good.

use crate::fixture::{Folder, NOW};
use registry::PersonId;
use store::KeyFile;
use store::keys::{Consented, Exchange, Rewrapped, WrappedKeys};

fn keys(byte: u8) -> WrappedKeys {
    let person = PersonId::from_random([byte; 16]);
    WrappedKeys { person, data: vec![byte; 60], tag: vec![byte; 61], made_ms: NOW }
}

fn spending(positions: &[u64]) -> Exchange {
    Exchange { spent: positions.iter().map(|at| (*at, 3)).collect(), at_ms: NOW, ..Exchange::default() }
}

#[tokio::test]
async fn keys_are_kept_once_and_what_is_erased_never_returns() {
    let folder = Folder::new();
    let file = KeyFile::open(&folder.0).unwrap();
    let (one, two) = (keys(1), keys(2));
    file.enrol(one.clone()).await.unwrap();
    file.enrol(two.clone()).await.unwrap();
    let other = WrappedKeys { data: vec![9; 60], ..one.clone() };
    assert!(file.enrol(other).await.is_err());
    assert_eq!(file.find(one.person).unwrap(), Some((one.clone(), 0)));
    assert_eq!(file.made_between(0, NOW).unwrap(), []);
    assert_eq!(file.made_between(NOW, NOW + 1).unwrap().len(), 2);

    file.erase(one.person).await.unwrap();
    assert_eq!(file.find(one.person).unwrap(), None);
    assert!(file.enrol(one.clone()).await.is_err());

    // Neither after opening again, nor in a copy.
    let copy = Folder::new();
    file.backup(&copy.0.join("keys.db")).unwrap();
    for folder in [&folder, &copy] {
        let again = KeyFile::open(&folder.0).unwrap();
        assert_eq!(again.find(two.person).unwrap(), Some((two.clone(), 0)));
        assert!(again.find(one.person).unwrap().is_none() && again.enrol(one.clone()).await.is_err());
    }
    for (folder, name) in
        [&folder, &copy].into_iter().flat_map(|folder| ["keys.db", "keys.db-wal"].map(|name| (folder, name)))
    {
        let bytes = std::fs::read(folder.0.join(name)).unwrap_or_default();
        assert!(!bytes.windows(60).any(|window| window == one.data), "destroyed keys lie in {name}");
    }
}

#[tokio::test]
async fn a_receipt_is_spent_once_and_every_key_is_counted() {
    let folder = Folder::new();
    let file = KeyFile::open(&folder.0).unwrap();
    assert_eq!(file.note(spending(&[1, 2, 1])).await.unwrap(), [true, true, false]);
    assert_eq!(file.released().unwrap(), 6);
    drop(file);
    let again = KeyFile::open(&folder.0).unwrap();
    assert_eq!(again.note(spending(&[2, 3])).await.unwrap(), [false, true]);
    assert_eq!(again.released().unwrap(), 9);
    // What a receipt's age refuses anyway need not be remembered; the count of keys stays.
    again.forget_spent(NOW + 1).await.unwrap();
    let index = Exchange { spent: vec![(2, 0)], at_ms: NOW, ..Exchange::default() };
    assert_eq!(again.note(index).await.unwrap(), [true]);
    assert_eq!(again.released().unwrap(), 9);
}

#[tokio::test]
async fn what_was_seen_and_followed_only_grows() {
    let folder = Folder::new();
    let file = KeyFile::open(&folder.0).unwrap();
    let (one, person) = (keys(1), keys(1).person);
    file.enrol(one.clone()).await.unwrap();
    assert_eq!((file.seen().unwrap(), file.find(person).unwrap()), (None, Some((one.clone(), 0))));
    for (size, count) in [(5_u8, 3), (9, 7), (6, 4)] {
        let exchange =
            Exchange { seen: Some((size.into(), [size; 32])), followed: vec![(person, count)], ..Exchange::default() };
        file.note(exchange).await.unwrap();
    }
    drop(file);
    let again = KeyFile::open(&folder.0).unwrap();
    assert_eq!((again.seen().unwrap(), again.find(person).unwrap()), (Some((9, [9; 32])), Some((one, 7))));
}

#[tokio::test]
async fn keys_are_wrapped_anew_only_where_they_lie_as_they_were_read() {
    let folder = Folder::new();
    let file = KeyFile::open(&folder.0).unwrap();
    for byte in 1..=3 {
        file.enrol(keys(byte)).await.unwrap();
    }
    let page = file.page(None, 2).unwrap();
    let after = page.last().map(|one| one.person);
    assert_eq!((page.len(), file.page(after, 2).unwrap().len()), (2, 1));
    let anew = |old: WrappedKeys| Rewrapped { old, data: vec![7; 60], tag: vec![8; 61] };
    file.erase(keys(1).person).await.unwrap();
    let stale = WrappedKeys { data: vec![0; 60], ..keys(3) };
    file.rewrap([keys(1), keys(2), stale].map(anew).to_vec()).await.unwrap();
    let data = |byte| file.find(keys(byte).person).unwrap().map(|(keys, _)| (keys.data[0], keys.tag[0]));
    assert_eq!([1, 2, 3].map(data), [None, Some((7, 8)), Some((3, 3))]);
    // A copy is made under a plain name, once.
    file.copy("monday").unwrap();
    assert!(folder.0.join("copies/monday/keys.db").exists());
    assert!(["monday", "", "../out", "a b"].iter().all(|name| file.copy(name).is_err()));
}

#[tokio::test]
async fn looks_under_a_consent_are_counted_by_their_places_and_forgotten_with_her() {
    let folder = Folder::new();
    let file = KeyFile::open(&folder.0).unwrap();
    let (asha, ravi) = (keys(1).person, keys(2).person);
    let look = |person, consent, position| Consented { person, consent, position };
    let consented = vec![look(asha, 3, 10), look(asha, 3, 11), look(asha, 3, 10), look(asha, 4, 12), look(ravi, 3, 13)];
    file.note(Exchange { consented, at_ms: NOW, ..Exchange::default() }).await.unwrap();
    drop(file);
    let file = KeyFile::open(&folder.0).unwrap();
    let beside = |person, consent, position| file.looks_beside(look(person, consent, position)).unwrap();
    assert_eq!([beside(asha, 3, 14), beside(asha, 3, 10), beside(asha, 4, 14), beside(asha, 5, 14)], [2, 1, 1, 0]);
    file.erase(asha).await.unwrap();
    assert_eq!((beside(asha, 3, 14), beside(ravi, 3, 14)), (0, 1));
    file.forget_spent(NOW).await.unwrap();
    assert_eq!(beside(ravi, 3, 14), 1);
    file.forget_spent(NOW + 1).await.unwrap();
    assert_eq!(beside(ravi, 3, 14), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_destroyed_while_somebody_else_carries_the_log() {
    let folder = Folder::new();
    let file = KeyFile::open(&folder.0).unwrap();
    let carries = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true));
    let carrying = std::thread::spawn({
        let (path, carries) = (folder.0.join("keys.db"), std::sync::Arc::clone(&carries));
        move || {
            let connection = rusqlite::Connection::open(path).unwrap();
            while carries.load(std::sync::atomic::Ordering::Relaxed) {
                connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())).unwrap();
            }
        }
    });
    for byte in 1..=100 {
        file.enrol(keys(byte)).await.unwrap();
        file.erase(keys(byte).person).await.unwrap();
    }
    carries.store(false, std::sync::atomic::Ordering::Relaxed);
    carrying.join().unwrap();
}
