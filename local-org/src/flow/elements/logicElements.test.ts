import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openFlowTestOrg } from '../../automation/flowTestOrg.ts';
import {
  assign,
  condition,
  create,
  decide,
  fields,
  filter,
  flowXml,
  formula,
  get,
  go,
  onSave,
  variable,
} from '../../automation/flowTestXml.ts';
import { job, log, runAfter } from './elementTestOrg.ts';

test('Decision takes the first outcome that holds, else the default', () => {
  const body =
    `<decisions><name>D</name><label>d</label>${go('Other', 'defaultConnector')}` +
    `<rules><name>R1</name><conditionLogic>1 AND (2 OR NOT 3)</conditionLogic>${condition('$Record.Count__c', 'GreaterThan', 1)}${condition('$Record.Note__c', 'EqualTo', 'x')}${condition('$Record.Flag__c', 'EqualTo', true)}${go('One')}<label>1</label></rules>` +
    `<rules><name>R2</name><conditionLogic>or</conditionLogic>${condition('$Record.Note__c', 'EqualTo', 'y')}${condition('$Record.Count__c', 'EqualTo', 1)}${go('Two')}<label>2</label></rules></decisions>` +
    create('One', 'Log__c', { Text__c: 'one' }) +
    create('Two', 'Log__c', { Text__c: 'two' }) +
    create('Other', 'Log__c', { Text__c: 'other' });
  const taken = (record: Record<string, string | number | boolean>): unknown =>
    runAfter('D', body, record).values('Log__c', 'Text__c')[0];
  assert.equal(taken({ Count__c: 2, Flag__c: false }), 'one');
  assert.equal(taken({ Count__c: 2, Note__c: 'x', Flag__c: true }), 'one');
  assert.equal(taken({ Count__c: 2, Note__c: 'y', Flag__c: true }), 'two');
  assert.equal(taken({ Count__c: 1 }), 'two');
  assert.equal(taken({ Count__c: 2, Flag__c: true }), 'other');
});

test('Loop goes through a collection, backwards when asked, and copies its items', () => {
  const loop = (order: string): string =>
    `<loops><name>Each</name><label>e</label><collectionReference>G</collectionReference><iterationOrder>${order}</iterationOrder>${go('Add', 'nextValueConnector')}${go('Log', 'noMoreValuesConnector')}</loops>`;
  const body = (order: string): string =>
    get(
      'G',
      'Job__c',
      filter('Count__c', 'GreaterThan', 0),
      `${go('Each')}<sortField>Key__c</sortField>`,
      false,
    ) +
    loop(order) +
    assign(
      'Add',
      [
        ['keys', 'Add', '!Each.Key__c'],
        ['sum', 'Add', '!Each.Count__c'],
      ],
      go('Each'),
    ) +
    variable('keys', 'String', { start: '' }) +
    variable('sum', 'Number') +
    create('Log', 'Log__c', { Text__c: '!keys', Count__c: '!sum' });
  const forward = runAfter('G', body('Asc'));
  assert.deepEqual(
    [forward.values('Log__c', 'Text__c')[0], forward.values('Log__c', 'Count__c')[0]],
    ['abc', 6],
  );
  assert.equal(runAfter('G', body('Desc')).values('Log__c', 'Text__c')[0], 'cba');
});

