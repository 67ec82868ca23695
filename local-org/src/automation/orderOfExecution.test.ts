import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { ValidationRuleDef } from '../metadata/schema.ts';
import { openFlowTestOrg } from './flowTestOrg.ts';
import { assign, asyncPath, create, filter, flowXml, get, go, onSave } from './flowTestXml.ts';

/*
 * Apex Developer Guide, "Triggers and Order of Execution" (.../apexcode/apex_triggers_order_of_execution.htm):
 * before-save flows, system validation, custom validation rules, the save, after-save flows, the commit, and
 * what runs asynchronously after it. "Bulk DML Exception Handling" (.../apex_dml_bulk_exceptions.htm): rows
 * that failed are left out, and what the save of the others set off runs again.
 */

const BEFORE = 'RecordBeforeSave';
const AFTER = 'RecordAfterSave';

const rule = (name: string, formulaText: string): ValidationRuleDef => ({
  object: 'Job__c',
  name,
  file: `${name}.validationRule-meta.xml`,
  active: true,
  formula: formulaText,
  message: `${name} says no`,
});

const note = (text: string): string => assign('Note', [['$Record.Note__c', 'Assign', text]]);
const logged = (name: string): string =>
  create(name, 'Log__c', { Key__c: '!$Record.Key__c', Job__c: '!$Record.Id' });

test('a save goes before-save flow, system, rules, after-save flow, commit, asynchronous path', async () => {
  const org = openFlowTestOrg(
    {
      After: flowXml(onSave(AFTER, 'Saved', asyncPath('Later')), logged('Saved') + logged('Later')),
      Before: flowXml(onSave(BEFORE, 'Note'), note('by the flow')),
    },
    { rules: [rule('Needs_Note', 'ISBLANK(Note__c)')] },
  );
  assert.equal(org.insert('Job__c', { Key__c: 'a' })[0]?.ok, true, 'the rule saw the note');
  assert.deepEqual(
    org.steps.map(({ flow, element }) => `${flow}.${element}`),
    ['Before.Note', 'After.Saved'],
    'nothing asynchronous before the commit',
  );
  await org.automation.idle();
  assert.equal(org.steps.at(-1)?.element, 'Later');
  const [id] = org.values('Job__c', 'Id');
  assert.deepEqual(org.values('Log__c', 'Job__c'), [id, id]);
});

test('what the system refuses is not shown to rules, and what rules refuse not to after-save flows', () => {
  const org = openFlowTestOrg(
    {
      After: flowXml(onSave(AFTER, 'Saved'), logged('Saved')),
      Before: flowXml(onSave(BEFORE, 'Note'), note('x')),
    },
    { rules: [rule('Never', 'Key__c <> "good"')] },
  );
  const outcomes = org.insert(
    'Job__c',
    { Key__c: 'bad', Status__c: 'Nonsense' },
    { Key__c: 'bad2' },
    { Key__c: 'good' },
  );
  assert.deepEqual(
    outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.errors.map((one) => one.statusCode))),
    [['INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST'], ['FIELD_CUSTOM_VALIDATION_EXCEPTION'], 'ok'],
  );
  assert.deepEqual(org.values('Log__c', 'Key__c'), ['good']);
});

test('rows that failed are left out, and the save of the others runs again from its beginning', () => {
  const org = openFlowTestOrg(
    {
      After: flowXml(onSave(AFTER, 'Saved'), logged('Saved')),
      Before: flowXml(onSave(BEFORE, 'Note'), note('x')),
    },
    { rules: [rule('Never', 'Key__c = "bad"')] },
  );
  const outcomes = org.insert('Job__c', { Key__c: 'good' }, { Key__c: 'bad' });
  assert.deepEqual(
    outcomes.map(({ ok }) => ok),
    [true, false],
  );
  const times = (element: string): number =>
    org.steps.filter((step) => step.element === element).length;
  assert.equal(times('Note'), 3, 'both, then the good one again');
  assert.equal(times('Saved'), 2, 'the good one, twice');
  assert.deepEqual(org.values('Log__c', 'Key__c'), ['good'], 'the first attempt left nothing');
});

test('events are published once more with each attempt when they do not wait for the commit', async () => {
  const tell = (event: string): string =>
    flowXml(onSave(AFTER, 'Tell'), create('Tell', event, { Key__c: '!$Record.Key__c' }));
  const hear = (event: string): string =>
    flowXml(
      `${go('Log')}<object>${event}</object><triggerType>PlatformEvent</triggerType>`,
      create('Log', 'Log__c', { Key__c: '!$Record.Key__c' }),
    );
  const heard = async (event: string): Promise<unknown[]> => {
    const org = openFlowTestOrg(
      { Tell: tell(event), Hear: hear(event) },
      { rules: [rule('Never', 'Key__c = "bad"')] },
    );
    org.insert('Job__c', { Key__c: 'good' }, { Key__c: 'bad' });
    await org.automation.idle();
    return org.values('Log__c', 'Key__c');
  };
  assert.deepEqual(await heard('Done__e'), ['good'], 'PublishAfterCommit goes with its attempt');
  assert.deepEqual(await heard('Now__e'), ['good', 'good'], 'PublishImmediately does not');
});

test('a limit is no fault: it takes the whole transaction, whatever fault paths there are', () => {
  // help platform.flow_considerations_limit_transaction: "the system rolls back the entire transaction".
  const many = Array.from({ length: 101 }, (_, index) =>
    get(
      `G${index}`,
      'Job__c',
      filter('Key__c', 'EqualTo', 'none'),
      `${index < 100 ? go(`G${index + 1}`) : ''}${go('Saved', 'faultConnector')}`,
    ),
  );
  const org = openFlowTestOrg({
    Many: flowXml(onSave(AFTER, 'G0'), many.join('') + logged('Saved')),
  });
  assert.throws(
    () => org.insert('Job__c', { Key__c: 'a' }, { Key__c: 'b' }),
    /Too many SOQL queries: 101 \(limit 100\)/,
  );
  assert.deepEqual([org.rows('Job__c'), org.rows('Log__c')], [[], []]);
});

test('the limits of a save are those of all its flows and rows together', () => {
  const half = (name: string): string =>
    Array.from({ length: 60 }, (_, index) =>
      get(
        `${name}${index}`,
        'Job__c',
        filter('Key__c', 'EqualTo', 'none'),
        index < 59 ? go(`${name}${index + 1}`) : '',
      ),
    ).join('');
  const one = openFlowTestOrg({ A: flowXml(onSave(AFTER, 'A0'), half('A')) });
  assert.equal(
    one.insert('Job__c', { Key__c: 'a' }, { Key__c: 'b' })[1]?.ok,
    true,
    '60 for both rows',
  );
  const two = openFlowTestOrg({
    A: flowXml(onSave(AFTER, 'A0'), half('A')),
    B: flowXml(onSave(AFTER, 'B0'), half('B')),
  });
  assert.throws(() => two.insert('Job__c', { Key__c: 'a' }), /Too many SOQL queries: 101/);
});
