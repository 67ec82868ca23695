import { QueryFault } from './errors.ts';
import { FormulaError } from './formula/lex.ts';
import { record, runToScreen, stepAt, type Run } from './lockStep.ts';
import type { FlowContext, Interview, ScreenStep, Shown } from './runtime.ts';
import type { AnswerErrors, Answers, ScreenView } from './screens/view.ts';
import type { FlowValue } from './values.ts';

/** Where an interview of a screen flow stands. */
export type ScreenState =
  | {
      readonly kind: 'screen';
      readonly screen: ScreenView;
      /** Why the last answers were not accepted. */
      readonly errors: AnswerErrors;
    }
  | {
      readonly kind: 'finished';
      /** The variables that are available for output. */
      readonly outputs: Readonly<Record<string, FlowValue>>;
    }
  /** A fault that no fault path took: the interview is over. */
  | { readonly kind: 'failed'; readonly element: string; readonly message: string };

/**
 * One interview of a screen flow. Each call runs in the context, and so in the transaction, that it
 * is given, and calls follow each other only while a screen shows. Limits pass through as they are.
 */
export interface ScreenRun {
  start(context: FlowContext): ScreenState;
  next(context: FlowContext, answers: Answers): ScreenState;
  back(context: FlowContext): ScreenState;
  /** The screen as it would be with these answers; takes nothing in. */
  look(context: FlowContext, answers: Answers): ScreenView;
}

/** A screen that was left: the interview, with the flows it was called from, as it stood there. */
type Place = readonly Interview[];

/** @param begin makes the interview at its beginning */
export function makeScreenRun(begin: (context: FlowContext) => Interview): ScreenRun {
  const before: Place[] = [];
  let stack: Interview[] = [];
  let shown: Shown = new Map();

  function stretch(
    context: FlowContext,
    from: readonly Interview[],
    leave: (run: Run) => ScreenState | undefined,
  ): ScreenState {
    // Values go on; limits and saves are those of the transaction of this stretch.
    stack = from.map((interview) => ({ ...interview, context }));
    const [root] = stack;
    if (root === undefined) throw new Error('an interview without a flow');
    const run: Run = { root, stack, outcome: undefined, waits: false };
    context.watcher?.started(root);
    let state: ScreenState | undefined;
    try {
      state = leave(run) ?? arrive(run);
      return state;
    } finally {
      context.watcher?.ended(root, endOf(state));
    }
  }

  /** Runs to the next screen and opens it, or to the end. */
  function arrive(run: Run): ScreenState {
    const outcome = runToScreen(run);
    if (outcome === undefined) return open(run);
    if (outcome.kind === 'failed')
      return { kind: 'failed', element: outcome.element, message: outcome.message };
    return { kind: 'finished', outputs: outputsOf(run.root) };
  }

  function open(run: Run): ScreenState {
    const { interview, step } = standing(run.stack);
    return orFail(run, () => {
      interview.context.watcher?.entering(interview);
      interview.context.limits.count('elements');
      shown = step.open(interview);
      const screen = step.view(interview, shown, before.length > 0);
      record(run, interview, { outcome: 'shown' });
      return { kind: 'screen', screen, errors: {} };
    });
  }

  return {
    start: (context) => stretch(context, [begin(context)], () => undefined),
    next: (context, answers) =>
      stretch(context, stack, (run) => {
        const { interview, step } = standing(run.stack);
        return orFail(run, () => {
          interview.context.watcher?.entering(interview);
          const errors = step.answer(interview, shown, answers);
          if (Object.keys(errors).length > 0) {
            const screen = step.view(interview, shown, before.length > 0);
            return { kind: 'screen', screen, errors };
          }
          record(run, interview, { outcome: 'done', connector: 'next' });
          before.push(run.stack.map((one) => ({ ...one })));
          interview.position = step.next;
          return undefined;
        });
      }),
    back: (context) => {
      const place = before.pop();
      if (place === undefined) throw new Error('there is no screen before this one');
      return stretch(context, place, (run) => {
        const { interview } = standing(run.stack);
        record(run, interview, { outcome: 'back' });
        return undefined;
      });
    },
    look: (context, answers) => {
      const { interview, step } = standing(stack);
      const copy = {
        ...interview,
        context,
        values: new Map(interview.values),
        labels: new Map(interview.labels),
      };
      step.answer(copy, shown, answers);
      return step.view(copy, shown, before.length > 0);
    },
  };
}

function standing(stack: readonly Interview[]): { interview: Interview; step: ScreenStep } {
  const interview = stack.at(-1);
  const step = interview === undefined ? undefined : stepAt(interview);
  if (interview === undefined || step?.kind !== 'screen')
    throw new Error('the interview does not stand at a screen');
  return { interview, step };
}

/** A screen has no fault path: what goes wrong with its formulas and choices ends the interview. */
function orFail<T>(run: Run, work: () => T): T | Extract<ScreenState, { kind: 'failed' }> {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof FormulaError || error instanceof QueryFault)) throw error;
    const { interview } = standing(run.stack);
    record(run, interview, { outcome: 'unhandled', detail: error.message });
    return { kind: 'failed', element: interview.position ?? '', message: error.message };
  }
}

function outputsOf({ flow, values }: Interview): Record<string, FlowValue> {
  const outputs = [...flow.source.variables.values()].filter(({ isOutput }) => isOutput);
  return Object.fromEntries(
    outputs.map(({ name, isCollection }) => [name, values.get(name) ?? (isCollection ? [] : null)]),
  );
}

function endOf(
  state: ScreenState | undefined,
): Parameters<NonNullable<FlowContext['watcher']>['ended']>[1] {
  if (state?.kind === 'screen') return { kind: 'waits' };
  if (state?.kind === 'finished') return { kind: 'done' };
  const message = state?.message ?? 'a limit of the transaction was passed';
  return { kind: 'failed', element: state?.element ?? '', message, partial: false };
}
