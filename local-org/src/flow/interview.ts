import type { Actor } from '../store/records.ts';
import type { DataMode } from './dataAccess.ts';
import type { FlowSource } from './model.ts';
import type { CompiledFlow, FlowContext, Interview, Trigger } from './runtime.ts';

/** Starts an interview at its beginning (or at the asynchronous path). */
export function makeInterview(
  flow: CompiledFlow,
  context: FlowContext,
  options: {
    actor: Actor;
    trigger?: Trigger | undefined;
    position: string | undefined;
    /** Empty for the asynchronous one. */
    path?: string | undefined;
    /** Of the flow that calls this one. */
    callerMode?: DataMode;
  },
): Interview {
  return {
    id: context.makeId(),
    flow,
    context,
    actor: options.actor,
    mode: modeOf(flow.source, options.callerMode),
    trigger: options.trigger,
    path: options.path,
    startedAt: context.clock.now(),
    values: flow.initialValues(),
    labels: new Map(),
    loops: new Map(),
    faultMessage: null,
    position: options.position,
  };
}

/**
 * A flow's own mode goes before what it gets from its caller, and that before the default: the user
 * of a screen flow, the system for flows with a trigger (help platform.flow_distribute_context).
 */
function modeOf(
  { start, runMode, isScreenFlow }: FlowSource,
  callerMode: DataMode | undefined,
): DataMode {
  if (start.kind !== 'none' || runMode === 'SystemModeWithoutSharing') return 'system';
  if (runMode === 'SystemModeWithSharing') return 'sharing';
  return callerMode ?? (isScreenFlow ? 'user' : 'system');
}
