import type { DetectorOptions } from '../../model/policy.ts';
import { levelShift } from './levelShift.ts';
import type { Detector, Input, Show, Verdict } from './detector.ts';
import { rangeNovelty } from './rangeNovelty.ts';
import { silence } from './silence.ts';
import { stuck } from './stuck.ts';
import { threshold } from './threshold.ts';

/** A detector with its options and its state: what watches one series for one policy. */
export interface Judge {
  judge(input: Input): Verdict;
  /** The state, to be given to `makeJudge` again. */
  save(): object;
  trouble(verdict: Verdict, show: Show): string;
  relief(verdict: Verdict, show: Show): string;
}

/**
 * The judge for `options`, continuing from `saved` where that is a state of the same detector,
 * else from the beginning (a policy may have changed its detector).
 */
export function makeJudge(options: DetectorOptions, saved?: unknown): Judge {
  switch (options.kind) {
    case 'threshold':
      return run(threshold, options, saved);
    case 'range-novelty':
      return run(rangeNovelty, options, saved);
    case 'level-shift':
      return run(levelShift, options, saved);
    case 'silence':
      return run(silence, options, saved);
    case 'stuck':
      return run(stuck, options, saved);
  }
}

function run<State extends object, Options>(
  detector: Detector<State, Options>,
  options: Options,
  saved: unknown,
): Judge {
  let state: State = fits(saved, detector.initial) ? saved : detector.initial;
  return {
    judge(input) {
      const step = detector.step(state, input, options);
      state = step.state;
      return step.verdict;
    },
    save: () => ({ ...state }),
    trouble: (verdict, show) => detector.trouble(verdict, state, options, show),
    relief: (verdict, show) => detector.relief(verdict, state, options, show),
  };
}

function fits<State extends object>(saved: unknown, initial: State): saved is State {
  if (typeof saved !== 'object' || saved === null) return false;
  const fields = new Map(Object.entries(saved));
  const names = Object.keys(initial);
  return fields.size === names.length && names.every((name) => Number.isFinite(fields.get(name)));
}
