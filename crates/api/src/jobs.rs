//! Blocking work: bounded in number, off the async threads, stopped when nobody waits for it any more. And work that is not
//! stopped: a change with its record.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use store::dataset::CancelFlag;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::ApiError;
use crate::shutdown::Shutdown;

/// How much of one kind of work may run at once; the rest waits, first come, first served. Clones share the places.
#[derive(Clone)]
pub struct Places {
    permits: Arc<Semaphore>,
    at_once: usize,
    asked: Arc<AtomicUsize>,
}

impl Places {
    pub fn new(at_once: usize) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(at_once)),
            at_once,
            asked: Arc::default(),
        }
    }

    pub fn running(&self) -> usize {
        self.at_once - self.permits.available_permits()
    }

    pub fn waiting(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }

    pub async fn place(&self) -> Result<OwnedSemaphorePermit, ApiError> {
        let _asked = Asked::new(&self.asked);
        let permits = Arc::clone(&self.permits);
        permits.acquire_owned().await.map_err(ApiError::internal)
    }

    /// `None` where all places are taken.
    pub fn try_place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.permits).try_acquire_owned().ok()
    }
}

/// Somebody who waits for a place.
struct Asked<'a>(&'a AtomicUsize);

impl<'a> Asked<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Waits for a place, then runs `work` on a blocking thread. Dropping the future cancels `cancel`; a cancelled one takes no
/// place any more.
pub async fn run_blocking<T: Send + 'static>(
    places: &Places,
    cancel: &CancelFlag,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ApiError> {
    let waiting = cancel.on_drop();
    let place = tokio::select! {
        biased;
        () = cancel.cancelled() => return Err(ApiError::cancelled()),
        place = places.place() => place?,
    };
    let done = run_in_place(place, cancel, work).await;
    waiting.end();
    done
}

/// Runs `work` on a blocking thread. Dropping the future cancels `cancel`.
pub async fn run_in_place<T: Send + 'static>(
    place: OwnedSemaphorePermit,
    cancel: &CancelFlag,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ApiError> {
    let waiting = cancel.on_drop();
    let span = tracing::Span::current();
    let done = tokio::task::spawn_blocking(move || {
        // Held until the work has really ended, also when its caller has left.
        let _place = place;
        span.in_scope(work)
    })
    .await;
    waiting.end();
    done.map_err(ApiError::internal)
}

/// Runs `work` in a task of its own, so that what it changes and what it records of that go through together: also when
/// the client leaves, the request's time is over or the service is to end.
pub async fn to_its_end<T: Send + 'static>(
    shutdown: &Shutdown,
    work: impl Future<Output = Result<T, ApiError>> + Send + 'static,
) -> Result<T, ApiError> {
    shutdown.spawn(work).await.map_err(ApiError::internal)?
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::atomic::{AtomicBool, Ordering};

    use futures::FutureExt;
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn a_change_goes_through_when_its_caller_leaves_and_the_service_waits_for_it() {
        let shutdown = Shutdown::default();
        let (go_on, told) = oneshot::channel::<()>();
        let done = Arc::new(AtomicBool::new(false));
        let noted = Arc::clone(&done);
        let work = async move {
            told.await.map_err(ApiError::internal)?;
            noted.store(true, Ordering::SeqCst);
            Ok(())
        };
        assert!(to_its_end(&shutdown, work).now_or_never().is_none());
        assert!(shutdown.finished().now_or_never().is_none());
        go_on.send(()).unwrap();
        shutdown.finished().await;
        assert!(done.load(Ordering::SeqCst));
    }
}
