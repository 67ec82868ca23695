import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openIdentityCopy } from '../edge/identity/identityCopy.ts';
import { toDeviceKey, toEpochMs } from '../model/brand.ts';
import { toRecordId } from '../model/identity.ts';
import { err, ok } from '../model/result.ts';
import { IDENTITY_KINDS } from '../ports/identity.ts';
import type {
  ChangePage,
  IdentityKind,
  IdentitySource,
  ReadUpTo,
  UnmatchedSignals,
} from '../ports/identity.ts';
import type { OrgFailure } from '../ports/publisher.ts';
import { makeTestLogger } from '../testing/logger.ts';
import { until } from '../testing/until.ts';
import { runIdentity, syncIdentity } from './identity.ts';
import type { IdentityStatus } from './identity.ts';
import { makeOrgState } from './orgState.ts';
import { makeWakeup } from './wakeup.ts';

/* An org of devices with a stamp each, in pages of two; it writes down what it was asked. */
function makeSource() {
  const devices: { readonly id: string; readonly stamp: string }[] = [];
  const asked: (readonly [IdentityKind, ReadUpTo | undefined])[][] = [];
  let failure: OrgFailure | undefined;
  const source: IdentitySource = {
    async read(from, kinds) {
      asked.push(kinds.map((kind) => [kind, from.get(kind)] as const));
      if (failure !== undefined) return err(failure);
      return ok(new Map(kinds.map((kind) => [kind, pageOf(kind, from.get(kind))])));
    },
  };
  function pageOf(kind: IdentityKind, from: ReadUpTo | undefined): ChangePage {
    const place = from === undefined ? '' : from.stamp + from.id;
    const later = devices.filter(({ id, stamp }) => kind === 'device' && stamp + id > place);
    const rows = later.toSorted((a, b) => (a.stamp + a.id < b.stamp + b.id ? -1 : 1)).slice(0, 2);
    const last = rows.at(-1);
    return {
      changes: rows.map(({ id }) => ({
        kind: 'device',
        record: { id: toRecordId(id), key: toDeviceKey(`key-${id}`), aliases: [] },
      })),
      upTo: last,
      more: rows.length === 2,
    };
  }
  return { devices, asked, source, fail: (with_: OrgFailure | undefined) => (failure = with_) };
}

const unmatched: UnmatchedSignals = {
  find: async () => ok([]),
  write: async () => ok(0),
};
const going = new AbortController().signal;
const stampOf = (second: number) => new Date(1_790_000_000_000 + second * 1000).toISOString();
const away: OrgFailure = { kind: 'unreachable', reason: 'it is away', action: 'wait' };

test('the first time everything is read, page by page, and only what has more is asked again', async () => {
  const { devices, asked, source } = makeSource();
  for (const second of [5, 1, 3, 2, 4]) devices.push({ id: `d${second}`, stamp: stampOf(second) });
  using copy = openIdentityCopy(':memory:');
  assert.ok((await syncIdentity({ source, copy }, going)).ok);
  assert.equal(copy.counts().devices, 5);
  assert.deepEqual(
    asked.map((kinds) => kinds.map(([kind]) => kind)),
    [[...IDENTITY_KINDS], ['device'], ['device']],
  );
});

test('later only what has changed is read, with ten minutes of overlap for what was saved late', async () => {
  const { devices, asked, source } = makeSource();
  devices.push({ id: 'd1', stamp: stampOf(0) }, { id: 'd2', stamp: stampOf(3_600) });
  using copy = openIdentityCopy(':memory:');
  await syncIdentity({ source, copy }, going);
  // Its transaction began before that of d2 and ended after it.
  devices.push({ id: 'd3', stamp: stampOf(3_300) });
  asked.length = 0;
  await syncIdentity({ source, copy }, going);
  assert.deepEqual(asked[0]?.[0], ['device', { stamp: stampOf(3_000), id: '' }]);
  assert.equal(copy.counts().devices, 3);
});

test('pages that were read stay where a later one fails, and the rest is read the next time', async () => {
  const { devices, source, fail } = makeSource();
  for (const second of [1, 2, 3]) devices.push({ id: `d${second}`, stamp: stampOf(second) });
  using copy = openIdentityCopy(':memory:');
  let calls = 0;
  const breaking: IdentitySource = {
    read: (...asked) => {
      calls += 1;
      if (calls === 2) fail(away);
      return source.read(...asked);
    },
  };
  const first = await syncIdentity({ source: breaking, copy }, going);
  assert.deepEqual(first, err(away));
  assert.equal(copy.counts().devices, 2);
  fail(undefined);
  assert.ok((await syncIdentity({ source, copy }, going)).ok);
  assert.equal(copy.counts().devices, 3);
});

test('a notice has the copy look again soon, and an org that is away is asked again', async () => {
  const { devices, source, fail } = makeSource();
  const logger = makeTestLogger();
  using copy = openIdentityCopy(':memory:');
  const changed = makeWakeup();
  const stop = new AbortController();
  const status: IdentityStatus = { syncedAt: undefined };
  fail(away);
  const running = runIdentity(
    {
      source,
      unmatched,
      copy,
      changed,
      org: makeOrgState('https://org.example', logger),
      clock: () => toEpochMs(7),
      logger,
      backoff: { firstMs: 5, maxMs: 10 },
      status,
    },
    stop.signal,
  );
  fail(undefined);
  await until('it was read once', () => status.syncedAt === 7);
  devices.push({ id: 'd1', stamp: stampOf(1) });
  changed.notify();
  await until('the new device is known', () => copy.counts().devices === 1);
  stop.abort();
  await running;
});
