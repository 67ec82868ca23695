import type { Severity } from '../../model/signal.ts';

/** One number of one series, in the order of time; the caller's to change between two steps. */
export interface Input {
  /** Milliseconds, by the clock of the series. */
  at: number;
  value: number;
}

/**
 * `between` is neither: past the alarm limit on the way back, but not yet behind the point where
 * it counts as healthy (hysteresis).
 */
export type Level = 'normal' | 'between' | 'abnormal';

/**
 * What a detector thinks of one reading. One object is written again and again, so that judging allocates
 * nothing; what is to be kept is copied before the next step.
 */
export interface Verdict {
  level: Level;
  value: number;
  /** What the value was compared with: a limit, an edge of the range, a level. */
  baseline: number;
  /** How far beyond: 0 at the limit or below it, without an upper end. */
  score: number;
  /** Not undefined where the reading alone calls for more than the severity of the policy. */
  severity: Severity | undefined;
  /** When the condition began, where that is earlier than this reading; NaN where it is not. */
  since: number;
}

/** Writes a number with the unit of the series. */
export type Show = (value: number) => string;

/**
 * One way to look at a series, by a fixed set of finite numbers that stand one behind the other from `at` on.
 * All 0 is a series that was never seen. The same numbers, input and options always come to the same.
 */
export interface Detector<Options> {
  /** The names of its numbers, in their order: what evidence calls them. */
  readonly fields: readonly string[];
  /** Nothing of its numbers outlasts the step that wrote them. */
  readonly isOfOneStep?: true;
  /** Judges one reading: changes the numbers and writes all of `verdict`. */
  readonly step: (
    numbers: Float64Array,
    at: number,
    input: Input,
    options: Options,
    verdict: Verdict,
  ) => void;
  /** What is wrong, to follow "Vibration of pump-001": `rose to 8.4 mm/s, above the limit …`. */
  trouble(
    verdict: Verdict,
    numbers: Float64Array,
    at: number,
    options: Options,
    show: Show,
  ): string;
  /** What is fine again, to follow the same words: `is back at 4.2 mm/s, below 4.5 mm/s`. */
  relief(verdict: Verdict, numbers: Float64Array, at: number, options: Options, show: Show): string;
}

/** A verdict to be written. Its numbers begin as fractions, for which the engine of the language keeps room in the object. */
export function makeVerdict(): Verdict {
  return {
    level: 'normal',
    value: 0.5,
    baseline: 0.5,
    score: 0.5,
    severity: undefined,
    since: Number.NaN,
  };
}

/** An input to be written; see `makeVerdict`. */
export function makeInput(): Input {
  return { at: 0.5, value: 0.5 };
}

/**
 * Confidence of a score: 0.5 at the limit, 0.82 where the value is beyond by once the scale of the
 * detector, towards 1 further out. Three decimals, as `Confidence__c` keeps them.
 */
export function confidenceOf(score: number): number {
  return Math.round(1000 * (1 - 0.5 * Math.exp(-Math.max(0, score)))) / 1000;
}
