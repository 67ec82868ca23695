-- How far subscriptions to the org's events have got.
CREATE TABLE subscription (
  name      TEXT PRIMARY KEY, -- the org's id and the topic
  replay_id BLOB NOT NULL -- opaque; valid in that org only, for about three days
) STRICT;
