import type { Clock } from '../clock.ts';
import type { RunOutcome } from '../flow/lockStep.ts';
import type { FlowElement } from '../flow/model.ts';
import type { FlowStep, Interview } from '../flow/runtime.ts';
import type { RunWatcher, Waits } from '../flow/watch.ts';
import type { RecordStore } from '../store/records.ts';
import { describe, idsIn } from './describe.ts';
import { valuesIn, valuesOut, type NamedValue } from './elementValues.ts';
import type { FlowRun, RunEnd, RunStep, RunTrigger, Shown } from './run.ts';

/** Steps kept of one run: far more than a person reads, and a loop over a collection stays in bounds. */
const MOST_STEPS = 300;

/** Ids kept of the records that one run touched. */
const MOST_TOUCHED = 100;

interface OpenRun {
  readonly startedAt: number;
  readonly steps: RunStep[];
  readonly touched: Set<string>;
  leftOut: number;
  faults: number;
}

/** A run that is over; whether what it did stays is known when its transaction is over. */
export interface EndedRun {
  readonly run: FlowRun;
  committed: boolean;
}

/**
 * Follows flows for `keep`, which gets each run when it ends. Whether the transaction then keeps
 * what the run did shows in `committed` once all transactions are over.
 */
export function watchRuns(
  store: Pick<RecordStore, 'afterCommit'>,
  clock: Clock,
  keep: (ended: EndedRun) => void,
): RunWatcher {
  const open = new Map<Interview, OpenRun>();
  const given = new Map<Interview, readonly NamedValue[]>();

  return {
    started(interview) {
      const { trigger } = interview;
      const id = triggerOf(interview).id;
      open.set(interview, {
        startedAt: clock.now(),
        steps: [],
        touched: new Set(trigger === undefined || id === '' ? [] : [id]),
        leftOut: 0,
        faults: 0,
      });
    },
    entering(interview) {
      const element = elementAt(interview);
      if (element !== undefined) given.set(interview, valuesIn(interview, element));
    },
    left(root, interview, step) {
      const run = open.get(root);
      const element = elementAt(interview);
      if (run === undefined || element === undefined) return;
      if (step.outcome === 'fault') run.faults += 1;
      const before = given.get(interview) ?? [];
      given.delete(interview);
      const after = step.outcome === 'done' ? valuesOut(interview, element) : [];
      if (element.kind.startsWith('record')) touch(run, [...before, ...after]);
      if (run.steps.length < MOST_STEPS)
        run.steps.push(stepOf(interview, element, step, before, after));
      else run.leftOut += 1;
    },
    ended(interview, outcome) {
      const run = open.get(interview);
      open.delete(interview);
      given.delete(interview);
      if (run === undefined) return;
      const ended: EndedRun = { run: close(interview, run, outcome), committed: false };
      store.afterCommit(() => {
        ended.committed = true;
      });
      keep(ended);
    },
  };
}

function touch(run: OpenRun, values: readonly NamedValue[]): void {
  for (const id of values.flatMap(({ value }) => idsIn(value)))
    if (run.touched.size < MOST_TOUCHED) run.touched.add(id);
}

function stepOf(
  interview: Interview,
  element: FlowElement,
  { flow, outcome, connector, detail }: FlowStep,
  before: readonly NamedValue[],
  after: readonly NamedValue[],
): RunStep {
  return {
    flow,
    element: element.name,
    kind: element.kind,
    outcome,
    ...(connector !== undefined && { connector }),
    ...(detail !== undefined && { detail: detail.slice(0, 1000) }),
    given: before.map(shown),
    result: after.map(shown),
    limits: interview.context.limits.use(),
  };
}

const shown = ({ name, value }: NamedValue): Shown => [name, describe(name, value)];

function elementAt({ flow, position }: Interview): FlowElement | undefined {
  return position === undefined ? undefined : flow.source.elements.get(position);
}

function triggerOf({ trigger, flow }: Interview): RunTrigger {
  if (trigger === undefined)
    return { kind: flow.source.isScreenFlow ? 'user' : 'none', object: '', id: '' };
  const { object, fields } = trigger.record;
  const kind = flow.source.start.kind === 'event' ? 'event' : 'record';
  return { kind, object, id: String(fields[kind === 'event' ? 'EventUuid' : 'Id'] ?? '') };
}

const ENDS: Readonly<Record<(RunOutcome | Waits)['kind'], RunEnd>> = {
  waits: 'waiting',
  done: 'completed',
  failed: 'failed',
  'custom-error': 'refused',
};

function close(interview: Interview, run: OpenRun, outcome: RunOutcome | Waits): FlowRun {
  return {
    interview: interview.id,
    flow: interview.flow.source.name,
    trigger: triggerOf(interview),
    startedAt: run.startedAt,
    userId: interview.actor.userId,
    transaction: interview.context.transaction,
    end: ENDS[outcome.kind],
    message: messageOf(outcome),
    faults: run.faults,
    limits: interview.context.limits.use(),
    steps: run.steps,
    leftOut: run.leftOut,
    touched: [...run.touched],
  };
}

function messageOf(outcome: RunOutcome | Waits): string {
  if (outcome.kind === 'failed') return outcome.message;
  if (outcome.kind === 'done' || outcome.kind === 'waits') return '';
  return outcome.errors.map(({ message }) => message).join('; ');
}
