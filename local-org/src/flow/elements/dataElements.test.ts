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
  get,
  go,
  onEvent,
  variable,
} from '../../automation/flowTestXml.ts';
import { job, log, runAfter } from './elementTestOrg.ts';

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
    assert.equal(String(text).replace(/,$/, ''), expected, `${field} ${operator} ${of}`);
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

for (const [reading, found] of [
  ['matches-empty', ['a']],
  ['matches-nothing', []],
] as const) {
  test(`a filter whose value is null, read as ${reading}`, async () => {
    const org = openFlowTestOrg(
      {
        Main: flowXml(
          onEvent('G'),
          get('G', 'Job__c', filter('Note__c', 'EqualTo', '!$Record.Event_Key__c'), go('D')) +
            decide('D', condition('G', 'IsNull', false), 'Log', undefined) +
            create('Log', 'Log__c', { Key__c: '!G.Key__c' }),
        ),
      },
      { assume: [`null-filter=${reading}`] },
    );
    org.insert('Job__c', { Key__c: 'a' }, { Key__c: 'b', Note__c: 'x' });
    org.publish('Job__e', { Key__c: 'no event key' });
    await org.automation.idle();
    assert.deepEqual(org.values('Log__c', 'Key__c'), found);
  });
}

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
    get('G', 'Job__c', filter('Id', 'EqualTo', '!$Record.Note__c'), go('Log', 'faultConnector')) +
    log('!$Flow.FaultMessage');
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
