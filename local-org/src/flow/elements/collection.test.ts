import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  assign,
  create,
  condition,
  filter,
  flowXml,
  get,
  go,
  onSave,
  variable,
} from '../../automation/flowTestXml.ts';
import { openFlowTestOrg } from '../../automation/flowTestOrg.ts';
import { runAfter } from './elementTestOrg.ts';

// Metadata API Developer Guide, "FlowCollectionProcessor". The jobs are a (3), b (1), c (2).

const jobs = get('G', 'Job__c', filter('Count__c', 'GreaterThan', 0), go('P'), false);
const processor = (type: 'Filter' | 'Sort', inside: string, of = 'G', next = 'Each'): string =>
  `<collectionProcessors><name>P</name><label>p</label><elementSubtype>${type}CollectionProcessor</elementSubtype><collectionProcessorType>${type}CollectionProcessor</collectionProcessorType><collectionReference>${of}</collectionReference>${inside}${go(next)}</collectionProcessors>`;
const keep = (inside: string, logic: string): string =>
  processor(
    'Filter',
    `<assignNextValueToReference>item</assignNextValueToReference><conditionLogic>${logic}</conditionLogic>${inside}`,
  ) + variable('item', 'SObject', { object: 'Job__c' });
const sort = (order: 'Asc' | 'Desc', rest = '', first = false, field = 'Count__c'): string =>
  processor(
    'Sort',
    `${rest}<sortOptions><doesPutEmptyStringAndNullFirst>${first}</doesPutEmptyStringAndNullFirst>${field === '' ? '' : `<sortField>${field}</sortField>`}<sortOrder>${order}</sortOrder></sortOptions>`,
  );
const told = (collection: string, item = 'Each.Key__c'): string =>
  `<loops><name>Each</name><label>e</label><collectionReference>${collection}</collectionReference><iterationOrder>Asc</iterationOrder>${go('Add', 'nextValueConnector')}${go('Log', 'noMoreValuesConnector')}</loops>` +
  assign('Add', [['keys', 'Add', `!${item}`]], go('Each')) +
  variable('keys', 'String') +
  create('Log', 'Log__c', { Text__c: '!keys' });
const run = (body: string): unknown => runAfter('G', jobs + body).values('Log__c', 'Text__c')[0];

test('Filter keeps the items that meet its conditions, in their order', () => {
  const atLeast = condition('item.Count__c', 'GreaterThanOrEqualTo', 2);
  assert.equal(run(keep(atLeast, 'and') + told('P')), 'ac');
  assert.equal(run(keep(atLeast, 'and') + told('G')), 'abc', 'the collection stays as it is');
  const either =
    condition('item.Key__c', 'EqualTo', 'b') + condition('item.Count__c', 'EqualTo', 3);
  assert.equal(run(keep(either, '1 OR 2') + told('P')), 'ab');
});

test('Filter by a formula', () => {
  const inside = '<formula>{!item.Count__c} * 2 &lt; 5</formula>';
  assert.equal(run(keep(inside, 'formula_evaluates_to_true') + told('P')), 'bc');
});

test('Sort orders the collection itself, either way, and keeps the first ones', () => {
  assert.equal(run(sort('Asc') + told('G')), 'bca');
  assert.equal(run(sort('Desc') + told('G')), 'acb');
  assert.equal(run(sort('Desc', '<limit>2</limit>') + told('G')), 'ac');
});

test('Sort puts empty values first or last as it is told, whichever way', () => {
  for (const [order, first, keys] of [
    ['Asc', true, '?bca'],
    ['Asc', false, 'bca?'],
    ['Desc', true, '?acb'],
    ['Desc', false, 'acb?'],
  ] as const) {
    const org = openFlowTestOrg({
      Main: flowXml(
        onSave('RecordAfterSave', 'G', filter('Key__c', 'EqualTo', '?')),
        jobs.replace(filter('Count__c', 'GreaterThan', 0), '') + sort(order, '', first) + told('G'),
      ),
    });
    for (const [key, count] of Object.entries({ a: 3, b: 1, c: 2 }))
      org.insert('Job__c', { Key__c: key, Count__c: count });
    org.insert('Job__c', { Key__c: '?' });
    assert.deepEqual(org.values('Log__c', 'Text__c'), [keys], `${order} ${first}`);
  }
});

test('Sort orders single values', () => {
  const body =
    assign(
      'G',
      ['b', 'C', 'a'].map((one) => ['texts', 'Add', one] as const),
      go('P'),
    ) +
    variable('texts', 'String', { collection: true }) +
    sort('Asc', '', false, '').replace('<collectionReference>G', '<collectionReference>texts') +
    told('texts', 'Each');
  assert.equal(runAfter('G', body).values('Log__c', 'Text__c')[0], 'abC');
});

test('what does not go together is refused at load', () => {
  const refused = (body: string, message: RegExp): void => {
    assert.throws(() => run(body), message);
  };
  refused(sort('Asc') + told('P'), /P sorts G and has no output/);
  refused(sort('Asc', '', false, 'Nope__c') + told('G'), /Job__c has no field Nope__c/);
  refused(sort('Asc', '', false, '') + told('G'), /records are sorted by a sortField/);
  refused(
    keep(condition('item.Count__c', 'EqualTo', 1), 'and').replace('Job__c', 'Log__c') + told('P'),
    /item cannot hold an item/,
  );
  refused(
    sort('Asc').replaceAll('SortCollectionProcessor', 'RecommendationMapCollectionProcessor') +
      told('G'),
    /collectionProcessorType/,
  );
  refused(
    keep('<formula>{!item.Count__c}</formula>', 'formula_evaluates_to_true') + told('P'),
    /gives number, not boolean/,
  );
});
