//! Whoever may write to the socket may send anything: what is no question ends his own connection, and nothing else.

use super::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// A room that was asked something, and answers nothing of worth.
#[derive(Default)]
struct Asked(std::sync::atomic::AtomicUsize);

impl Room for Asked {
    fn ask(&self, _: Ask, _: i64) -> Asking<'_> {
        self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        Box::pin(async { Err(Refused::NoKeys) })
    }
}

/// What comes of sending these bytes and no more: whether it was taken for questions, how many, and how many bytes came back.
async fn sent(bytes: &[u8]) -> (bool, usize, usize) {
    let room = Arc::new(Asked::default());
    let (mut here, there) = tokio::io::duplex(1 << 20);
    let serving = tokio::spawn(serve(Arc::clone(&room) as _, Box::new(there), Arc::new(|| NOW)));
    // Who is hung up on while writing has sent enough.
    let _ = here.write_all(bytes).await;
    let _ = here.shutdown().await;
    let mut answered = Vec::new();
    let _ = here.read_to_end(&mut answered).await;
    let fine = serving.await.expect("no frame stops the room").is_ok();
    (fine, room.0.load(std::sync::atomic::Ordering::SeqCst), answered.len())
}

fn frame(length: u32, body: &[u8]) -> Vec<u8> {
    [&length.to_be_bytes(), 7_u64.to_be_bytes().as_slice(), body].concat()
}

fn whole(body: &[u8]) -> Vec<u8> {
    frame(u32::try_from(body.len()).unwrap(), body)
}

/// One question of every kind.
async fn every_question() -> Vec<Ask> {
    let (_, mut log, tag) = room().await;
    let shown = entry(Kind::Reveal);
    let at = log.enter(&shown, &tag, 1);
    let receipt = log.receipt(&shown, 1, &[0, at], keys(NAME));
    vec![
        Ask::Enrol(HER),
        Ask::SealingKeys(HER, vec![NAME, YEAR]),
        Ask::Exchange(log.shows(0), vec![receipt.clone(), receipt]),
        Ask::Counters,
        Ask::ReleasedBetween(0, u64::MAX),
        Ask::Sweep(i64::MIN, i64::MAX),
        Ask::Erase(HER),
        Ask::Copy("../../etc".into()),
        Ask::Rotated,
        Ask::RotationTold,
        Ask::Desk(u32::MAX),
        Ask::Leave(HER, vec![(NAME, [0; 16])], i64::MAX),
        Ask::EndHold(HER),
        Ask::Gone,
    ]
}

#[tokio::test]
async fn a_frame_of_any_length_and_any_bytes_harms_the_connection_it_came_by_alone() {
    for ask in every_question().await {
        let body = postcard::to_stdvec(&ask).unwrap();
        let good = whole(&body);
        let (fine, asked, answered) = sent(&good).await;
        assert!(fine && asked == 1 && answered > 12);
        // Cut anywhere, by the sender or within its own length.
        for end in (0..body.len()).step_by(1 + body.len() / 60) {
            assert_eq!(sent(&whole(&body[..end])).await, (false, 0, 0), "{end} of {}", body.len());
        }
        for end in [1, 3, 4, 11, good.len() - 1] {
            assert_eq!(sent(&good[..end]).await.1, 0, "{end} of {}", good.len());
        }
    }
    // More than any frame has is hung up on before a byte of it is read; a count of more than there is, before room is made.
    assert_eq!(sent(&frame(16 * 1024 * 1024 + 1, &[])).await, (false, 0, 0));
    assert_eq!(sent(&frame(u32::MAX, &[])).await, (false, 0, 0));
    let many = [[0xff; 9].as_slice(), &[1]].concat();
    for (variant, before) in [(1, HER.as_slice()), (2, [0].as_slice()), (7, &[]), (11, HER.as_slice())] {
        let body = [&[variant], before, &many].concat();
        assert_eq!(sent(&whole(&body)).await, (false, 0, 0), "{variant}");
    }
    for variant in 15..=u8::MAX {
        assert_eq!(sent(&whole(&[variant])).await, (false, 0, 0), "{variant}");
    }
}

#[tokio::test]
async fn a_count_beyond_all_counts_is_refused_by_name() {
    let (room, mut log, tag) = room().await;
    let shown = entry(Kind::Reveal);
    let at = log.enter(&shown, &tag, 1);
    let good = log.receipt(&shown, 1, &[0, at], keys(NAME));
    for count in [u64::MAX, u64::MAX - 1, 1 << 63] {
        let far = Receipt { subject: Some((HER, count)), ..good.clone() };
        let refused = asked(&room, &log, far, NOW).await.err();
        assert!(matches!(refused, Some(Refused::WrongSubject | Refused::Behind { count: 0 })), "{refused:?}");
    }
    assert!(asked(&room, &log, good, NOW).await.is_ok());
}

#[tokio::test]
async fn the_checkpoint_of_another_log_moves_nothing() {
    let (room, log, _) = room().await;
    let mut request = log.shows(0);
    request.checkpoint.text = request.checkpoint.text.replace("log.example", "log.elsewhere");
    let other = Signer::new("log.elsewhere", Algorithm::Ed25519, &[5; 32]).unwrap();
    request.checkpoint.signatures = vec![other.sign(&request.checkpoint.text, 0)];
    let refused = room.exchange(&request, &[], NOW).await.err();
    assert!(matches!(refused, Some(Refused::Unbelieved(_))), "{refused:?}");
    assert!(room.shelf.seen.lock().unwrap().is_none());
    // Also under a signature that says our log's name over the other's words.
    request.checkpoint.signatures = vec![log.key.sign(&request.checkpoint.text, 0)];
    assert!(room.exchange(&request, &[], NOW).await.is_err());
}
