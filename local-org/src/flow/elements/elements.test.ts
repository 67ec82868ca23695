import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  assign,
  create,
  decide,
  condition,
  fields,
  filter,
  flowXml,
  formula,
  get,
  go,
  onSave,
  openFlowTestOrg,
  variable,
  type FlowTestOrg,
} from '../../automation/flowTestOrg.ts';

/** Runs elements after a Job is created; the Job is `$Record`. */
function runAfter(
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

function job(org: FlowTestOrg, key: string): Record<string, unknown> {
  return { ...org.rows('Job__c').find((row) => row['Key__c'] === key) };
}

const log = (text: string | number, rest = ''): string =>
  create('Log', 'Log__c', typeof text === 'number' ? { Count__c: text } : { Text__c: text }, rest);

test('Get Records takes the first by its sort order', () => {
  const sorted = get(
    'G',
    'Job__c',
    filter('Count__c', 'GreaterThan', 0),
    `${go('Log')}<sortField>Count__c</sortField><sortOrder>Desc</sortOrder>`,
  );
  const org = runAfter('G', sorted + log('!G.Key__c'));
  assert.deepEqual(org.values('Log__c', 'Text__c'), ['a']);
});

test('Get Records: every filter operator', () => {
  const cases: readonly (readonly [string, string, string | number | boolean, string])[] = [
    ['Key__c', 'EqualTo', 'b', 'b'],
    ['Count__c', 'NotEqualTo', 1, 'a,c,go'],
    ['Count__c', 'GreaterThan', 2, 'a'],
    ['Count__c', 'GreaterThanOrEqualTo', 2, 'a,c'],
    ['Count__c', 'LessThan', 2, 'b'],
    ['Count__c', 'LessThanOrEqualTo', 2, 'b,c'],
    ['Note__c', 'Contains', 'TE B', 'b'],
    ['Note__c', 'StartsWith', 'note', 'a,b,c'],
    ['Note__c', 'EndsWith', ' c', 'c'],
    ['Note__c', 'IsNull', true, 'go'],
    ['Note__c', 'IsNull', false, 'a,b,c'],
  ];
  for (const [field, operator, of, expected] of cases) {
    const loop = `<loops><name>Each</name><label>e</label><collectionReference>G</collectionReference><iterationOrder>Asc</iterationOrder>${go('Add', 'nextValueConnector')}${go('Log', 'noMoreValuesConnector')}</loops>`;
    const body =
      get(
        'G',
        'Job__c',
        filter(field, operator, of),
        `${go('Each')}<sortField>Key__c</sortField>`,
        false,
      ) +
      loop +
      assign(
        'Add',
        [
          ['keys', 'Add', '!Each.Key__c'],
          ['keys', 'Add', ','],
        ],
        go('Each'),
      ) +
      variable('keys', 'String', { start: '' }) +
      log('!keys');
    const [text] = runAfter('G', body).values('Log__c', 'Text__c');
    assert.equal(String(text ?? '').replace(/,$/, ''), expected, `${field} ${operator} ${of}`);
  }
});

test('Get Records with custom logic between its filters', () => {
  const filters = `${filter('Key__c', 'EqualTo', 'a')}${filter('Key__c', 'EqualTo', 'b')}${filter('Count__c', 'EqualTo', 1)}<filterLogic>(1 OR 2) AND 3</filterLogic>`;
  assert.deepEqual(
    runAfter('G', get('G', 'Job__c', filters, go('Log')) + log('!G.Key__c')).values(
      'Log__c',
      'Text__c',
    ),
    ['b'],
  );
});

test('Get Records In a collection', () => {
  const body =
    assign(
      'Fill',
      [
        ['keys', 'Add', 'c'],
        ['keys', 'Add', 'zzz'],
      ],
      go('G'),
    ) +
    variable('keys', 'String', { collection: true }) +
    get('G', 'Job__c', filter('Key__c', 'In', '!keys'), go('Log')) +
    log('!G.Key__c');
  assert.deepEqual(runAfter('Fill', body).values('Log__c', 'Text__c'), ['c']);
});

test('Get Records into variables keeps what they held when nothing is found, unless told otherwise', () => {
  for (const [nullIfNone, expected] of [
    [false, 'before'],
    [true, null],
  ] as const) {
    const body =
      `<recordLookups><name>G</name><label>g</label><assignNullValuesIfNoRecordsFound>${nullIfNone}</assignNullValuesIfNoRecordsFound>${go('Log')}${filter('Key__c', 'EqualTo', 'none')}<object>Job__c</object><outputAssignments><assignToReference>note</assignToReference><field>Note__c</field></outputAssignments></recordLookups>` +
      variable('note', 'String', { start: 'before' }) +
      log('!note');
    assert.deepEqual(runAfter('G', body).values('Log__c', 'Text__c'), [expected]);
  }
});

test('an id that is no id is a query error, not nothing found', () => {
  const body =
    get(
      'G',
      'Job__c',
      filter('Id', 'EqualTo', '!$Record.Note__c'),
      `${go('Log', 'faultConnector')}`,
    ) + log('!$Flow.FaultMessage');
  const [text] = runAfter('G', body, { Note__c: 'no id' }).values('Log__c', 'Text__c');
  assert.match(String(text), /invalid ID field: no id/);
});

test('Create Records from a record variable stores the id in it', () => {
  const body =
    assign(
      'Set',
      [
        ['made.Text__c', 'Assign', 'made'],
        ['made.Job__c', 'Assign', '!$Record.Id'],
      ],
      go('Make'),
    ) +
    variable('made', 'SObject', { object: 'Log__c' }) +
    `<recordCreates><name>Make</name><label>m</label>${go('Log')}<inputReference>made</inputReference></recordCreates>` +
    log('!made.Id');
  const org = runAfter('Set', body);
  assert.equal(org.values('Log__c', 'Text__c')[1], org.values('Log__c', 'Id')[0]);
});

test('Create Records gives the new id under its own name or in a variable', () => {
  const body =
    `<recordCreates><name>Make</name><label>m</label><assignRecordIdToReference>madeId</assignRecordIdToReference>${go('Make2')}${fields({ Key__c: 'x' })}<object>Job__c</object></recordCreates>` +
    variable('madeId', 'String') +
    create('Make2', 'Log__c', { Job__c: '!madeId' }, go('Log')) +
    log('!Make2');
  const org = runAfter('Make', body);
  assert.equal(org.values('Log__c', 'Job__c')[0], job(org, 'x')['Id']);
  assert.equal(org.values('Log__c', 'Text__c')[1], org.values('Log__c', 'Id')[0]);
});

test('Create Records from a collection saves all of it in one save', () => {
  const one = (name: string): readonly (readonly [string, string, string])[] => [
    ['item.Text__c', 'Assign', name],
    ['items', 'Add', '!item'],
  ];
  const body =
    assign('Fill', [...one('1'), ...one('2'), ...one('3')], go('Make')) +
    variable('item', 'SObject', { object: 'Log__c' }) +
    variable('items', 'SObject', { object: 'Log__c', collection: true }) +
    `<recordCreates><name>Make</name><label>m</label><inputReference>items</inputReference></recordCreates>`;
  assert.deepEqual(runAfter('Fill', body).values('Log__c', 'Text__c'), ['1', '2', '3']);
});

test('Update Records by conditions touches all that match', () => {
  const body = `<recordUpdates><name>U</name><label>u</label>${filter('Count__c', 'GreaterThan', 1)}${fields({ Status__c: 'Done' })}<object>Job__c</object></recordUpdates>`;
  const org = runAfter('U', body);
  assert.deepEqual(org.values('Job__c', 'Status__c'), ['Done', null, 'Done', null]);
});

test('Update Records by reference saves what the variable holds', () => {
  const body =
    get('G', 'Job__c', filter('Key__c', 'EqualTo', 'b'), go('Set')) +
    assign(
      'Set',
      [
        ['G.Status__c', 'Assign', 'Late'],
        ['G.Count__c', 'Subtract', 0.5],
      ],
      go('U'),
    ) +
    `<recordUpdates><name>U</name><label>u</label><inputReference>G</inputReference></recordUpdates>`;
  const row = job(runAfter('G', body), 'b');
  assert.deepEqual([row['Status__c'], row['Count__c']], ['Late', 0.5]);
});

test('Update Records of a record that was never set takes the fault path', () => {
  const body =
    variable('empty', 'SObject', { object: 'Job__c' }) +
    assign('Set', [['empty.Note__c', 'Assign', 'x']], go('U')) +
    `<recordUpdates><name>U</name><label>u</label>${go('Log', 'faultConnector')}<inputReference>empty</inputReference></recordUpdates>` +
    log('!$Flow.FaultMessage');
  assert.match(
    String(runAfter('Set', body).values('Log__c', 'Text__c')[0]),
    /MISSING_ARGUMENT: Id not specified/,
  );
});

test('Delete Records by conditions and by reference', () => {
  const byConditions = `<recordDeletes><name>D</name><label>d</label>${filter('Count__c', 'LessThan', 3)}<object>Job__c</object></recordDeletes>`;
  assert.deepEqual(runAfter('D', byConditions).values('Job__c', 'Key__c'), ['a', 'go']);
  const byReference =
    get('G', 'Job__c', filter('Key__c', 'EqualTo', 'a'), go('D')) +
    '<recordDeletes><name>D</name><label>d</label><inputReference>G</inputReference></recordDeletes>';
  assert.deepEqual(runAfter('G', byReference).values('Job__c', 'Key__c'), ['b', 'c', 'go']);
});

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
