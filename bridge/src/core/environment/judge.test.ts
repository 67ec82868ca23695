import assert from 'node:assert/strict';
import { test } from 'node:test';

import { judgeOrg, judgeOwner } from './judge.ts';

const SHORT = '00D000000000Abc';
const pins = { name: 'production', orgId: SHORT, brokers: ['b:1'], namespace: '' } as const;
const LOGIN = 'https://test.salesforce.com';

test('the org that is meant may be named by 15 or 18 characters, and a case apart is another org', () => {
  assert.equal(judgeOrg(pins, { organizationId: `${SHORT}AAQ` }, LOGIN), undefined);
  assert.equal(judgeOrg(undefined, { organizationId: 'any' }, LOGIN), undefined);
  const other = judgeOrg(pins, { organizationId: '00D000000000abcAAA' }, LOGIN);
  assert.match(
    other?.reason ?? '',
    /test\.salesforce\.com leads to the org 00D000000000abcAAA; environment\.orgId allows only 00D000000000Abc/,
  );
  assert.match(other?.action ?? '', /salesforce\.loginUrl.*environment\.orgId/);
});

test('a sandbox is no production org, by its id or by its word', () => {
  const sandbox = { organizationId: `${SHORT}AAQ`, isSandbox: true };
  assert.match(judgeOrg(pins, sandbox, LOGIN)?.reason ?? '', /is a sandbox/);
  assert.equal(judgeOrg({ ...pins, name: 'test' }, sandbox, LOGIN), undefined);
  const other = { organizationId: '00D000000000XyzAAA', isSandbox: true };
  assert.match(judgeOrg(pins, other, LOGIN)?.reason ?? '', /XyzAAA, which is a sandbox/);
});

test('data stay with the org, the namespace and the environment they were collected for', () => {
  const owner = { name: 'test', organizationId: SHORT, namespace: '' } as const;
  const judge = (now: object) => judgeOwner(owner, { ...owner, ...now }, '/data/environment.json');
  assert.equal(judge({}), undefined);
  assert.equal(judge({ organizationId: `${SHORT}AAQ` }), undefined);
  const unnamed = { organizationId: SHORT, namespace: '' };
  assert.equal(judgeOwner(owner, unnamed, ''), undefined);
  assert.equal(judgeOwner(unnamed, owner, ''), undefined);
  const crossed = judge({ name: 'production', organizationId: '00D000000000001' });
  assert.equal(
    crossed?.reason,
    `dataDir holds the data of the environment test with the org ${SHORT} (/data/environment.json); the ` +
      'configuration is of the environment production with the org 00D000000000001, and would publish them there.',
  );
  assert.ok(judge({ name: 'production' }) !== undefined);
  assert.ok(judge({ namespace: 'acme' }) !== undefined);
});
