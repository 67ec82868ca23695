import assert from 'node:assert/strict';
import { test } from 'node:test';

import { addressOf } from './address.ts';

test('references to records, lists and web pages have addresses', () => {
  const record = { recordId: '500Lo1', objectApiName: 'Case', actionName: 'view' };
  for (const [reference, address] of [
    [{ type: 'standard__recordPage', attributes: record }, '/lightning/r/Case/500Lo1/view'],
    [
      { type: 'standard__recordPage', attributes: { recordId: '500Lo1', actionName: 'view' } },
      '/lightning/r/500Lo1/view',
    ],
    [
      {
        type: 'standard__objectPage',
        attributes: { objectApiName: 'Asset', actionName: 'home' },
      },
      '/lightning/o/Asset/list',
    ],
    [
      { type: 'standard__webPage', attributes: { url: 'https://example.test/a' } },
      'https://example.test/a',
    ],
  ] as const)
    assert.equal(addressOf(reference), address);
});

test('what there is no page for is refused by its name', () => {
  for (const [reference, problem] of [
    [{ type: 'standard__app', attributes: {} }, /no pages of the type standard__app/],
    [
      { type: 'standard__recordPage', attributes: { recordId: 'x', actionName: 'edit' } },
      /the action view only/,
    ],
    [
      { type: 'standard__recordPage', attributes: { actionName: 'view' } },
      /needs the attribute recordId/,
    ],
    [{ type: 'standard__webPage', attributes: { url: 'javascript:alert(1)' } }, /neither a path/],
    [undefined, /needs a type/],
  ] as const)
    assert.throws(() => addressOf(reference), problem);
});
