import type { Clock } from '../clock.ts';
import { makeInterview } from '../flow/interview.ts';
import type { Start } from '../flow/model.ts';
import type { CompiledFlow, FlowContext } from '../flow/runtime.ts';
import type { RecordData, RecordStore } from '../store/records.ts';
import { SCHEDULED_RUN, type AsyncQueue } from './asyncQueue.ts';
import type { Logger } from './logger.ts';
import type { Scopes, TransactionScope } from './scope.ts';
import type { Triggers } from './triggers.ts';
import type { Source } from './worker.ts';

const DAY = 86_400_000;

/** "The maximum number of schedule-triggered flow interviews for a single flow is 250,000" (help platform.flow_considerations_trigger_schedule). */
const MOST_INTERVIEWS = 250_000;

/**
 * Flows that run by the clock (help platform.flow_considerations_trigger_schedule): "One interview is
 * created for each record retrieved". When its time has come, the records that meet the filters are
 * put into the queue of paths, in the transaction that sets the next time; so a run is neither lost
 * nor done twice across `kill -9`. Times that passed while the org did not run are made up for once.
 */
export function makeScheduledFlows(parts: {
  readonly store: RecordStore;
  readonly queue: AsyncQueue;
  readonly scopes: Scopes;
  readonly triggers: Triggers;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly contextOf: (scope: TransactionScope) => FlowContext;
}): Source {
  const { store, queue, clock } = parts;
  const { sql } = store;
  sql.exec(
    'CREATE TABLE IF NOT EXISTS flow_schedule (flow TEXT PRIMARY KEY, schedule TEXT NOT NULL, next_at INTEGER) STRICT',
  );
  const read = sql.prepare('SELECT schedule FROM flow_schedule WHERE flow = ?');
  const set = sql.prepare(
    'INSERT INTO flow_schedule (flow, schedule, next_at) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET schedule = excluded.schedule, next_at = excluded.next_at',
  );
  const move = sql.prepare('UPDATE flow_schedule SET next_at = ? WHERE flow = ?');
  const due = sql.prepare(
    'SELECT flow FROM flow_schedule WHERE next_at <= ? ORDER BY next_at, flow LIMIT 1',
  );
  const earliest = sql.prepare('SELECT min(next_at) AS at FROM flow_schedule');
  const flows = new Map(parts.triggers.onSchedule.map((flow) => [flow.source.name, flow]));
  sql
    .prepare('DELETE FROM flow_schedule WHERE flow NOT IN (SELECT value FROM json_each(?))')
    .run(JSON.stringify([...flows.keys()]));
  for (const [name, { source }] of flows) {
    const schedule = JSON.stringify(source.start);
    if (read.get(name)?.['schedule'] === schedule) continue;
    set.run(name, schedule, nextTime(source.start, clock.now()) ?? null);
  }

  function run(flow: CompiledFlow): void {
    const { name, start } = flow.source;
    parts.scopes.within((scope) => {
      move.run(nextTime(start, clock.now()) ?? null, name);
      const userId = defaultWorkflowUser(store);
      const records = recordsOf(flow, parts.contextOf(scope), userId);
      if (records.length > MOST_INTERVIEWS) {
        parts.logger.error(
          `flow ${name}: ${records.length} records meet its filters, ${MOST_INTERVIEWS} are allowed; it does not run`,
        );
        return;
      }
      for (const record of records) {
        queue.put({
          batch: scope.id,
          dueAt: 0,
          flow: name,
          path: SCHEDULED_RUN,
          object: flow.object?.name ?? '',
          recordId: String(record['Id'] ?? ''),
          record: JSON.stringify(record),
          prior: undefined,
          userId,
        });
      }
    });
  }

  function recordsOf(flow: CompiledFlow, context: FlowContext, userId: string): RecordData[] {
    if (flow.object === undefined) return [{}];
    const actor = { userId };
    const probe = makeInterview(flow, context, { actor, position: undefined });
    const where = flow.selects?.(probe) ?? { kind: 'and', parts: [] };
    return context.store.select({
      object: flow.object.name,
      where,
      orderBy: [{ field: 'Id', descending: false, nullsLast: false }],
    });
  }

  return {
    nextAt() {
      const at = earliest.get()?.['at'];
      return typeof at === 'number' ? at : undefined;
    },
    runNext() {
      const name = due.get(clock.now())?.['flow'];
      const flow = typeof name === 'string' ? flows.get(name) : undefined;
      if (flow === undefined) return false;
      run(flow);
      return true;
    },
  };
}

/** The first time after now; undefined: never ("If a flow is scheduled to run one time with a date and time that has passed, the flow doesn't run"). */
function nextTime(start: Start, now: number): number | undefined {
  if (start.kind !== 'schedule') return undefined;
  if (start.startAt > now) return start.startAt;
  if (start.frequency === 'Once') return undefined;
  const period = start.frequency === 'Daily' ? DAY : 7 * DAY;
  return start.startAt + (Math.floor((now - start.startAt) / period) + 1) * period;
}

/** "The Default Workflow User runs schedule-triggered flows": the oldest administrator, else the platform's own user. */
function defaultWorkflowUser(store: RecordStore): string {
  const oldest = (where: { field: string; value: string }): RecordData | undefined =>
    store.select({
      object: 'User',
      where: { kind: 'compare', op: '=', ...where },
      orderBy: [{ field: 'Id', descending: false, nullsLast: false }],
      limit: 1,
    })[0];
  const user =
    oldest({ field: 'Profile.Name', value: 'System Administrator' }) ??
    oldest({ field: 'UserType', value: 'AutomatedProcess' });
  return String(user?.['Id'] ?? '');
}
