-- How often the event bus has accepted an event; `attempts` counts tries that failed, too.
ALTER TABLE outbox ADD COLUMN publishes INTEGER NOT NULL DEFAULT 0;
UPDATE outbox SET publishes = 1 WHERE published_at IS NOT NULL;

-- Refusals of the org (Signal_Failure__c of the stage Ingest) that were answered by publishing the
-- event again; above 0 it goes alone in its request.
ALTER TABLE outbox ADD COLUMN refusals INTEGER NOT NULL DEFAULT 0;

-- Every question below is answered from an index: a row's last columns lie behind its long
-- `signal`, and with 100,000 events reading them took 300 ms, in which nothing else is done.
DROP INDEX outbox_episode;
CREATE INDEX outbox_episode ON outbox (episode_key, sequence, state, receipt);
CREATE INDEX outbox_failed ON outbox (event_key) WHERE state = 'failed';
CREATE INDEX outbox_ended ON outbox (receipt_at) WHERE receipt IS NOT NULL;
