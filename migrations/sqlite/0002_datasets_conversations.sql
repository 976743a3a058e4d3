-- Everything a user owns besides sessions. Ids are UUID v7 as text; times are RFC 3339 in UTC with microseconds,
-- so that text order is time order. Removing a user removes all of it.

-- One uploaded file. Its bytes lie in UPLOAD_DIR/<user_id>/<filename>.
CREATE TABLE csv_uploads (
    id                TEXT PRIMARY KEY,
    user_id           TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    filename          TEXT NOT NULL,            -- stored name: <id>.csv
    original_filename TEXT NOT NULL,            -- the user's name for it, cleaned for display
    created_at        TEXT NOT NULL,
    file_size_bytes   BIGINT NOT NULL,          -- 0 while pending
    sha256            TEXT NOT NULL,            -- hex; empty while pending
    status            TEXT NOT NULL,            -- pending (bytes still arriving), ready, missing (bytes lost)
    analysis          TEXT                      -- JSON: dialect, profile, sample rows; null while pending
);
CREATE INDEX idx_csv_uploads_user ON csv_uploads (user_id, created_at, id);

-- One schema over one or more uploads. Once executed, its data lies in USER_DB_DIR/<user_id>/<id>.db.
CREATE TABLE generated_schemas (
    id                TEXT PRIMARY KEY,
    user_id           TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name              TEXT NOT NULL,            -- for display
    csv_upload_ids    TEXT NOT NULL,            -- JSON array of ids in csv_uploads, some of which may be gone
    schema_json       TEXT NOT NULL,            -- JSON: tables, relationships, indexes, reasoning
    create_statements TEXT NOT NULL,            -- JSON array of SQL, made from schema_json alone
    llm_reasoning     TEXT NOT NULL,            -- why the schema is as it is, in words
    llm_model         TEXT NOT NULL,            -- model's name; 'built-in' without a model
    status            TEXT NOT NULL,            -- generated, executed, failed
    executing_since   TEXT,                     -- set while the import runs: lets one import through at a time
    failure           TEXT,                     -- what went wrong, in words; only when failed
    load_report       TEXT,                     -- JSON: rows stored and quarantined by table; only when executed
    created_at        TEXT NOT NULL,
    executed_at       TEXT
);
CREATE INDEX idx_generated_schemas_user ON generated_schemas (user_id, created_at, id);

-- One chat about one schema.
CREATE TABLE conversations (
    id         TEXT PRIMARY KEY,
    user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    schema_id  TEXT NOT NULL REFERENCES generated_schemas (id) ON DELETE CASCADE,
    title      TEXT NOT NULL,                   -- the first question, or what the user renamed it to
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL                    -- time of the last message or renaming
);
CREATE INDEX idx_conversations_user ON conversations (user_id, updated_at, id);
CREATE INDEX idx_conversations_schema ON conversations (schema_id);

-- One message of a conversation.
CREATE TABLE messages (
    id              TEXT PRIMARY KEY,
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    user_id         TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    position        BIGINT NOT NULL,            -- 1, 2, 3, … within the conversation
    role            TEXT NOT NULL,              -- user, assistant, system
    parts           TEXT NOT NULL,              -- JSON array of UI message parts, receipts among them
    content         TEXT NOT NULL,              -- the text parts alone, for search and for lists of questions
    created_at      TEXT NOT NULL,
    UNIQUE (conversation_id, position)
);
CREATE INDEX idx_messages_user ON messages (user_id, role, created_at);

-- What was done in a user's name. Rows are added and read, never changed.
CREATE TABLE audit_log (
    id         TEXT PRIMARY KEY,
    user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    action     TEXT NOT NULL,                   -- snake_case: sign_in, upload, approve, insert, insert_refused, …
    subject    TEXT NOT NULL,                   -- id or name of what it was done to
    detail     TEXT NOT NULL,                   -- JSON object; no cell values, no secrets
    created_at TEXT NOT NULL
);
CREATE INDEX idx_audit_log_user ON audit_log (user_id, created_at, id);

-- Calls of insert_data that wait, or waited, for the user's word. Only what stands here is ever inserted.
CREATE TABLE pending_writes (
    id              TEXT PRIMARY KEY,           -- the approval id of the chat stream
    user_id         TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    schema_id       TEXT NOT NULL REFERENCES generated_schemas (id) ON DELETE CASCADE,
    message_id      TEXT,                       -- assistant message that holds the call; it may be saved later
    tool_call_id    TEXT NOT NULL,              -- id of the call within the chat stream
    table_name      TEXT NOT NULL,              -- table that the rows are for
    new_rows        TEXT NOT NULL,              -- JSON array of objects: column -> value
    state           TEXT NOT NULL,              -- pending, approved, refused, undone
    receipt         TEXT,                       -- JSON: row ids that were inserted, for undoing; null until then
    created_at      TEXT NOT NULL,
    decided_at      TEXT                        -- when it was approved or refused
);
CREATE INDEX idx_pending_writes_user ON pending_writes (user_id, created_at, id);
CREATE INDEX idx_pending_writes_conversation ON pending_writes (conversation_id);
