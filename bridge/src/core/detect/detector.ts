import type { EpochMs } from '../../model/brand.ts';
import type { Severity } from '../../model/signal.ts';

/** One number of one series, in the order of time. */
export interface Input {
  readonly at: EpochMs;
  readonly value: number;
}

/**
 * What a detector thinks of one reading.
 *
 * `between` is neither: past the alarm limit on the way back, but not yet behind the point where
 * it counts as healthy (hysteresis).
 */
export interface Verdict {
  readonly level: 'normal' | 'between' | 'abnormal';
  readonly value: number;
  /** What the value was compared with: a limit, an edge of the range, a level. */
  readonly baseline: number;
  /** How far beyond: 0 at the limit or below it, without an upper end. */
  readonly score: number;
  /** Present where the reading alone calls for more than the severity of the policy. */
  readonly severity?: Severity;
  /** When the condition began, where that is earlier than this reading. */
  readonly since?: EpochMs;
}

export interface Step<State> {
  readonly state: State;
  readonly verdict: Verdict;
}

/** Writes a number with the unit of the series. */
export type Show = (value: number) => string;

/**
 * One way to look at a series. `step` is pure: the same state, input and options give the same
 * answer. The state is a fixed set of finite numbers by name: constant memory, and it survives
 * JSON unchanged.
 */
export interface Detector<State extends object, Options> {
  readonly initial: State;
  step(state: State, input: Input, options: Options): Step<State>;
  /** What is wrong, to follow "Vibration of pump-001": `rose to 8.4 mm/s, above the limit …`. */
  trouble(verdict: Verdict, state: State, options: Options, show: Show): string;
  /** What is fine again, to follow the same words: `is back at 4.2 mm/s, below 4.5 mm/s`. */
  relief(verdict: Verdict, state: State, options: Options, show: Show): string;
}

/**
 * Confidence of a score: 0.5 at the limit, 0.82 where the value is beyond by once the scale of the
 * detector, towards 1 further out. Three decimals, as `Confidence__c` keeps them.
 */
export function confidenceOf(score: number): number {
  return Math.round(1000 * (1 - 0.5 * Math.exp(-Math.max(0, score)))) / 1000;
}
