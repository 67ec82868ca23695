import type { Fields, Org } from './org.ts';

/** A device as the org should know it. */
export interface SeedDevice {
  readonly key: string;
  /** pump, chiller, compressor; or undefined for a recording. */
  readonly type: string | undefined;
}

const customers = ['Northwind Water Works', 'Contoso Cold Storage', 'Fabrikam Compressed Air'];

/**
 * Fills an empty org as an admin would: customers, their equipment, the device on each piece of
 * equipment, and the policies. Equipment is given to the customers in turn.
 *
 * @returns the Asset id of each device, by device key
 */
export async function seedOrg(
  org: Org,
  devices: readonly SeedDevice[],
  policies: readonly Fields[],
): Promise<ReadonlyMap<string, string>> {
  const accounts = await org.create(
    'Account',
    customers.map((Name) => ({ Name })),
  );
  const assets = await org.create(
    'Asset',
    devices.map(({ key, type }, index) => ({
      Name: equipmentName(key, type),
      SerialNumber: `SN-${String(index + 1).padStart(5, '0')}`,
      AccountId: accounts[index % accounts.length] ?? '',
    })),
  );
  await org.create(
    'Signal_Device__c',
    devices.map(({ key, type }, index) => ({
      Name: key.slice(0, 80),
      Device_Key__c: key,
      Asset__c: assets[index] ?? '',
      ...(type === undefined ? {} : { Device_Type__c: type }),
    })),
  );
  await org.create('Signal_Policy__c', policies);
  return new Map(devices.map(({ key }, index) => [key, assets[index] ?? '']));
}

/** `pump-001` is on "Pump 001"; the equipment of a recording is named like its device. */
const equipmentName = (key: string, type: string | undefined): string =>
  type === undefined ? key : `${key.charAt(0).toUpperCase()}${key.slice(1)}`.replace('-', ' ');
