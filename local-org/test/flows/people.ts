import type { RecordData } from '../../src/store/records.ts';
import { event, makePackageOrg } from './packageOrg.ts';
import type { PackageOrg } from './packageOrg.ts';

/** An org with one signal that was recorded and no more, so that a test decides who is told of it. */
export interface Scene {
  readonly org: PackageOrg;
  readonly signal: string;
}

/** @param policy how the policy tells people, and whatever else is to differ from Record Only */
export async function makeScene(
  policy: RecordData,
  changes: Parameters<typeof event>[2] = {},
): Promise<Scene> {
  const org = await makePackageOrg();
  await org.update('Signal_Policy__c', org.ids.policy, { Route__c: 'Record Only', ...policy });
  await org.publish(event('Opened', 0, changes));
  return { org, signal: String(org.only('Asset_Signal__c')['Id']) };
}

/** The Case that the signal has opened; owned by the person unless told otherwise. */
export async function giveCase({ org, signal }: Scene, values: RecordData = {}): Promise<string> {
  const { account: AccountId, asset: AssetId, person: OwnerId } = org.ids;
  const id = org.insert('Case', {
    ...{ Subject: 'It shakes', AccountId, AssetId, OwnerId, Asset_Signal__c: signal },
    ...values,
  });
  await org.update('Asset_Signal__c', signal, { Case__c: id });
  return id;
}

/** Somebody is to be told of the signal now; gives the signal when that is over. */
export async function tell({ org, signal }: Scene, changes: RecordData = {}): Promise<RecordData> {
  await org.update('Asset_Signal__c', signal, { ...changes, Notification__c: 'Due' }, 'bridge');
  const found = org.rows('Asset_Signal__c').find(({ Id }) => Id === signal);
  if (found === undefined) throw new Error('the signal is gone');
  return found;
}

/** How it ended and the note about it, in one line. */
export const ending = ({ Notification__c, Notification_Note__c }: RecordData): string =>
  `${Notification__c}: ${Notification_Note__c}`;
