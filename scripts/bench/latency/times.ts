import { deviceKey } from '../load/frames.ts';
import type { OpenedArrival } from '../org/arrivals.ts';

/** Device, device time, when it was sent (monotonic clock); milliseconds. */
export type SentBeyond = readonly [device: number, at: number, sentAt: number];

/**
 * Milliseconds from sending a message to the arrival of the event it opened, in the order of sending; `missing` counts messages
 * whose event is not among the arrivals.
 */
export function eventTimes(
  sent: readonly SentBeyond[],
  arrived: readonly OpenedArrival[],
): { readonly times: readonly number[]; readonly missing: number } {
  const arrivals = new Map(
    arrived.map(([device, at, arrivedAt]) => [`${device} ${at}`, arrivedAt]),
  );
  const times = sent.flatMap(([device, at, sentAt]) => {
    const arrivedAt = arrivals.get(`${deviceKey(device)} ${at}`);
    return arrivedAt === undefined ? [] : [arrivedAt - sentAt];
  });
  return { times, missing: sent.length - times.length };
}

/** The value that the share `part` (0 to 1) of all does not exceed (nearest rank); NaN of nothing. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}
