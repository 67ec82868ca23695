import type { RecordData } from '../../src/store/records.ts';
import { event } from './packageOrg.ts';

/**
 * A usage signal of the pump, or of another Asset: each type has an episode of its own.
 * @param at minutes after the start
 */
export function usage(
  type: string,
  phase: 'Opened' | 'Updated' | 'Cleared' = 'Opened',
  at = 0,
  asset?: string,
  changes: Parameters<typeof event>[2] = {},
): RecordData {
  const episode = `${asset ?? 'pump'} ${type}`;
  return event(phase, at, {
    ...{ Event_Key__c: `${episode} ${phase} ${at}`, Episode_Key__c: episode },
    ...(asset !== undefined && { Asset_Id__c: asset }),
    ...{ Signal_Type__c: `usage.${type}`, ...changes },
  });
}
