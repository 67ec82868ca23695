import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { openFlowTestOrg, type FlowTestOrg } from './flowTestOrg.ts';
import { create, filter, flowXml, onSave, timedPath } from './flowTestXml.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// Source: help platform.flow_concepts_trigger_scheduled_path.

const log = create('Log', 'Log__c', { Key__c: '!$Record.Key__c', Text__c: '!$Record.Note__c' });
const after = (extra: string, on = 'CreateAndUpdate'): string =>
  flowXml(onSave('RecordAfterSave', undefined, extra, on), log);

async function advance(org: FlowTestOrg, ms: number): Promise<void> {
  org.clock.time += ms;
  org.automation.wake();
  await org.automation.idle();
}

function idOf(org: FlowTestOrg, key: string): string {
  return String(org.rows('Job__c').find((row) => row['Key__c'] === key)?.['Id']);
}

test('a path runs when its time after the save has come, with the record as it is then', async () => {
  const org = openFlowTestOrg({ F: after(timedPath('Log', 30, 'Minutes'), 'Create') });
  org.insert('Job__c', { Key__c: 'a', Note__c: 'first' });
  await advance(org, 30 * MINUTE - 1);
  assert.deepEqual(org.rows('Log__c'), []);
  org.update('Job__c', { Id: idOf(org, 'a'), Note__c: 'second' });
  await advance(org, 1);
  assert.deepEqual(org.values('Log__c', 'Text__c'), ['second']);
  await advance(org, 10 * DAY);
  assert.equal(org.rows('Log__c').length, 1, 'once');
});

test('a path before or after a field follows the field, and an empty field has none', async () => {
  const org = openFlowTestOrg({ F: after(timedPath('Log', -2, 'Hours', { field: 'At__c' })) });
  const at = (ms: number): string => new Date(org.clock.time + ms).toISOString();
  org.insert('Job__c', { Key__c: 'a', At__c: at(3 * HOUR) }, { Key__c: 'none' });
  org.insert('Job__c', { Key__c: 'moved', At__c: at(3 * HOUR) });
  org.insert('Job__c', { Key__c: 'emptied', At__c: at(3 * HOUR) });
  org.update('Job__c', { Id: idOf(org, 'moved'), At__c: at(5 * HOUR) });
  org.update('Job__c', { Id: idOf(org, 'emptied'), At__c: null });
  await advance(org, HOUR);
  assert.deepEqual(org.values('Log__c', 'Key__c'), ['a']);
  await advance(org, 2 * HOUR);
  assert.deepEqual(org.values('Log__c', 'Key__c'), ['a', 'moved']);
});

test('a flow for new records only lets its path follow the field as well', async () => {
  const timed = timedPath('Log', 0, 'Days', { field: 'Day__c' });
  const org = openFlowTestOrg({ F: after(timed, 'Create') });
  org.insert('Job__c', { Key__c: 'a', Day__c: '2026-11-24' });
  org.update('Job__c', { Id: idOf(org, 'a'), Day__c: '2026-11-25' });
  await advance(org, 18 * HOUR);
  assert.deepEqual(org.rows('Log__c'), [], 'the 24th begins');
  await advance(org, DAY);
  assert.equal(org.rows('Log__c').length, 1, 'the 25th begins');
});

test('a record that does not meet the conditions any more does not wait any longer', async () => {
  const conditions = filter('Flag__c', 'EqualTo', true);
  const org = openFlowTestOrg({ F: after(conditions + timedPath('Log', 1, 'Hours')) });
  org.insert('Job__c', { Key__c: 'stays', Flag__c: true }, { Key__c: 'leaves', Flag__c: true });
  org.insert('Job__c', { Key__c: 'deleted', Flag__c: true }, { Key__c: 'never' });
  org.update('Job__c', { Id: idOf(org, 'leaves'), Flag__c: false });
  org.automation.dml.delete('Job__c', [idOf(org, 'deleted')], org.actor, { allOrNone: true });
  await advance(org, HOUR);
  assert.deepEqual(org.values('Log__c', 'Key__c'), ['stays']);
});

