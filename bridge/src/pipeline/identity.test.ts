import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openIdentityCopy } from '../edge/identity/identityCopy.ts';
import { toEpochMs } from '../model/brand.ts';
import type { DeviceKey } from '../model/brand.ts';
import { ok } from '../model/result.ts';
import type { UnmatchedSignals } from '../ports/identity.ts';
import type { OrgFailure } from '../ports/publisher.ts';
import { makeFakeIdentity } from '../testing/fakeIdentity.ts';
import { makeTestLogger, noCounters } from '../testing/logger.ts';
import { until } from '../testing/until.ts';
import { runIdentity } from './identity.ts';
import { makeOrgState } from './orgState.ts';
import { makeWakeup } from './wakeup.ts';

const away: OrgFailure = { kind: 'unreachable', reason: 'it is away', action: 'wait' };
const HOUR = 3_600_000;

function setUp() {
  const fake = makeFakeIdentity();
  const copy = openIdentityCopy(':memory:');
  const logger = makeTestLogger();
  const changed = makeWakeup();
  const stop = new AbortController();
  const sought: (readonly DeviceKey[] | 'all')[] = [];
  const unmatched: UnmatchedSignals = {
    async find(_before, devices) {
      sought.push(devices);
      return ok([]);
    },
    write: async () => ok(0),
  };
  let now = 7;
  let running = Promise.resolve();
  return {
    ...fake,
    copy,
    logger,
    changed,
    sought,
    pass: (milliseconds: number) => (now += milliseconds),
    run(everyMs = HOUR, compareEveryMs = 24 * HOUR): void {
      const { source } = fake;
      const org = makeOrgState('https://org.example', logger);
      const clock = () => toEpochMs(now);
      running = runIdentity(
        {
          ...{ source, unmatched, copy, changed, org, clock, logger, counters: noCounters },
          ...{ backoff: { firstMs: 5, maxMs: 10 }, everyMs, compareEveryMs },
        },
        stop.signal,
      );
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
      copy[Symbol.dispose]();
    },
  };
}
test('a notice has the copy look again soon, and an org that is away is asked again', async () => {
  await using box = setUp();
  box.fail(away);
  box.run();
  await until('it was asked twice', () => box.asked.length > 1);
  box.fail(undefined);
  await until('it was read once', () => box.copy.completeAt() === 7);
  assert.deepEqual(box.logger.lines, [
    'warn it is away Signals go by what was last read of devices and owners.',
    'info the devices of the org are known',
    'info https://org.example answers again',
  ]);
  box.save('d1', 1);
  box.changed.notify();
  await until('the new device is known', () => box.copy.counts().devices === 1);
});

test('earlier signals are looked for once among all, then of the devices that something is learnt of', async () => {
  await using box = setUp();
  box.save('d1', 1);
  box.run();
  await until('after the start', () => box.sought.length === 1);
  box.save('d2', 2);
  box.changed.notify();
  await until('of the new one', () => box.sought.length === 2);
  assert.deepEqual(box.sought, ['all', ['key-d2']]);
  // One that was on its way meanwhile is found by the next full look.
  box.pass(HOUR);
  box.changed.notify();
  await until('once more', () => box.sought.length === 3);
  assert.deepEqual(box.sought[2], ['key-d2']);
});

test('spent API calls are waited for, and a clock that is set back puts nothing off', async () => {
  await using box = setUp();
  box.fail({ kind: 'busy', reason: 'spent', action: 'wait', waitMs: 60_000 });
  box.run();
  await until('it was asked', () => box.asked.length === 1);
  await new Promise((resolve) => setTimeout(resolve, 60));
  assert.equal(box.asked.length, 1);

  await using other = setUp();
  other.save('d1', 3_600);
  other.run();
  await until('it was read', () => other.copy.completeAt() === 7);
  other.pass(-5 * HOUR);
  other.save('late', 3_300);
  other.changed.notify();
  await until('a full look found it', () => other.copy.counts().devices === 2);
});

test('now and then everything is read again, for what was deleted and is no longer told', async () => {
  await using box = setUp();
  box.save('d1', 1);
  box.save('d2', 2);
  box.run();
  await until('both are known', () => box.sought.length === 1);
  box.destroy('d1');
  box.pass(25 * HOUR);
  box.changed.notify();
  await until('one is gone', () => box.copy.counts().devices === 1);
  // Nobody is told that the Asset of a signal was deleted, where its device had moved on before.
  await until('signals were looked for', () => box.sought.length === 2);
  assert.deepEqual(box.sought, ['all', 'all']);
});
