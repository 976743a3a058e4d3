//! One event that ends the service: streams hear it, say a last word and close.

use tokio_util::sync::CancellationToken;

/// Clones hear the same event.
#[derive(Clone, Default)]
pub struct Shutdown(CancellationToken);

impl Shutdown {
    pub fn begin(&self) {
        self.0.cancel();
    }

    pub async fn begun(&self) {
        self.0.cancelled().await;
    }

    pub fn has_begun(&self) -> bool {
        self.0.is_cancelled()
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