test('Assignment: AddAtStart, RemoveAll, and dates moved by days', () => {
  const body =
    assign(
      'Set',
      [
        ['list', 'Add', 'b'],
        ['list', 'AddAtStart', 'a'],
        ['list', 'Add', 'c'],
        ['list', 'RemoveAll', 'b'],
        ['$Record.Day__c', 'Add', 2],
        ['$Record.At__c', 'Subtract', 1],
      ],
      go('Each'),
    ) +
    `<loops><name>Each</name><label>e</label><collectionReference>list</collectionReference><iterationOrder>Asc</iterationOrder>${go('Add', 'nextValueConnector')}${go('U', 'noMoreValuesConnector')}</loops>` +
    assign('Add', [['text', 'Add', '!Each']], go('Each')) +
    variable('list', 'String', { collection: true }) +
    variable('text', 'String', { start: '' }) +
    `<recordUpdates><name>U</name><label>u</label>${filter('Id', 'EqualTo', '!$Record.Id')}${fields({ Note__c: '!text', Day__c: '!$Record.Day__c', At__c: '!$Record.At__c' })}<object>Job__c</object></recordUpdates>`;
  const row = job(
    runAfter('Set', body, { Day__c: '2026-12-31', At__c: '2026-03-01T10:00:00.000Z' }),
    'go',
  );
  assert.deepEqual(
    [row['Note__c'], row['Day__c'], row['At__c']],
    ['ac', '2027-01-02', '2026-02-28T10:00:00.000Z'],
  );
});

test('Subflow: inputs in, outputs out, its faults and elements its own', () => {
  const inner = flowXml(
    go('Double'),
    assign('Double', [
      ['answer', 'Add', '!number'],
      ['answer', 'Add', '!number'],
      ['number', 'Assign', 0],
    ]) +
      variable('number', 'Number', { input: true }) +
      variable('answer', 'Number', { output: true }),
  );
  const outer = flowXml(
    onSave('RecordAfterSave', 'Call'),
    `<subflows><name>Call</name><label>c</label>${go('Log')}<flowName>Inner</flowName><inputAssignments><name>number</name><value><elementReference>$Record.Count__c</elementReference></value></inputAssignments><outputAssignments><assignToReference>result</assignToReference><name>answer</name></outputAssignments></subflows>` +
      variable('result', 'Number') +
      log('!result').replace('Text__c', 'Count__c'),
  );
  const org = openFlowTestOrg({ Outer: outer, Inner: inner });
  org.insert('Job__c', { Key__c: 'a', Count__c: 4 }, { Key__c: 'b', Count__c: 5 });
  assert.deepEqual(org.values('Log__c', 'Count__c'), [8, 10]);
});

test('a field through a lookup, and a text template', () => {
  const parent = flowXml(
    onSave('RecordAfterSave', 'Log', filter('Parent__c', 'IsNull', false)),
    log('!text') +
      '<textTemplates><name>text</name><isViewedAsPlainText>true</isViewedAsPlainText><text>{!$Record.Key__c} of {!$Record.Parent__r.Key__c} &amp; {!$Record.Count__c} at {!$Record.At__c}, {!$Record.Day__c}, {!$Record.Note__c}&#39;</text></textTemplates>',
  );
  const org = openFlowTestOrg({ Parent: parent });
  const [outcome] = org.insert('Job__c', { Key__c: 'top' });
  org.insert('Job__c', {
    Key__c: 'low',
    Parent__c: outcome?.ok === true ? outcome.id : '',
    Count__c: 7.1,
    At__c: '2026-11-23T00:05:09.000Z',
    Day__c: '2026-01-02',
  });
  assert.deepEqual(org.values('Log__c', 'Text__c'), [
    "low of top & 7.1 at 11/23/2026, 12:05 AM, 1/2/2026, '",
  ]);
});

test('global values', () => {
  const body =
    formula(
      'all',
      'String',
      '{!$User.Id} & " " & {!$Flow.CurrentRecord} & " " & TEXT({!$Flow.CurrentDate}) & " " & TEXT({!$Flow.CurrentDateTime}) & {!$GlobalConstant.EmptyString}',
    ) + log('!all');
  const org = runAfter('Log', body);
  const id = String(job(org, 'go')['Id']);
  assert.deepEqual(org.values('Log__c', 'Text__c'), [
    `${org.actor.userId} ${id} 2026-11-23 2026-11-23 06:00:00Z`,
  ]);
});

