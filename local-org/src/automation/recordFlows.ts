import { makeInterview } from '../flow/interview.ts';
import { runInLockStep, type RunOutcome } from '../flow/lockStep.ts';
import type { CompiledFlow, FlowContext, Interview, Trigger } from '../flow/runtime.ts';
import type { Actor, SaveError } from '../store/records.ts';
import type { Assumptions } from './assumptions.ts';
import { saveError } from './rows.ts';

/** One record that may set a flow off. */
export interface Candidate {
  readonly trigger: Trigger;
  readonly actor: Actor;
}

/**
 * Runs one record-triggered flow for the records of a save that meet its entry conditions, in one
 * batch. Returns which records the flow refused or failed on, and why.
 */
export function runRecordFlow<C extends Candidate>(
  flow: CompiledFlow,
  candidates: readonly C[],
  context: FlowContext,
  assumptions: Assumptions,
): Map<C, SaveError[]> {
  const admitted = candidates.flatMap((candidate) => {
    const interview = makeInterview(flow, context, {
      ...candidate,
      position: flow.source.start.next,
    });
    return flow.admits(interview) ? [{ candidate, interview }] : [];
  });
  const outcomes = runInLockStep(admitted.map((one) => one.interview));
  const failed = new Map<C, SaveError[]>();
  admitted.forEach(({ candidate }, index) => {
    const errors = errorsOf(flow, outcomes[index]);
    if (errors.length > 0) failed.set(candidate, errors);
  });
  const whole = outcomes.find((outcome) => isForAll(outcome, assumptions));
  if (whole !== undefined) {
    for (const { candidate } of admitted) {
      if (!failed.has(candidate)) failed.set(candidate, errorsOf(flow, whole));
    }
  }
  return failed;
}

/** Whether a failure of one interview fails the whole batch. */
export function isForAll(outcome: RunOutcome, assumptions: Assumptions): boolean {
  if (outcome.kind !== 'failed') return false;
  return !outcome.partial || assumptions['unhandled-fault'] === 'undo-batch';
}

function errorsOf(flow: CompiledFlow, outcome: RunOutcome | undefined): SaveError[] {
  if (outcome?.kind === 'custom-error') {
    return outcome.errors.map(({ message, field }) =>
      saveError('FIELD_CUSTOM_VALIDATION_EXCEPTION', message, field === undefined ? [] : [field]),
    );
  }
  if (outcome?.kind !== 'failed') return [];
  return [
    saveError(
      'CANNOT_EXECUTE_FLOW_TRIGGER',
      `We can't save this record because the “${flow.source.label}” process failed. ` +
        `Give your Salesforce admin these details. ${outcome.message} (element ${outcome.element})`,
    ),
  ];
}

/** Whether a flow's asynchronous path is due for a saved record. */
export function isDue(flow: CompiledFlow, candidate: Candidate, context: FlowContext): boolean {
  const probe: Interview = makeInterview(flow, context, { ...candidate, position: undefined });
  return flow.admits(probe);
}
