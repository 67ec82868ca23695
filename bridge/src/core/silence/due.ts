import { nextChange } from '../episode/nextChange.ts';
import type { Layout } from '../layout/layout.ts';
import type { Episodes } from '../state/episodes.ts';

/**
 * When the device that `episodes` has entered must be looked at again if it goes on being quiet, in listened time. Looking
 * earlier changes nothing; Infinity where nobody judges its silence.
 */
export function dueAt(
  { deviceLanes }: Layout,
  episodes: Episodes,
  heardAt: number,
  receivedAt: number,
  listenedAt: number,
): number {
  const quietMs = listenedAt - heardAt;
  let due = Infinity;
  for (const { policy, number } of deviceLanes) {
    const { detector, severity } = policy;
    if (detector.kind !== 'silence') continue;
    const silent = quietMs > detector.afterMs;
    if (!silent) due = Math.min(due, heardAt + detector.afterMs);
    const level = silent ? 'abnormal' : 'normal';
    // The lane's clock is the bridge's: the last message plus the time listened since.
    const change = nextChange(episodes.get(number), { level, severity }, policy);
    due = Math.min(due, heardAt + (change - receivedAt));
  }
  return due;
}
