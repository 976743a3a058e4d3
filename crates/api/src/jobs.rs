//! Blocking work: bounded in number, off the async threads, stopped when nobody waits for it any more.

use std::sync::Arc;

use store::dataset::CancelFlag;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::ApiError;

/// Cancels the flag when dropped before [`Waiting::end`]: whoever waited has left.
pub struct Waiting(Option<CancelFlag>);

impl Waiting {
    pub fn on(flag: &CancelFlag) -> Self {
        Self(Some(flag.clone()))
    }

    pub fn end(mut self) {
        self.0 = None;
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Some(flag) = &self.0 {
            flag.cancel();
        }
    }
}

/// Waits for a place, then runs `work` on a blocking thread. Dropping the future cancels `cancel`.
pub async fn run_blocking<T: Send + 'static>(
    places: &Arc<Semaphore>,
    cancel: &CancelFlag,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ApiError> {
    let waiting = Waiting::on(cancel);
    let place = place_in(places).await?;
    let done = run_in_place(place, cancel, work).await;
    waiting.end();
    done
}

pub async fn place_in(places: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, ApiError> {
    Arc::clone(places)
        .acquire_owned()
        .await
        .map_err(ApiError::internal)
}

/// Runs `work` on a blocking thread. Dropping the future cancels `cancel`.
pub async fn run_in_place<T: Send + 'static>(
    place: OwnedSemaphorePermit,
    cancel: &CancelFlag,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ApiError> {
    let waiting = Waiting::on(cancel);
    let done = tokio::task::spawn_blocking(move || {
        // Held until the work has really ended, also when its caller has left.
        let _place = place;
        work()
    })
    .await;
    waiting.end();
    done.map_err(ApiError::internal)
}
