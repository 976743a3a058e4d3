-- Sessions that nobody uses end before their last day.

-- When the session ends unless it is refreshed before; each refresh moves it. `expires_at` stays the absolute end.
ALTER TABLE sessions ADD COLUMN idle_expires_at TEXT NOT NULL DEFAULT '';
-- Sessions from before this column had no such limit.
UPDATE sessions SET idle_expires_at = expires_at;

-- `end_reason` may now also be 'ended_by_operator': by `data-query-agent sessions end`.
