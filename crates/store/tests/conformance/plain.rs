//! People who are nobody, in their many, as the bench puts them into every side.

use crate::engine::{Engine, Folder};
use store::plain::Grounds;
use store::{Reader, Store};

/// More than come at once.
const MANY: usize = 5_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_is_the_same_on_every_side_and_comes_to_nobody_who_lives_there() {
    let server = |engine| if let Engine::Postgres(url) = engine { Some(url) } else { None };
    let Some(url) = Engine::all().into_iter().find_map(server) else { return };
    let folder = Folder::new();
    let grounds = Grounds::make(&url, &format!("crowd_{}", std::process::id())).await.unwrap();
    let stores =
        [Store::open(&folder.0).unwrap(), grounds.store().await.unwrap(), grounds.store_for_plain().await.unwrap()];
    let mut chance: u8 = 0;
    let draw = move |bytes: &mut [u8]| {
        bytes.fill_with(|| {
            chance = chance.wrapping_mul(5).wrapping_add(1);
            chance
        });
    };
    grounds.settle(&folder.0, MANY, 0, draw, |_| ()).await.unwrap();
    for store in &stores {
        assert_eq!(store.read(Reader::log_size).await.unwrap(), MANY as u64);
        assert_eq!(store.read(Reader::tags_known).await.unwrap(), MANY as u64);
    }
    assert_eq!(grounds.plain(1).await.unwrap().entries().await.unwrap(), MANY as u64);
    let again = grounds.settle(&folder.0, MANY, 0, draw, |_| ()).await.unwrap_err();
    assert!(again.to_string().contains("somebody lives here"), "{again}");
    grounds.end().await.unwrap();
}
