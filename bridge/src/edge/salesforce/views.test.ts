import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toEpochMs } from '../../model/brand.ts';
import { startFakeOrg } from '../../testing/fakeOrg.ts';
import type { ViewRecord } from '../../testing/fakeOrg.ts';
import { makeRest } from './rest.ts';
import { makeSessions } from './token.ts';
import { makeOrgViews } from './views.ts';

const NOW = Date.UTC(2026, 10, 23, 9);
const [one, two, three] = ['a00000000000000001', 'a00000000000000002', 'a00000000000000003'];
const asset = '02i000000000001AAA';

async function setUp(namespace = '') {
  const org = await startFakeOrg();
  let now = NOW;
  const clock = () => toEpochMs(now);
  const login = { clientId: 'c', username: 'u', privateKey: org.privateKey };
  const sessions = makeSessions({ loginUrl: org.loginUrl, ...login }, clock);
  const rest = makeRest(sessions, '66.0');
  const views = makeOrgViews({ rest, namespace, clock, ttlMs: 1_000, unknownTtlMs: 100 });
  const prefix = namespace === '' ? '' : `${namespace}__`;
  return {
    org,
    views,
    now: clock,
    pass: (milliseconds: number) => (now += milliseconds),
    put(id: string, fields: ViewRecord = {}) {
      const all: ViewRecord = { Asset__c: asset, Range_Minutes__c: 15, ...fields };
      const named = Object.entries(all).map(([name, value]) => [prefix + name, value] as const);
      org.views.set(id, { Id: id, ...Object.fromEntries<string | number | null>(named) });
    },
    [Symbol.asyncDispose]: () => org[Symbol.asyncDispose](),
  };
}

test('views are read by id; one that was deleted is absent', async () => {
  await using box = await setUp();
  box.put(one, {
    Metrics__c: ' flow, vibration,,flow ',
    Live_Until__c: '2026-11-23T09:02:00.000+0000',
  });
  const found = await box.views.byIds([one, two]);
  assert.ok(found.ok);
  assert.deepEqual(found.value, [
    {
      id: one,
      assetId: asset,
      metrics: ['flow', 'vibration'],
      rangeMs: 15 * 60_000,
      liveUntil: NOW + 120_000,
    },
  ]);
});

test('empty and impossible fields become what makes sense', async () => {
  await using box = await setUp();
  box.put(one, { Asset__c: null, Metrics__c: null, Range_Minutes__c: null, Live_Until__c: null });
  box.put(two, { Range_Minutes__c: 0 });
  box.put(three, { Range_Minutes__c: 600 });
  const found = await box.views.byIds([one, two, three]);
  assert.ok(found.ok);
  const [empty, short, long] = found.value;
  assert.deepEqual([empty?.assetId, empty?.metrics, empty?.liveUntil], [undefined, [], undefined]);
  assert.deepEqual([empty?.rangeMs, short?.rangeMs, long?.rangeMs], [3_600_000, 60_000, 3_600_000]);
});

test('live are the views whose lease has not ended', async () => {
  await using box = await setUp();
  box.put(one, { Live_Until__c: '2026-11-23T09:00:01.000Z' });
  box.put(two, { Live_Until__c: '2026-11-23T08:59:59.000Z' });
  const found = await box.views.live(box.now());
  assert.ok(found.ok);
  assert.deepEqual(
    found.value.map(({ id }) => id),
    [one],
  );
});

test('the devices of assets are asked for in one call and remembered, "none" for a shorter time', async () => {
  await using box = await setUp();
  for (const key of ['pump-2', 'pump-1'])
    box.org.devices.set(key, { assetId: asset, accountId: 'x' });
  const ask = async () => {
    const found = await box.views.devices([asset, 'other', asset]);
    return found.ok ? [found.value.get(asset), found.value.get('other')] : found.error;
  };
  assert.deepEqual(await ask(), [['pump-2', 'pump-1'], []]);
  assert.equal(box.views.calls(), 1);
  await ask();
  assert.equal(box.views.calls(), 1);
  box.pass(200);
  await ask();
  assert.ok(!(box.org.queries.at(-1) ?? '').includes(asset), 'only the unknown one again');
  box.pass(1_000);
  await ask();
  assert.ok((box.org.queries.at(-1) ?? '').includes(asset));
});

test('answers are written together; one that fails harms no other', async () => {
  await using box = await setUp();
  for (const id of [one, two]) box.put(id, { Requested_At__c: 'untouched' });
  box.org.refusedViews.set(two, 'FIELD_CUSTOM_VALIDATION_EXCEPTION');
  const answer = { series: '{"v":1}', lastReadingAt: toEpochMs(NOW), message: '' };
  const written = await box.views.write([
    { id: one, answeredAt: toEpochMs(NOW), answer },
    { id: two, answeredAt: toEpochMs(NOW), answer },
    { id: three, answeredAt: toEpochMs(NOW), answer },
  ]);
  assert.ok(written.ok);
  assert.deepEqual(written.value, [
    { kind: 'written', id: one },
    { kind: 'refused', id: two, reason: 'FIELD_CUSTOM_VALIDATION_EXCEPTION: refused' },
    { kind: 'gone', id: three },
  ]);
  assert.equal(box.views.calls(), 1);
  const { Asset__c, Range_Minutes__c, ...fields } = box.org.views.get(one) ?? {};
  assert.deepEqual([Asset__c, Range_Minutes__c], [asset, 15]);
  assert.deepEqual(fields, {
    Id: one,
    Requested_At__c: 'untouched',
    Answered_At__c: '2026-11-23T09:00:00.000Z',
    Series__c: '{"v":1}',
    Last_Reading_At__c: '2026-11-23T09:00:00.000Z',
    Bridge_Message__c: null,
  });
});

test('a sign of life writes its time and nothing else; no series empties the field', async () => {
  await using box = await setUp();
  box.put(one, { Series__c: 'old', Bridge_Message__c: 'old' });
  await box.views.write([{ id: one, answeredAt: toEpochMs(NOW) }]);
  assert.equal(box.org.views.get(one)?.['Series__c'], 'old');
  const answer = { series: undefined, lastReadingAt: undefined, message: 'No device.' };
  await box.views.write([{ id: one, answeredAt: toEpochMs(NOW), answer }]);
  const { Series__c, Bridge_Message__c, Last_Reading_At__c } = box.org.views.get(one) ?? {};
  assert.deepEqual([Series__c, Bridge_Message__c, Last_Reading_At__c], [null, 'No device.', null]);
});

test('objects and fields carry the namespace of the package', async () => {
  await using box = await setUp('acme');
  box.put(one, { Live_Until__c: '2026-11-23T09:01:00.000Z' });
  const found = await box.views.live(box.now());
  assert.ok(found.ok && found.value[0]?.assetId === asset);
  assert.match(
    box.org.queries.at(-1) ?? '',
    /FROM acme__Telemetry_View__c WHERE acme__Live_Until__c/,
  );
  await box.views.write([{ id: one, answeredAt: toEpochMs(NOW) }]);
  assert.equal(box.org.views.get(one)?.['acme__Answered_At__c'], '2026-11-23T09:00:00.000Z');
});

test('what the org says of its API calls is known, and every call is counted', async () => {
  await using box = await setUp();
  assert.equal(box.views.usage(), undefined);
  box.org.usage = '123/15000';
  await box.views.live(box.now());
  assert.deepEqual(box.views.usage(), { used: 123, max: 15_000 });
  box.org.tokens = 5;
  await box.views.live(box.now());
  assert.equal(box.views.calls(), 3, 'the one with the old session, too');
});
