import { z } from 'zod';

import { toRecordId } from '../../model/identity.ts';
import { latencyClasses, purposes } from '../../model/policy.ts';
import type { DetectorOptions, Policy, PolicyMatch } from '../../model/policy.ts';
import { severities } from '../../model/signal.ts';
import type { OrgPolicy, PolicyVerdict } from '../../ports/policies.ts';

/** `Bridge_Message__c` is a Text(255). */
const MOST_MESSAGE = 255;
/** What the package takes for an empty `Update_Every_Seconds__c`. */
const UPDATE_EVERY_SECONDS = 900;
const DETECTORS = ['threshold', 'range-novelty', 'level-shift', 'silence', 'stuck'] as const;

/** Fields the bridge goes by, without prefix. */
const FIELDS = [
  ...[
    'Policy_Key__c',
    'Version__c',
    'Active__c',
    'Device_Type__c',
    'Metric__c',
    'Asset__c',
    'Account__c',
  ],
  ...['Signal_Type__c', 'Severity__c', 'Detector__c', 'Direction__c', 'Limit__c', 'Clear_Limit__c'],
  ...['Escalate_Limit__c', 'Escalate_Severity__c', 'Learn_Readings__c', 'Margin__c', 'Factor__c'],
  ...['Silent_After_Seconds__c', 'Repeats__c', 'Open_After_Seconds__c', 'Clear_After_Seconds__c'],
  ...['Update_Every_Seconds__c', 'Latency_Class__c', 'Privacy_Purpose__c'],
] as const;
/** What the bridge writes. */
const TOLD = ['Bridge_Status__c', 'Bridge_Message__c'] as const;
type Field = (typeof FIELDS)[number] | 'Device__c';

const recordId = z.string().length(18).transform(toRecordId);

/** What is wrong with one field; the words go to the person who wrote the policy. */
class Problem extends Error {}

/** Reads records of `Signal_Policy__c` of an org with this namespace; '' is none. */
export function makePolicyRecords(namespace: string) {
  const prefix = namespace === '' ? '' : `${namespace}__`;
  const name = (field: string): string => prefix + field;
  const device = `${prefix}Device__r.${prefix}Device_Key__c`;
  const deviceRow = z.looseObject({ [`${prefix}Device_Key__c`]: z.string() });
  const fields = z.record(z.string(), z.unknown());
  return {
    object: name('Signal_Policy__c'),
    name,
    fields: ['Id', ...[...FIELDS, ...TOLD, 'Device__c'].map(name), device],
    /** A record that says what became of a policy, for an update. */
    write: ({ id: Id, status, message }: PolicyVerdict) => ({
      attributes: { type: name('Signal_Policy__c') },
      Id,
      [name('Bridge_Status__c')]: status,
      [name('Bridge_Message__c')]: message === '' ? null : message,
    }),
    /** @throws z.ZodError where it is no record of a policy at all */
    read(row: unknown): OrgPolicy {
      const record = fields.parse(row);
      const id = recordId.parse(record['Id']);
      const key = z.string().parse(record[name('Policy_Key__c')]);
      const related = deviceRow.nullish().parse(record[`${prefix}Device__r`]);
      const get = (field: Field): unknown => record[name(field)] ?? undefined;
      const [status, message] = TOLD.map((field) =>
        z.string().nullish().parse(record[name(field)]),
      );
      const told = { status: status ?? '', message: message ?? '' };
      if (get('Active__c') !== true) return { kind: 'off', id, key, told };
      if (get('Detector__c') === undefined) return { kind: 'idle', id, key, told };
      try {
        const policy = toPolicy(get, related?.[`${prefix}Device_Key__c`]);
        return { kind: 'good', id, policy, told };
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        const version = Number(get('Version__c') ?? 0);
        const problem = error.message.slice(0, MOST_MESSAGE);
        return { kind: 'bad', id, key, version, problem, told };
      }
    },
  };
}

type Get = (field: Field) => unknown;

function toPolicy(get: Get, deviceKey: unknown): Policy {
  const detector = toDetector(get);
  const match = toMatch(get, deviceKey);
  if (detector.kind === 'silence' && match.metric !== undefined) {
    throw new Problem('Metric: silence is about a device, not about a metric; leave it empty.');
  }
  return {
    key: text(get, 'Policy_Key__c'),
    version: whole(get, 'Version__c', 1, 999_999_999),
    match,
    signalType: text(get, 'Signal_Type__c'),
    severity: choice(get, 'Severity__c', severities),
    detector,
    openAfterMs: 1000 * seconds(get, 'Open_After_Seconds__c', 0, 0),
    clearAfterMs: 1000 * seconds(get, 'Clear_After_Seconds__c', 0, 0),
    updateEveryMs: 1000 * seconds(get, 'Update_Every_Seconds__c', 1, UPDATE_EVERY_SECONDS),
    ...(get('Privacy_Purpose__c') !== undefined && {
      purpose: choice(get, 'Privacy_Purpose__c', purposes),
    }),
    ...(get('Latency_Class__c') !== undefined && {
      latencyClass: choice(get, 'Latency_Class__c', latencyClasses),
    }),
  };
}

