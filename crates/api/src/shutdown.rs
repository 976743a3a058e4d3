//! One event that ends the service: streams hear it, say a last word and close; what must go through is waited for.

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::Instrument;

/// Clones hear the same event.
#[derive(Clone, Default)]
pub struct Shutdown {
    begun: CancellationToken,
    unfinished: TaskTracker,
}

impl Shutdown {
    pub fn begin(&self) {
        self.begun.cancel();
    }

    pub async fn begun(&self) {
        self.begun.cancelled().await;
    }

    pub fn has_begun(&self) -> bool {
        self.begun.is_cancelled()
    }

    /// Begins `work` at once, in a task of its own that the service waits for before it ends.
    pub fn spawn<F>(&self, work: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        self.unfinished.spawn(work.in_current_span())
    }

    /// Waits for every task of [`Shutdown::spawn`].
    pub async fn finished(&self) {
        self.unfinished.close();
        self.unfinished.wait().await;
    }

    /// Begins on SIGINT or SIGTERM.
    pub fn on_signals(&self) -> std::io::Result<()> {
        let mut terminate =
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        let shutdown = self.clone();
        tokio::spawn(async move {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            shutdown.begin();
        });
        Ok(())
    }
}
