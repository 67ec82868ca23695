import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { z } from 'zod';

import type { Org } from '../demo/org.ts';
import { BRIDGE_USER } from '../demo/orgSetup.ts';
import { waitFor } from '../system/wait.ts';
import { connectClient, loadPlainClient, loadTrustingClient } from './pubsubClient.ts';
import type { PubSubApiClient, SubscribeCallback } from './pubsubClient.ts';
import { startStrangersOrg } from './strangersOrg.ts';
import type { StrangersOrg } from './strangersOrg.ts';

const TOPIC = '/event/Asset_Signal__e';
const OCCURRED = Date.parse('2026-11-23T05:00:00Z');

let org: StrangersOrg;
let admin: Org;
let client: PubSubApiClient;
let bridgeUserId: string;
before(async () => {
  org = await startStrangersOrg();
  admin = await org.world.admin(org.state);
  const users = await admin.query(`SELECT Id FROM User WHERE Username = '${BRIDGE_USER}'`);
  bridgeUserId = z.tuple([z.object({ Id: z.string() })]).parse(users)[0].Id;
  client = await connectClient(org, await loadTrustingClient(org), BRIDGE_USER);
});
after(async () => {
  // The other way round the client would take its ears off calls that are still open, and their end would be unhandled.
  await org[Symbol.asyncDispose]();
  client.close();
});

/** The org's words; the client hands some refusals on as they are and others as the cause of its own. */
const reasonOf = ({ cause, message }: Error): string =>
  cause instanceof Error ? cause.message : message;

/** An event as this client wants it: a value of a union stands under the name of its type. */
const signal = (key: string) => ({
  CreatedDate: Date.now(),
  CreatedById: bridgeUserId,
  Event_Key__c: { string: `event ${key}` },
  Episode_Key__c: { string: `episode ${key}` },
  Phase__c: { string: 'Opened' },
  Schema_Version__c: { double: 1 },
  Signal_Type__c: { string: 'fault.vibration-high' },
  Severity__c: { string: 'High' },
  Device_Key__c: { string: 'pump-001' },
  Occurred_At__c: { long: OCCURRED },
  Occurred_At_Ms__c: { double: OCCURRED },
  Policy_Key__c: { string: 'pump-vibration-high' },
});

const published = z.object({ replayId: z.number(), correlationKey: z.string() });
const received = z.object({
  replayId: z.number(),
  payload: z.object({ Event_Key__c: z.string(), CreatedById: z.string() }),
});

/** What a subscription was told, in order: the keys of events, and the words for anything else. */
function listen(): { readonly heard: string[]; readonly callback: SubscribeCallback } {
  const heard: string[] = [];
  const callback: SubscribeCallback = (_, kind, data) =>
    void heard.push(kind === 'event' ? received.parse(data).payload.Event_Key__c : kind);
  return { heard, callback };
}

const casesOf = (key: string): Promise<number> =>
  admin.count(`SELECT COUNT() FROM Case WHERE Signal_Episode_Key__c = 'episode ${key}'`);

test('without trust in the authority of the org the client does not connect', async () => {
  const plain = await connectClient(org, await loadPlainClient());
  await assert.rejects(plain.publish(TOPIC, signal('never')), (error: Error) => {
    assert.match(String(error.cause), /certificate/i);
    return true;
  });
  plain.close();
});

test('the client publishes a signal, and a Case is opened for it', async () => {
  const result = published.parse(await client.publish(TOPIC, signal('one'), 'my-own-key'));
  assert.equal(result.correlationKey, 'my-own-key');
  assert.ok(result.replayId > 0);
  await waitFor('the Case', async () => ((await casesOf('one')) === 1 ? true : undefined), 10_000);
});

test('the client gets as many events as it asks for, and more when it asks again', async () => {
  const { heard, callback } = listen();
  const { replayId } = published.parse(await client.publish(TOPIC, signal('before')));
  client.subscribeFromReplayId(TOPIC, callback, 2, replayId);
  for (const key of ['a', 'b', 'c', 'd', 'e']) await client.publish(TOPIC, signal(key));
  await waitFor('two events', () => (heard.length >= 3 ? true : undefined), 10_000);
  assert.deepEqual(heard, ['event a', 'event b', 'lastEvent']);
  // That nothing else comes can only be seen by waiting; the rest has long been published.
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(heard.length, 3);
  client.requestAdditionalEvents(TOPIC, 3);
  await waitFor('the others', () => (heard.length >= 7 ? true : undefined), 10_000);
  assert.deepEqual(heard.slice(3), ['event c', 'event d', 'event e', 'lastEvent']);
});

test('the client publishes a batch through its stream and gets a replay id for each, in order', async () => {
  const answer = await new Promise<unknown>((resolve, reject) => {
    const events = ['s1', 's2', 's3'].map((key) => ({ id: key, payload: signal(key) }));
    client
      .publishBatch(TOPIC, events, (_, kind, data) => {
        if (kind === 'publishResponse') resolve(data);
        else if (kind === 'error') reject(new Error(JSON.stringify(data)));
      })
      .catch(reject);
  });
  const { results } = z.object({ results: z.array(published) }).parse(answer);
  assert.deepEqual(
    results.map(({ correlationKey }) => correlationKey),
    ['s1', 's2', 's3'],
  );
  const replayIds = results.map(({ replayId }) => replayId);
  assert.deepEqual(
    replayIds,
    replayIds.toSorted((a, b) => a - b),
  );
});

test('what the org refuses to publish is an error of the client, and no event', async () => {
  const tooLong = 'k'.repeat(37);
  await assert.rejects(client.publish(TOPIC, signal('refused'), tooLong), /Failed to publish/);
  await assert.rejects(client.publish('/event/Nothing__e', signal('refused')), (error: Error) => {
    assert.match(reasonOf(error), /NOT_FOUND.*Nothing__e/);
    return true;
  });
  // Events are worked off in order: once the next has its Case, the refused one would have had its own.
  await client.publish(TOPIC, signal('after the refusal'));
  const next = async () => ((await casesOf('after the refusal')) === 1 ? true : undefined);
  await waitFor('the Case of the next event', next, 10_000);
  assert.equal(await casesOf('refused'), 0);
});

test('a topic the user may not read is refused as an error of the subscription', async () => {
  const { heard, callback } = listen();
  const errors: string[] = [];
  client.subscribe('/event/Nothing__e', (info, kind, data) => {
    if (kind === 'error') errors.push(String(data));
    callback(info, kind, data);
  });
  await waitFor('the refusal', () => (errors.length > 0 ? true : undefined), 10_000);
  assert.match(errors[0] ?? '', /no topic \/event\/Nothing__e/);
  assert.ok(!heard.includes('event'));
});

test('a managed subscription, which this org does not have, is refused before anything is subscribed', async () => {
  const { heard, callback } = listen();
  await assert.rejects(
    client.subscribeWithManagedSubscription('Managed', callback),
    (error: Error) => {
      assert.match(reasonOf(error), /NOT_FOUND|does not exist/);
      return true;
    },
  );
  assert.deepEqual(heard, []);
});
