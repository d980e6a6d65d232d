//! A move from the embedded engine to each: cut short at every range it goes on; it takes nobody else's database, and ends only
//! where both sides are the same.

use crate::engine::{Engine, Ground};
use crate::fixture::{Bench, MINUTE, NOW, batch};
use registry::PersonId;
use store::command::{Command, Effect};
use store::{Fuse, Reader, Store};

const PHONE: [u8; 32] = [1; 32];

/// A world with something in every kind of column, and more entries than are moved at once.
async fn bench() -> (Bench, PersonId) {
    let mut bench = Bench::new(Engine::Sqlite, 1).await;
    let session = bench.session([5, 5, 5], 5).await;
    bench.does(Effect::Batch(batch("CX-1", 10))).await.unwrap();
    let mut hold = bench.sign_in(PHONE).await;
    let person = bench.member(&mut hold).await;
    bench.books(&hold, person, session).await;
    let entries = (0..5_000).map(|_| bench.entry(None)).collect();
    bench.store.apply(Command { by: None, once: None, entries, effect: Effect::Append }).await.unwrap();
    (bench, person)
}

fn moves(bench: &Bench, to: &Ground, fuse: Fuse) -> Result<u64, String> {
    let moved = to.takes_over(&bench.ground, fuse, &mut |_, _| ()).map_err(|error| error.to_string())?;
    Ok(moved.iter().map(|table| table.rows).sum())
}

#[tokio::test]
async fn cut_at_every_range_a_move_goes_on_and_ends_with_the_same_rows() {
    for engine in Engine::all() {
        let (bench, person) = bench().await;
        let (size, to) = (bench.log_size().await, Ground::new(engine));
        let mut cuts = 0;
        let rows = loop {
            // Each time one range further: the last that was begun was not written.
            match moves(&bench, &to, Fuse::of(3)) {
                Ok(rows) => break rows,
                Err(cause) => assert!(cause.contains("the test ends here"), "{cause}"),
            }
            cuts += 1;
            assert!(cuts < 100, "it never ends");
        };
        assert!(cuts > 8 && rows > 10_000, "{cuts} cuts, {rows} rows");
        // The folder is not served any more by itself, and its database is nobody else's.
        let folder = bench.ground.folder();
        assert!(!folder.join("teeka.db").exists());
        assert!(Store::open(folder).err().unwrap().to_string().contains("moved to a server"));
        let store = to.open();
        assert_eq!(store.read(Reader::log_size).await.unwrap(), size);
        assert_eq!(store.read(move |store| store.person(person)).await.unwrap().unwrap().entries, 2);
        // Numbers that the engine draws go on: another booking is told beside the first.
        let mut served = Bench { store, ground: to, ..bench };
        let session = served.session([5, 5, 5], 5).await;
        let mut hold = served.sign_in([2; 32]).await;
        let other = served.member(&mut hold).await;
        served.books(&hold, other, session).await;
        let due = served.read(|store| store.notices_due(NOW + MINUTE, 10)).await;
        assert_eq!(due.len(), 2);
    }
}

#[tokio::test]
async fn a_move_takes_no_database_but_an_empty_one_and_its_own() {
    for engine in Engine::all() {
        let (mut bench, _) = bench().await;
        // One with data of its own.
        let other = Bench::new(engine.clone(), 2).await;
        assert!(moves(&bench, &other.ground, Fuse::default()).unwrap_err().contains("data of its own"));
        // One that another folder's move began.
        let to = Ground::new(engine.clone());
        moves(&bench, &to, Fuse::of(2)).unwrap_err();
        let stranger = Bench::new(Engine::Sqlite, 3).await;
        assert!(moves(&stranger, &to, Fuse::default()).unwrap_err().contains("another folder"));
        // Nobody serves it before the move has ended.
        let refused = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| to.open()));
        assert!(refused.is_err());
        // Its own, but the folder was served since.
        bench.person().await;
        assert!(moves(&bench, &to, Fuse::default()).unwrap_err().contains("served since"));
    }
}

#[tokio::test]
async fn a_row_that_is_not_the_same_ends_no_move() {
    for engine in Engine::all() {
        let (bench, _) = bench().await;
        let to = Ground::new(engine);
        moves(&bench, &to, Fuse::of(12)).unwrap_err();
        to.tampers("UPDATE batch SET doses = doses + 1");
        let cause = moves(&bench, &to, Fuse::default()).unwrap_err();
        assert!(cause.contains("the table batch is not the same"), "{cause}");
        assert!(bench.ground.folder().join("teeka.db").exists(), "the folder is as it was");
        to.tampers("UPDATE batch SET doses = doses - 1");
        moves(&bench, &to, Fuse::default()).unwrap();
    }
}
