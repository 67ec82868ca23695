import { median } from '../numbers.ts';
import type { Progress } from '../throughput/keptUp.ts';

/** What was seen at one moment, and when (milliseconds). */
export interface Look extends Pick<Progress, 'processed'> {
  readonly at: number;
  readonly acknowledged: number;
}

/**
 * Messages a second that went all the way between two looks: acknowledged and processed, whichever is less. What was merely taken
 * into the log would have to be processed later.
 */
export function rateBetween(begin: Look, end: Look): number {
  const seconds = (end.at - begin.at) / 1_000;
  const acknowledged = (end.acknowledged - begin.acknowledged) / seconds;
  const processed = (end.processed - begin.processed) / seconds;
  return Math.round(Math.min(acknowledged, processed));
}

/** Above the best before by so much. */
const RISE = 1.03;
/** So many windows in a row without a new best: that was it. */
const PLATEAU = 3;

/** Whether one of the last windows was clearly better than all before: the machine is still warming, or getting free. */
export function stillRises(windows: readonly number[]): boolean {
  const before = windows.slice(0, -PLATEAU);
  const last = windows.slice(-PLATEAU);
  return Math.max(...last) > RISE * Math.max(0, ...before);
}

/** The part of the offer that was taken; above `OVERLOADED` the bridge was not behind, and nothing is judged. */
export interface Offer {
  readonly offered: number;
  readonly acknowledged: number;
  /** Messages by which the source was behind in the end. */
  readonly behind: number;
}

/** Of twice the capacity a half can be taken; a machine that became faster meanwhile takes more. */
export const OVERLOADED = 0.9;

/** Whether the bridge was behind for all to see: it took less than was offered, and the rest had to wait. */
export const isOverloaded = ({ offered, acknowledged, behind }: Offer): boolean =>
  acknowledged < OVERLOADED * offered && behind > (1 - OVERLOADED) * offered;

/** One second of it. */
export interface Second {
  readonly second: number;
  readonly acknowledged: number;
  readonly residentMb: number;
  /** Events that arrived at the org. */
  readonly events: number;
}

/** Memory counts as bounded when its second half is no more than so much above its first, and never above the limit. */
const GROWTH = 1.15;
export const LIMIT_MB = 512;
/** Before, what is behind has not built up. */
const SETTLE_SECONDS = 3;

/** Judges memory by its medians: one sample is what garbage was there at that moment. */
export function isBounded(seconds: readonly Second[]): boolean {
  const middle = Math.ceil(seconds.length / 2);
  const sizes = seconds.map(({ residentMb }) => residentMb);
  const before = median(sizes.slice(0, middle));
  const after = median(sizes.slice(middle));
  return Math.max(...sizes) <= LIMIT_MB && after <= before * GROWTH;
}

/** Seconds without an event once the overload had built up. */
export const silentSeconds = (seconds: readonly Second[]): number =>
  seconds.filter(({ second, events }) => second > SETTLE_SECONDS && events === 0).length;