test('IsChanged in a decision compares with before the save', () => {
  const org = openFlowTestOrg({
    Main: flowXml(
      onSave('RecordAfterSave', 'D', '', 'CreateAndUpdate'),
      decide('D', condition('$Record.Note__c', 'IsChanged', true), 'Log', undefined) +
        log('!$Record.Note__c'),
    ),
  });
  const [outcome] = org.insert('Job__c', { Key__c: 'a', Note__c: '1' });
  const Id = outcome?.ok === true ? outcome.id : '';
  org.update('Job__c', { Id, Count__c: 1 });
  org.update('Job__c', { Id, Note__c: '2' });
  assert.deepEqual(org.values('Log__c', 'Text__c'), ['2']);
});

test('$Record__Prior holds the record before the save', () => {
  const org = openFlowTestOrg({
    Main: flowXml(onSave('RecordAfterSave', 'Log', '', 'Update'), log('!$Record__Prior.Note__c')),
  });
  const [outcome] = org.insert('Job__c', { Key__c: 'a', Note__c: 'old' });
  org.update('Job__c', { Id: outcome?.ok === true ? outcome.id : '', Note__c: 'new' });
  assert.deepEqual(org.values('Log__c', 'Text__c'), ['old']);
});

test('a formula that cannot be computed fails the interview and with it the save', () => {
  const org = openFlowTestOrg({
    Main: flowXml(
      onSave('RecordAfterSave', 'Log'),
      log('!half').replace('Text__c', 'Count__c') +
        formula('half', 'Number', '1 / {!$Record.Count__c}'),
    ),
  });
  const [bad] = org.insert('Job__c', { Key__c: 'a', Count__c: 0 });
  assert.ok(bad !== undefined && !bad.ok);
  assert.match(bad.errors[0]?.message ?? '', /division by zero/);
  assert.equal(org.insert('Job__c', { Key__c: 'b', Count__c: 2 })[0]?.ok, true);
});

test('an outcome for a record that has just come to meet its conditions', () => {
  const body =
    decide('Is_Done', condition('$Record.Status__c', 'EqualTo', 'Done'), 'Log', 'Other').replace(
      '<label>Yes</label>',
      '<doesRequireRecordChangedToMeetCriteria>true</doesRequireRecordChangedToMeetCriteria><label>Yes</label>',
    ) +
    log('just') +
    create('Other', 'Log__c', { Text__c: 'not' });
  const org = openFlowTestOrg({
    Main: flowXml(onSave('RecordAfterSave', 'Is_Done', '', 'CreateAndUpdate'), body),
  });
  org.insert('Job__c', { Key__c: 'a', Status__c: 'Done' }, { Key__c: 'b', Status__c: 'New' });
  const [a, b] = org.rows('Job__c').map((row) => row['Id'] ?? null);
  org.update('Job__c', { Id: a ?? '', Note__c: 'x' }, { Id: b ?? '', Status__c: 'Done' });
  org.update('Job__c', { Id: b ?? '', Status__c: 'New' });
  assert.deepEqual(org.values('Log__c', 'Text__c'), ['just', 'not', 'not', 'just', 'not']);
});

test('an assignment without a value empties a variable, a list or a field', () => {
  const items = ['text', 'list', '$Record.Note__c']
    .map(
      (to) =>
        `<assignmentItems><assignToReference>${to}</assignToReference><operator>Assign</operator></assignmentItems>`,
    )
    .join('');
  const body =
    assign('Fill', [
      ['text', 'Assign', 'x'],
      ['list', 'Add', 'y'],
    ]).replace('</assignments>', `${go('Empty')}</assignments>`) +
    `<assignments><name>Empty</name><label>e</label>${items}${go('Is_Empty')}</assignments>` +
    decide(
      'Is_Empty',
      ['text', 'list', '$Record.Note__c'].map((of) => condition(of, 'IsNull', true)).join(''),
      'Log',
      undefined,
    ) +
    log('empty') +
    variable('text', 'String') +
    variable('list', 'String', { collection: true });
  const org = runAfter('Fill', body, { Note__c: 'z' });
  assert.deepEqual(org.values('Log__c', 'Text__c'), ['empty']);
});
