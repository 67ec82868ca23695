-- Events may be suppressed, and those of a class that is not urgent wait for others of it.
DROP VIEW outbox;
CREATE TABLE outbox_state_new (
  id             INTEGER PRIMARY KEY, -- of the event; one without a row is pending and new
  state          TEXT NOT NULL DEFAULT 'pending'
    CHECK (state IN ('pending', 'published', 'failed', 'coalesced', 'suppressed')),
  tried          INTEGER NOT NULL DEFAULT 0, -- 1: it may be on the event bus
  attempts       INTEGER NOT NULL DEFAULT 0,
  publishes      INTEGER NOT NULL DEFAULT 0, -- times the event bus accepted it
  refusals       INTEGER NOT NULL DEFAULT 0, -- of the org, answered by publishing it again, alone
  retry_at       INTEGER NOT NULL DEFAULT 0, -- 0: new
  last_error     TEXT,
  published_at   INTEGER,
  receipt        TEXT, -- Acted, Suppressed, Failed, Missing, Coalesced, Shed, Discarded; null: not ended
  receipt_reason TEXT,
  receipt_at     INTEGER,
  overtaken_by   TEXT, -- of a coalesced event: the event key of the one that says as much
  why            TEXT, -- of a suppressed event: its reason in one word, as in the metrics
  wait_until     INTEGER NOT NULL DEFAULT 0, -- for others of its latency class; 0: it does not wait
  -- 0: open in the bridge's memory, or ended; 1: aside, too many are open; 2: an operator wants it published again
  aside          INTEGER NOT NULL DEFAULT 0,
  -- Of those aside, to find them by:
  event_key      TEXT,
  episode_key    TEXT,
  sequence       INTEGER,
  priority       INTEGER, -- the worst rank of what waits behind it, its own at least: 0 Critical to 3 Low
  held           INTEGER, -- 1: pending behind another open event of its episode
  ended          INTEGER NOT NULL DEFAULT 0, -- 1: the last that waits of its episode is a Cleared
  untold         INTEGER NOT NULL DEFAULT 0 -- 1: it may be that nothing of its episode was ever published
) STRICT;
INSERT INTO outbox_state_new (id, state, tried, attempts, publishes, refusals, retry_at, last_error, published_at, receipt,
    receipt_reason, receipt_at, overtaken_by, aside, event_key, episode_key, sequence, priority, held)
  SELECT id, state, tried, attempts, publishes, refusals, retry_at, last_error, published_at, receipt,
    receipt_reason, receipt_at, overtaken_by, aside, event_key, episode_key, sequence, priority, held FROM outbox_state;
DROP TABLE outbox_state;
ALTER TABLE outbox_state_new RENAME TO outbox_state;

CREATE INDEX outbox_open ON outbox_state (id)
  WHERE aside = 0 AND receipt IS NULL AND state IN ('pending', 'published');
CREATE INDEX outbox_redriven ON outbox_state (id) WHERE aside = 2;
CREATE INDEX outbox_aside_new ON outbox_state (priority, ended, id, wait_until)
  WHERE aside = 1 AND state = 'pending' AND held = 0 AND retry_at = 0;
CREATE INDEX outbox_aside_wait ON outbox_state (wait_until)
  WHERE aside = 1 AND state = 'pending' AND held = 0 AND retry_at = 0 AND wait_until > 0;
CREATE INDEX outbox_aside_again ON outbox_state (retry_at)
  WHERE aside = 1 AND state = 'pending' AND held = 0 AND retry_at > 0;
CREATE INDEX outbox_aside_ranks ON outbox_state (priority, retry_at)
  WHERE aside = 1 AND state = 'pending' AND held = 0 AND retry_at > 0;
CREATE INDEX outbox_aside_published ON outbox_state (published_at) WHERE aside = 1 AND state = 'published';
CREATE INDEX outbox_aside_episode ON outbox_state (substr(episode_key, 1, 10), sequence) WHERE aside = 1;
CREATE INDEX outbox_failed ON outbox_state (id) WHERE state = 'failed' AND receipt IS NULL;
CREATE INDEX outbox_missing ON outbox_state (id) WHERE receipt = 'Missing';
CREATE INDEX outbox_coalesced ON outbox_state (overtaken_by) WHERE state = 'coalesced';
CREATE INDEX outbox_suppressed ON outbox_state (id) WHERE state IN ('coalesced', 'suppressed');
CREATE INDEX outbox_ended ON outbox_state (receipt_at) WHERE receipt IS NOT NULL;

CREATE VIEW outbox AS SELECT
  id, signal ->> 'eventKey' AS event_key, signal ->> 'episodeKey' AS episode_key, signal ->> 'phase' AS phase,
  signal ->> 'sequence' AS sequence, signal ->> 'severity' AS severity, signal ->> 'policyKey' AS policy_key,
  signal ->> 'device' AS device_key, recorded_at AS created_at, COALESCE(state, 'pending') AS state,
  COALESCE(tried, 0) AS tried, COALESCE(attempts, 0) AS attempts, COALESCE(publishes, 0) AS publishes,
  COALESCE(refusals, 0) AS refusals, COALESCE(retry_at, 0) AS retry_at, last_error, published_at, receipt, receipt_reason,
  receipt_at, overtaken_by, why
FROM outbox_signal LEFT JOIN outbox_state USING (id);
