import assert from 'node:assert/strict';

import type { Connection } from 'jsforce';

import type { Org } from '../../demo/org.ts';
import { assetAt, POLICY_OF, SPARE_ASSET, UPDATE_EVERY } from './model.ts';
import * as plan from './plan.ts';
import { keyOf } from './telemetry.ts';
import { DAY, HOUR, MINUTE } from './times.ts';

/** Who is who in the org: ids by the numbers of the script. */
export interface Names {
  readonly customers: readonly string[];
  readonly assets: readonly string[];
}

const SETTLED_SECONDS = (10 * MINUTE) / 1_000;
const shared = {
  Active__c: true,
  Route__c: 'Case',
  Queue__c: 'Signal_Triage',
  Device_Type__c: 'pump',
  Detector__c: 'threshold',
  Open_After_Seconds__c: SETTLED_SECONDS,
  Clear_After_Seconds__c: SETTLED_SECONDS,
};

const POLICIES = [
  {
    ...{ ...shared, Name: 'Vibration too high', Policy_Key__c: POLICY_OF.vibration },
    ...{ Metric__c: 'vibration', Signal_Type__c: 'fault.vibration-high', Severity__c: 'High' },
    ...{ Direction__c: 'above', Limit__c: 7.1, Clear_Limit__c: 4.5 },
    ...{ Escalate_Limit__c: 11, Escalate_Severity__c: 'Critical' },
    Update_Every_Seconds__c: (UPDATE_EVERY * HOUR) / 1_000,
  },
  {
    ...{ ...shared, Name: 'Pressure too low', Policy_Key__c: POLICY_OF.pressure },
    ...{ Metric__c: 'pressure', Signal_Type__c: 'fault.pressure-low', Severity__c: 'Medium' },
    ...{ Direction__c: 'below', Limit__c: 3, Clear_Limit__c: 3.6 },
    Update_Every_Seconds__c: DAY / 1_000,
  },
  {
    ...{ ...shared, Name: 'Too hot', Policy_Key__c: POLICY_OF.temperature },
    ...{ Metric__c: 'temperature', Signal_Type__c: 'fault.too-hot', Severity__c: 'Medium' },
    Direction__c: 'above',
    ...{ Limit__c: plan.LIMITS.before, Clear_Limit__c: plan.LIMITS.clearBefore },
    Update_Every_Seconds__c: DAY / 1_000,
  },
];

const inOrg = (at: number): string => new Date(at).toISOString();

/** Customers, Assets, devices and policies, as they are when the day begins. */
export async function fillOrg(org: Org, start: number): Promise<Names> {
  const long = inOrg(start - 90 * DAY);
  const numbers = Array.from({ length: SPARE_ASSET + 1 }, (_, number) => number);
  const customers = await org.create(
    'Account',
    numbers.slice(0, plan.CUSTOMERS).map((number) => ({ Name: `Customer ${number}` })),
  );
  const assets = await org.create(
    'Asset',
    numbers.map((number) => ({
      Name: `Pump ${number}`,
      AccountId: customers[number % plan.CUSTOMERS] ?? '',
    })),
  );
  const assetOf = (number: number): string => assets[number] ?? '';
  const devices = await org.create(
    'Signal_Device__c',
    numbers.slice(0, plan.DEVICES).map((number) => ({
      ...{ Name: keyOf(number), Device_Key__c: keyOf(number) },
      ...{ Asset__c: assetOf(number), Device_Type__c: 'pump' },
    })),
  );
  await org.create(
    'Signal_Installation__c',
    plan.SWAPPED.map((number) => ({
      ...{ Device__c: devices[number] ?? '', Asset__c: assetOf(number), From__c: long },
    })),
  );
  await org.create(
    'Signal_Ownership__c',
    plan.SOLD.map((number) => ({
      ...{ Asset__c: assetOf(number), Account__c: customers[number % plan.CUSTOMERS] ?? '' },
      From__c: long,
    })),
  );
  await org.create('Signal_Policy__c', POLICIES);
  return { customers, assets };
}

/** What people do in the org during the day, each at its hour. */
export function makePeople(names: Names, start: number) {
  const at = (hour: number): string => inOrg(start + hour * HOUR);
  const customerOf = (asset: number): string =>
    names.customers[(asset + plan.CUSTOMERS / 2) % plan.CUSTOMERS] ?? '';
  return {
    /** Twenty Assets get another owner. */
    async sale(org: Connection): Promise<void> {
      await endAll(org, 'Signal_Ownership__c', at(plan.AT.sale));
      await saveAll(
        org.sobject('Signal_Ownership__c').create(
          plan.SOLD.map((number) => ({
            ...{ Asset__c: names.assets[number], Account__c: customerOf(number) },
            From__c: at(plan.AT.sale),
          })),
        ),
      );
      const sold = plan.SOLD.map((number) => ({
        ...{ Id: names.assets[number] ?? '', AccountId: customerOf(number) },
      }));
      await saveAll(org.sobject('Asset').update(sold));
    },
    /** Ten devices change places in pairs. */
    async swap(org: Connection): Promise<void> {
      const { records } = await org.query<{ Id: string; Device_Key__c: string }>(
        'SELECT Id, Device_Key__c FROM Signal_Device__c',
      );
      const ids = new Map(records.map(({ Id, Device_Key__c }) => [Device_Key__c, Id]));
      await endAll(org, 'Signal_Installation__c', at(plan.AT.swap));
      await saveAll(
        org.sobject('Signal_Installation__c').create(
          plan.SWAPPED.map((number) => ({
            Device__c: ids.get(keyOf(number)),
            Asset__c: names.assets[assetAt(number, plan.AT.swap) ?? -1],
            From__c: at(plan.AT.swap),
          })),
        ),
      );
    },
    /** The steward says where a device is that nobody knew. */
    async map(org: Connection): Promise<void> {
      const device = await org.sobject('Signal_Device__c').create({
        ...{ Name: 'The unknown one', Device_Key__c: plan.UNKNOWN.mapped, Device_Type__c: 'pump' },
      });
      await saveAll(
        org.sobject('Signal_Installation__c').create([
          {
            ...{ Device__c: device.id, Asset__c: names.assets[SPARE_ASSET], From__c: at(0) },
          },
        ]),
      );
    },
    /** The administrator changes a policy. */
    async setLimits(org: Connection, limit: number, clear: number): Promise<void> {
      const { records } = await org.query<{ Id: string }>(
        `SELECT Id FROM Signal_Policy__c WHERE Policy_Key__c = '${POLICY_OF.temperature}'`,
      );
      const changed = records.map(({ Id }) => ({ Id, Limit__c: limit, Clear_Limit__c: clear }));
      await saveAll(org.sobject('Signal_Policy__c').update(changed));
    },
  };
}

/** Ends every record of a timeline that has no end. */
async function endAll(org: Connection, object: string, at: string): Promise<void> {
  const open = await org.query<{ Id: string }>(`SELECT Id FROM ${object} WHERE To__c = null`);
  await saveAll(org.sobject(object).update(open.records.map(({ Id }) => ({ Id, To__c: at }))));
}

async function saveAll(saving: Promise<readonly { readonly success: boolean }[]>): Promise<void> {
  const saved = await saving;
  const refused = saved.find(({ success }) => !success);
  assert.ok(refused === undefined, JSON.stringify(refused));
}
