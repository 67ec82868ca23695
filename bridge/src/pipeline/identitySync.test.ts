import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openIdentityCopy } from '../edge/identity/identityCopy.ts';
import { toEpochMs } from '../model/brand.ts';
import { err } from '../model/result.ts';
import { IDENTITY_KINDS } from '../ports/identity.ts';
import type { IdentitySource } from '../ports/identity.ts';
import type { OrgFailure } from '../ports/publisher.ts';
import { makeFakeIdentity, stampOf } from '../testing/fakeIdentity.ts';
import { makeIdentitySync } from './identitySync.ts';
import type { Extent } from './identitySync.ts';

const going = new AbortController().signal;
const away: OrgFailure = { kind: 'unreachable', reason: 'it is away', action: 'wait' };
const MINUTE = 60_000;

function setUp(source?: (org: IdentitySource) => IdentitySource) {
  const fake = makeFakeIdentity();
  const copy = openIdentityCopy(':memory:');
  let now = 0;
  const clock = () => toEpochMs(now);
  const used = source?.(fake.source) ?? fake.source;
  const sync = makeIdentitySync({ source: used, copy, clock });
  return {
    ...fake,
    fake,
    copy,
    pass: (milliseconds: number) => (now += milliseconds),
    /** Answers the names learnt, or the failure. */
    async sync(extent: Extent = 'all news') {
      fake.asked.length = 0;
      const synced = await sync(extent, going);
      if (!synced.ok) return synced.error;
      return synced.value === 'all' ? 'all' : [...synced.value].toSorted();
    },
    /** From where devices were asked for in the last sync. */
    from: () => fake.asked[0]?.find(([kind]) => kind === 'device')?.[1],
    [Symbol.dispose]: () => copy[Symbol.dispose](),
  };
}

test('the first time everything is read, page by page, and only what has more is asked again', async () => {
  using box = setUp();
  for (const second of [5, 1, 3, 2, 4]) box.save(`d${second}`, second);
  assert.deepEqual(await box.sync(), ['key-d1', 'key-d2', 'key-d3', 'key-d4', 'key-d5']);
  assert.equal(box.copy.counts().devices, 5);
  assert.deepEqual(
    box.asked.map((kinds) => kinds.map(([kind]) => kind)),
    [[...IDENTITY_KINDS], ['device'], ['device']],
  );
});

test('later only what has changed is read, with ten minutes of overlap for what was saved late', async () => {
  using box = setUp();
  box.save('d1', 0);
  box.save('d2', 3_600);
  await box.sync();
  // Its transaction began before that of d2 and ended after it.
  box.save('d3', 3_300);
  assert.deepEqual(await box.sync(), ['key-d3']);
  assert.deepEqual(box.from(), { stamp: stampOf(3_000), id: '' });
});

test('a notice has only the last half minute read again; the rest is found by the next full look', async () => {
  using box = setUp();
  box.save('d1', 3_600);
  await box.sync();
  box.save('d2', 3_580);
  box.save('d3', 3_300);
  assert.deepEqual(await box.sync('news'), ['key-d2']);
  assert.deepEqual(await box.sync(), ['key-d3']);
});

test('a crowd that was saved at once is read again until nothing can come late, and then never', async () => {
  using box = setUp();
  for (let index = 0; index < 20; index += 1) box.save(`d${index}`, 0);
  await box.sync();
  box.pass(5 * MINUTE);
  await box.sync();
  assert.ok(box.asked.length > 5, 'a transaction may still end');
  box.pass(5 * MINUTE);
  await box.sync();
  box.pass(5 * MINUTE);
  assert.deepEqual(await box.sync(), []);
  assert.equal(box.asked.length, 1);
  box.save('late', 1_000);
  assert.deepEqual(await box.sync(), ['key-late']);
});

test('pages that were read stay where a later one fails, and the rest is read the next time', async () => {
  let calls = 0;
  using box = setUp((org) => ({
    read: async (...asked) => ((calls += 1) === 2 ? err(away) : org.read(...asked)),
  }));
  for (const second of [1, 2, 3]) box.save(`d${second}`, second);
  assert.deepEqual(await box.sync(), away);
  assert.equal(box.copy.counts().devices, 2);
  assert.equal(box.copy.completeAt(), undefined, 'half an org must not be taken for all of it');
  assert.deepEqual(await box.sync(), ['key-d3']);
  assert.equal(box.copy.completeAt(), 0);
});

test('a look at everything finds what was deleted and is no longer told', async () => {
  using box = setUp();
  for (const second of [1, 2, 3]) box.save(`d${second}`, second);
  await box.sync();
  box.destroy('d2');
  assert.deepEqual(await box.sync(), []);
  assert.equal(box.copy.counts().devices, 3);
  box.pass(MINUTE);
  assert.deepEqual(await box.sync('everything'), ['key-d2']);
  assert.equal(box.copy.counts().devices, 2);
  assert.equal(box.copy.comparedAt(), MINUTE);
});

test('a look at everything that breaks off takes nothing away', async () => {
  let isAway = false;
  using box = setUp((org) => ({
    read: async (...asked) => (isAway && asked[1].length === 1 ? err(away) : org.read(...asked)),
  }));
  for (const second of [1, 2, 3]) box.save(`d${second}`, second);
  await box.sync();
  isAway = true;
  assert.deepEqual(await box.sync('everything'), away);
  assert.equal(box.copy.counts().devices, 3);
  isAway = false;
  await box.sync();
  assert.equal(box.copy.counts().devices, 3);
});

test('a page of thousands is kept in parts, and other work goes on in between', async () => {
  using box = setUp();
  box.fake.pageSize = 2_000;
  for (let index = 0; index < 1_000; index += 1) box.save(`d${index}`, index);
  let turns = 0;
  const turn = (): void => void ((turns += 1), (next = setImmediate(turn)));
  let next = setImmediate(turn);
  assert.equal(await box.sync(), 'all', 'too many to be named');
  clearImmediate(next);
  assert.ok(turns >= 3, `${turns} turns`);
  assert.equal(box.copy.counts().devices, 1_000);
});
