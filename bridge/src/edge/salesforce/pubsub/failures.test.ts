import assert from 'node:assert/strict';
import { Metadata, status } from '@grpc/grpc-js';
import { test } from 'node:test';
import { errorCodes, eventErrors, findEventRule } from './errorCodes.ts';
import type { ErrorCode } from './errorCodes.ts';
import { classifyCall } from './failures.ts';

const PREFIX = 'sfdc.platform.eventbus.grpc.';
function fail(code: number, errorCode?: string, details = 'said so. rpcId: r-1') {
  const metadata = new Metadata();
  if (errorCode !== undefined) metadata.set('error-code', errorCode);
  const error = Object.assign(new Error(details), { code, details, metadata });
  return classifyCall('bus:7443', error);
}

/** What becomes of each documented code: the cure, who is told what, and how long it lasts. */
const expected: Readonly<Record<ErrorCode, string>> = {
  'service.unavailable': 'stop unreachable',
  'service.auth.error': 'session refused',
  'service.auth.headers.invalid': 'stop configuration',
  'service.auth.refresh.invalid': 'stop configuration',
  'service.tenant.license': 'stop configuration',
  'service.protection.triggered': 'stop busy',
  'service.protection.stream.limit.triggered': 'stop busy',
  'concurrent.client.limit.exceeded': 'stop busy 60000',
  'topic.not.found': 'stop configuration',
  'topic.meta.permission': 'stop configuration',
  'topic.api.unavailable': 'stop unreachable',
  'topic.validation.empty': 'stop configuration',
  'schema.meta.permission': 'stop configuration',
  'schema.api.unavailable': 'stop unreachable',
  'schema.validation.failed': 'schema content',
  'publish.stream.sweeper.timeout': 'reopen unreachable',
  'publish.auth.refresh.invalid': 'stop configuration',
  'publish.event.count.invalid': 'stop configuration',
  'publish.topic.mismatch': 'stop configuration',
  'publish.topic.validation.empty': 'stop configuration',
  'subscription.fetch.replayid.corrupted': 'place unreachable',
  'subscription.fetch.replayid.validation.failed': 'place unreachable',
  'subscription.fetch.replay.repeated': 'reopen unreachable',
  'subscription.fetch.timeout': 'reopen unreachable',
  'subscription.fetch.overflow': 'stop configuration',
  'subscription.fetch.requested.events.invalid': 'stop configuration',
  'subscription.fetch.topic.mismatch': 'stop configuration',
  'subscription.fetch.request.invalid': 'stop configuration',
  'subscription.internal.error': 'stop unreachable',
  'subscription.topic.cannot.subscribe': 'stop configuration',
  'subscription.limit.exceeded': 'stop busy 900000',
};

for (const [code, outcome] of Object.entries(expected)) {
  test(`the code ${code} means ${outcome}, whatever the gRPC status says`, () => {
    for (const grpc of [status.UNAVAILABLE, status.INVALID_ARGUMENT, status.INTERNAL]) {
      const { cure, failure } = fail(grpc, PREFIX + code);
      assert.equal([cure, failure.kind, failure.waitMs].join(' ').trim(), outcome);
      assert.match(failure.reason, new RegExp(`bus:7443 answered ${PREFIX}${code}: .*rpcId: r-1`));
      assert.ok(failure.action.endsWith('.'), failure.action);
    }
  });
}

test('every code of the table is tried above', () => {
  assert.deepEqual(Object.keys(expected), Object.keys(errorCodes));
});

test('without a code the gRPC status decides, and what says nothing is tried again', () => {
  const cures = (code: number, errorCode?: string): string => {
    const { cure, failure } = fail(code, errorCode);
    return `${cure} ${failure.kind}`;
  };
  assert.equal(cures(status.UNAUTHENTICATED), 'session refused');
  assert.equal(cures(status.PERMISSION_DENIED), 'stop configuration');
  assert.equal(cures(status.NOT_FOUND), 'stop configuration');
  assert.equal(cures(status.RESOURCE_EXHAUSTED), 'stop busy');
  assert.equal(cures(status.INVALID_ARGUMENT), 'stop configuration');
  assert.equal(cures(status.OK), 'reopen unreachable');
  for (const code of [status.UNAVAILABLE, status.INTERNAL, status.UNKNOWN, status.ABORTED]) {
    assert.equal(cures(code), 'stop unreachable');
  }
  assert.equal(cures(status.UNAVAILABLE, `${PREFIX}of.the.future`), 'stop unreachable');
  assert.equal(cures(status.UNAVAILABLE, 'constructor'), 'stop unreachable');
  assert.equal(classifyCall('bus:7443', 'a text').failure.kind, 'unreachable');
});

test('a certificate nobody vouches for names the setting', () => {
  const { failure } = fail(status.UNAVAILABLE, undefined, 'unable to get local issuer certificate');
  assert.match(failure.action, /salesforce\.pubsub\.caFile/);
});

const eventOutcome: Readonly<Record<string, string>> = {
  LIMIT_EXCEEDED: 'org busy 300000',
  PLATFORM_EVENT_PUBLISHING_UNAVAILABLE: 'org unreachable',
  PLATFORM_EVENT_ENCRYPTION_ERROR: 'org configuration',
  PLATFORM_EVENT_PUBLISH_FAILED: 'event',
  EVENT_SIZE: 'event permanent',
  INVALID_EVENT: 'event permanent',
  FIELD_INTEGRITY_EXCEPTION: 'event permanent',
  STRING_TOO_LONG: 'event permanent',
};

for (const [word, outcome] of Object.entries(eventOutcome)) {
  test(`an event refused with ${word} is ${outcome}`, () => {
    const { about, kind, permanent, waitMs } = findEventRule(`refused: ${word}, see Setup`);
    const said = [about, kind, permanent === true ? 'permanent' : '', waitMs];
    assert.equal(said.filter(Boolean).join(' '), outcome);
  });
}

test('an event refused in other words is tried some times; every known word is tried above', () => {
  assert.deepEqual(findEventRule('something new'), { about: 'event' });
  assert.deepEqual(Object.keys(eventOutcome), Object.keys(eventErrors));
});
