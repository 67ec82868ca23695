-- Keys are hashes: each write of them goes to another page of an index. The first characters find an event as
-- well as all of them, in far fewer pages.
CREATE TABLE outbox_new (
  id             INTEGER PRIMARY KEY, -- in the order of recording
  event_key      TEXT NOT NULL, -- no two the same: see insertEvent
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
INSERT INTO outbox_new SELECT * FROM outbox;

DROP TABLE outbox;
ALTER TABLE outbox_new RENAME TO outbox;
CREATE INDEX outbox_event ON outbox (substr(event_key, 1, 10));
CREATE INDEX outbox_episode ON outbox (substr(episode_key, 1, 10), sequence);
CREATE INDEX outbox_new_events ON outbox (priority, id) WHERE state = 'pending' AND held = 0 AND retry_at = 0;
CREATE INDEX outbox_again ON outbox (retry_at) WHERE state = 'pending' AND held = 0 AND retry_at > 0;
CREATE INDEX outbox_held ON outbox (id) WHERE state = 'pending' AND held = 1;
CREATE INDEX outbox_waiting ON outbox (published_at) WHERE state = 'published' AND receipt IS NULL;
CREATE INDEX outbox_failed ON outbox (event_key) WHERE state = 'failed' AND receipt IS NULL;
CREATE INDEX outbox_missing ON outbox (event_key) WHERE receipt = 'Missing';
CREATE INDEX outbox_coalesced ON outbox (overtaken_by) WHERE state = 'coalesced';
CREATE INDEX outbox_ended ON outbox (receipt_at) WHERE receipt IS NOT NULL;