test('a record that sets its flow off again waits from then on, once', async () => {
  const org = openFlowTestOrg({ F: after(timedPath('Log', 1, 'Hours')) });
  org.insert('Job__c', { Key__c: 'a' });
  await advance(org, HOUR / 2);
  org.update('Job__c', { Id: idOf(org, 'a'), Note__c: 'again' });
  await advance(org, HOUR / 2);
  assert.deepEqual(org.rows('Log__c'), []);
  await advance(org, HOUR / 2);
  assert.equal(org.rows('Log__c').length, 1);
});

test('a save that is undone leaves no path behind', async () => {
  const broken = flowXml(
    onSave('RecordAfterSave', 'Bad'),
    create('Bad', 'Log__c', { Job__c: '!$Record.Note__c' }),
  );
  const org = openFlowTestOrg({ A: after(timedPath('Log', 1, 'Hours')), B: broken });
  const [outcome] = org.insert('Job__c', { Key__c: 'a', Note__c: 'no id' });
  assert.equal(outcome?.ok, false);
  await advance(org, HOUR);
  assert.deepEqual(org.rows('Log__c'), []);
});

test('records that are due together run together, as many as maxBatchSize says', async () => {
  const timed = timedPath('Log', 1, 'Hours', { rest: '<maxBatchSize>2</maxBatchSize>' });
  const org = openFlowTestOrg({ F: after(timed) });
  for (const key of ['a', 'b', 'c']) org.insert('Job__c', { Key__c: key });
  let turns = 0;
  const transaction = org.store.sql.prepare('SELECT count(*) AS left FROM flow_path');
  org.clock.time += HOUR;
  org.automation.wake();
  const left: number[] = [];
  const watch = (): void => {
    left.push(Number(transaction.get()?.['left']));
    if ((turns += 1) < 5) setImmediate(watch);
  };
  setImmediate(watch);
  await org.automation.idle();
  assert.deepEqual([...new Set(left)].slice(0, 2), [1, 0], 'two, then one');
  assert.equal(org.rows('Log__c').length, 3);
});

test('a path that fails without a fault path runs again later, as an asynchronous one does', async () => {
  const flow = flowXml(
    onSave('RecordAfterSave', undefined, timedPath('Bad', 1, 'Hours', { field: 'At__c' })),
    create('Bad', 'Log__c', { Key__c: '!$Record.Key__c', Job__c: '!$Record.Note__c' }),
  );
  const org = openFlowTestOrg({ F: flow });
  org.insert('Job__c', { Key__c: 'a', Note__c: 'no id', At__c: '2026-11-23T06:00:00.000Z' });
  await advance(org, HOUR);
  assert.match(org.logged.join(), /the scheduled path Timed of Job__c \w+ failed: .*15 minutes/);
  org.update('Job__c', { Id: idOf(org, 'a'), Note__c: null });
  await advance(org, 15 * MINUTE - 1);
  assert.deepEqual(org.rows('Log__c'), [], 'the save did not bring it forward');
  await advance(org, 1);
  assert.equal(org.rows('Log__c').length, 1);
});

test('a path whose time has passed when it is set off runs at once, or never by the other reading', async () => {
  for (const [assume, runs] of [
    ['past-scheduled-path=at-once', 1],
    ['past-scheduled-path=never', 0],
  ] as const) {
    const flows = { F: after(timedPath('Log', 1, 'Hours', { field: 'At__c' })) };
    const org = openFlowTestOrg(flows, { assume: [assume] });
    org.insert('Job__c', { Key__c: 'a', At__c: '2026-01-01T00:00:00.000Z' });
    await org.automation.idle();
    assert.equal(org.rows('Log__c').length, runs, assume);
  }
});

test('a path waits on disk: it runs after a restart, once', async (context) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'local-org-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'org.sqlite');
  const flows = { F: after(timedPath('Log', 40, 'Days')) };
  const first = openFlowTestOrg(flows, { path: file });
  first.insert('Job__c', { Key__c: 'a' });
  await first.automation.idle();
  first.automation.stop();
  first.store.close();
  const second = openFlowTestOrg(flows, { path: file });
  await second.automation.idle();
  assert.deepEqual(second.rows('Log__c'), []);
  await advance(second, 40 * DAY);
  await advance(second, 40 * DAY);
  assert.equal(second.rows('Log__c').length, 1);
  second.automation.stop();
  second.store.close();
});
