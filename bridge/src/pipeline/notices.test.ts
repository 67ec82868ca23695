import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeMemoryNotices } from '../edge/salesforce/memoryNotices.ts';
import { err, ok } from '../model/result.ts';
import type { OrgFailure } from '../ports/publisher.ts';
import { makeTestLogger, noCounters } from '../testing/logger.ts';
import { until } from '../testing/until.ts';
import { runNotices } from './notices.ts';
import { makeOrgState } from './orgState.ts';
import { makeViewInbox } from './viewInbox.ts';
import { makeWakeup } from './wakeup.ts';

const away: OrgFailure = { kind: 'unreachable', reason: 'The org is away.', action: 'Wait.' };
const forbidden: OrgFailure = {
  kind: 'configuration',
  reason: 'Not allowed.',
  action: 'Allow it.',
};
const id = 'a00000000000000001';

function setUp(backoff = { firstMs: 5, maxMs: 10 }) {
  const notices = makeMemoryNotices();
  const logger = makeTestLogger();
  const inbox = makeViewInbox(makeWakeup());
  const woken: string[] = [];
  const wakeupOf = (kind: string) => ({ ...makeWakeup(), notify: () => void woken.push(kind) });
  const status = { listening: false };
  const stop = new AbortController();
  let reconnects = 0;
  let tries = 0;
  const org = makeOrgState('http://org', logger);
  org.report('publish', ok(undefined));
  const running = runNotices(
    {
      notices: {
        listen(handler, signal) {
          tries += 1;
          return notices.listen(handler, signal);
        },
      },
      inbox,
      wake: { Identity: wakeupOf('Identity'), Policy: wakeupOf('Policy') },
      org,
      status,
      logger,
      counters: { ...noCounters, noticesReconnected: () => void (reconnects += 1) },
      backoff,
      slow: { firstMs: 200, maxMs: 200 },
    },
    stop.signal,
  );
  return {
    notices,
    logger,
    inbox,
    woken,
    org,
    status,
    reconnects: () => reconnects,
    tries: () => tries,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}

test('notices of views go to their stage; unknown kinds and ids that are none go nowhere', async () => {
  await using box = setUp();
  await until('listening', () => box.status.listening);
  assert.ok(box.inbox.shouldLookAround(), 'something may have been missed before');
  box.notices.publish({ kind: 'Weather', recordId: id });
  box.notices.publish({ kind: 'Telemetry', recordId: "x' OR Id != '" });
  box.notices.publish({ kind: 'Telemetry', recordId: '' });
  box.notices.publish({ kind: 'Telemetry', recordId: id });
  await until('one', () => box.inbox.wanted.size > 0);
  assert.deepEqual([...box.inbox.wanted], [id]);
});

test('a change of identity or of a policy wakes its stage, and so does what may have been missed', async () => {
  await using box = setUp();
  await until('listening', () => box.status.listening);
  assert.deepEqual(box.woken.splice(0), ['Identity', 'Policy']);
  box.notices.publish({ kind: 'Identity', recordId: '' });
  box.notices.publish({ kind: 'Policy', recordId: id });
  box.notices.publish({ kind: 'Identity', recordId: id });
  await until('both', () => box.woken.length === 2);
  assert.deepEqual(box.woken, ['Policy', 'Identity']);
  assert.equal(box.inbox.wanted.size, 0);
});

test('a connection that ends now and then is made anew without a word', async () => {
  await using box = setUp({ firstMs: 200, maxMs: 200 });
  await until('listening', () => box.status.listening);
  for (let times = 1; times <= 3; times += 1) {
    box.notices.failure = away;
    await until('broken', () => box.reconnects() === times);
    box.notices.failure = undefined;
    await until('listening', () => box.status.listening);
  }
  assert.deepEqual(box.logger.lines, []);
});

test('an org that stays away is reported once, and so is its return; signals do not depend on it', async () => {
  await using box = setUp();
  await until('listening', () => box.status.listening);
  box.notices.failure = away;
  await until('tried', () => box.tries() > 5);
  assert.ok(!box.status.listening);
  assert.ok(box.org.reachable());
  box.notices.failure = undefined;
  await until('listening', () => box.status.listening);
  assert.equal(box.logger.lines.length, 2);
  assert.match(
    box.logger.lines[0] ?? '',
    /^warn The org is away\. Charts on asset pages, and changes of /,
  );
  assert.equal(box.logger.lines[1], 'info http://org answers again');
});

test('a missing permission is said at once and tried slowly', async () => {
  await using box = setUp();
  await until('listening', () => box.status.listening);
  const before = box.tries();
  box.notices.failure = forbidden;
  await until('said', () => box.logger.lines.length > 0);
  assert.match(box.logger.lines[0] ?? '', /^error Not allowed\./);
  await new Promise((resolve) => setTimeout(resolve, 60));
  assert.equal(box.tries(), before);
});

test('a limit that is spent is waited for, however short the pauses are', async () => {
  await using box = setUp();
  await until('listening', () => box.status.listening);
  const before = box.tries();
  box.notices.failure = { ...away, waitMs: 60_000 };
  await until('broken', () => !box.status.listening);
  box.notices.failure = undefined;
  await new Promise((resolve) => setTimeout(resolve, 60));
  assert.equal(box.tries(), before);
});

test('a place the org has lost is said, and views are looked for', async () => {
  await using box = setUp();
  await until('listening', () => box.status.listening);
  box.inbox.takeAll();
  box.notices.failure = away;
  await until('broken', () => !box.status.listening);
  box.notices.forget();
  box.notices.failure = undefined;
  await until('listening', () => box.status.listening);
  assert.ok(box.inbox.shouldLookAround());
  assert.ok(
    box.logger.lines.some((line) => /does not know where the last subscription/.test(line)),
  );
});

test('one trouble of the org is said once, whatever it is asked for', () => {
  const logger = makeTestLogger();
  const org = makeOrgState('http://org', logger);
  for (const use of ['publish', 'receipts', 'views', 'notices'] as const)
    org.report(use, err(away));
  assert.equal(logger.lines.length, 1);
  assert.equal(org.reachable(), false);
  for (const use of ['views', 'publish', 'notices'] as const) org.report(use, ok(undefined));
  assert.equal(logger.lines.length, 1, 'receipts are still away');
  assert.match(org.reason(), /The org is away/);
  org.report('receipts', ok(undefined));
  assert.equal(logger.lines.at(-1), 'info http://org answers again');
  assert.deepEqual([org.reachable(), org.reason()], [true, 'ok']);
});
