import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toEpochMs } from '../../model/brand.ts';
import type { OrgRecord } from '../../ports/receipts.ts';
import { startFakeOrg } from '../../testing/fakeOrg.ts';
import type { FakeOrg } from '../../testing/fakeOrg.ts';
import { makeSignal } from '../../testing/signals.ts';
import { makeOrgReceipts } from './receipts.ts';
import { makeRest } from './rest.ts';
import { makeSessions } from './token.ts';

const apiVersion = '66.0';
const { eventKey } = makeSignal('a');
const ingest = (Reason__c: string) => ({ Stage__c: 'Ingest', Reason__c });
const route = (Reason__c: string) => ({ Stage__c: 'Route', Reason__c });

/** What the org says of the one event. */
async function ask(org: FakeOrg): Promise<OrgRecord | undefined> {
  const { loginUrl, privateKey } = org;
  const login = { loginUrl, clientId: 'c', username: 'u@example.test', privateKey };
  const sessions = makeSessions(login, () => toEpochMs(1_790_000_000_000));
  const rest = makeRest(sessions, apiVersion);
  const found = await makeOrgReceipts({ rest, namespace: '', apiVersion }).find([eventKey]);
  assert.ok(found.ok);
  return found.value[0];
}

test('an event the org could not store is refused, as often as it has been', async () => {
  await using org = await startFakeOrg();
  org.failures.set(eventKey, [ingest('first'), ingest('second')]);
  assert.deepEqual(await ask(org), {
    eventKey,
    disposition: 'Refused',
    reason: 'second',
    refusals: 2,
  });
});

test('a signal row wins over refusals, also while it waits for its end', async () => {
  await using org = await startFakeOrg();
  org.pubsub.accepted.push({ Event_Key__c: eventKey });
  org.failures.set(eventKey, [ingest('refused')]);
  assert.deepEqual(await ask(org), { eventKey, disposition: 'Acted', reason: '' });
  org.disposition = () => 'Received';
  assert.deepEqual(await ask(org), { eventKey, disposition: 'Received', reason: '' });
});

test('a failure of the router is an end, unless the row has another one', async () => {
  await using org = await startFakeOrg();
  org.pubsub.accepted.push({ Event_Key__c: eventKey });
  org.failures.set(eventKey, [ingest('refused'), route('locked'), ingest('late')]);
  const failed = { eventKey, disposition: 'Failed', reason: 'locked' };
  org.disposition = () => 'Received';
  assert.deepEqual(await ask(org), failed);
  org.disposition = () => undefined;
  assert.deepEqual(await ask(org), failed);
  org.disposition = () => 'Acted';
  assert.deepEqual(await ask(org), { eventKey, disposition: 'Acted', reason: '' });
});

test('a disposition that only this org has is no end, and hides no other receipt', async () => {
  await using org = await startFakeOrg();
  org.pubsub.accepted.push({ Event_Key__c: eventKey });
  org.disposition = () => 'Reviewed by Quality';
  assert.equal((await ask(org))?.disposition, 'Received');
});
