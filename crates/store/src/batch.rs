//! Group commit: one thread owns the file, takes what is queued, and pays one sync for all of it.

use std::sync::mpsc;
use std::time::Duration;
use tokio::sync::oneshot;

/// The most that one transaction takes.
const MOST: usize = 512;

/// How long commands wait for more company, once so many have come while others were written.
const LINGER: Duration = Duration::from_micros(1500);
const SEVERAL: usize = 4;

/// A queue in front of a thread that applies what it takes as one batch.
pub(crate) struct Batcher<C, O> {
    queue: mpsc::Sender<(C, oneshot::Sender<O>)>,
}

impl<C: Send + 'static, O: Send + 'static> Batcher<C, O> {
    /// Starts the thread. `apply` answers each command, in order; it returns when the batch is durable.
    pub(crate) fn start(name: &str, mut apply: impl FnMut(&[C]) -> Vec<O> + Send + 'static) -> Self {
        let (queue, taken) = mpsc::channel::<(C, oneshot::Sender<O>)>();
        let thread = move || {
            while let Ok(first) = taken.recv() {
                let (commands, answers): (Vec<C>, Vec<_>) = gather(&taken, first).into_iter().unzip();
                for (answer, outcome) in answers.into_iter().zip(apply(&commands)) {
                    // A caller that went away does not undo what is durable.
                    let _ = answer.send(outcome);
                }
            }
        };
        std::thread::Builder::new().name(name.to_owned()).spawn(thread).expect("a thread can be started");
        Self { queue }
    }

    /// Hands in a command and waits for its outcome; `None` if the writer is gone.
    pub(crate) async fn apply(&self, command: C) -> Option<O> {
        let (answer, outcome) = oneshot::channel();
        self.queue.send((command, answer)).ok()?;
        outcome.await.ok()
    }
}

/// Takes what is there. A few commands are not kept waiting; several wait once for those that are just arriving, for a
/// transaction and what follows it costs more than the wait.
fn gather<T>(taken: &mpsc::Receiver<T>, first: T) -> Vec<T> {
    let mut batch = vec![first];
    batch.extend(taken.try_iter().take(MOST - 1));
    if (SEVERAL..MOST).contains(&batch.len()) {
        std::thread::sleep(LINGER);
        batch.extend(taken.try_iter().take(MOST - batch.len()));
    }
    batch
}
