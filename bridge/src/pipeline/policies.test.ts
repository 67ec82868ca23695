import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeEngine } from '../core/engine.ts';
import { policyOf } from '../core/fixtures/policies.ts';
import { makeDecoder } from '../core/decode/decoder.ts';
import { mappingOf } from '../core/fixtures/mappings.ts';
import { openIdentityCopy } from '../edge/identity/identityCopy.ts';
import { makeMemoryLog } from '../edge/log/memoryLog.ts';
import { toDeviceKey, toEpochMs, toLogPosition } from '../model/brand.ts';
import { toRecordId } from '../model/identity.ts';
import type { RecordId } from '../model/identity.ts';
import { makeMessage } from '../model/message.ts';
import type { Policy } from '../model/policy.ts';
import { err, ok } from '../model/result.ts';
import type { Signal } from '../model/signal.ts';
import type { OrgPolicy, PolicyVerdict } from '../ports/policies.ts';
import type { OrgFailure } from '../ports/publisher.ts';
import { makeTestLogger } from '../testing/logger.ts';
import { until } from '../testing/until.ts';
import { makeDetection } from './detection.ts';
import { makeOrgState } from './orgState.ts';
import { runPolicies } from './policies.ts';
import type { PoliciesOptions } from './policies.ts';
import { makeWakeup } from './wakeup.ts';

const START = Date.parse('2026-06-01T00:00:00Z');
const id = toRecordId('a01000000000001AAA');
const told = { status: '', message: '' };
const limitOf = (limit: number, version: number): Policy =>
  policyOf(
    { kind: 'threshold', direction: 'above', limit, clear: limit - 1 },
    { key: 'high', match: { metric: 'vibration' }, version },
  );
const good = (policy: Policy): OrgPolicy => ({ kind: 'good', id, policy, told });
const away: OrgFailure = { kind: 'unreachable', reason: 'no answer', action: 'wait' };
const decode = makeDecoder([mappingOf()]);

const noCopy: PoliciesOptions['copy'] = {
  namesOn: () => new Set(),
  facts: () => assert.fail('no policy names a place'),
  completeAt: () => undefined,
  version: () => 0,
};

/** A bridge that judges what stands in its log, one entry after the other; `crash` leaves the log only. */
function makeBridge(
  log = makeMemoryLog(),
  file: readonly Policy[] = [],
  copy: PoliciesOptions['copy'] = noCopy,
) {
  const engine = makeEngine(file);
  const detection = makeDetection(
    { engine, decode },
    { cursor: toLogPosition(0), listenedAt: toEpochMs(0) },
  );
  const progress = { position: toLogPosition(0) };
  const org: { now: readonly OrgPolicy[] | undefined } = { now: undefined };
  const verdicts: PolicyVerdict[] = [];
  const changed = makeWakeup();
  const stop = new AbortController();
  const logger = makeTestLogger();
  const said: Signal[] = [];
  const judge = async (): Promise<void> => {
    detection.judgeEntries(await log.read(detection.cursor, 1_000));
    said.push(...detection.takeSignals());
    progress.position = detection.cursor;
  };
  const appended = makeWakeup();
  const begin = async (): Promise<void> => {
    await judge();
    const judging = setInterval(() => void judge(), 5);
    stop.signal.addEventListener('abort', () => clearInterval(judging));
    void runPolicies(
      {
        ...{ log, engine, file, progress, appended, changed, logger },
        copy,
        handOff: { reach: () => undefined },
        clock: () => toEpochMs(START),
        source: {
          read: async () => (org.now === undefined ? err(away) : ok(org.now)),
          tell: async (more) => {
            verdicts.push(...more);
            return ok(undefined);
          },
        },
        caughtUp: Promise.resolve(),
        org: makeOrgState('the org', logger),
        backoff: { firstMs: 5, maxMs: 5 },
        everyMs: 60_000,
        gatherMs: 1,
      },
      stop.signal,
    );
  };
  let seconds = 0;
  return {
    ...{ log, engine, org, verdicts, changed, said, begin, judge },
    stop: () => stop.abort(),
    async say(vibration: number): Promise<void> {
      seconds += 1;
      const at = START + seconds * 1_000;
      const payload = JSON.stringify({ ts: new Date(at).toISOString(), metrics: { vibration } });
      const topic = `plant/pump/${toDeviceKey('pump-001')}/telemetry`;
      await log.append([makeMessage(topic, Buffer.from(payload), toEpochMs(at))]);
      await judge();
    },
  };
}

