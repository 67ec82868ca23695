-- Every message that could become a reading, raw, in order of arrival.
CREATE TABLE log (
  position    INTEGER PRIMARY KEY AUTOINCREMENT,
  received_at INTEGER NOT NULL, -- milliseconds since 1970, the bridge's clock
  topic       TEXT NOT NULL,
  payload     BLOB NOT NULL
) STRICT;

-- Every message that could not, whole, with its reason.
CREATE TABLE quarantine (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  received_at INTEGER NOT NULL,
  topic       TEXT NOT NULL,
  payload     BLOB NOT NULL,
  kind        TEXT NOT NULL,
  reason      TEXT NOT NULL
) STRICT;

-- Every event, from the moment it was detected until the org has said what it did.
CREATE TABLE outbox (
  event_key      TEXT PRIMARY KEY,
  episode_key    TEXT NOT NULL,
  phase          TEXT NOT NULL, -- Opened, Updated, Cleared
  sequence       INTEGER NOT NULL, -- within the episode, 0 first
  policy_key     TEXT NOT NULL,
  device_key     TEXT NOT NULL,
  created_at     INTEGER NOT NULL,
  signal         TEXT NOT NULL, -- the whole signal as JSON
  state          TEXT NOT NULL CHECK (state IN ('pending', 'published', 'failed')),
  attempts       INTEGER NOT NULL DEFAULT 0,
  retry_at       INTEGER NOT NULL DEFAULT 0,
  last_error     TEXT,
  published_at   INTEGER,
  receipt        TEXT, -- Acted, Suppressed, Failed, Missing; null: the org has not said yet
  receipt_reason TEXT,
  receipt_at     INTEGER
) STRICT;
CREATE INDEX outbox_open ON outbox (state, retry_at) WHERE state = 'pending';
CREATE INDEX outbox_waiting ON outbox (published_at) WHERE state = 'published' AND receipt IS NULL;
CREATE INDEX outbox_episode ON outbox (episode_key, sequence);

-- What detection remembers of each device, as JSON.
CREATE TABLE device_state (
  device TEXT PRIMARY KEY,
  state  TEXT NOT NULL
) STRICT;

-- How far the log is processed, and the listening clock; one row.
CREATE TABLE cursor (
  id          INTEGER PRIMARY KEY CHECK (id = 1),
  position    INTEGER NOT NULL,
  listened_at INTEGER
) STRICT;
INSERT INTO cursor (id, position) VALUES (1, 0);
