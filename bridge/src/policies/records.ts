import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { ConfigError } from '../config/problems.ts';

/** What of a policy is somebody's to decide, without prefix; the device is named by its key. */
export const POLICY_FIELDS = [
  ...['Name', 'Active__c', 'Device_Type__c', 'Asset__c', 'Account__c', 'Metric__c'],
  ...['Signal_Type__c', 'Severity__c', 'Detector__c', 'Direction__c', 'Limit__c', 'Clear_Limit__c'],
  ...['Escalate_Limit__c', 'Escalate_Severity__c', 'Learn_Readings__c', 'Margin__c', 'Factor__c'],
  ...['Silent_After_Seconds__c', 'Repeats__c', 'Open_After_Seconds__c', 'Clear_After_Seconds__c'],
  ...['Update_Every_Seconds__c', 'Act_At_Confidence__c', 'Review_At_Confidence__c'],
  ...[
    'Review_Within_Hours__c',
    'Repeat_Within_Days__c',
    'Route__c',
    'Queue__c',
    'Case_Priority__c',
  ],
  ...['Closed_Status__c', 'Close_When_Cleared__c', 'Notify__c', 'Tell_Customer__c'],
  ...['Latency_Class__c', 'Privacy_Purpose__c', 'Retention_Days__c'],
] as const;

/** Never empty; what is not there is not ticked. */
const CHECKBOXES: readonly string[] = ['Active__c', 'Close_When_Cleared__c'];

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const names: readonly string[] = [...POLICY_FIELDS, 'Policy_Key__c', 'Device_Key__c'];
const record = z
  .record(z.string(), value)
  .refine((fields) => typeof fields['Policy_Key__c'] === 'string', {
    error: 'Policy_Key__c is missing',
  })
  .superRefine((fields, context) => {
    for (const name of Object.keys(fields)) {
      if (names.includes(name)) continue;
      context.addIssue({ code: 'custom', message: `${name} is no field of a policy` });
    }
  });

/** A policy as it stands in a file: fields of `Signal_Policy__c`; what is not there is empty. */
export type PolicyRecord = Readonly<Record<string, string | number | boolean | null>>;

/** What a field of the org is given. */
export const valueIn = (one: PolicyRecord, name: string): PolicyRecord[string] | null =>
  one[name] ?? (CHECKBOXES.includes(name) ? false : null);

export const keyOf = (one: PolicyRecord): string => String(one['Policy_Key__c']);

/** The records of a YAML or JSON file. @throws ConfigError */
export function readRecords(file: string): readonly PolicyRecord[] {
  let raw: unknown;
  try {
    raw = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ConfigError(file, [error instanceof Error ? error.message : String(error)]);
  }
  const read = z.array(record).safeParse(raw);
  if (!read.success) {
    const problems = read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new ConfigError(file, problems);
  }
  const keys = read.data.map(keyOf);
  const doubled = keys.find((key, index) => keys.indexOf(key) !== index);
  if (doubled !== undefined) throw new ConfigError(file, [`${doubled} is there twice`]);
  return read.data;
}

/** Whether a file holds records of the org, and not policies in the words of the bridge. */
export function holdsRecords(file: string): boolean {
  const raw: unknown = parse(readFileSync(file, 'utf8'));
  return (
    Array.isArray(raw) &&
    raw.some((one: unknown) => typeof one === 'object' && one !== null && 'Policy_Key__c' in one)
  );
}

/** The same text for the same records: sorted by key, fields in one order, without what is empty. */
export function writeRecords(records: readonly PolicyRecord[], json: boolean): string {
  const tidy = records
    .toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))
    .map((one) => Object.fromEntries(names.flatMap((name) => entryOf(one, name))));
  return json ? `${JSON.stringify(tidy, null, 2)}\n` : stringify(tidy, { lineWidth: 0 });
}

function entryOf(one: PolicyRecord, name: string): [string, PolicyRecord[string]][] {
  const found = one[name] ?? null;
  return found === null ? [] : [[name, found]];
}

/** One line for each difference, in the order of the keys; those of `wanted` that are the same are left out. */
export function compareRecords(
  wanted: readonly PolicyRecord[],
  found: readonly PolicyRecord[],
): { readonly lines: readonly string[]; readonly changed: readonly PolicyRecord[] } {
  const known = new Map(found.map((one) => [keyOf(one), one]));
  const lines: string[] = [];
  const changed = wanted.filter((one) => {
    const before = known.get(keyOf(one));
    known.delete(keyOf(one));
    if (before === undefined) {
      lines.push(`+ ${keyOf(one)}: new`);
      return true;
    }
    const differences = names.filter((name) => valueIn(one, name) !== valueIn(before, name));
    for (const name of differences) {
      lines.push(`~ ${keyOf(one)}: ${name}: ${show(before[name])} becomes ${show(one[name])}`);
    }
    return differences.length > 0;
  });
  for (const key of known.keys()) lines.push(`  ${key}: only in the org, left as it is`);
  return { lines, changed };
}

const show = (one: PolicyRecord[string] | undefined): string =>
  one === undefined || one === null ? 'empty' : JSON.stringify(one);
