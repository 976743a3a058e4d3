//! News of sessions that end, for what goes on after its request was let in.

use std::future::pending;
use std::time::Duration;

use store::Store;
use store::ids::{SessionId, UserId};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

/// News that are kept for a slow listener; one who missed some looks for itself.
const KEPT: usize = 16;
/// How long a session that ended elsewhere may go unnoticed.
const LOOK_AGAIN: Duration = Duration::from_secs(30);
/// Before sessions that could not be read are read again.
const RETRY: Duration = Duration::from_secs(1);

/// Tells every listener of whom a session ended. Nobody is registered: a listener costs its place in a list.
pub(crate) struct Endings(broadcast::Sender<UserId>);

impl Endings {
    pub(crate) fn new() -> Self {
        Self(broadcast::Sender::new(KEPT))
    }

    pub(crate) fn tell(&self, user: UserId) {
        // An error says that nobody listens.
        let _ = self.0.send(user);
    }

    pub(crate) async fn of(&self, store: &Store, user: UserId, session: SessionId) {
        // Listening comes before looking, so that nothing is missed in between.
        let mut news = self.0.subscribe();
        loop {
            // On the heap for the moment that it takes: listeners are many, and mostly wait.
            match Box::pin(store.has_ended(session)).await {
                Ok(true) => return,
                // An operator's word, or another process's, makes no news here.
                Ok(false) => {
                    let _ = tokio::time::timeout(LOOK_AGAIN, next_of(&mut news, user)).await;
                }
                Err(error) => {
                    tracing::warn!(%error, "whether a session lives could not be read");
                    tokio::time::sleep(RETRY).await;
                }
            }
        }
    }
}

async fn next_of(news: &mut broadcast::Receiver<UserId>, user: UserId) {
    loop {
        match news.recv().await {
            Ok(other) if other != user => {}
            Ok(_) | Err(RecvError::Lagged(_)) => return,
            Err(RecvError::Closed) => return pending().await,
        }
    }
}
