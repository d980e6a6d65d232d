//! Several nodes over one database: one leads, and each hears what the others touch.

use crate::fixture::{Bench, CENTRE, Engine, Ground};
use std::time::Duration;
use store::command::{Command, Effect};
use store::rows::View;
use store::{Store, StoreError};

/// Waits until it is so: some seconds at most.
async fn comes_true(is_so: impl Fn() -> bool) -> bool {
    for _ in 0..500 {
        if is_so() {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    false
}

#[tokio::test]
async fn one_of_several_nodes_leads_and_another_takes_over_when_it_is_gone() {
    for engine in Engine::all() {
        let ground = Ground::new(engine);
        let several = if matches!(ground.engine(), Engine::Postgres(_)) { 3 } else { 1 };
        let mut nodes: Vec<Store> = (0..several).map(|_| ground.open()).collect();
        while !nodes.is_empty() {
            let leading = || nodes.iter().filter(|node| node.leads()).count();
            assert!(comes_true(|| leading() == 1).await, "nobody leads");
            tokio::time::sleep(Duration::from_millis(600)).await;
            assert_eq!(leading(), 1, "one leads, and no second");
            let leader = nodes.iter().position(Store::leads).unwrap();
            drop(nodes.remove(leader));
        }
    }
}

#[tokio::test]
async fn what_one_node_books_another_hears_of() {
    for engine in Engine::all().into_iter().filter(|engine| matches!(engine, Engine::Postgres(_))) {
        let mut bench = Bench::new(engine, 1).await;
        let other = bench.ground.open();
        let session = bench.session([9, 0, 0], 0).await;
        let mut hold = bench.sign_in([1; 32]).await;
        let person = bench.member(&mut hold).await;
        let (here, elsewhere) = (View::Centre(CENTRE), View::Centre(registry::CentreId(CENTRE.0 + 1)));
        let stands = |view| other.version(view) == other.version(view);
        assert!(comes_true(|| stands(here)).await, "it listens");
        let before = (other.version(here), other.version(elsewhere));
        bench.books(&hold, person, session).await;
        assert!(comes_true(|| other.version(here) > before.0).await, "it was told");
        assert_eq!(other.version(elsewhere), before.1);
    }
}

async fn opens(ground: &Ground) -> Result<Store, StoreError> {
    match ground.url() {
        Some(url) => Store::connect(&url).await,
        None => Store::open(ground.folder()),
    }
}

#[tokio::test]
async fn a_database_that_a_newer_version_only_added_to_is_served_on_by_this_one() {
    for engine in Engine::all() {
        let ground = Ground::new(engine);
        drop(opens(&ground).await.unwrap());
        ground.tampers(match ground.engine() {
            Engine::Sqlite | Engine::Shards(_) => "CREATE TABLE newer (one INTEGER); PRAGMA user_version = 99",
            Engine::Postgres(_) => "CREATE TABLE newer (one bigint); UPDATE schema_steps SET taken = 99",
        });
        let older = opens(&ground).await.unwrap();
        let append = Command { by: None, once: None, entries: Vec::new(), effect: Effect::Recount };
        assert!(older.apply(append).await.is_ok());
        ground.tampers("UPDATE schema_floor SET steps = 99");
        let refused = opens(&ground).await.err().map(|error| error.to_string());
        assert!(refused.is_some_and(|said| said.contains("a later version of Teeka")));
    }
}
