//! How many replies are asked of the model's server at once. Whoever waits holds no connection, no request and no time
//! limit of the model's.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::LlmError;

/// First come, first served. Clones share the places.
#[derive(Clone)]
pub struct ModelQueue {
    places: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    patience: Duration,
}

/// One reply may be asked for while this is held.
#[must_use]
pub struct Place {
    _permit: Option<OwnedSemaphorePermit>,
}

impl ModelQueue {
    /// `at_once` replies at a time; whoever has waited for `patience` gets an error.
    pub fn new(at_once: usize, patience: Duration) -> Self {
        Self {
            places: Arc::new(Semaphore::new(at_once.max(1))),
            waiting: Arc::default(),
            patience,
        }
    }

    /// How many wait now.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// A free place at once, if there is one and nobody waits for it.
    pub fn try_place(&self) -> Option<Place> {
        let permit = Arc::clone(&self.places).try_acquire_owned().ok()?;
        Some(Place {
            _permit: Some(permit),
        })
    }

    /// Waits for a place. [`LlmError::TimedOut`] when none came free in time.
    pub async fn place(&self) -> Result<Place, LlmError> {
        let _waiting = Waiting::new(&self.waiting);
        let limit = self.patience;
        match timeout(limit, Arc::clone(&self.places).acquire_owned()).await {
            // The semaphore is never closed; if it were, no bound is better than no answer.
            Ok(permit) => Ok(Place {
                _permit: permit.ok(),
            }),
            Err(_) => Err(LlmError::TimedOut {
                what: "no free place among many questions",
                limit,
            }),
        }
    }
}

struct Waiting(Arc<AtomicUsize>);

impl Waiting {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(count))
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    async fn waits(queue: &ModelQueue) -> tokio::task::JoinHandle<Result<Place, LlmError>> {
        let of_task = queue.clone();
        let before = queue.waiting();
        let task = tokio::spawn(async move { of_task.place().await });
        while queue.waiting() == before {
            tokio::task::yield_now().await;
        }
        task
    }

    #[tokio::test]
    async fn whoever_comes_late_waits_and_gets_the_place() {
        let queue = ModelQueue::new(1, Duration::from_mins(1));
        let first = queue.try_place().unwrap();
        assert!(queue.try_place().is_none());
        let second = waits(&queue).await;
        drop(first);
        drop(second.await.unwrap().unwrap());
        assert_eq!(queue.waiting(), 0);
        assert!(queue.try_place().is_some());
    }

    #[tokio::test]
    async fn whoever_waits_too_long_is_told() {
        let queue = ModelQueue::new(1, Duration::from_millis(10));
        let _first = queue.try_place().unwrap();
        let refused = queue.place().await;
        assert!(matches!(refused, Err(LlmError::TimedOut { .. })));
        assert_eq!(queue.waiting(), 0);
    }

    #[tokio::test]
    async fn whoever_leaves_is_no_longer_counted() {
        let queue = ModelQueue::new(1, Duration::from_mins(1));
        let _first = queue.try_place().unwrap();
        let left = waits(&queue).await;
        left.abort();
        assert!(left.await.is_err());
        assert_eq!(queue.waiting(), 0);
    }
}
