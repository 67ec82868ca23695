import { z } from 'zod';

import { DATA } from './accessOrg.ts';
import type { AccessOrg, Reply } from './accessOrg.ts';
import type { Job } from './jobs.ts';

type Values = Readonly<Record<string, unknown>>;

/** A valid record of an object, as one makes it. */
type Sample = (parts: Parts) => Values;

/** What samples point to, made once. */
export interface Parts {
  /** Different at each call, for unique keys. */
  readonly key: string;
  /** Each earlier than the one before, so that no two installations of one device meet. */
  readonly from: string;
  readonly account: string;
  readonly asset: string;
  readonly device: string;
  readonly policy: string;
  readonly commandType: string;
}

const at = '2026-11-01T00:00:00.000Z';

export const SAMPLES: Readonly<Record<string, Sample>> = {
  Account: () => ({ Name: 'Northwind' }),
  Asset: ({ account }) => ({ Name: 'Pump 7', AccountId: account }),
  Case: ({ asset }) => ({ Subject: 'Too hot', AssetId: asset }),
  Signal_Device__c: ({ key, asset }) => ({ Name: key, Device_Key__c: key, Asset__c: asset }),
  Signal_Installation__c: ({ device, asset, from }) => ({
    Device__c: device,
    Asset__c: asset,
    From__c: from,
    To__c: later(from),
  }),
  Signal_Ownership__c: ({ account, asset, from }) => ({
    Account__c: account,
    Asset__c: asset,
    From__c: from,
    To__c: later(from),
  }),
  Signal_Policy__c: ({ key }) => ({ Name: key, Policy_Key__c: key }),
  Signal_Policy_Version__c: ({ key, policy }) => ({
    Policy__c: policy,
    Version_Key__c: key,
    Policy_Key__c: key,
    Version__c: 1,
  }),
  Signal_Proposal__c: ({ policy }) => ({
    Policy__c: policy,
    Field__c: 'Open After',
    Proposed_Value__c: 90,
  }),
  Asset_Signal__c: ({ key }) => ({
    Event_Key__c: key,
    Episode_Key__c: key,
    Phase__c: 'Opened',
    Signal_Type__c: 'fault.vibration-high',
    Severity__c: 'Medium',
    Device_Key__c: 'unknown',
    Policy_Key__c: 'unknown',
    Occurred_At__c: at,
    Occurred_At_Ms__c: Date.parse(at),
  }),
  Signal_Failure__c: () => ({ Reason__c: 'No such field' }),
  Signal_Command_Type__c: ({ key }) => ({
    Name: key,
    Command_Key__c: key,
    Active__c: true,
    Needs_Approval__c: true,
  }),
  Signal_Command__c: ({ commandType, device }) => ({
    Command_Type__c: commandType,
    Device__c: device,
  }),
  Signal_Bridge__c: ({ key }) => ({ Name: key, Bridge_Key__c: key }),
  Signal_Bridge_Day__c: ({ key }) => ({ Day__c: '2026-11-01', Day_Key__c: key }),
  Signal_Baseline__c: () => ({
    Kpi__c: 'Truck Rolls (per Asset and year)',
    Value__c: 4,
    Period_Start__c: '2025-01-01',
    Period_End__c: '2025-12-31',
  }),
  Telemetry_View__c: ({ asset }) => ({ Asset__c: asset, Range_Minutes__c: 15 }),
};

const later = (from: string): string => new Date(Date.parse(from) + 60_000).toISOString();

/** Makes records of the samples, each with keys of its own. */
export interface Records {
  /** A valid record that nobody has made yet. */
  sample(object: string): Values;
  /** Makes one as the maker, who owns it unless an owner is given. */
  make(object: string, owner?: Job): Promise<string>;
  /** One as `make` makes it, the same at each call until it is said to be used. */
  take(object: string, owner: Job | undefined): Promise<string>;
  /** What `take` gave has been changed. */
  used(object: string, owner: Job | undefined): void;
}

export async function makeRecords(org: AccessOrg): Promise<Records> {
  let count = 0;
  const parts = { account: '', asset: '', device: '', policy: '', commandType: '' };
  const sample: Records['sample'] = (object) => {
    count += 1;
    const from = new Date(Date.parse(at) - count * 3_600_000).toISOString();
    const make = SAMPLES[object];
    if (make === undefined) throw new Error(`no sample of ${object}`);
    return make({ ...parts, key: `sample-${count}`, from });
  };
  const make: Records['make'] = async (object, owner) => {
    const ownership = owner === undefined ? {} : { OwnerId: org.userId(owner) };
    const body = { ...sample(object), ...ownership };
    return idOf(object, await org.call('maker', 'POST', `${DATA}/sobjects/${object}`, body));
  };
  parts.account = await make('Account');
  parts.asset = await make('Asset');
  parts.device = await make('Signal_Device__c');
  parts.policy = await make('Signal_Policy__c');
  parts.commandType = await make('Signal_Command_Type__c');
  const kept = new Map<string, string>();
  const keyOf = (object: string, owner: Job | undefined): string => `${object} of ${owner ?? ''}`;
  return {
    sample,
    make,
    async take(object, owner) {
      const key = keyOf(object, owner);
      const id = kept.get(key) ?? (await make(object, owner));
      kept.set(key, id);
      return id;
    },
    used: (object, owner) => {
      kept.delete(keyOf(object, owner));
    },
  };
}

function idOf(object: string, { status, body }: Reply): string {
  if (status === 201) return z.object({ id: z.string() }).parse(body).id;
  throw new Error(`${object}: ${status} ${JSON.stringify(body)}`);
}
