import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeId, toId18, withChecksum } from './ids.ts';

test('the checksum of published ids is theirs', () => {
  // Pairs as printed in public documentation and issue threads.
  assert.equal(withChecksum('00D000000000062'), '00D000000000062EAA');
  assert.equal(withChecksum('001000000000001'), '001000000000001AAA');
  assert.equal(withChecksum('005Lo0000000001'), '005Lo0000000001IAA');
});

test('ids grow with age, byte by byte', () => {
  const ids = [1, 2, 9, 10, 61, 62, 63, 3843, 3844, 1e9].map((count) => makeId('500', count));
  assert.deepEqual(ids.toSorted(), ids);
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.match(id, /^500Lo0[0-9A-Za-z]{12}$/);
});

test('15 characters become 18, a wrong checksum is no id', () => {
  const id = makeId('02i', 12345);
  assert.equal(toId18(id.slice(0, 15)), id);
  assert.equal(toId18(id), id);
  assert.equal(toId18(`${id.slice(0, 15)}555`), undefined);
  for (const bad of ['', 'abc', '02iLo00000000!!', `${id}0`]) assert.equal(toId18(bad), undefined);
});
