//! The key room behind a socket: questions and answers as frames, many under way at once.
//!
//! A frame is its length (4 bytes, big-endian), a number that joins answer and question (8 bytes), and a
//! [postcard](https://postcard.jamesmunns.com) body: an [`Ask`], or what came of it. Who may connect is the socket's matter.

use crate::{Answer, Ask, Asking, Refused, Room};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::sync::{Semaphore, mpsc, oneshot};
use zeroize::Zeroizing;

/// The longest frame.
const MOST_BYTES: u32 = 16 * 1024 * 1024;

/// Questions of one connection that are answered at the same time.
const AT_ONCE: usize = 64;

/// How long an answer is waited for: longer than a receipt is good, a look is over anyway.
const PATIENCE: Duration = Duration::from_secs(30);

/// The room's clock: milliseconds since the epoch.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// A connection, of whatever kind.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Opens a connection to the room.
pub type Connect = Box<dyn Fn() -> Pin<Box<dyn Future<Output = io::Result<Box<dyn Stream>>> + Send>> + Send + Sync>;

/// Answers what one connection asks, until it ends.
///
/// # Errors
/// When the connection breaks off within a frame, or sends what is no question.
pub async fn serve(room: Arc<dyn Room>, stream: Box<dyn Stream>, clock: Clock) -> io::Result<()> {
    let (read, write) = tokio::io::split(stream);
    let (answers, written) = mpsc::unbounded_channel();
    let writer = tokio::spawn(write_frames(write, written));
    let (mut read, places) = (BufReader::new(read), Arc::new(Semaphore::new(AT_ONCE)));
    while let Some((number, body)) = read_frame(&mut read).await? {
        let ask: Ask = decode(&body)?;
        let place = Arc::clone(&places).acquire_owned().await.expect("nobody closes it");
        let (room, now_ms, answers) = (Arc::clone(&room), clock(), answers.clone());
        tokio::spawn(async move {
            let frame = encode(number, &room.ask(ask, now_ms).await);
            drop(place);
            // Who went away needs no answer.
            let _ = frame.map(|frame| answers.send(frame));
        });
    }
    drop(answers);
    writer.await.map_err(io::Error::other)?
}

/// The way to a room in another process. It connects when it is needed, and anew when the connection broke.
pub struct Remote {
    connect: Connect,
    line: tokio::sync::Mutex<Option<Line>>,
}

/// Who waits for which answer; nobody any more, once the connection broke.
type Waiting = Arc<Mutex<Option<HashMap<u64, oneshot::Sender<Result<Answer, Refused>>>>>>;

/// A connection.
struct Line {
    frames: mpsc::UnboundedSender<Zeroizing<Vec<u8>>>,
    waiting: Waiting,
    next: u64,
}

impl Remote {
    /// The way by which `connect` goes.
    #[must_use]
    pub fn new(connect: Connect) -> Self {
        Self { connect, line: tokio::sync::Mutex::new(None) }
    }

    /// Sends a question, and answers where its answer will come.
    async fn send(&self, ask: &Ask) -> io::Result<oneshot::Receiver<Result<Answer, Refused>>> {
        let mut line = self.line.lock().await;
        if let Some(answered) = line.as_mut().map(|line| line.send(ask)).transpose()?.flatten() {
            return Ok(answered);
        }
        let fresh = line.insert(Line::over((self.connect)().await?));
        fresh.send(ask)?.ok_or_else(|| io::ErrorKind::BrokenPipe.into())
    }
}

impl Room for Remote {
    fn ask(&self, ask: Ask, _: i64) -> Asking<'_> {
        Box::pin(async move {
            let asked = async { self.send(&ask).await.ok()?.await.ok() };
            tokio::time::timeout(PATIENCE, asked).await.ok().flatten().unwrap_or(Err(Refused::Away))
        })
    }
}

