-- Changes of an executed schema: a schema of their own until they are applied, and the version before after that.

ALTER TABLE generated_schemas ADD COLUMN revises TEXT           -- the executed schema that this one belongs to; NULL for a dataset of its own
    REFERENCES generated_schemas (id) ON DELETE CASCADE;
ALTER TABLE generated_schemas ADD COLUMN revision TEXT;         -- draft: changes that wait; before: the version before; NULL for a dataset of its own
ALTER TABLE generated_schemas ADD COLUMN database_id TEXT;      -- names the file USER_DB_DIR/<user_id>/<database_id>.db; NULL for the own id

-- One draft and one version before of each.
CREATE UNIQUE INDEX idx_generated_schemas_revision ON generated_schemas (revises, revision) WHERE revises IS NOT NULL;

-- What an insertion was in the version before: JSON {receipt, state}; NULL where it was made since, or there is none.
ALTER TABLE pending_writes ADD COLUMN before TEXT;
