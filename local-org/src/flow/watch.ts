import type { RunOutcome } from './lockStep.ts';
import type { FlowStep, Interview } from './runtime.ts';

/**
 * Follows interviews while they run, for people who want to see what a flow did. It is told even of
 * what is undone later; what it does must not change records.
 */
export interface RunWatcher {
  started(interview: Interview): void;
  /** Before an element runs, with the values it is going to read still as they are. */
  entering(interview: Interview): void;
  /** @param root the interview that was started; another than `interview` inside a subflow */
  left(root: Interview, interview: Interview, step: FlowStep): void;
  /** A limit that stops the whole transaction is a failure of every interview that was not over. */
  ended(interview: Interview, outcome: RunOutcome | Waits): void;
}

/** A screen flow that stands at a screen: started again, as another interview of the same id, when it goes on. */
export interface Waits {
  readonly kind: 'waits';
}
