//! What ends an open stream before its work is done.

use auth::AuthError;

use crate::error::ApiError;
use crate::extract::CurrentUser;
use crate::state::AppState;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The service is to end.
    Stopping,
    /// Whoever asked is not signed in any more.
    SessionEnded,
}

impl Stop {
    /// For a stream's last event.
    pub fn error(self) -> ApiError {
        match self {
            Self::Stopping => ApiError::stopping(),
            Self::SessionEnded => AuthError::SessionEnded.into(),
        }
    }

    /// The reason of a chat that breaks off.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Stopping => "The server is stopping. Ask again in a moment.",
            Self::SessionEnded => "You are signed out. Sign in and ask again.",
        }
    }
}

/// Waits for whichever comes. A stream polls one of these from its beginning to its end: made anew for each event, it would
/// look up the session each time.
pub fn stopped(state: &AppState, user: &CurrentUser) -> impl Future<Output = Stop> + Send + use<> {
    let (state, user, session) = (state.clone(), user.id(), user.0.session.id);
    async move {
        tokio::select! {
            () = state.shutdown.begun() => Stop::Stopping,
            () = state.auth.session_ended(user, session) => Stop::SessionEnded,
        }
    }
}
