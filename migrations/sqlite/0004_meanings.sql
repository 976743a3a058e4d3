-- What the tables and columns of an executed schema stand for. Goes with its schema.

CREATE TABLE meanings (
    schema_id  TEXT PRIMARY KEY REFERENCES generated_schemas (id) ON DELETE CASCADE,
    user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    derived    TEXT NOT NULL,                   -- JSON: roles, labels, times, metrics, as read from names and rows
    derivation BIGINT NOT NULL,                 -- number of the rules it was derived by; older ones are derived anew
    edits      TEXT NOT NULL,                   -- JSON: what the user says differently, laid over it; {} for nothing
    version    BIGINT NOT NULL,                 -- 0, and one more with each change of edits
    updated_at TEXT NOT NULL                    -- time of the last change of either
);
CREATE INDEX idx_meanings_user ON meanings (user_id);
