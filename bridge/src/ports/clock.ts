import type { EpochMs } from '../model/brand.ts';

/** The time now. Injected everywhere, so that a test or a replay can choose it. */
export type Clock = () => EpochMs;
