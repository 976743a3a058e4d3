-- A language model's help with a schema, piece by piece. Goes with its schema.

CREATE TABLE model_help (
    schema_id  TEXT PRIMARY KEY REFERENCES generated_schemas (id) ON DELETE CASCADE,
    user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    help       TEXT NOT NULL,                   -- JSON: model, pieces with their state, what was proposed and what became of it
    updated_at TEXT NOT NULL
);
CREATE INDEX idx_model_help_user ON model_help (user_id);

-- What a model answered to a piece, so that the same files do not ask again. Goes with the files.
CREATE TABLE model_answers (
    user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    key        TEXT NOT NULL,                   -- hash of the files' hashes, the model's name, the prompt's version and the question
    files      TEXT NOT NULL,                   -- SHA-256 of each file that the question shows, between blanks
    answer     TEXT NOT NULL,                   -- as the model wrote it
    created_at TEXT NOT NULL,
    PRIMARY KEY (user_id, key)
);
