//! A line to a server that nobody reads on the way: who is let in, who is not believed, and what is said then.

use crate::engine::Ground;
use crate::fixture::Engine;
use std::path::PathBuf;
use std::time::Duration;
use store::command::{Command, Effect};
use store::{Store, StoreError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Where the certificates of the server lie, and of whoever comes in: `cargo xtask test` starts one that has some.
#[expect(clippy::disallowed_methods, reason = "a test is told by its environment where a server is")]
fn certificates() -> Option<PathBuf> {
    std::env::var("TEEKA_POSTGRES_TLS").ok().map(PathBuf::from)
}

/// Opens a ground as somebody, at a name of the server's, by the words of an address; answers why not.
async fn opens(ground: &Ground, who: &str, at: &str, words: &str) -> Result<Store, String> {
    let url = ground.url().unwrap().replace("teeka@127.0.0.1", &format!("{who}@{at}"));
    assert!(url.contains(who) && url.contains(at), "the server is not where its certificate says");
    Store::connect(&format!("{url}&{words}")).await.map_err(|why: StoreError| why.to_string())
}

#[tokio::test]
async fn only_the_server_that_is_proven_gets_to_see_anything() {
    let (Some(engine), Some(folder)) = (Engine::all().into_iter().nth(1), certificates()) else {
        println!("not run: cargo xtask test starts a server with certificates");
        return;
    };
    let ground = Ground::new(engine);
    let file = |name: &str| folder.join(name).display().to_string();
    let proven = |root: &str| format!("sslmode=verify-full&sslrootcert={}", file(root));
    let (by_password, here) = ("sealed:a%20password", "127.0.0.1");

    let store = opens(&ground, by_password, here, &proven("ca.pem")).await.unwrap();
    let append = Command { by: None, once: None, entries: Vec::new(), effect: Effect::Recount };
    store.apply(append).await.unwrap();
    assert_eq!(store.read(store::Reader::log_size).await.unwrap(), 0);
    // The line on which it hears of other nodes is sealed, too, or the server would not have it.
    for _ in 0..500 {
        tokio::time::sleep(Duration::from_millis(10)).await;
        if store.leads() {
            break;
        }
    }
    assert!(store.leads());
    drop(store);

    // Who proves a password proves it to the holder of that certificate, and to nobody in between.
    opens(&ground, by_password, here, "sslmode=require&channel_binding=require").await.unwrap();
    let by_name = format!("hostaddr=127.0.0.1&{}", proven("ca.pem"));
    opens(&ground, by_password, "db.example", &by_name).await.unwrap();
    let own = format!("{}&sslcert={}&sslkey={}", proven("ca.pem"), file("shown.pem"), file("shown.key"));
    opens(&ground, "shown", here, &own).await.unwrap();

    for (who, at, words, why) in [
        (by_password, here, proven("other.pem"), "is of nobody whom sslrootcert names"),
        (by_password, "localhost", proven("ca.pem"), "is of another name than the address"),
        (by_password, here, "sslmode=disable".into(), "SQLSTATE 28000"),
        ("sealed:another", here, proven("ca.pem"), "SQLSTATE 28P01"),
        ("sealed", here, proven("ca.pem"), "wants a password"),
        ("shown", here, proven("ca.pem"), "SQLSTATE 28000"),
    ] {
        let said = opens(&ground, who, at, &words).await.err().unwrap_or_default();
        assert!(said.contains(why), "{who} at {at} by {words}: {said}");
    }
}

#[tokio::test]
async fn a_server_without_tls_is_not_spoken_to_in_the_clear() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let heard = tokio::spawn(async move {
        let (mut caller, _) = listener.accept().await.unwrap();
        let mut request = [0; 8];
        caller.read_exact(&mut request).await.unwrap();
        caller.write_all(b"N").await.unwrap();
        let mut rest = Vec::new();
        caller.read_to_end(&mut rest).await.unwrap();
        rest
    });
    let refused = Store::connect(&format!("postgres://teeka:secret@{address}/teeka?sslmode=require")).await;
    assert!(refused.err().is_some_and(|why| why.to_string().contains("speaks no TLS there")));
    assert!(heard.await.unwrap().is_empty(), "nothing was said after it refused");
}
