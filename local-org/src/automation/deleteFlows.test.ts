import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { SaveOutcome } from '../store/records.ts';
import { openFlowTestOrg } from './flowTestOrg.ts';
import type { FlowTestOrg } from './flowTestOrg.ts';
import {
  act,
  assign,
  asyncPath,
  condition,
  create,
  decide,
  filter,
  flowXml,
  formula,
  get,
  go,
  onSave,
} from './flowTestXml.ts';

// accidentalcodersf.com/2020/08/before-delete-flow-salesforce.html: all four data elements, batches
// of 200, the fields of the record in $Record. A custom error refuses the delete:
// salesforce-metadata-documentation.pages.dev/flows/Restrict_Delete_Event_Documentation.

const onDelete = (first: string, extra = ''): string =>
  `${go(first)}<object>Job__c</object><recordTriggerType>Delete</recordTriggerType><triggerType>RecordBeforeDelete</triggerType>${extra}`;
const log = create('Log', 'Log__c', { Key__c: '!$Record.Key__c' });
const refuseLate =
  decide('Is_Late', condition('$Record.Status__c', 'EqualTo', 'Late'), 'Refuse', 'Log') +
  '<customErrors><name>Refuse</name><label>r</label><customErrorMessages><errorMessage>{!$Record.Key__c} stays</errorMessage><isFieldError>false</isFieldError></customErrorMessages></customErrors>' +
  log;

function jobs(org: FlowTestOrg, ...keys: readonly string[]): string[] {
  const outcomes = org.insert(
    'Job__c',
    ...keys.map((Key__c) => ({ Key__c, ...(Key__c === 'late' ? { Status__c: 'Late' } : {}) })),
  );
  return outcomes.map((outcome) => (outcome.ok ? outcome.id : assert.fail('not inserted')));
}

const remove = (org: FlowTestOrg, ids: readonly string[], allOrNone = false): SaveOutcome[] =>
  org.automation.dml.delete('Job__c', ids, org.actor, { allOrNone });
const codes = (outcomes: readonly SaveOutcome[]): (string | undefined)[] =>
  outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.errors[0]?.statusCode));

test('it runs while the record is there, and may save others', () => {
  const org = openFlowTestOrg({
    Keep: flowXml(
      onDelete('Find'),
      get('Find', 'Job__c', filter('Id', 'EqualTo', '!$Record.Id'), go('Log')) +
        create('Log', 'Log__c', { Key__c: '!Find.Key__c', Job__c: '!$Record.Id' }),
    ),
  });
  assert.deepEqual(codes(remove(org, jobs(org, 'a', 'b'))), ['ok', 'ok']);
  assert.deepEqual(org.values('Log__c', 'Key__c'), ['a', 'b']);
  assert.deepEqual(org.values('Log__c', 'Job__c'), [null, null], 'the lookup goes with the record');
  assert.deepEqual(org.rows('Job__c'), []);
});

test('its entry conditions are asked, and saves do not set it off', () => {
  const org = openFlowTestOrg({
    Keep: flowXml(onDelete('Log', filter('Status__c', 'EqualTo', 'Late')), log),
  });
  const ids = jobs(org, 'a', 'late');
  org.update('Job__c', { Id: ids[1] ?? '', Note__c: 'x' });
  remove(org, ids);
  assert.deepEqual(org.values('Log__c', 'Key__c'), ['late']);
});

test('it publishes events, which go with the transaction', async () => {
  const org = openFlowTestOrg({
    Tell: flowXml(onDelete('Tell'), create('Tell', 'Done__e', { Key__c: '!$Record.Key__c' })),
    Hear: flowXml(
      `${go('Log')}<object>Done__e</object><triggerType>PlatformEvent</triggerType>`,
      create('Log', 'Log__c', { Key__c: '!$Record.Key__c' }),
    ),
  });
  remove(org, jobs(org, 'a'));
  await org.automation.idle();
  assert.deepEqual(org.values('Log__c', 'Key__c'), ['a']);
});

