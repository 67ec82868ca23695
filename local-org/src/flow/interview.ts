import type { Actor } from '../store/records.ts';
import type { CompiledFlow, FlowContext, Interview, Trigger } from './runtime.ts';

/** Starts an interview at its beginning (or at the asynchronous path). */
export function makeInterview(
  flow: CompiledFlow,
  context: FlowContext,
  options: { actor: Actor; trigger?: Trigger | undefined; position: string | undefined },
): Interview {
  return {
    id: context.makeId(),
    flow,
    context,
    actor: options.actor,
    trigger: options.trigger,
    startedAt: context.clock.now(),
    values: flow.initialValues(),
    loops: new Map(),
    faultMessage: null,
    position: options.position,
  };
}
