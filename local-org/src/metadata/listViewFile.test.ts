import assert from 'node:assert/strict';
import { test } from 'node:test';

import { testMetadata } from '../store/testOrg.ts';
import { whereOf } from '../page/listWhere.ts';
import { readListView } from './listViewFile.ts';
import type { ListView } from './listViewFile.ts';
import { standardObjects } from './standardObjects.ts';

const thing = testMetadata.objects.get('Thing__c');
const caseObject = standardObjects.find(({ name }) => name === 'Case');

function read(inside: string, object = thing): ListView {
  const xml = `<ListView><fullName>Some</fullName>${inside}<filterScope>Everything</filterScope><label>Some</label></ListView>`;
  return readListView('Some.listView-meta.xml', object, 'Some', xml);
}

const filter = (field: string, operation: string, value?: string): string =>
  `<filters><field>${field}</field><operation>${operation}</operation>${value === undefined ? '' : `<value>${value}</value>`}</filters>`;

const where = (...filters: string[]): string | null => whereOf(read(filters.join('')).filters);

test('a list view has columns by the names that the platform gives standard fields', () => {
  assert.deepEqual(
    read('<columns>NAME</columns><columns>Amount__c</columns><columns>CREATED_DATE</columns>')
      .columns,
    ['Name', 'Amount__c', 'CreatedDate'],
  );
  const columns = '<columns>CASES.CASE_NUMBER</columns><columns>CASES.STATUS</columns>';
  assert.deepEqual(read(columns, caseObject).columns, ['CaseNumber', 'Status']);
});

test('its filters become one filter of GraphQL, joined by AND', () => {
  assert.equal(where(), null);
  assert.equal(
    where(filter('NAME', 'equals', 'A, B'), filter('Amount__c', 'greaterThan', '7')),
    '{ and: [{ Name: { in: ["A", "B"] } }, { Amount__c: { gt: 7 } }] }',
  );
  assert.equal(
    where(filter('NAME', 'notEqual', 'A,B')),
    '{ and: [{ Name: { nin: ["A", "B"] } }] }',
  );
  assert.equal(where(filter('NAME', 'contains', 'um')), '{ and: [{ Name: { like: "%um%" } }] }');
  assert.equal(where(filter('NAME', 'startsWith', 'Pu')), '{ and: [{ Name: { like: "Pu%" } }] }');
});

test('a filter without a value asks for blank ones', () => {
  assert.equal(where(filter('Amount__c', 'equals')), '{ and: [{ Amount__c: { eq: null } }] }');
  assert.equal(where(filter('Amount__c', 'notEqual')), '{ and: [{ Amount__c: { ne: null } }] }');
});

test('days are counted from today', () => {
  assert.equal(
    where(filter('CREATED_DATE', 'equals', 'TODAY')),
    '{ and: [{ CreatedDate: { eq: { literal: TODAY } } }] }',
  );
  assert.equal(
    where(filter('CREATED_DATE', 'greaterOrEqual', 'LAST_N_DAYS:7')),
    '{ and: [{ CreatedDate: { gte: { range: { last_n_days: 7 } } } }] }',
  );
});

test('what lists here cannot ask is refused by name', () => {
  for (const [inside, problem] of [
    [filter('NAME', 'within', '7'), /<operation>: within is not implemented/],
    [filter('Nope__c', 'equals', '7'), /<filters>: no field Nope__c on Thing__c/],
    [filter('Amount__c', 'equals', 'many'), /Thing__c.Amount__c equals "many"; a number/],
    [filter('Amount__c', 'lessThan'), /Thing__c.Amount__c lessThan needs exactly one value/],
    [filter('Amount__c', 'contains', '7'), /Thing__c.Amount__c contains "7" is not implemented/],
    [filter('NAME', 'contains', '7%'), /Thing__c.Name contains "7%" is not implemented/],
    [filter('CREATED_DATE', 'equals', '1/1/2026'), /"1\/1\/2026" is not implemented/],
    ['<booleanFilter>1 OR 2</booleanFilter>', /booleanFilter/],
    ['<columns>Nope__c</columns>', /<columns>: no field Nope__c on Thing__c/],
  ] as const)
    assert.throws(() => read(inside), problem);
  const account = testMetadata.objects.get('Account');
  assert.throws(() => read('', account), /a list view of this object is not implemented/);
});
