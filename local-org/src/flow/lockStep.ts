import { FormulaError } from './formula/lex.ts';
import type { BulkOutcome, Connector, CustomError, FlowStep, Interview, Step } from './runtime.ts';

/** How the run of one interview ended. */
export type RunOutcome =
  | { readonly kind: 'done' }
  /** Nobody handled a fault. `partial`: only this interview fails, else the whole batch. */
  | {
      readonly kind: 'failed';
      readonly element: string;
      readonly message: string;
      readonly partial: boolean;
    }
  | { readonly kind: 'custom-error'; readonly errors: readonly CustomError[] };

/** A run of one interview on its way. */
export interface Run {
  /** The interview that was started. */
  readonly root: Interview;
  /** It and, while it is in a subflow, the ones it called. */
  readonly stack: Interview[];
  outcome: RunOutcome | undefined;
  /** Whether it stands at a screen. */
  waits: boolean;
}

/**
 * Runs the interviews of one batch in lock step: each runs until it reaches an element that can be
 * done in bulk; when all have stopped, those that wait at the same element execute it together;
 * and so on until all are over (help platform.flow_concepts_bulkification).
 *
 * So two interviews of a batch that look a key up and then create it both look before either
 * creates. One outcome per interview, in order. A LimitException passes through.
 */
export function runInLockStep(interviews: readonly Interview[]): RunOutcome[] {
  const runs = interviews.map((interview): Run => ({
    root: interview,
    stack: [interview],
    outcome: undefined,
    waits: false,
  }));
  for (const { root } of runs) root.context.watcher?.started(root);
  try {
    return runAll(runs);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    for (const run of runs)
      run.outcome ??= { kind: 'failed', element: run.root.position ?? '', message, partial: false };
    throw error;
  } finally {
    for (const { root, outcome } of runs)
      root.context.watcher?.ended(root, outcome ?? { kind: 'done' });
  }
}

/** Runs one interview on until it is over or stands at a screen, which then is where its stack ends. */
export function runToScreen(run: Run): RunOutcome | undefined {
  run.waits = false;
  runAll([run]);
  return run.waits ? undefined : (run.outcome ?? { kind: 'done' });
}

function runAll(runs: readonly Run[]): RunOutcome[] {
  for (;;) {
    const waiting = new Map<string, Run[]>();
    for (const run of runs) {
      const place = advance(run);
      if (place === undefined) continue;
      const group = waiting.get(place);
      if (group === undefined) waiting.set(place, [run]);
      else group.push(run);
    }
    if (waiting.size === 0) return runs.map((run) => run.outcome ?? { kind: 'done' });
    for (const group of waiting.values()) executeTogether(group);
  }
}

/** Runs one interview up to its next bulk element and names that; undefined when it is over. */
function advance(run: Run): string | undefined {
  while (run.outcome === undefined && !run.waits) {
    const interview = run.stack.at(-1);
    if (interview === undefined) return undefined;
    if (interview.position === undefined) {
      leave(run, interview);
      continue;
    }
    const step = stepAt(interview);
    if (step.kind === 'screen') {
      run.waits = true;
      return undefined;
    }
    if (step.kind === 'bulk') return `${interview.flow.source.name} ${interview.position}`;
    try {
      runNow(run, interview, step);
    } catch (error) {
      if (!(error instanceof FormulaError)) throw error;
      fail(run, interview, error.message, false);
    }
  }
  return undefined;
}

export function stepAt(interview: Interview): Step {
  const step = interview.flow.steps.get(interview.position ?? '');
  if (step === undefined)
    throw new Error(`${interview.flow.source.name} has no element ${interview.position}`);
  return step;
}

function runNow(
  run: Run,
  interview: Interview,
  step: Exclude<Step, { kind: 'bulk' | 'screen' }>,
): void {
  interview.context.watcher?.entering(interview);
  interview.context.limits.count('elements');
  switch (step.kind) {
    case 'instant': {
      const { next, connector = 'next', detail } = step.run(interview);
      record(run, interview, { outcome: 'done', connector, detail });
      interview.position = next;
      return;
    }
    case 'call':
      record(run, interview, { outcome: 'done', connector: 'next' });
      run.stack.push(step.enter(interview));
      return;
    case 'custom-error': {
      const errors = step.errors(interview);
      const detail = errors.map((error) => error.message).join('; ');
      record(run, interview, { outcome: 'custom-error', detail });
      run.outcome = { kind: 'custom-error', errors };
    }
  }
}

/** An interview has reached its end: back to the flow that called it, or over. */
function leave(run: Run, ended: Interview): void {
  run.stack.pop();
  const caller = run.stack.at(-1);
  if (caller === undefined) {
    run.outcome = { kind: 'done' };
    return;
  }
  const step = stepAt(caller);
  if (step.kind !== 'call') return;
  step.leave(caller, ended);
  caller.position = step.next;
}

function executeTogether(group: readonly Run[]): void {
  const interviews = group.flatMap((run) => run.stack.at(-1) ?? []);
  const [first] = interviews;
  if (first === undefined) return;
  const step = stepAt(first);
  if (step.kind !== 'bulk') return;
  for (const interview of interviews) interview.context.watcher?.entering(interview);
  first.context.limits.count('elements', interviews.length);
  const outcomes = runBulk(step, interviews);
  group.forEach((run, index) => {
    const interview = interviews[index];
    const outcome = outcomes[index];
    if (interview === undefined || outcome === undefined) return;
    if (outcome.ok) {
      record(run, interview, { outcome: 'done', connector: 'next' });
      interview.position = step.next;
    } else if (step.fault !== undefined) {
      record(run, interview, { outcome: 'fault', connector: 'fault', detail: outcome.message });
      interview.faultMessage = outcome.message;
      interview.position = step.fault;
    } else {
      fail(run, interview, outcome.message, outcome.partial);
    }
  });
}

/** A formula that cannot be computed faults the element for everyone: which row it was is not kept. */
function runBulk(
  step: Extract<Step, { kind: 'bulk' }>,
  interviews: readonly Interview[],
): BulkOutcome[] {
  try {
    return step.run(interviews);
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    const { message } = error;
    return interviews.map(() => ({ ok: false, message, partial: false }));
  }
}

function fail(run: Run, interview: Interview, message: string, partial: boolean): void {
  record(run, interview, { outcome: 'unhandled', detail: message });
  run.outcome = { kind: 'failed', element: interview.position ?? '', message, partial };
}

/** Tells who listens what an interview did at the element it stands at. */
export function record(
  { root }: Pick<Run, 'root'>,
  interview: Interview,
  how: {
    readonly outcome: FlowStep['outcome'];
    readonly connector?: Connector;
    readonly detail?: string | undefined;
  },
): void {
  const { detail, ...rest } = how;
  const { recorder, watcher } = interview.context;
  if (recorder === undefined && watcher === undefined) return;
  const step: FlowStep = {
    flow: interview.flow.source.name,
    interview: interview.id,
    element: interview.position ?? '',
    ...rest,
    ...(detail !== undefined && { detail }),
  };
  recorder?.(step);
  watcher?.left(root, interview, step);
}
