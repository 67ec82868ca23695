import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toEpochMs } from '../../model/brand.ts';
import { toRecordId } from '../../model/identity.ts';
import { testReceipts } from '../../ports/receipts.contract.ts';
import type { ReceiptOrg } from '../../ports/receipts.contract.ts';
import { startFakeOrg } from '../../testing/fakeOrg.ts';
import type { FakeOrg } from '../../testing/fakeOrg.ts';
import { toStamp } from '../../testing/fakeReceipts.ts';
import { makeSignal } from '../../testing/signals.ts';
import { makeMemoryReceipts } from './memoryReceipts.ts';
import type { SignalRow } from './memoryReceipts.ts';
import { makeOrgReceipts } from './receipts.ts';
import { makeRest } from './rest.ts';
import { makeSessions } from './token.ts';

const apiVersion = '66.0';
const { eventKey } = makeSignal('a');

function connect({ loginUrl, privateKey }: FakeOrg) {
  const login = { loginUrl, clientId: 'c', username: 'u@example.test', privateKey };
  const sessions = makeSessions(login, () => toEpochMs(1_790_000_000_000));
  const rest = makeRest(sessions, apiVersion);
  return makeOrgReceipts({ rest, namespace: '', apiVersion });
}

testReceipts('an org over REST', async (): Promise<ReceiptOrg> => {
  const org = await startFakeOrg();
  return {
    receipts: connect(org),
    store({ id, eventKey: key, disposition, reason = null, savedAt }) {
      const at = org.signalRows.findIndex(({ Id }) => Id === id);
      const row = {
        ...{ Id: id, SystemModstamp: toStamp(savedAt), Event_Key__c: key },
        ...{ Disposition__c: disposition, Disposition_Reason__c: reason },
      };
      org.signalRows.splice(at < 0 ? org.signalRows.length : at, at < 0 ? 0 : 1, row);
    },
    fail({ id, eventKey: key, stage, reason, savedAt }) {
      const row = { Id: id, SystemModstamp: toStamp(savedAt), Event_Key__c: key };
      org.failureRows.push({ ...row, Stage__c: stage, Reason__c: reason });
    },
    routed: () => org.routedAgain,
    [Symbol.asyncDispose]: () => org[Symbol.asyncDispose](),
  };
});

testReceipts('an org in memory', async (): Promise<ReceiptOrg> => {
  const receipts = makeMemoryReceipts();
  return {
    receipts,
    store({ id, eventKey: key, disposition, reason = '', savedAt }) {
      const known = ['Acted', 'Suppressed', 'Failed'].find((one) => one === disposition);
      receipts.signals.set(key, {
        ...{ id: toRecordId(id), eventKey: key, reason, savedAt: toEpochMs(savedAt) },
        disposition: (known ?? 'Received') as SignalRow['disposition'],
      });
    },
    fail({ id, eventKey: key, stage, reason, savedAt }) {
      const at = toEpochMs(savedAt);
      receipts.failures.push({ id: toRecordId(id), eventKey: key, stage, reason, savedAt: at });
    },
    routed: () => receipts.routed.flat(),
    [Symbol.asyncDispose]: async () => undefined,
  };
});

test('one question is one API call, with keys or without', async () => {
  await using org = await startFakeOrg();
  const receipts = connect(org);
  await receipts.read({ place: undefined, eventKeys: [] });
  const before = org.requests.length;
  await receipts.read({ place: undefined, eventKeys: [eventKey] });
  await receipts.read({ place: undefined, eventKeys: [] });
  assert.equal(org.requests.length - before, 2);
});

test('a place of no known form is no obstacle', async () => {
  await using org = await startFakeOrg();
  org.pubsub.accepted.push({ Event_Key__c: eventKey });
  const answer = await connect(org).read({ place: 'somewhere', eventKeys: [] });
  assert.ok(answer.ok);
  assert.equal(answer.value.ended.length, 1);
});

test('a row that is gone is no reason not to route the others', async () => {
  await using org = await startFakeOrg();
  const row = { Id: 'a0S000000000000001', SystemModstamp: toStamp(0), Event_Key__c: eventKey };
  org.signalRows.push({ ...row, Disposition__c: 'Received', Disposition_Reason__c: null });
  const ids = ['a0S000000000000009', row.Id].map(toRecordId);
  const answer = await connect(org).routeAgain(ids, toEpochMs(1_790_000_000_000));
  assert.deepEqual(answer, {
    ok: true,
    value: [
      { id: ids[0], refused: 'ENTITY_IS_DELETED: gone' },
      { id: ids[1], refused: undefined },
    ],
  });
});
