-- What was found is written once and never changed; what became of it is another, small row, written when it
-- has ended or has been on its way for some seconds. In between the bridge keeps it in memory.
CREATE TABLE outbox_found (
  id          INTEGER PRIMARY KEY, -- in the order of recording
  recorded_at INTEGER NOT NULL, -- milliseconds since 1970, as all times
  signal      TEXT NOT NULL -- the whole signal as JSON
) STRICT;
INSERT INTO outbox_found SELECT id, created_at, signal FROM outbox JOIN outbox_signal USING (id);

CREATE TABLE outbox_state (
  id             INTEGER PRIMARY KEY, -- of the event; one without a row is pending and new
  state          TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'published', 'failed', 'coalesced')),
  tried          INTEGER NOT NULL DEFAULT 0, -- 1: it may be on the event bus
  attempts       INTEGER NOT NULL DEFAULT 0,
  publishes      INTEGER NOT NULL DEFAULT 0, -- times the event bus accepted it
  refusals       INTEGER NOT NULL DEFAULT 0, -- of the org, answered by publishing it again, alone
  retry_at       INTEGER NOT NULL DEFAULT 0, -- 0: new
  last_error     TEXT,
  published_at   INTEGER,
  receipt        TEXT, -- Acted, Suppressed, Failed, Missing, Coalesced, Discarded; null: not ended
  receipt_reason TEXT,
  receipt_at     INTEGER,
  overtaken_by   TEXT, -- of a coalesced event: the event key of the one that says as much
  -- 0: open in the bridge's memory, or ended; 1: aside, too many are open; 2: an operator wants it published again
  aside          INTEGER NOT NULL DEFAULT 0,
  -- Of those aside, to find them by:
  event_key      TEXT,
  episode_key    TEXT,
  sequence       INTEGER,
  priority       INTEGER, -- the worst rank of what waits behind it, its own at least: 0 Critical to 3 Low
  held           INTEGER -- 1: pending behind another open event of its episode
) STRICT;
INSERT INTO outbox_state
  SELECT id, state, iif(state = 'pending' AND held = 0 AND retry_at = 0, 1, tried), attempts, publishes, refusals, retry_at,
    last_error, published_at, receipt, receipt_reason, receipt_at, overtaken_by,
    state = 'pending' OR (state = 'published' AND receipt IS NULL), event_key, episode_key, sequence, priority, held
  FROM outbox;

-- The keys of what was recorded; new ones come by the thousand, sorted, and until then they are looked for in memory.
CREATE TABLE outbox_key (
  episode  TEXT NOT NULL, -- the first characters of its key
  sequence INTEGER NOT NULL,
  id       INTEGER NOT NULL,
  PRIMARY KEY (episode, sequence, id)
) STRICT, WITHOUT ROWID;
INSERT INTO outbox_key SELECT substr(episode_key, 1, 10), sequence, id FROM outbox ORDER BY 1, 2, 3;

CREATE TABLE outbox_mark (
  name  TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO outbox_mark VALUES
  -- Up to this event all have a row in outbox_state, or in outbox_key; later ones are looked at one by one at a start.
  ('state', (SELECT COALESCE(MAX(id), 0) FROM outbox)),
  ('key', (SELECT COALESCE(MAX(id), 0) FROM outbox)),
  -- Rows of outbox_key, and those of events that were dropped.
  ('keys', (SELECT COUNT(*) FROM outbox)),
  ('stale keys', 0);

DROP TABLE outbox;
DROP TABLE outbox_signal;
ALTER TABLE outbox_found RENAME TO outbox_signal;
CREATE INDEX outbox_open ON outbox_state (id)
  WHERE aside = 0 AND receipt IS NULL AND state IN ('pending', 'published');
CREATE INDEX outbox_redriven ON outbox_state (id) WHERE aside = 2;
CREATE INDEX outbox_aside_new ON outbox_state (priority, id)
  WHERE aside = 1 AND state = 'pending' AND held = 0 AND retry_at = 0;
CREATE INDEX outbox_aside_again ON outbox_state (retry_at)
  WHERE aside = 1 AND state = 'pending' AND held = 0 AND retry_at > 0;
CREATE INDEX outbox_aside_published ON outbox_state (published_at) WHERE aside = 1 AND state = 'published';
CREATE INDEX outbox_aside_episode ON outbox_state (substr(episode_key, 1, 10), sequence) WHERE aside = 1;
CREATE INDEX outbox_failed ON outbox_state (id) WHERE state = 'failed' AND receipt IS NULL;
CREATE INDEX outbox_missing ON outbox_state (id) WHERE receipt = 'Missing';
CREATE INDEX outbox_coalesced ON outbox_state (overtaken_by) WHERE state = 'coalesced';
CREATE INDEX outbox_ended ON outbox_state (receipt_at) WHERE receipt IS NOT NULL;

-- For people and tools. The last seconds of what goes well are not in it: such an event is pending here and
-- has its receipt next.
CREATE VIEW outbox AS SELECT
  id, signal ->> 'eventKey' AS event_key, signal ->> 'episodeKey' AS episode_key, signal ->> 'phase' AS phase,
  signal ->> 'sequence' AS sequence, signal ->> 'severity' AS severity, signal ->> 'policyKey' AS policy_key,
  signal ->> 'device' AS device_key, recorded_at AS created_at, COALESCE(state, 'pending') AS state,
  COALESCE(tried, 0) AS tried, COALESCE(attempts, 0) AS attempts, COALESCE(publishes, 0) AS publishes,
  COALESCE(refusals, 0) AS refusals, COALESCE(retry_at, 0) AS retry_at, last_error, published_at, receipt, receipt_reason,
  receipt_at, overtaken_by
FROM outbox_signal LEFT JOIN outbox_state USING (id);
