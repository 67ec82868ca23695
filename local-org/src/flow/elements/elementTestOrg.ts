import assert from 'node:assert/strict';
import { openFlowTestOrg, type FlowTestOrg } from '../../automation/flowTestOrg.ts';
import { create, filter, flowXml, onSave } from '../../automation/flowTestXml.ts';

/** For tests: runs elements after a Job is created; the Job is `$Record`. */
export function runAfter(
  first: string,
  body: string,
  record: Record<string, string | number | boolean | null> = {},
): FlowTestOrg {
  const org = openFlowTestOrg({
    Main: flowXml(onSave('RecordAfterSave', first, filter('Key__c', 'EqualTo', 'go')), body),
  });
  for (const [key, count] of [
    ['a', 3],
    ['b', 1],
    ['c', 2],
  ] as const) {
    org.insert('Job__c', { Key__c: key, Count__c: count, Note__c: `note ${key}` });
  }
  const [outcome] = org.insert('Job__c', { Key__c: 'go', ...record });
  assert.ok(outcome?.ok, JSON.stringify(outcome));
  return org;
}

export function job(org: FlowTestOrg, key: string): Record<string, unknown> {
  return { ...org.rows('Job__c').find((row) => row['Key__c'] === key) };
}

export const log = (text: string | number, rest = ''): string =>
  create('Log', 'Log__c', typeof text === 'number' ? { Count__c: text } : { Text__c: text }, rest);
