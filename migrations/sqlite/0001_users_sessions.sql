-- Who has signed in, and from where.
-- Ids are UUIDs as text; times are RFC 3339 in UTC with microseconds, so that text order is time order.

CREATE TABLE users (
    id TEXT PRIMARY KEY NOT NULL,
    -- Who vouches for the user: an OpenID Connect issuer URL, or 'local'.
    issuer TEXT NOT NULL,
    -- The issuer's own name for the user; with the issuer it is the identity. E-mail addresses are not: they change hands.
    subject TEXT NOT NULL,
    -- As the provider said at the last sign-in, verified; NULL in local mode.
    email TEXT,
    -- Display name, for the page only.
    name TEXT,
    -- URL of a portrait, for the page only.
    picture TEXT,
    created_at TEXT NOT NULL,
    last_signed_in_at TEXT NOT NULL,
    UNIQUE (issuer, subject)
);

-- One signed-in browser or client: a family of refresh tokens that replace each other.
CREATE TABLE sessions (
    -- The `sid` of its access tokens.
    id TEXT PRIMARY KEY NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- The browser's User-Agent at sign-in, cut to 256 characters.
    user_agent TEXT,
    -- The address it signed in from.
    address TEXT,
    created_at TEXT NOT NULL,
    -- The last refresh.
    last_used_at TEXT NOT NULL,
    -- Absolute: refreshing does not move it.
    expires_at TEXT NOT NULL,
    -- NULL while the session lives.
    ended_at TEXT,
    -- 'signed_out', 'ended_by_user' or 'token_reused'.
    end_reason TEXT
);

CREATE INDEX idx_sessions_user_id ON sessions (user_id);
CREATE INDEX idx_sessions_expires_at ON sessions (expires_at);
CREATE INDEX idx_sessions_ended_at ON sessions (ended_at);

CREATE TABLE refresh_tokens (
    -- SHA-256 of the token. The token itself is kept nowhere.
    hash BLOB PRIMARY KEY NOT NULL,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    issued_at TEXT NOT NULL,
    -- When it was exchanged for its successor; NULL for the session's one current token.
    used_at TEXT,
    -- The successor, readable only with this token in hand: for a second tab that refreshes at the same moment.
    -- Cleared once the grace is over.
    sealed_successor BLOB
);

CREATE INDEX idx_refresh_tokens_session_id ON refresh_tokens (session_id);

-- A sign-in that has left for the provider and has not come back yet; taken (deleted) once.
CREATE TABLE sign_in_flows (
    -- SHA-256 of the `state` parameter.
    state_hash BLOB PRIMARY KEY NOT NULL,
    -- SHA-256 of the cookie that binds the flow to the browser that began it.
    browser_hash BLOB NOT NULL,
    -- Must come back in the ID token.
    nonce TEXT NOT NULL,
    -- PKCE (RFC 7636): sent with the code.
    pkce_verifier TEXT NOT NULL,
    -- Must be the same at the end as at the start.
    redirect_uri TEXT NOT NULL,
    expires_at TEXT NOT NULL
);

CREATE INDEX idx_sign_in_flows_expires_at ON sign_in_flows (expires_at);
