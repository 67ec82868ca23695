import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openFlowTestOrg } from './flowTestOrg.ts';
import {
  condition,
  create,
  decide,
  filter,
  flowXml,
  get,
  go,
  onEvent,
  value,
} from './flowTestXml.ts';

const job = create('Create_Job', 'Job__c', {
  Key__c: '!$Record.Key__c',
  Count__c: '!$Record.Count__c',
});
const ingest = flowXml(onEvent('Create_Job'), job);

/** Creates; on a fault looks the key up, and logs what it does not find. */
const careful = flowXml(
  onEvent('Create_Job'),
  create('Create_Job', 'Job__c', { Key__c: '!$Record.Key__c' }, go('Get_Job', 'faultConnector')) +
    get('Get_Job', 'Job__c', filter('Key__c', 'EqualTo', '!$Record.Key__c'), go('Is_Known')) +
    decide('Is_Known', condition('Get_Job', 'IsNull', true), 'Create_Log', undefined) +
    create('Create_Log', 'Log__c', { Key__c: '!$Record.Key__c', Text__c: '!$Flow.FaultMessage' }),
);

test('an event creates a record as the user who published it', async () => {
  const org = openFlowTestOrg({ Ingest: ingest });
  org.publish('Job__e', { Key__c: 'a', Count__c: 1.5 });
  await org.automation.idle();
  const [row] = org.rows('Job__c');
  assert.equal(row?.['Key__c'], 'a');
  assert.equal(row?.['Count__c'], 1.5);
  assert.equal(row?.['CreatedById'], org.actor.userId);
});

test('looking a key up before creating does not find its twin of the same batch', async () => {
  const lookFirst = flowXml(
    onEvent('Get_Job'),
    get('Get_Job', 'Job__c', filter('Note__c', 'EqualTo', '!$Record.Key__c'), go('Is_New')) +
      decide('Is_New', condition('Get_Job', 'IsNull', true), 'Create_Job', undefined) +
      create('Create_Job', 'Job__c', { Note__c: '!$Record.Key__c' }),
  );
  const org = openFlowTestOrg({ LookFirst: lookFirst });
  org.publish('Job__e', { Key__c: 'same' }, { Key__c: 'same' });
  await org.automation.idle();
  assert.deepEqual(org.values('Job__c', 'Note__c'), ['same', 'same']);
  const elements = org.steps.map((step) => step.element);
  assert.deepEqual(elements, [
    'Get_Job',
    'Get_Job',
    'Is_New',
    'Is_New',
    'Create_Job',
    'Create_Job',
  ]);

  org.publish('Job__e', { Key__c: 'same' });
  await org.automation.idle();
  assert.equal(org.rows('Job__c').length, 2, 'a later batch does find it');
});

test('a duplicate of one batch takes its own fault path and finds the first', async () => {
  const org = openFlowTestOrg({ Careful: careful });
  org.publish('Job__e', { Key__c: 'a' }, { Key__c: 'a' }, { Key__c: 'b' });
  await org.automation.idle();
  assert.deepEqual(org.values('Job__c', 'Key__c'), ['a', 'b']);
  assert.deepEqual(org.rows('Log__c'), []);
  const faults = org.steps.filter((step) => step.outcome === 'fault');
  assert.equal(faults.length, 1);
  assert.match(faults[0]?.detail ?? '', /tried to create records: DUPLICATE_VALUE: .*Key__c/);
});

test('a duplicate of an earlier batch finds it too', async () => {
  const org = openFlowTestOrg({ Careful: careful });
  org.publish('Job__e', { Key__c: 'a' });
  await org.automation.idle();
  org.publish('Job__e', { Key__c: 'a' }, { Key__c: 'b' });
  await org.automation.idle();
  assert.deepEqual(org.values('Job__c', 'Key__c'), ['a', 'b']);
  assert.deepEqual(org.rows('Log__c'), []);
});

test('read the other way, a duplicate in a batch fails the whole create and nothing is found', async () => {
  const org = openFlowTestOrg({ Careful: careful }, { assume: ['duplicate-in-batch=batch'] });
  org.publish('Job__e', { Key__c: 'a' }, { Key__c: 'a' }, { Key__c: 'b' });
  await org.automation.idle();
  assert.deepEqual(org.rows('Job__c'), []);
  assert.deepEqual(org.values('Log__c', 'Key__c'), ['a', 'a', 'b']);
  assert.match(String(org.values('Log__c', 'Text__c')[2]), /DUPLICATE_VALUE/);
  // Sent again on its own, each is created.
  org.publish('Job__e', { Key__c: 'b' });
  await org.automation.idle();
  assert.deepEqual(org.values('Job__c', 'Key__c'), ['b']);
});

test('an unhandled fault undoes that interview and the batch runs again without it', async () => {
  const twoSteps = flowXml(
    onEvent('Create_Log'),
    create('Create_Log', 'Log__c', { Key__c: '!$Record.Key__c' }, go('Create_Job')) + job,
  );
  const org = openFlowTestOrg({ TwoSteps: twoSteps });
  org.publish('Job__e', { Key__c: 'a' }, { Key__c: 'a' }, { Key__c: 'b' });
  await org.automation.idle();
  assert.deepEqual(org.values('Job__c', 'Key__c'), ['a', 'b']);
  assert.deepEqual(
    org.values('Log__c', 'Key__c'),
    ['a', 'b'],
    'what the failed interview did is undone',
  );
  assert.match(org.logged.join(), /event .* failed: .*DUPLICATE_VALUE.*element Create_Job/);
});

