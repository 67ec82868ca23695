import { makeInterview } from '../flow/interview.ts';
import type { ScheduledPath } from '../flow/model.ts';
import type { CompiledFlow, FlowContext } from '../flow/runtime.ts';
import type { ObjectDef } from '../metadata/schema.ts';
import type { RecordData } from '../store/records.ts';
import { isDue } from './recordFlows.ts';
import type { Row } from './rows.ts';
import type { SaverParts } from './saver.ts';
import type { TransactionScope } from './scope.ts';
import type { RecordFlow } from './triggers.ts';

type Parts = Pick<SaverParts, 'store' | 'queue' | 'triggers' | 'assumptions' | 'contextOf'>;

/**
 * Puts the scheduled paths of a flow into the queue for every row that sets it off, instead of those
 * of an earlier time that still wait. They run "at a dynamically scheduled time after a triggering
 * event", as "the user who originally changed the record" (help
 * platform.flow_concepts_trigger_scheduled_path).
 */
export function setOffScheduledPaths(
  parts: Parts,
  scope: TransactionScope,
  { flow, start }: RecordFlow,
  rows: readonly Row[],
): void {
  if (start.scheduled.length === 0) return;
  const context = parts.contextOf(scope);
  for (const { id = '', trigger, source } of rows) {
    if (!isDue(flow, { trigger, actor: source.actor }, context)) continue;
    const { name } = flow.source;
    for (const old of parts.queue.scheduledOf(name, id)) parts.queue.remove(old);
    for (const path of start.scheduled) {
      const dueAt = dueTime(parts, context, path, trigger.record.fields);
      if (dueAt === undefined) continue;
      parts.queue.put({
        batch: scope.id,
        dueAt,
        flow: name,
        path: path.name,
        object: trigger.record.object,
        recordId: id,
        record: JSON.stringify(trigger.record.fields),
        prior: trigger.prior === undefined ? undefined : JSON.stringify(trigger.prior.fields),
        userId: source.actor.userId,
      });
    }
  }
}

/**
 * A record that was changed no longer waits where it does not meet the entry conditions any more
 * (tried by hand: salesforce.stackexchange.com, "Do scheduled paths get evaluated/canceled when
 * Record-triggered flow version changes"), and waits for another time where its time source changed.
 */
export function reviewScheduledPaths(
  parts: Parts,
  context: FlowContext,
  object: ObjectDef,
  ids: readonly string[],
): void {
  for (const { flow, start } of parts.triggers.withScheduledPaths(object.name)) {
    for (const id of ids) {
      const waiting = parts.queue.scheduledOf(flow.source.name, id);
      if (waiting.length === 0) continue;
      const fields = parts.store.read(object.name, id);
      const meets = fields !== undefined && meetsConditions(flow, context, object, fields);
      for (const pending of waiting) {
        const path = start.scheduled.find(({ name }) => name === pending.path);
        if (!meets || path === undefined) {
          parts.queue.remove(pending);
        } else if (path.field !== undefined && pending.failures === 0) {
          const dueAt = dueTime(parts, context, path, fields);
          if (dueAt === undefined) parts.queue.remove(pending);
          else parts.queue.move(pending, dueAt);
        }
      }
    }
  }
}

function meetsConditions(
  flow: CompiledFlow,
  context: FlowContext,
  object: ObjectDef,
  fields: RecordData,
): boolean {
  const record = { object: object.name, fields: { ...fields } };
  const actor = { userId: String(fields['LastModifiedById'] ?? '') };
  const trigger = { record, prior: undefined, isNew: false };
  return flow.meets(makeInterview(flow, context, { actor, trigger, position: undefined }));
}

/** When a path runs; undefined: never, as its field is empty. A date begins at midnight, UTC. */
function dueTime(
  { assumptions }: Parts,
  context: FlowContext,
  path: ScheduledPath,
  fields: RecordData,
): number | undefined {
  const now = context.clock.now();
  const value = path.field === undefined ? now : (fields[path.field] ?? null);
  if (value === null || value === '') return undefined;
  const at = (typeof value === 'number' ? value : Date.parse(String(value))) + path.offsetMs;
  return at < now && assumptions['past-scheduled-path'] === 'never' ? undefined : at;
}
