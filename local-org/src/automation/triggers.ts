import type { CompiledFlow } from '../flow/runtime.ts';
import type { Start } from '../flow/model.ts';

type RecordStart = Extract<Start, { kind: 'record' }>;

export interface RecordFlow {
  readonly flow: CompiledFlow;
  readonly start: RecordStart;
}

/** Which active flows a change or an event sets off, in the order they run. */
export interface Triggers {
  onSave(
    object: string,
    change: 'insert' | 'update',
    timing: 'before' | 'after',
  ): readonly RecordFlow[];
  /** Before-delete flows. */
  onDelete(object: string): readonly RecordFlow[];
  /** Flows that may have scheduled paths waiting for records of this object. */
  withScheduledPaths(object: string): readonly RecordFlow[];
  /** Flows that run by the clock. */
  readonly onSchedule: readonly CompiledFlow[];
  /** Flows set off by an event, by name. */
  readonly onEvent: readonly { readonly flow: CompiledFlow; readonly object: string }[];
}

export function makeTriggers(flows: ReadonlyMap<string, CompiledFlow>): Triggers {
  const active = [...flows.values()].filter((flow) => flow.source.active).sort(byTriggerOrder);
  const records = active.flatMap((flow): RecordFlow[] =>
    flow.source.start.kind === 'record' ? [{ flow, start: flow.source.start }] : [],
  );
  const cache = new Map<string, readonly RecordFlow[]>();
  return {
    onSave(object, change, timing) {
      const key = `${object} ${change} ${timing}`;
      const known = cache.get(key);
      if (known !== undefined) return known;
      const wanted = change === 'insert' ? 'Create' : 'Update';
      const found = records.filter(
        ({ start }) =>
          start.selection.object === object &&
          start.timing === timing &&
          (start.on === wanted || start.on === 'CreateAndUpdate'),
      );
      cache.set(key, found);
      return found;
    },
    onDelete: (object) =>
      records.filter(({ start }) => start.timing === 'delete' && start.selection.object === object),
    withScheduledPaths: (object) =>
      records.filter(
        ({ start }) => start.selection.object === object && start.scheduled.length > 0,
      ),
    onSchedule: active.filter((flow) => flow.source.start.kind === 'schedule'),
    onEvent: active.flatMap((flow) => {
      const { start } = flow.source;
      return start.kind === 'event' ? [{ flow, object: start.object }] : [];
    }),
  };
}

/**
 * Orders 1 to 1000 first, then flows without one, then 1001 to 2000 (help
 * platform.flow_task_trigger_run_order). Equals run by name here; the platform goes by their
 * creation date.
 */
function byTriggerOrder(a: CompiledFlow, b: CompiledFlow): number {
  const order = (flow: CompiledFlow): number => flow.source.triggerOrder ?? 1000.5;
  return order(a) - order(b) || (a.source.name < b.source.name ? -1 : 1);
}
