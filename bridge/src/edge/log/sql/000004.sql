-- The outbox in a shape whose costs do not grow with what lies in it. The signal itself is in a
-- table of its own, so that an event on its way rewrites some 300 bytes and not 2 KB; which event may
-- go next is written down and not searched for; what a dead letter has gone through is kept.
CREATE TABLE outbox_new (
  id             INTEGER PRIMARY KEY, -- in the order of recording
  event_key      TEXT NOT NULL UNIQUE,
  episode_key    TEXT NOT NULL,
  phase          TEXT NOT NULL, -- Opened, Updated, Cleared
  sequence       INTEGER NOT NULL, -- within the episode, 0 first
  rank           INTEGER NOT NULL, -- 0 Critical, 1 High, 2 Medium, 3 Low
  priority       INTEGER NOT NULL, -- the worst rank of what waits behind it, its own at least
  policy_key     TEXT NOT NULL,
  device_key     TEXT NOT NULL,
  created_at     INTEGER NOT NULL, -- milliseconds since 1970, as all times
  state          TEXT NOT NULL CHECK (state IN ('pending', 'published', 'failed', 'coalesced')),
  held           INTEGER NOT NULL DEFAULT 0, -- 1: pending behind another open event of its episode
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
  overtaken_by   TEXT -- of a coalesced event: the event key of the one that says as much
) STRICT;
INSERT INTO outbox_new
  (id, event_key, episode_key, phase, sequence, rank, priority, policy_key, device_key, created_at, state, attempts,
   publishes, refusals, retry_at, last_error, published_at, receipt, receipt_reason, receipt_at)
  SELECT rowid, event_key, episode_key, phase, sequence,
    CASE signal ->> 'severity' WHEN 'Critical' THEN 0 WHEN 'High' THEN 1 WHEN 'Medium' THEN 2 ELSE 3 END,
    3,
    policy_key, device_key, created_at, state, attempts, publishes, refusals, retry_at, last_error,
    published_at, receipt, receipt_reason, receipt_at
  FROM outbox;

CREATE TABLE outbox_signal (
  id     INTEGER PRIMARY KEY, -- of the event
  signal TEXT NOT NULL -- the whole signal as JSON
) STRICT;
INSERT INTO outbox_signal (id, signal) SELECT rowid, signal FROM outbox;

-- What happened to events that did not simply go through; the newest 100 of each.
CREATE TABLE outbox_history (
  id     INTEGER NOT NULL, -- of the event
  at     INTEGER NOT NULL,
  what   TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;
CREATE INDEX outbox_history_of ON outbox_history (id);

DROP TABLE outbox;
ALTER TABLE outbox_new RENAME TO outbox;
CREATE INDEX outbox_episode ON outbox (episode_key, sequence);
UPDATE outbox AS o SET held = 1 WHERE state = 'pending' AND EXISTS (
  SELECT 1 FROM outbox AS other WHERE other.episode_key = o.episode_key AND other.id <> o.id
    AND ((other.state = 'pending' AND other.sequence < o.sequence)
      OR (other.state = 'published' AND other.receipt IS NULL)));
UPDATE outbox AS o SET priority = (SELECT MIN(rank) FROM outbox AS other
  WHERE other.episode_key = o.episode_key AND other.state = 'pending') WHERE state = 'pending';
CREATE INDEX outbox_new_events ON outbox (priority, id) WHERE state = 'pending' AND held = 0 AND retry_at = 0;
CREATE INDEX outbox_again ON outbox (retry_at) WHERE state = 'pending' AND held = 0 AND retry_at > 0;
CREATE INDEX outbox_held ON outbox (id) WHERE state = 'pending' AND held = 1;
CREATE INDEX outbox_waiting ON outbox (published_at) WHERE state = 'published' AND receipt IS NULL;
CREATE INDEX outbox_failed ON outbox (event_key) WHERE state = 'failed' AND receipt IS NULL;
CREATE INDEX outbox_missing ON outbox (event_key) WHERE receipt = 'Missing';
CREATE INDEX outbox_coalesced ON outbox (overtaken_by) WHERE state = 'coalesced';
CREATE INDEX outbox_ended ON outbox (receipt_at) WHERE receipt IS NOT NULL;
