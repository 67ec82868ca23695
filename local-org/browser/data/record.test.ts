import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fieldAt, pick, qualifiedName } from './record.ts';

const field = (value: unknown) => ({ value, displayValue: null });
const asset = {
  apiName: 'Asset',
  id: '02i',
  fields: {
    Name: field('Pump'),
    Account: field({
      apiName: 'Account',
      id: '001',
      fields: { Name: field('Northwind'), Phone: field('1') },
    }),
    Contact: field(null),
  },
};

test('a field is found behind a lookup, and is undefined behind an empty one', () => {
  assert.equal(fieldAt(asset, ['Name'])?.value, 'Pump');
  assert.equal(fieldAt(asset, ['Account', 'Name'])?.value, 'Northwind');
  assert.equal(fieldAt(asset, ['Contact', 'Name']), undefined);
  assert.equal(fieldAt(asset, ['Nope']), undefined);
});

test('a pick has the fields asked for and no others, behind lookups too', () => {
  const picked = pick(asset, ['Asset.Account.Name', 'Asset.Nope']);
  assert.deepEqual(picked, {
    apiName: 'Asset',
    id: '02i',
    fields: {
      Account: field({ apiName: 'Account', id: '001', fields: { Name: field('Northwind') } }),
    },
  });
});

test('a field is named by a text or by what a schema import gives', () => {
  assert.equal(qualifiedName('Asset.Name'), 'Asset.Name');
  const imported = { objectApiName: 'Asset', fieldApiName: 'Account.Name' };
  assert.equal(qualifiedName(imported), 'Asset.Account.Name');
});
