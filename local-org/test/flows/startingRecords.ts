import type { Actor, RecordData, RecordStore } from '../../src/store/records.ts';
import { findOrCreateProfile, insertRow } from '../../src/store/seed.ts';

/** Ids of what every org of the flow tests begins with. */
export interface StartingIds {
  readonly account: string;
  readonly asset: string;
  readonly device: string;
  readonly policy: string;
  readonly bridgeUser: string;
  readonly person: string;
  /** The queue Signal_Triage. */
  readonly triage: string;
}

/** The bridge's user and a person. */
export function insertPeople(
  store: RecordStore,
  by: Actor,
): Pick<StartingIds, 'bridgeUser' | 'person'> {
  const ProfileId = findOrCreateProfile(store, 'Standard User', by);
  const user = (name: string): string =>
    insertRow(
      store,
      'User',
      {
        Username: `${name}@example.test`,
        LastName: name,
        Alias: name.slice(0, 8),
        ProfileId,
      },
      by,
    );
  return { bridgeUser: user('bridge'), person: user('person') };
}

/** One device on one asset of one account, and a policy that opens Cases. */
export function insertPump(
  insert: (object: string, values: RecordData) => string,
): Pick<StartingIds, 'account' | 'asset' | 'device' | 'policy'> {
  const account = insert('Account', { Name: 'Northwind' });
  const asset = insert('Asset', { Name: 'Pump 1', AccountId: account });
  const device = insert('Signal_Device__c', {
    Name: 'pump-001',
    Device_Key__c: 'pump-001',
    Asset__c: asset,
  });
  const policy = insert('Signal_Policy__c', {
    Name: 'Vibration too high',
    Policy_Key__c: 'vibration',
    Route__c: 'Case',
    Queue__c: 'Signal_Triage',
    Closed_Status__c: 'Closed',
  });
  return { account, asset, device, policy };
}

export function findTriage(store: RecordStore): string {
  const groups = store.select({ object: 'Group' });
  return String(groups.find(({ DeveloperName }) => DeveloperName === 'Signal_Triage')?.['Id']);
}