test('policies change while readings come, and a replay of the log says the same with the same keys', async () => {
  const bridge = makeBridge();
  bridge.org.now = [good(limitOf(7, 1))];
  await bridge.begin();
  await until('the policies are as expected', () => bridge.verdicts.length === 1);
  await bridge.say(8);
  bridge.org.now = [good(limitOf(9, 2))];
  bridge.changed.notify();
  await until('the policies are as expected', () => bridge.engine.policies[0]?.version === 2);
  for (const value of [8, 9.5, 10]) await bridge.say(value);
  bridge.org.now = [];
  bridge.changed.notify();
  await until('the policies are as expected', () => bridge.engine.policies.length === 0);
  await bridge.say(11);
  bridge.stop();
  const phases = bridge.said.map(({ phase, policyVersion }) => `${phase} ${policyVersion}`);
  assert.deepEqual(phases, ['Opened 1', 'Cleared 2', 'Opened 2', 'Cleared 2']);

  // Whatever the file says now: what stands in the log is judged by what stood there.
  const again = makeBridge(bridge.log, [limitOf(1, 1)]);
  await again.judge();
  assert.deepEqual(again.said, bridge.said);
});

test('without the org the policies of before hold after a restart, and those of the file as it is now', async () => {
  const first = makeBridge();
  first.org.now = [good(limitOf(7, 4)), { kind: 'off', id, key: 'other', told }];
  await first.begin();
  await until('the policies are as expected', () => first.engine.policies[0]?.version === 4);
  first.stop();
  const others = ['other', 'third'].map((key) => ({ ...limitOf(50, 1), key }));
  const second = makeBridge(first.log, others);
  await second.begin();
  await until('the policies are as expected', () => second.engine.policies.length === 2);
  second.stop();
  assert.deepEqual(
    second.engine.policies.map(({ key, version }) => `${key} ${version}`),
    ['third 1', 'high 4'],
  );
});

test('what is the same already is not written again', async () => {
  const bridge = makeBridge();
  bridge.org.now = [good(limitOf(7, 1))];
  await bridge.begin();
  await until('the policies are as expected', () => bridge.verdicts.length === 1);
  const end = await bridge.log.end();
  bridge.changed.notify();
  await until('the policies are as expected', () => bridge.verdicts.length === 2);
  bridge.stop();
  assert.equal(await bridge.log.end(), end);
});

test('a device that is sold goes by the policies of its buyer from then on, and by none that named the seller', async () => {
  using copy = openIdentityCopy(':memory:');
  const [pump, asset] = [toRecordId('d1'), toRecordId('a1')];
  const [seller, buyer] = [toRecordId('seller'), toRecordId('buyer')];
  const key = toDeviceKey('pump-001');
  const ownedBy = (accountId: RecordId) =>
    copy.apply('device-asset', {
      changes: [{ kind: 'asset', record: { id: asset, accountId } }],
      upTo: undefined,
    });
  const record = { id: pump, key, aliases: [], assetId: asset };
  copy.apply('device', { changes: [{ kind: 'device', record }], upTo: undefined });
  ownedBy(seller);
  copy.markComplete(toEpochMs(START));
  const bridge = makeBridge(makeMemoryLog(), [], copy);
  const of = (accountId: RecordId, policyKey: string, limit: number): OrgPolicy =>
    good({ ...limitOf(limit, 1), key: policyKey, match: { accountId, metric: 'vibration' } });
  bridge.org.now = [of(seller, 'of-seller', 7), of(buyer, 'of-buyer', 9)];
  await bridge.begin();
  await until('both are in force', () => bridge.verdicts.length === 2);
  await bridge.say(8);
  ownedBy(buyer);
  // Nobody says that it was sold: the copy has changed, and that is looked at every second.
  await until('the episode of the seller has ended', () => bridge.said.length === 2);
  for (const value of [8, 9.5]) await bridge.say(value);
  bridge.stop();
  assert.deepEqual(
    bridge.said.map(({ phase, policyKey }) => `${phase} ${policyKey}`),
    ['Opened of-seller', 'Cleared of-seller', 'Opened of-buyer'],
  );
});