test('a custom error keeps its own record, with nothing of what the flow did for it', () => {
  const org = openFlowTestOrg({ Guard: flowXml(onDelete('Is_Late'), refuseLate) });
  const outcomes = remove(org, jobs(org, 'a', 'late', 'b'));
  assert.deepEqual(codes(outcomes), ['ok', 'FIELD_CUSTOM_VALIDATION_EXCEPTION', 'ok']);
  assert.deepEqual(org.values('Job__c', 'Key__c'), ['late']);
  assert.deepEqual(org.values('Log__c', 'Key__c'), ['a', 'b']);
});

test('all or none keeps all when one is refused', () => {
  const org = openFlowTestOrg({ Guard: flowXml(onDelete('Is_Late'), refuseLate) });
  const outcomes = remove(org, jobs(org, 'a', 'late'), true);
  assert.deepEqual(codes(outcomes), [
    'ALL_OR_NONE_OPERATION_ROLLED_BACK',
    'FIELD_CUSTOM_VALIDATION_EXCEPTION',
  ]);
  assert.equal(org.rows('Job__c').length, 2);
  assert.deepEqual(org.rows('Log__c'), []);
});

test('a record that is gone already sets nothing off', () => {
  const org = openFlowTestOrg({ Keep: flowXml(onDelete('Log'), log) });
  const [id = ''] = jobs(org, 'a');
  remove(org, [id]);
  assert.deepEqual(codes(remove(org, [id])), ['ENTITY_IS_DELETED']);
  assert.equal(org.rows('Log__c').length, 1);
});

test('200 deletes are one batch, and a flow that deletes sets it off as well', () => {
  const org = openFlowTestOrg({
    Keep: flowXml(onDelete('Log'), log),
    Sweep: flowXml(
      onSave('RecordAfterSave', 'Sweep', filter('Note__c', 'EqualTo', 'sweep')),
      `<recordDeletes><name>Sweep</name><label>s</label>${filter('Note__c', 'NotEqualTo', 'sweep')}<object>Job__c</object></recordDeletes>`,
    ),
  });
  jobs(org, ...Array.from({ length: 200 }, (_, index) => `k${index}`));
  org.insert('Job__c', { Key__c: 'sweep', Note__c: 'sweep' });
  assert.deepEqual(org.values('Job__c', 'Key__c'), ['sweep']);
  assert.equal(org.rows('Log__c').length, 200);
});

test('what a delete has not is refused at load', () => {
  const refused = (body: string, start: string, message: RegExp): void =>
    assert.throws(() => openFlowTestOrg({ Bad: flowXml(start, body) }), message);
  refused(
    assign('Set', [['$Record.Note__c', 'Assign', 'x']]),
    onDelete('Set'),
    /\$Record\.Note__c cannot be assigned to/,
  );
  refused(log, onDelete('Log', asyncPath('Log')), /only an after-save flow/);
  refused(
    create('Log', 'Log__c', { Key__c: '!$Record__Prior.Key__c' }),
    onDelete('Log'),
    /only a flow that runs on updates has a prior record/,
  );
  refused(
    create('Log', 'Log__c', { Key__c: '!key' }) + formula('key', 'String', 'IF(ISNEW(), "a", "b")'),
    onDelete('Log'),
    /ISNEW is only known while a record is saved/,
  );
  refused(
    decide('Changed', condition('$Record.Note__c', 'IsChanged', true), 'Log', undefined) + log,
    onDelete('Changed'),
    /IsChanged needs a field of \$Record/,
  );
  refused(
    log,
    onDelete('Log').replace('<recordTriggerType>Delete', '<recordTriggerType>Update'),
    /recordTriggerType/,
  );
});

test('actions may be taken before a delete', async () => {
  const org = openFlowTestOrg({
    Mail: flowXml(
      onDelete('Mail'),
      act('Mail', 'emailSimple', {
        emailAddresses: 'a@example.test',
        emailSubject: 'gone',
        emailBody: 'x',
      }),
    ),
  });
  remove(org, jobs(org, 'a'));
  await org.automation.idle();
  assert.equal(org.automation.sent.emails().length, 1);
});
