import assert from 'node:assert/strict';
import { test } from 'node:test';

import { err, ok } from '../model/result.ts';
import { makeTestLogger } from '../testing/logger.ts';
import { makeOrgState } from './orgState.ts';

const failing = (reason: string) =>
  err({ kind: 'configuration', reason, action: 'Mend it.' } as const);

test('people in the org are told what holds up signals first, then the rest, each once', () => {
  const org = makeOrgState('https://org', makeTestLogger());
  assert.deepEqual(org.troubles(), [], 'that it has not answered yet is no trouble');
  assert.equal(org.reachable(), false);
  org.report('identity', failing('No devices.'));
  org.report('policies', failing('No fields.'));
  org.report('publish', failing('No fields.'));
  assert.deepEqual(org.troubles(), ['No fields. Mend it.', 'No devices. Mend it.']);
  org.report('publish', ok(undefined));
  org.report('policies', ok(undefined));
  assert.deepEqual(org.troubles(), ['No devices. Mend it.']);
  assert.equal(org.reachable(), true);
});

test('a note holds up nothing, is logged once, and goes when there is nothing any more', () => {
  const logger = makeTestLogger();
  const org = makeOrgState('https://org', logger);
  org.report('publish', ok(undefined));
  org.note('Signals go out without Unit__c.');
  org.note('Signals go out without Unit__c.');
  assert.deepEqual(org.troubles(), ['Signals go out without Unit__c.']);
  assert.equal(org.reachable(), true);
  assert.equal(org.reason(), 'ok');
  assert.equal(logger.lines.filter((line) => line.includes('Unit__c')).length, 1);
  org.note(undefined);
  assert.deepEqual(org.troubles(), []);
});
