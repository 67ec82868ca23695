import assert from 'node:assert/strict';
import { test } from 'node:test';

import { baseProblems, withBase } from './extends.ts';

test('a file has the keys of its base that it lacks, groups merged and lists replaced', () => {
  const base = {
    policiesFile: 'policies.yaml',
    mqtt: { protocolVersion: 5, tls: { caFile: 'ca.pem' } },
    mappings: [{ name: 'a', units: { someFile: 'x' } }],
    salesforce: { receipts: { every: '1s', missingAfter: '1m' } },
  };
  const file = {
    extends: '../common/base.yaml',
    mqtt: { url: 'mqtts://b', tls: { certFile: 'own.pem' } },
    salesforce: { receipts: { every: '5s' } },
  };
  assert.deepEqual(withBase(file, base, '/etc/common'), {
    extends: '../common/base.yaml',
    policiesFile: '/etc/common/policies.yaml',
    mqtt: {
      url: 'mqtts://b',
      protocolVersion: 5,
      tls: { caFile: '/etc/common/ca.pem', certFile: 'own.pem' },
    },
    mappings: [{ name: 'a', units: { someFile: 'x' } }],
    salesforce: { receipts: { every: '5s', missingAfter: '1m' } },
  });
});

test('what tells environments apart is never inherited', () => {
  const base = {
    extends: 'other.yaml',
    dataDir: 'data',
    mqtt: { url: 'mqtts://b', keepalive: '1m' },
    salesforce: { username: 'u', namespace: 'acme' },
  };
  const keys = baseProblems(base).map((problem) => problem.split(' ')[0]);
  assert.deepEqual(keys, ['extends', 'dataDir', 'mqtt.url', 'salesforce.username']);
  assert.match(baseProblems(['x'])[0] ?? '', /no group of keys/);
  assert.deepEqual(baseProblems({ mappings: [] }), []);
});
