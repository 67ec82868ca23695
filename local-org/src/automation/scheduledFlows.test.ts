import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { openFlowTestOrg, type FlowTestOrg } from './flowTestOrg.ts';
import { create, filter, flowXml, formula, onSchedule } from './flowTestXml.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

// Source: help platform.flow_considerations_trigger_schedule. The clock begins at 2026-11-23 06:00.

const log = create('Log', 'Log__c', { Key__c: '!$Record.Key__c' });
const plain = create('Log', 'Log__c', { Text__c: 'ran' });

async function advance(org: FlowTestOrg, ms: number): Promise<void> {
  org.clock.time += ms;
  org.automation.wake();
  await org.automation.idle();
}

test('a daily flow runs once a day for each record that meets its filters', async () => {
  const chosen = `<object>Job__c</object>${filter('Day__c', 'LessThan', '!$Flow.CurrentDate')}`;
  const start = onSchedule('Log', 'Daily', '2026-11-23', '02:00:00.000Z', chosen);
  const org = openFlowTestOrg({ Nightly: flowXml(start, log) });
  org.insert('Job__c', { Key__c: 'old', Day__c: '2026-11-01' }, { Key__c: 'none' });
  org.insert('Job__c', { Key__c: 'today', Day__c: '2026-11-24' });
  await advance(org, 20 * HOUR - 1);
  assert.deepEqual(org.rows('Log__c'), [], 'not before two in the morning');
  await advance(org, 1);
  assert.deepEqual(org.values('Log__c', 'Key__c'), ['old']);
  await advance(org, DAY - 1);
  assert.equal(org.rows('Log__c').length, 1);
  await advance(org, 1);
  assert.deepEqual(org.values('Log__c', 'Key__c'), ['old', 'old', 'today']);
});

test('a flow without an object runs as one interview, weekly from its first day', async () => {
  const start = onSchedule('Log', 'Weekly', '2026-11-20', '00:00:00.000Z');
  const org = openFlowTestOrg({ Weekly: flowXml(start, plain) });
  await advance(org, 3 * DAY);
  assert.deepEqual(org.rows('Log__c'), [], 'Thursday, and a first day that has passed');
  await advance(org, DAY);
  assert.deepEqual(org.values('Log__c', 'Text__c'), ['ran']);
  await advance(org, 7 * DAY);
  assert.equal(org.rows('Log__c').length, 2);
});

test('a flow that is to run once runs once, and not at all when its time has passed', async () => {
  const org = openFlowTestOrg({
    Once: flowXml(onSchedule('Log', 'Once', '2026-11-23', '07:00:00.000Z'), plain),
    Past: flowXml(onSchedule('Log', 'Once', '2026-11-23', '05:00:00.000Z'), plain),
    Draft: flowXml(onSchedule('Log', 'Once', '2026-11-23', '07:00:00.000Z'), plain, 'Draft'),
  });
  await advance(org, 3 * DAY);
  await advance(org, 30 * DAY);
  assert.deepEqual(org.values('Log__c', 'Text__c'), ['ran']);
});

test('records run in batches of 200 with a transaction each, one failure alone', async () => {
  const start = onSchedule(
    'Log',
    'Daily',
    '2026-11-24',
    '00:00:00.000Z',
    '<object>Job__c</object>',
  );
  const failing = create('Log', 'Log__c', {
    Key__c: '!$Record.Key__c',
    Job__c: '!$Record.Note__c',
  });
  const org = openFlowTestOrg({ Nightly: flowXml(start, failing) });
  const jobs = Array.from({ length: 301 }, (_, index) => ({ Key__c: `k${index}` }));
  org.insert('Job__c', ...jobs.map((job, at) => (at === 7 ? { ...job, Note__c: 'no id' } : job)));
  await advance(org, DAY);
  assert.equal(org.rows('Log__c').length, 300);
  assert.equal(org.logged.length, 1, org.logged.join('\n'));
  assert.match(org.logged.join(), /flow Nightly: its scheduled run for Job__c \w+ failed/);
  assert.equal(org.store.sql.prepare('SELECT 1 FROM flow_path').get(), undefined, 'no retry');
});

test('the time of the next run survives a restart; what was missed is made up for once', async (context) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'local-org-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'org.sqlite');
  const flows = { D: flowXml(onSchedule('Log', 'Daily', '2026-11-23', '02:00:00.000Z'), plain) };
  const first = openFlowTestOrg(flows, { path: file });
  await first.automation.idle();
  first.automation.stop();
  first.store.close();
  const second = openFlowTestOrg(flows, { path: file, time: first.clock.time + 5 * DAY });
  await second.automation.idle();
  assert.equal(second.rows('Log__c').length, 1);
  second.automation.stop();
  second.store.close();
});

test('a purge by date deletes each record that its filters find, also by a formula', async () => {
  const chosen = `<object>Job__c</object>${filter('Day__c', 'LessThanOrEqualTo', '!limit')}`;
  const start = onSchedule('Purge', 'Daily', '2026-11-23', '02:00:00.000Z', chosen);
  const purge =
    '<recordDeletes><name>Purge</name><label>p</label><inputReference>$Record</inputReference></recordDeletes>' +
    formula('limit', 'Date', '{!$Flow.CurrentDate} - 1');
  const org = openFlowTestOrg({ Nightly: flowXml(start, purge) });
  org.insert('Job__c', { Key__c: 'old', Day__c: '2026-11-23' });
  org.insert('Job__c', { Key__c: 'new', Day__c: '2026-11-24' }, { Key__c: 'none' });
  await advance(org, 20 * HOUR);
  assert.deepEqual(org.values('Job__c', 'Key__c'), ['new', 'none']);
});
