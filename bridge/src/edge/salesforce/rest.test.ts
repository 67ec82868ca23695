import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toDeviceKey, toEpochMs } from '../../model/brand.ts';
import { closedPort } from '../../testing/closedPort.ts';
import { startFakeOrg } from '../../testing/fakeOrg.ts';
import type { FakeOrg } from '../../testing/fakeOrg.ts';
import { makeSignal } from '../../testing/signals.ts';
import { makeOrgReceipts } from './receipts.ts';
import { makeRest, toOrgError } from './rest.ts';
import { makeSessions } from './token.ts';
import { describeRefusal } from './tokenRefusals.ts';
import { makeUnmatchedSignals } from './unmatchedSignals.ts';

const apiVersion = '66.0';

function connect(org: FakeOrg, loginUrl = org.loginUrl) {
  let now = 1_790_000_000_000;
  const clock = () => toEpochMs(now);
  const login = { loginUrl, clientId: 'c', username: 'u@example.test', privateKey: org.privateKey };
  const sessions = makeSessions(login, clock);
  const rest = makeRest(sessions, apiVersion);
  return {
    sessions,
    ask: () => makeUnmatchedSignals({ rest, namespace: '' }).find(undefined, [pump]),
    receipts: makeOrgReceipts({ rest, namespace: '', apiVersion }),
    pass: (milliseconds: number) => (now += milliseconds),
  };
}
const queries = (org: FakeOrg): number =>
  org.requests.filter((path) => path.endsWith('/query') || path.endsWith('/composite')).length;
const pump = toDeviceKey("pump 'one' \\ 001");

test('many callers share one login, and a session the org refuses is renewed', async () => {
  await using org = await startFakeOrg();
  const { ask, sessions } = connect(org);
  await Promise.all([sessions.current(), sessions.current(), sessions.current()]);
  assert.equal(org.tokens, 1);
  org.tokens = 5;
  const found = await ask();
  assert.ok(found.ok);
  assert.equal(org.tokens, 6);
});

test('receipts of 100 events cost one API call; events the org does not know are absent', async () => {
  await using org = await startFakeOrg();
  const { receipts } = connect(org);
  const signals = Array.from({ length: 100 }, (_, index) => makeSignal(`e${index}`));
  org.pubsub.accepted.push(...signals.slice(0, 50).map((s) => ({ Event_Key__c: s.eventKey })));
  const eventKeys = signals.map((signal) => signal.eventKey);
  const answer = await receipts.read({ place: undefined, eventKeys });
  assert.ok(answer.ok);
  assert.equal(answer.value.found.length, 50);
  assert.equal(answer.value.found[0]?.disposition, 'Acted');
  assert.equal(queries(org), 1);
});

test('an org that cannot be reached is reported with its address', async () => {
  await using org = await startFakeOrg();
  const { ask } = connect(org, `http://127.0.0.1:${await closedPort()}`);
  const found = await ask();
  assert.ok(!found.ok && found.error.kind === 'unreachable');
  assert.match(
    found.error.reason,
    /http:\/\/127\.0\.0\.1:\d+\/services\/oauth2\/token \(ECONNREFUSED\)/,
  );
});

test('a refused login says what to check', async () => {
  await using org = await startFakeOrg();
  const { ask } = connect(org);
  const names = { loginUrl: org.loginUrl, clientId: 'c', username: 'u@example.test' };
  const advice = (error: string, error_description: string): string =>
    describeRefusal(names, { error, error_description }).action;
  assert.match(advice('invalid_client_id', 'client identifier invalid'), /salesforce\.clientId/);
  assert.match(advice('invalid_grant', "user hasn't approved this consumer"), /pre-authorized/);
  assert.match(advice('invalid_grant', 'audience is invalid'), /salesforce\.audience/);
  assert.match(advice('invalid_grant', 'invalid assertion'), /certificate uploaded/);
  assert.match(advice('invalid_grant', 'expired authorization code'), /clock/);
  org.refuseLogin = { error: 'invalid_grant', error_description: 'invalid assertion' };
  const found = await ask();
  assert.ok(!found.ok && found.error.kind === 'refused');
  assert.match(
    found.error.reason,
    /refused the login of u@example\.test \(invalid_grant: invalid assertion\)/,
  );
});

test('of a query that is refused the reason is told, and not the query', () => {
  const refuse = (message: string) =>
    toOrgError(
      Object.assign(new Error(message), { errorCode: 'INVALID_FIELD' }),
      'https://x',
      '/query?q=secret',
    ).failure.reason;
  const message =
    "\nSELECT Id, Limit__c FROM Signal_Policy__c WHERE Name = 'secret'\n           ^\n" +
    "ERROR at Row:1:Column:12\nNo such column 'Limit__c' on entity 'Signal_Policy__c'.";
  const told =
    "The org refused https://x/query (INVALID_FIELD: No such column 'Limit__c' on entity 'Signal_Policy__c'.).";
  assert.equal(refuse(message), told);
  assert.equal(
    refuse('Field X is wrong.\nsecret'),
    'The org refused https://x/query (INVALID_FIELD: Field X is wrong.).',
  );
});

test('API calls that are spent are waited for; an org that is merely busy is asked again soon', () => {
  const refuse = (errorCode: string) =>
    toOrgError(
      Object.assign(new Error('TotalRequests Limit exceeded.'), { errorCode }),
      'https://x',
      '/query?q=secret',
    ).failure;
  const spent = refuse('REQUEST_LIMIT_EXCEEDED');
  assert.deepEqual([spent.kind, spent.waitMs], ['busy', 300_000]);
  assert.match(spent.action, /API calls of 24 hours are spent/);
  assert.ok(!spent.reason.includes('secret'));
  const busy = refuse('UNABLE_TO_LOCK_ROW');
  assert.deepEqual([busy.kind, busy.waitMs], ['busy', undefined]);
});
