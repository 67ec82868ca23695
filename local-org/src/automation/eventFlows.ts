import type { Bus, StoredEvent } from '../events/bus.ts';
import { topicOf } from '../events/avroSchema.ts';
import { LimitException } from '../flow/errors.ts';
import { makeInterview } from '../flow/interview.ts';
import type { CompiledFlow, FlowContext, Interview } from '../flow/runtime.ts';
import { toId18 } from '../store/ids.ts';
import type { RecordStore } from '../store/records.ts';
import type { Assumptions } from './assumptions.ts';
import { runFlowBatch } from './flowBatch.ts';
import type { Logger } from './logger.ts';
import type { Scopes, TransactionScope } from './scope.ts';
import type { Triggers } from './triggers.ts';
import type { Source } from './worker.ts';

/** "A flow can receive … up to a maximum of 200 event messages" at once (Platform Events Developer Guide, "Flow and Platform Event Considerations"). */
const BATCH = 200;

/**
 * Flows set off by events. Each flow reads every event of its topic in the order of the replay id,
 * in batches with a transaction of their own; its position moves in the same transaction, so an
 * event is processed once also across `kill -9`. A batch that failed is not tried again later: flows
 * of this kind have no time-based retry (help platform.automate_flow_troubleshoot_retries).
 * A flow seen for the first time starts with events published from then on: flows have no replay.
 */
export function makeEventFlows(parts: {
  readonly store: RecordStore;
  readonly bus: Bus;
  readonly scopes: Scopes;
  readonly triggers: Triggers;
  readonly assumptions: Assumptions;
  readonly logger: Logger;
  readonly contextOf: (scope: TransactionScope) => FlowContext;
}): Source {
  const { store, bus, scopes, logger } = parts;
  store.sql.exec(
    'CREATE TABLE IF NOT EXISTS flow_cursor (flow TEXT PRIMARY KEY, replay INTEGER NOT NULL) STRICT',
  );
  const read = store.sql.prepare('SELECT replay FROM flow_cursor WHERE flow = ?');
  const move = store.sql.prepare(
    'INSERT INTO flow_cursor (flow, replay) VALUES (?, ?) ON CONFLICT DO UPDATE SET replay = excluded.replay',
  );
  const flows = parts.triggers.onEvent.map(({ flow, object }) => ({
    flow,
    topic: topicOf(object),
  }));
  const names = JSON.stringify(flows.map(({ flow }) => flow.source.name));
  // A flow that was switched off starts anew when it is switched on again.
  store.sql
    .prepare('DELETE FROM flow_cursor WHERE flow NOT IN (SELECT value FROM json_each(?))')
    .run(names);
  for (const { flow } of flows) {
    if (read.get(flow.source.name) === undefined) move.run(flow.source.name, bus.latest());
  }

  function runBatch(flow: CompiledFlow, topicName: string): boolean {
    const { name } = flow.source;
    const events = bus.read(topicName, Number(read.get(name)?.['replay'] ?? 0), BATCH);
    const last = events.at(-1);
    if (last === undefined) return false;
    try {
      scopes.within((scope) => {
        const context = parts.contextOf(scope);
        const failed = runFlowBatch({
          store,
          scope,
          assumptions: parts.assumptions,
          items: events,
          interviewOf: (event) => interviewOf(flow, topicName, event, context),
        });
        move.run(name, last.replay);
        for (const [event, reason] of failed)
          logger.error(`flow ${name}: event ${event.uuid} failed: ${reason}`);
      });
    } catch (error) {
      if (!(error instanceof LimitException)) throw error;
      logger.error(
        `flow ${name}: a batch of ${events.length} events was undone and will not be tried again: ${error.message}`,
      );
      store.transaction(() => move.run(name, last.replay));
    }
    return true;
  }

  function interviewOf(
    flow: CompiledFlow,
    topicName: string,
    event: StoredEvent,
    context: FlowContext,
  ): Interview {
    const topic = bus.topic(topicName);
    if (topic === undefined) throw new Error(`no topic ${topicName}`);
    const fields = { ...bus.toRecord(topic, event) };
    const trigger = {
      record: { object: topic.object.name, fields },
      prior: undefined,
      isNew: true,
    };
    const sender = String(fields['CreatedById']);
    const actor = { userId: toId18(sender) ?? sender };
    return makeInterview(flow, context, { actor, trigger, position: flow.source.start.next });
  }

  return {
    runNext: () => flows.map(({ flow, topic }) => runBatch(flow, topic)).some(Boolean),
  };
}
