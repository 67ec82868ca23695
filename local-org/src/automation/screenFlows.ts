import { LimitException } from '../flow/errors.ts';
import { makeInterview } from '../flow/interview.ts';
import type { CompiledFlow, FlowContext } from '../flow/runtime.ts';
import { makeScreenRun, type ScreenState } from '../flow/screenRun.ts';
import type { Answers, ScreenView } from '../flow/screens/view.ts';
import type { Actor } from '../store/records.ts';
import { readInputs, type FlowInputs } from './flowInputs.ts';
import type { Scopes, TransactionScope } from './scope.ts';

/** One interview of a screen flow, of the user who opened it. */
export interface OpenFlow {
  readonly flow: string;
  readonly label: string;
  state(): ScreenState;
  /** Goes on with these answers; stays when they are not accepted. Throws WrongAnswer, and once it is over. */
  next(answers: Answers): ScreenState;
  /** Shows the screen before again, with its values; nothing that was done is undone. */
  back(): ScreenState;
  /** The screen as it would be with these answers; takes nothing in. */
  look(answers: Answers): ScreenView;
}

/** There is no active screen flow of that name, or the user may not run it; it doesn't tell which. */
export class NoSuchFlow extends Error {}

/** Which flows a user may run. */
export interface FlowAccess {
  mayRun(userId: string, flow: { readonly name: string; readonly restricted: boolean }): boolean;
}

export interface ScreenFlows {
  /** Starts an interview and runs it to its first screen. Throws NoSuchFlow and WrongInput. */
  open(flow: string, inputs: FlowInputs, actor: Actor): OpenFlow;
  /** Whether there is such a flow that the user may run. */
  mayOpen(flow: string, userId: string): boolean;
}

/**
 * Runs screen flows. "Flow transactions end when a screen element … is executed": what lies between
 * two screens is one transaction with limits of its own, committed when the next screen shows. A
 * fault that no fault path takes undoes it (help platform.flow_concepts_transaction).
 */
export function makeScreenFlows(parts: {
  readonly flows: ReadonlyMap<string, CompiledFlow>;
  readonly access: FlowAccess;
  readonly scopes: Scopes;
  readonly contextOf: (scope: TransactionScope) => FlowContext;
}): ScreenFlows {
  /** Undoes a stretch that failed. */
  class Undo extends Error {
    readonly state: ScreenState;
    constructor(state: ScreenState) {
      super();
      this.state = state;
    }
  }

  function transact(work: (context: FlowContext) => ScreenState): ScreenState {
    try {
      return parts.scopes.within((scope) => {
        const state = work(parts.contextOf(scope));
        if (state.kind === 'failed') throw new Undo(state);
        return state;
      });
    } catch (error) {
      if (error instanceof Undo) return error.state;
      if (error instanceof LimitException)
        return { kind: 'failed', element: '', message: error.message };
      throw error;
    }
  }

  function findFor(name: string, userId: string): CompiledFlow | undefined {
    const flow = parts.flows.get(name);
    if (flow?.source.isScreenFlow !== true || !flow.source.active) return undefined;
    return parts.access.mayRun(userId, flow.source) ? flow : undefined;
  }

  return {
    mayOpen: (name, userId) => findFor(name, userId) !== undefined,
    open(name, inputs, actor) {
      const flow = findFor(name, actor.userId);
      if (flow === undefined)
        throw new NoSuchFlow(`there is no active screen flow ${name}, or you may not run it`);
      const given = readInputs(flow, inputs);
      const run = makeScreenRun((context) => {
        const position = flow.source.start.next;
        const interview = makeInterview(flow, context, { actor, position });
        for (const [variable, value] of given) interview.values.set(variable, value);
        return interview;
      });
      let state = transact((context) => run.start(context));
      const change = (work: (context: FlowContext) => ScreenState): ScreenState => {
        if (state.kind !== 'screen') throw new Error(`${name} is over: it ${state.kind}`);
        state = transact(work);
        return state;
      };
      return {
        flow: name,
        label: flow.source.label,
        state: () => state,
        next: (answers) => change((context) => run.next(context, answers)),
        back: () => change((context) => run.back(context)),
        look: (answers) =>
          parts.scopes.within((scope) => run.look(parts.contextOf(scope), answers)),
      };
    },
  };
}
