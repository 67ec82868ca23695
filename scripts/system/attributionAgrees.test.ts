import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import { makeRandom } from '../../bridge/src/core/fixtures/random.ts';
import { openIdentityCopy } from '../../bridge/src/edge/identity/identityCopy.ts';
import { makeIdentitySource } from '../../bridge/src/edge/salesforce/identitySource.ts';
import { toDeviceKey, toEpochMs } from '../../bridge/src/model/brand.ts';
import type { Identity } from '../../bridge/src/ports/directory.ts';
import { makeDirectory } from '../../bridge/src/pipeline/directory.ts';
import { makeIdentitySync } from '../../bridge/src/pipeline/identitySync.ts';
import { makeTestLogger } from '../../bridge/src/testing/logger.ts';
import { connectPublisher } from './eventPublisher.ts';
import { API_VERSION, connectAdmin, restOf } from './orgSession.ts';
import { waitFor } from './wait.ts';
import { makeWorld } from './world.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);
/** Any will do. */
const SEED = 7;
const clock = () => toEpochMs(Date.now());

/** The row of an event without what is different for every event. */
interface Row {
  readonly Event_Key__c: string;
  readonly Device__c: string | null;
  readonly Installation__c: string | null;
  readonly Asset__c: string | null;
  readonly Account__c: string | null;
}

const keyOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** An event of a device at a time; with what the bridge says of it, or without. */
const eventOf = (name: string, device: string, at: number, identity: Identity) => ({
  Event_Key__c: keyOf(name),
  Episode_Key__c: keyOf(`${name} episode`),
  Phase__c: 'Cleared',
  Schema_Version__c: 1,
  Signal_Type__c: 'fault.vibration-high',
  Severity__c: 'High',
  Confidence__c: 0.9,
  Device_Key__c: identity.device ?? device,
  Installation_Id__c: identity.installationId ?? null,
  Asset_Id__c: identity.assetId ?? null,
  Account_Id__c: identity.accountId ?? null,
  Occurred_At__c: at,
  Occurred_At_Ms__c: at,
  Explanation__c: 'Vibration is too high.',
  Policy_Key__c: 'none',
  Policy_Version__c: 1,
});

/** Days at which something begins or ends, some of them missing an end or contradicting each other. */
function timelineOf(random: () => number): { readonly from: number; readonly to?: number }[] {
  const spans: { from: number; to?: number }[] = [];
  let day = Math.floor(random() * 5);
  while (random() < 0.75 && day < 25) {
    const length = 1 + Math.floor(random() * 8);
    const isOpen = random() < 0.15;
    spans.push({ from: day, ...(!isOpen && { to: day + length }) });
    // Gaps, ends that touch, and now and then two at once.
    day += length + Math.floor(random() * 4) - (random() < 0.3 ? 2 : 0);
    day = Math.max(day, 0);
  }
  return spans;
}

test('the bridge and the flows of the org say the same of the same timelines', async () => {
  await using world = await makeWorld();
  const { state } = await world.startOrg();
  const keys = Array.from({ length: 8 }, (_, index) => `pump-00${index + 1}`);
  const admin = await world.admin(state);
  const assets = await world.seed(
    admin,
    keys.map((key) => ({ key, type: 'pump' })),
  );
  const org = await connectAdmin(world, state);
  const dice = makeRandom(SEED);
  const random = (): number => dice.next();
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const idsOf = async (object: string) =>
    (await org.query<{ Id: string }>(`SELECT Id FROM ${object} ORDER BY Name`)).records.map(
      ({ Id }) => Id,
    );
  const [devices, accounts] = [await idsOf('Signal_Device__c'), await idsOf('Account')];
  const all = [...assets.values()];
  const time = (day: number): string => new Date(START + day * DAY).toISOString();
  const spanOf = ({ from, to }: { from: number; to?: number }) => ({
    From__c: time(from),
    ...(to !== undefined && { To__c: time(to) }),
  });
  // In one call each, in which the check of timelines sees none of the others.
  const installations = devices.flatMap((Device__c) =>
    timelineOf(random).map((span) => ({ Device__c, Asset__c: pick(all), ...spanOf(span) })),
  );
  const ownerships = all.flatMap((Asset__c) =>
    timelineOf(random).map((span) => ({ Asset__c, Account__c: pick(accounts), ...spanOf(span) })),
  );
  for (const [object, rows] of [
    ['Signal_Installation__c', installations],
    ['Signal_Ownership__c', ownerships],
  ] as const) {
    const saved = await org.sobject(object).create([...rows]);
    assert.ok(
      saved.every(({ success }) => success),
      JSON.stringify(saved.find(({ success }) => !success)),
    );
  }

  const rest = restOf(world, state);
  using copy = openIdentityCopy(':memory:');
  const source = makeIdentitySource({ rest, namespace: '', apiVersion: API_VERSION });
  const synced = await makeIdentitySync({ source, copy, clock })(
    'all news',
    new AbortController().signal,
  );
  assert.ok(synced.ok);
  const outcomes = new Map<string, number>();
  const directory = makeDirectory({
    copy,
    clock,
    counters: { eventAttributed: (one) => outcomes.set(one, (outcomes.get(one) ?? 0) + 1) },
    logger: makeTestLogger(),
    trustForMs: DAY,
  });

  const moments = Array.from({ length: 150 }, () => {
    // On a boundary, a moment before it, or anywhere.
    const boundary = START + Math.floor(random() * 34) * DAY;
    const at = pick([boundary, boundary - 1, boundary + Math.floor(random() * DAY)]);
    return { device: pick([...keys, 'nobody']), at };
  });
  using publisher = await connectPublisher(world, state);
  for (let from = 0; from < moments.length; from += 50) {
    const some = moments.slice(from, from + 50).flatMap(({ device, at }, index) => {
      const said = directory.identify(toDeviceKey(device), toEpochMs(at));
      return [
        eventOf(`said ${from + index}`, device, at, said),
        eventOf(`bare ${from + index}`, device, at, {}),
      ];
    });
    assert.ok((await publisher.publish(some)).every((error) => error === undefined));
  }
  const soql =
    'SELECT Event_Key__c, Device__c, Installation__c, Asset__c, Account__c FROM Asset_Signal__c';
  const found = await waitFor(
    'all are recorded',
    async () => {
      const { records } = await org.query<Row>(soql);
      return records.length === 2 * moments.length ? records : undefined;
    },
    60_000,
    300,
  );
  const rows = new Map(found.map((row) => [row.Event_Key__c, row]));
  const whoseIs = (name: string) => {
    const { Device__c, Installation__c, Asset__c, Account__c } = rows.get(keyOf(name)) ?? {};
    return { Device__c, Installation__c, Asset__c, Account__c };
  };
  for (const [index, { device, at }] of moments.entries()) {
    const told = `${device} at ${new Date(at).toISOString()}`;
    const [said, bare] = [whoseIs(`said ${index}`), whoseIs(`bare ${index}`)];
    assert.deepEqual(said, bare, `with what the bridge said, and without: ${told}`);
    const { assetId = null } = directory.identify(toDeviceKey(device), toEpochMs(at));
    assert.equal(bare.Asset__c, assetId, `what the bridge says is what the org finds: ${told}`);
  }
  assert.ok((outcomes.get('matched') ?? 0) > 40 && (outcomes.get('unmatched') ?? 0) > 40);
});