impl Line {
    fn over(stream: Box<dyn Stream>) -> Self {
        let (read, write) = tokio::io::split(stream);
        let (frames, written) = mpsc::unbounded_channel();
        let waiting = Waiting::new(Mutex::new(Some(HashMap::new())));
        let writer = tokio::spawn(write_frames(write, written));
        let answered = Arc::clone(&waiting);
        tokio::spawn(async move {
            let mut read = BufReader::new(read);
            while let Ok(Some((number, body))) = read_frame(&mut read).await {
                let mut waiting = answered.lock().expect("nobody panics while holding it");
                let answer = waiting.as_mut().and_then(|waiting| waiting.remove(&number));
                // Who went away needs no answer.
                let _ = answer.map(|answer| answer.send(decode(&body).unwrap_or(Err(Refused::Away))));
            }
            // Whoever still waits finds the way closed, and the next question finds a new one.
            *answered.lock().expect("nobody panics while holding it") = None;
            writer.abort();
        });
        Self { frames, waiting, next: 0 }
    }

    /// Sends a question, and answers where its answer will come; `None` when the connection is no more.
    fn send(&mut self, ask: &Ask) -> io::Result<Option<oneshot::Receiver<Result<Answer, Refused>>>> {
        self.next += 1;
        let frame = encode(self.next, ask)?;
        let (answer, answered) = oneshot::channel();
        let mut waiting = self.waiting.lock().expect("nobody panics while holding it");
        let Some(waiting) = waiting.as_mut() else { return Ok(None) };
        waiting.insert(self.next, answer);
        Ok(self.frames.send(frame).is_ok().then_some(answered))
    }
}

async fn read_frame(read: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<(u64, Zeroizing<Vec<u8>>)>> {
    let length = match read.read_u32().await {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        length => length?,
    };
    if length > MOST_BYTES {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let number = read.read_u64().await?;
    let mut body = Zeroizing::new(vec![0; length as usize]);
    read.read_exact(&mut body).await?;
    Ok(Some((number, body)))
}

async fn write_frames(
    mut write: impl AsyncWrite + Unpin,
    mut frames: mpsc::UnboundedReceiver<Zeroizing<Vec<u8>>>,
) -> io::Result<()> {
    while let Some(frame) = frames.recv().await {
        write.write_all(&frame).await?;
        write.flush().await?;
    }
    Ok(())
}

fn encode(number: u64, body: &impl Serialize) -> io::Result<Zeroizing<Vec<u8>>> {
    let body = Zeroizing::new(postcard::to_stdvec(body).map_err(io::Error::other)?);
    let length = u32::try_from(body.len()).ok().filter(|length| *length <= MOST_BYTES);
    let length = length.ok_or(io::ErrorKind::InvalidData)?;
    Ok(Zeroizing::new([&length.to_be_bytes(), number.to_be_bytes().as_slice(), &body].concat()))
}

fn decode<T: DeserializeOwned>(body: &[u8]) -> io::Result<T> {
    postcard::from_bytes(body).map_err(|_| io::ErrorKind::InvalidData.into())
}

/// What has a text form of its own goes by it.
pub(crate) mod text {
    use serde::{Deserialize, Deserializer, Serializer, de};
    use std::fmt::Display;
    use std::str::FromStr;

    pub(crate) fn serialize<S: Serializer>(value: &impl Display, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>, T: FromStr>(deserializer: D) -> Result<T, D::Error>
    where
        T::Err: Display,
    {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// A leaf goes as its bytes.
pub(crate) mod leaf {
    use ledger::LEAF_BYTES;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    pub(crate) fn serialize<S: Serializer>(leaf: &[u8; LEAF_BYTES], serializer: S) -> Result<S::Ok, S::Error> {
        leaf.as_slice().serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; LEAF_BYTES], D::Error> {
        let bytes = Vec::deserialize(deserializer)?;
        bytes.try_into().map_err(|bytes: Vec<u8>| de::Error::invalid_length(bytes.len(), &"a leaf"))
    }
}
