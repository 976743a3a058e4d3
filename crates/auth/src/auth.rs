use std::sync::Arc;

use chrono::{DateTime, Utc};
use store::Store;
use store::ids::{SessionId, UserId};
use store::sessions::{EndReason, Session};
use store::users::{Identity, User};

use crate::config::{AuthConfig, Mode, PublicConfig};
use crate::endings::Endings;
use crate::provider::{Callback, Provider, StartedSignIn};
use crate::random::{RandomSource, random_id};
use crate::session::{self, Client};
use crate::{AuthError, KeyRing, Principal, SessionInfo, SignedIn, jwt, local};

/// Sign-in, tokens and sessions in one place. Clones share everything.
#[derive(Clone)]
pub struct Auth(Arc<Inner>);

struct Inner {
    config: AuthConfig,
    store: Store,
    keys: KeyRing,
    provider: Option<Provider>,
    random: Arc<dyn RandomSource>,
    endings: Endings,
}

impl Auth {
    /// Checks the settings. Reaches no provider yet: one that is down at start may be up at the first sign-in.
    pub fn new(
        config: AuthConfig,
        store: Store,
        keys: KeyRing,
        random: Arc<dyn RandomSource>,
    ) -> Result<Self, AuthError> {
        config.check()?;
        let provider = config.provider.clone().map(Provider::new).transpose()?;
        Ok(Self(Arc::new(Inner {
            config,
            store,
            keys,
            provider,
            random,
            endings: Endings::new(),
        })))
    }

    pub fn mode(&self) -> Mode {
        self.0.config.mode()
    }

    /// What the login page shows.
    pub fn public_config(&self) -> PublicConfig {
        PublicConfig {
            mode: self.mode(),
            provider_name: self.0.config.provider.as_ref().map(|it| it.name.clone()),
        }
    }

    /// Signs the one local user in. [`AuthError::WrongMode`] when a provider is configured.
    pub async fn sign_in_local(
        &self,
        client: &Client,
        now: DateTime<Utc>,
    ) -> Result<SignedIn, AuthError> {
        if self.mode() != Mode::Local {
            return Err(AuthError::WrongMode);
        }
        self.sign_in(&local::identity(), client, now).await
    }

    /// Begins a sign-in at the provider. The caller sets the cookie and sends the browser to the URL.
    pub async fn start(
        &self,
        redirect_uri: &str,
        now: DateTime<Utc>,
    ) -> Result<StartedSignIn, AuthError> {
        let provider = self.provider()?;
        if redirect_uri != self.0.config.redirect_uri() {
            return Err(AuthError::InvalidRedirectUri);
        }
        provider
            .start(&self.0.store, &*self.0.random, redirect_uri, now)
            .await
    }

    /// Ends a sign-in: `flow_cookie` is the value that [`Auth::start`] gave to this browser.
    pub async fn finish(
        &self,
        callback: &Callback,
        flow_cookie: Option<&str>,
        client: &Client,
        now: DateTime<Utc>,
    ) -> Result<SignedIn, AuthError> {
        let identity = self
            .provider()?
            .finish(&self.0.store, callback, flow_cookie, now)
            .await?;
        if !self.is_allowed(identity.email.as_deref()) {
            return Err(AuthError::NotAllowed);
        }
        self.sign_in(&identity, client, now).await
    }

    /// Exchanges a refresh token. Two at the same moment get the same successor; a later second use ends the session.
    pub async fn refresh(
        &self,
        refresh_token: &str,
        now: DateTime<Utc>,
    ) -> Result<SignedIn, AuthError> {
        let inner = &*self.0;
        let (active, refresh_token) = session::refresh(
            &inner.store,
            &*inner.random,
            refresh_token,
            self.lifetimes(),
            now,
        )
        .await
        .inspect_err(|error| {
            if let AuthError::TokenReused { user_id, .. } = error {
                inner.endings.tell(*user_id);
            }
        })?;
        if !self.may_stay(&active.user) {
            return Err(AuthError::SessionEnded);
        }
        self.issue(active.user, active.session, refresh_token, now)
    }

    /// Whose access token this is. [`AuthError::Unauthenticated`] when it is not good, its session has ended or its
    /// user is gone.
    pub async fn authenticate(
        &self,
        access_token: &str,
        now: DateTime<Utc>,
    ) -> Result<Principal, AuthError> {
        let inner = &*self.0;
        let claims = jwt::verify(&inner.keys, &inner.config.origin(), access_token, now)?;
        let active = inner.store.active_session(claims.sid, now).await?;
        match active {
            Some(active) if active.user.id == claims.sub && self.may_stay(&active.user) => {
                Ok(Principal {
                    user: active.user,
                    session: active.session,
                })
            }
            _ => Err(AuthError::Unauthenticated {
                reason: "the session has ended",
            }),
        }
    }