test('read the other way, an unhandled fault undoes the whole batch', async () => {
  const org = openFlowTestOrg({ Ingest: ingest }, { assume: ['unhandled-fault=undo-batch'] });
  org.publish('Job__e', { Key__c: 'a' }, { Key__c: 'a' }, { Key__c: 'b' });
  await org.automation.idle();
  assert.deepEqual(org.rows('Job__c'), []);
  assert.equal(org.logged.length, 3);
});

test('batches have at most 200 events, in the order they were published', async () => {
  const org = openFlowTestOrg({ Ingest: ingest });
  const keys = Array.from({ length: 450 }, (_, index) => `k${String(index).padStart(3, '0')}`);
  org.publish('Job__e', ...keys.map((Key__c) => ({ Key__c })));
  await org.automation.idle();
  assert.deepEqual(org.values('Job__c', 'Key__c'), keys);
});

test('200 interviews that look up and create cost one query and one save, not 200', async () => {
  const org = openFlowTestOrg({ Careful: careful });
  const twice = Array.from({ length: 100 }, (_, index) => ({ Key__c: `k${index}` }));
  org.publish('Job__e', ...twice, ...twice);
  await org.automation.idle();
  assert.equal(org.rows('Job__c').length, 100);
  assert.deepEqual(org.logged, []);
});

test('one update may touch a record twelve times; the rest take their fault path', async () => {
  const touch = flowXml(
    onEvent('Update_Jobs'),
    `<recordUpdates><name>Update_Jobs</name><label>u</label>${filter('Key__c', 'EqualTo', 'shared')}<inputAssignments><field>Count__c</field>${value('!$Record.Count__c')}</inputAssignments><object>Job__c</object>${go('Create_Log', 'faultConnector')}</recordUpdates>` +
      create('Create_Log', 'Log__c', {
        Key__c: '!$Record.Key__c',
        Text__c: '!$Flow.FaultMessage',
      }),
  );
  const org = openFlowTestOrg({ Touch: touch });
  const [shared] = org.insert('Job__c', { Key__c: 'shared', Count__c: 0 });
  const events = Array.from({ length: 14 }, (_, index) => ({
    Key__c: `e${index + 1}`,
    Count__c: index + 1,
  }));
  org.publish('Job__e', ...events);
  await org.automation.idle();
  assert.deepEqual(org.values('Job__c', 'Count__c'), [12]);
  assert.deepEqual(org.values('Log__c', 'Key__c'), ['e13', 'e14']);
  const id = shared?.ok === true ? shared.id.slice(0, 15) : '';
  assert.match(
    String(org.values('Log__c', 'Text__c')[0]),
    new RegExp(`DUPLICATE_VALUE: Maximum number of duplicate updates.*: ${id}\\.`),
  );
  org.publish('Job__e', { Key__c: 'later', Count__c: 15 });
  await org.automation.idle();
  assert.deepEqual(org.values('Job__c', 'Count__c'), [15], 'the next batch counts anew');
});

test('a limit undoes the whole batch past its fault paths, is not tried again, and is logged', async () => {
  const saves = Array.from({ length: 150 }, (_, index) =>
    create(
      `C${index}`,
      'Log__c',
      { Key__c: 'much' },
      `${index < 149 ? go(`C${index + 1}`) : ''}${go('Create_Log', 'faultConnector')}`,
    ),
  );
  const much = flowXml(
    onEvent('Create_Log'),
    create('Create_Log', 'Log__c', { Key__c: '!$Record.Key__c' }, go('Is_Much')) +
      decide('Is_Much', condition('$Record.Count__c', 'GreaterThan', 1), 'C0', undefined) +
      saves.join(''),
  );
  const org = openFlowTestOrg({ Much: much });
  org.publish('Job__e', { Key__c: 'a', Count__c: 1 }, { Key__c: 'b', Count__c: 2 });
  await org.automation.idle();
  assert.deepEqual(org.rows('Log__c'), []);
  assert.match(
    org.logged.join(),
    /batch of 2 events was undone and will not be tried again: Too many DML statements/,
  );

  org.publish('Job__e', { Key__c: 'c', Count__c: 1 });
  await org.automation.idle();
  assert.deepEqual(org.values('Log__c', 'Key__c'), ['c'], 'the flow goes on with the next events');
});

test('a flow reads only events published after it was first seen', async () => {
  const org = openFlowTestOrg({});
  org.publish('Job__e', { Key__c: 'early' });
  await org.automation.idle();
  assert.deepEqual(org.rows('Job__c'), []);
});

test('a draft flow is checked but not run', async () => {
  const org = openFlowTestOrg({ Draft: flowXml(onEvent('Create_Job'), job, 'Draft') });
  org.publish('Job__e', { Key__c: 'a' });
  await org.automation.idle();
  assert.deepEqual(org.rows('Job__c'), []);
});
