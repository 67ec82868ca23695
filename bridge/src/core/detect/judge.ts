import type { DetectorOptions } from '../../model/policy.ts';
import type { Detector, Input, Show, Verdict } from './detector.ts';
import { levelShift } from './levelShift.ts';
import { rangeNovelty } from './rangeNovelty.ts';
import { silence } from './silence.ts';
import { stuck } from './stuck.ts';
import { threshold } from './threshold.ts';

/** A detector with its options: what looks at series for one policy. The numbers are those of the series. */
export interface Judge {
  /** The names of the numbers, in their order. */
  readonly fields: readonly string[];
  /** Those that are kept from one reading to the next: all or none. */
  readonly keptFields: readonly string[];
  /** Judges one reading: changes the numbers from `at` on, and writes all of `verdict`. */
  step(numbers: Float64Array, at: number, input: Input, verdict: Verdict): void;
  /** The numbers by their names. */
  evidence(numbers: Float64Array, at: number): Readonly<Record<string, number>>;
  trouble(verdict: Verdict, numbers: Float64Array, at: number, show: Show): string;
  relief(verdict: Verdict, numbers: Float64Array, at: number, show: Show): string;
}

/** The judge for `options`. */
export function makeJudge(options: DetectorOptions): Judge {
  switch (options.kind) {
    case 'threshold':
      return run(threshold, options);
    case 'range-novelty':
      return run(rangeNovelty, options);
    case 'level-shift':
      return run(levelShift, options);
    case 'silence':
      return run(silence, options);
    case 'stuck':
      return run(stuck, options);
  }
}

function run<Options>(detector: Detector<Options>, options: Options): Judge {
  const { fields, step } = detector;
  return {
    fields,
    keptFields: detector.isOfOneStep ? [] : fields,
    step: (numbers, at, input, verdict) => step(numbers, at, input, options, verdict),
    evidence: (numbers, at) =>
      Object.fromEntries(fields.map((name, index) => [name, numbers[at + index] as number])),
    trouble: (verdict, numbers, at, show) => detector.trouble(verdict, numbers, at, options, show),
    relief: (verdict, numbers, at, show) => detector.relief(verdict, numbers, at, options, show),
  };
}