    /// Ends the session of whichever token is still good; whose it was. Signing out twice is no error.
    pub async fn sign_out(
        &self,
        access_token: Option<&str>,
        refresh_token: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<Option<UserId>, AuthError> {
        let mut who = None;
        if let Some(token) = refresh_token {
            who = session::sign_out(&self.0.store, token, now).await?;
            if let Some(user) = who {
                self.0.endings.tell(user);
            }
        }
        if let Some(token) = access_token {
            match self.authenticate(token, now).await {
                Ok(principal) => {
                    let (user, session) = (principal.user.id, principal.session.id);
                    match self.end(user, session, EndReason::SignedOut, now).await {
                        // Somebody was faster: it has ended.
                        Ok(()) | Err(AuthError::NotFound) => who = Some(user),
                        Err(error) => return Err(error),
                    }
                }
                Err(AuthError::Unauthenticated { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(who)
    }

    /// The user's living sessions, the latest used first.
    pub async fn sessions(
        &self,
        principal: &Principal,
        now: DateTime<Utc>,
    ) -> Result<Vec<SessionInfo>, AuthError> {
        let sessions = self.0.store.sessions(principal.user.id, now).await?;
        Ok(sessions
            .into_iter()
            .map(|session| SessionInfo {
                current: session.id == principal.session.id,
                id: session.id,
                user_agent: session.user_agent,
                address: session.address,
                created_at: session.created_at,
                last_used_at: session.last_used_at,
                expires_at: session.expires_at,
                idle_expires_at: session.idle_expires_at,
            })
            .collect())
    }

    /// Ends one of the user's sessions; [`AuthError::NotFound`] when it is not theirs or has ended.
    pub async fn end_session(
        &self,
        user: UserId,
        session: SessionId,
        now: DateTime<Utc>,
    ) -> Result<(), AuthError> {
        self.end(user, session, EndReason::EndedByUser, now).await
    }

    /// Signs the user out everywhere; the number of sessions ended.
    pub async fn end_all(&self, user: UserId, now: DateTime<Utc>) -> Result<u64, AuthError> {
        let ended = self
            .0
            .store
            .end_all_sessions(user, EndReason::EndedByUser, now)
            .await?;
        self.0.endings.tell(user);
        Ok(ended)
    }

    /// Waits until `session` of `user` has ended before its time: signed out, ended from elsewhere, by a reused token or
    /// with the account. For streams, which go on after their request was let in. Knows what ended through this [`Auth`].
    pub async fn session_ended(&self, user: UserId, session: SessionId) {
        self.0.endings.of(&self.0.store, user, session).await;
    }

    /// Removes the user with every row of theirs. Their files and databases are the caller's, before this.
    pub async fn remove_account(&self, user: UserId) -> Result<(), AuthError> {
        not_found(self.0.store.remove_user(user).await)?;
        self.0.endings.tell(user);
        // After the word that ends open streams, which need not wait for it.
        self.0.store.wipe_now().await;
        Ok(())
    }

    /// The public keys of access tokens (RFC 7517), ready to be served.
    pub fn jwks(&self, now: DateTime<Utc>) -> Result<serde_json::Value, AuthError> {
        self.0.keys.jwks(now)
    }

    /// Makes a new signing key; the old one is accepted until its overlap ends. Gives the new key's id.
    pub fn rotate_keys(&self, now: DateTime<Utc>) -> Result<String, AuthError> {
        self.0.keys.rotate(self.0.config.key_overlap, now)
    }

    /// Whether a session outlives the settings that it began under. Whoever signed in by another way signs in anew:
    /// above all the local user, once others reach the server. Whoever was taken off the list is out at once.
    fn may_stay(&self, user: &User) -> bool {
        match &self.0.config.provider {
            Some(provider) => {
                user.issuer == provider.issuer_url && self.is_allowed(user.email.as_deref())
            }
            None => user.issuer == local::ISSUER,
        }
    }

    /// The provider vouches for the address, so a missing one cannot be on the list.
    fn is_allowed(&self, email: Option<&str>) -> bool {
        let allowed = &self.0.config.allowed_emails;
        allowed.allows(email.unwrap_or_default())
    }

    fn lifetimes(&self) -> session::Lifetimes {
        let config = &self.0.config;
        session::Lifetimes {
            total: config.refresh_token_lifetime,
            idle: config.session_idle_lifetime,
            grace: config.refresh_grace,
        }
    }

    fn provider(&self) -> Result<&Provider, AuthError> {
        self.0.provider.as_ref().ok_or(AuthError::WrongMode)
    }

    async fn end(
        &self,
        user: UserId,
        session: SessionId,
        reason: EndReason,
        now: DateTime<Utc>,
    ) -> Result<(), AuthError> {
        not_found(self.0.store.end_session(user, session, reason, now).await)?;
        self.0.endings.tell(user);
        Ok(())
    }

    pub(crate) async fn sign_in(
        &self,
        identity: &Identity,
        client: &Client,
        now: DateTime<Utc>,
    ) -> Result<SignedIn, AuthError> {
        let inner = &*self.0;
        let new_id = UserId(random_id(&*inner.random)?);
        let user = inner.store.sign_in_user(identity, new_id, now).await?;
        let (session, refresh_token) = session::begin(
            &inner.store,
            &*inner.random,
            user.id,
            client,
            self.lifetimes(),
            now,
        )
        .await?;
        self.issue(user, session, refresh_token, now)
    }

    fn issue(
        &self,
        user: User,
        session: Session,
        refresh_token: String,
        now: DateTime<Utc>,
    ) -> Result<SignedIn, AuthError> {
        let inner = &*self.0;
        let lifetime = inner.config.access_token_lifetime;
        let claims = jwt::Claims::new(
            &inner.config.origin(),
            user.id,
            session.id,
            random_id(&*inner.random)?,
            now..now + lifetime,
        );
        Ok(SignedIn {
            access_token: inner.keys.sign(&claims, now)?,
            expires_in_s: lifetime.num_seconds(),
            refresh_token,
            refresh_expires_in_s: (session.expires_at - now).num_seconds(),
            user,
            session,
        })
    }
}

fn not_found<T>(result: Result<T, store::StoreError>) -> Result<T, AuthError> {
    result.map_err(|error| match error {
        store::StoreError::NotFound => AuthError::NotFound,
        error => error.into(),
    })
}
