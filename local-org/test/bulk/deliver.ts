import type { PackageOrg } from '../flows/packageOrg.ts';
import { toSend } from './world.ts';
import type { SignalEvent } from './world.ts';

/**
 * Sends events in one batch and, as the bridge does, what did not arrive again in halves, down to one. Gives what
 * did not arrive even alone.
 */
export async function deliver(
  org: PackageOrg,
  events: readonly SignalEvent[],
): Promise<readonly SignalEvent[]> {
  await org.publish(...events.map(toSend));
  const arrived = new Set(org.rows('Asset_Signal__c').map((row) => row['Event_Key__c']));
  const missing = events.filter(({ key }) => key === undefined || !arrived.has(key));
  if (missing.length === 0 || events.length === 1) return missing;
  const half = Math.ceil(missing.length / 2);
  const first = await deliver(org, missing.slice(0, half));
  return [...first, ...(await deliver(org, missing.slice(half)))];
}