function toMatch(get: Get, deviceKey: unknown): PolicyMatch {
  // A device without a key is one the bridge user may not see: to watch all devices instead would be wrong.
  if (get('Device__c') !== undefined && typeof deviceKey !== 'string') {
    throw new Problem('Device: the bridge cannot read this device; choose one that exists.');
  }
  const [deviceType, metric] = [get('Device_Type__c'), get('Metric__c')];
  const [assetId, accountId] = [get('Asset__c'), get('Account__c')];
  return {
    ...(typeof deviceType === 'string' && { deviceType }),
    ...(typeof deviceKey === 'string' && { device: deviceKey }),
    ...(typeof assetId === 'string' && { assetId: toRecordId(assetId) }),
    ...(typeof accountId === 'string' && { accountId: toRecordId(accountId) }),
    ...(typeof metric === 'string' && { metric }),
  };
}

function toDetector(get: Get): DetectorOptions {
  const kind = choice(get, 'Detector__c', DETECTORS);
  switch (kind) {
    case 'threshold':
      return toThreshold(get);
    case 'range-novelty':
      return {
        kind,
        learn: whole(get, 'Learn_Readings__c', 10, 1_000_000),
        margin: above0(get, 'Margin__c'),
      };
    case 'level-shift':
      return {
        kind,
        learn: whole(get, 'Learn_Readings__c', 10, 1_000_000),
        factor: above0(get, 'Factor__c'),
      };
    case 'silence':
      return { kind, afterMs: 1000 * whole(get, 'Silent_After_Seconds__c', 1, 999_999_999) };
    case 'stuck':
      return { kind, repeats: whole(get, 'Repeats__c', 3, 1_000_000) };
  }
}

function toThreshold(get: Get): DetectorOptions {
  const direction = choice(get, 'Direction__c', ['above', 'below']);
  const [limit, clear] = [number(get, 'Limit__c'), number(get, 'Clear_Limit__c')];
  const sign = direction === 'above' ? 1 : -1;
  const [most, beyond] = direction === 'above' ? ['at most', 'above'] : ['at least', 'below'];
  if ((limit - clear) * sign < 0) {
    throw new Problem(
      `Clear Limit is ${clear}; with the direction ${direction} it is ${most} the Limit, ${limit}.`,
    );
  }
  const shared = { kind: 'threshold', direction, limit, clear } as const;
  if (get('Escalate_Limit__c') === undefined && get('Escalate_Severity__c') === undefined)
    return shared;
  const worse = number(get, 'Escalate_Limit__c');
  if ((worse - limit) * sign <= 0) {
    throw new Problem(
      `Escalate Limit is ${worse}; with the direction ${direction} it is ${beyond} the Limit, ${limit}.`,
    );
  }
  const severity = choice(get, 'Escalate_Severity__c', severities);
  return { ...shared, escalate: { limit: worse, severity } };
}

const labelOf = (field: Field): string => field.slice(0, -'__c'.length).replaceAll('_', ' ');
const found = (value: unknown): string =>
  value === undefined ? 'empty' : typeof value === 'string' ? value : JSON.stringify(value);

function text(get: Get, field: Field): string {
  const value = get(field);
  if (typeof value === 'string' && value !== '') return value;
  throw new Problem(`${labelOf(field)} is empty; it is needed.`);
}

function number(get: Get, field: Field): number {
  const value = get(field);
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new Problem(`${labelOf(field)} is ${found(value)}; a number is needed.`);
}

function whole(get: Get, field: Field, least: number, most: number): number {
  const value = get(field);
  if (Number.isInteger(value) && Number(value) >= least && Number(value) <= most)
    return Number(value);
  throw new Problem(
    `${labelOf(field)} is ${found(value)}; a whole number from ${least} to ${most} is needed.`,
  );
}

function above0(get: Get, field: Field): number {
  const value = number(get, field);
  if (value > 0) return value;
  throw new Problem(`${labelOf(field)} is ${value}; a number above 0 is needed.`);
}

function seconds(get: Get, field: Field, least: number, otherwise: number): number {
  return get(field) === undefined ? otherwise : whole(get, field, least, 999_999_999);
}

function choice<const T extends string>(get: Get, field: Field, values: readonly T[]): T {
  const value = get(field);
  const known = values.find((one) => one === value);
  if (known !== undefined) return known;
  throw new Problem(`${labelOf(field)} is ${found(value)}; allowed are ${values.join(', ')}.`);
}
