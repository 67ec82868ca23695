import assert from 'node:assert/strict';

import type { RecordData } from '../../src/store/records.ts';
import { event } from './packageOrg.ts';
import type { PackageOrg } from './packageOrg.ts';

/** The one signal that has all these values. */
export function signalWith(org: PackageOrg, values: RecordData): RecordData {
  const found = org
    .rows('Asset_Signal__c')
    .filter((row) => Object.entries(values).every(([name, value]) => row[name] === value));
  assert.equal(found.length, 1, `signals with ${JSON.stringify(values)}`);
  return found[0] ?? {};
}

/** What became of the one signal that has all these values: disposition, reason, status of its review. */
export function endOf(org: PackageOrg, values: RecordData): unknown[] {
  const { Disposition__c, Disposition_Reason__c, Review_Status__c } = signalWith(org, values);
  return [Disposition__c, Disposition_Reason__c, Review_Status__c];
}

/** Changes the policy of the org. */
export async function setPolicy(org: PackageOrg, changes: RecordData): Promise<void> {
  await org.update('Signal_Policy__c', org.ids.policy, changes);
}

/** An event of an episode of its own: `event` with the number in both keys. */
export function numbered(
  number: number,
  phase: 'Opened' | 'Updated' | 'Cleared',
  at = 0,
  changes: RecordData = {},
): RecordData {
  const keys = {
    Event_Key__c: `e${number} ${phase} ${at}`,
    Episode_Key__c: `episode e${number}`,
  };
  return event(phase, at, { ...keys, ...changes });
}
