import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse, stringify } from 'yaml';
import { makeFolder } from '../testing/bridgeProcess.ts';
import { loadConfig, readPolicies } from './load.ts';
import { ConfigError } from './problems.ts';

const good = `
environment: { name: test, orgId: 00D000000000001, brokers: ['127.0.0.1:1883', 'x:1'] }
dataDir: data
mqtt: { url: mqtt://127.0.0.1:1883, clientId: bridge }
mappings:
  - { name: plant, topic: 'plant/{device}', metrics: { path: metrics } }
policiesFile: policies.yaml
salesforce: { loginUrl: https://login.salesforce.com, clientId: c, username: u, privateKeyFile: org.key }
`;
const policy = `
key: high
name: Too high
match: { metric: vibration }
signalType: fault.vibration-high
severity: High
detector: { kind: threshold, direction: above, limit: 7.1, clear: 4.5 }
`;

/** Problems of a config made from the good one with these changes, by dotted key. */
function problemsOf(
  changes: Readonly<Record<string, unknown>>,
  env: NodeJS.ProcessEnv = {},
  policies: unknown = [parse(policy)],
): readonly string[] {
  using folder = makeFolder();
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(
    join(folder.path, 'org.key'),
    privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
  );
  writeFileSync(join(folder.path, 'policies.yaml'), stringify(policies));
  const config: unknown = parse(good);
  for (const [path, value] of Object.entries(changes)) set(config, path.split('.'), value);
  const file = join(folder.path, 'bridge.yaml');
  writeFileSync(file, stringify(config));
  try {
    loadConfig(file, env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

function set(target: unknown, [step, ...rest]: readonly string[], value: unknown): void {
  if (typeof target !== 'object' || target === null || step === undefined) return;
  if (rest.length === 0) Reflect.set(target, step, value);
  else set(Reflect.get(target, step), rest, value);
}

test('the smallest config is complete', () => {
  assert.deepEqual(problemsOf({}), []);
});

test('a wrong value is named with its key, itself and what is allowed', () => {
  assert.deepEqual(problemsOf({ 'mqtt.protocolVersion': 3 }), [
    'mqtt.protocolVersion is 3; allowed are 4, 5',
  ]);
  assert.deepEqual(problemsOf({ 'mqtt.keepalive': '10 minutes' }), [
    'mqtt.keepalive is "10 minutes"; a duration is required, such as 500ms, 2s, 15m, 12h or 7d',
  ]);
  assert.deepEqual(problemsOf({ 'mqtt.url': 'tcp://x:1' }), [
    'mqtt.url is "tcp://x:1"; it must begin with mqtt:// or mqtts://',
  ]);
  assert.deepEqual(problemsOf({ 'mappings.0.maxBytes': 'lots' }), [
    'mappings[0].maxBytes is "lots"; a number of bytes is required, such as 65536, 64KB, 1MB or 2GB',
  ]);
  assert.deepEqual(problemsOf({ telemetry: { refresh: '100ms', callsPerMinute: 0 } }), [
    'telemetry.refresh is "100ms"; at least 1000ms is required',
    'telemetry.callsPerMinute is 0; a whole number from 1 to 1000 is required',
  ]);
  assert.deepEqual(problemsOf({ mqtt: 7 }), [
    'mqtt is 7; the keys url, protocolVersion, clientId, username, password, tls, sessionExpiry, keepalive, maxPacketSize, connections belong here',
  ]);
});

test('an unknown key gets the nearest known one', () => {
  assert.deepEqual(problemsOf({ 'mqtt.clientID': 'x' }), [
    'mqtt.clientID is not a known key; did you mean clientId?',
  ]);
  assert.deepEqual(problemsOf({ 'mappings.0.metric': { path: 'm' } }), [
    'mappings[0].metric is not a known key; did you mean metrics?',
  ]);
});

test('a missing key is named', () => {
  assert.deepEqual(problemsOf({ 'salesforce.username': undefined }), [
    'salesforce.username is missing; a text is required',
  ]);
});

test('all problems come at once', () => {
  const problems = problemsOf({ 'mqtt.protocolVersion': 3, http: { port: -1 }, loggg: {} });
  assert.equal(problems.length, 3, problems.join('\n'));
});

test('a secret in the file is refused and not repeated', () => {
  const problems = problemsOf({ 'mqtt.username': 'u', 'mqtt.password': 'hunter2' });
  assert.equal(problems.length, 1);
  assert.match(problems[0] ?? '', /^mqtt\.password is not acceptable .*environment variable NAME$/);
  assert.ok(!problems.join().includes('hunter2'));
});

test('a secret whose variable is not set is named', () => {
  const changes = { 'mqtt.username': 'u', 'mqtt.password': '${BROKER_PASSWORD}' };
  assert.deepEqual(problemsOf(changes), [
    'mqtt.password comes from the environment variable BROKER_PASSWORD, which is not set: set it',
  ]);
  assert.deepEqual(problemsOf(changes, { BROKER_PASSWORD: 'x' }), []);
});

test('a variable where no secret belongs is refused, not taken literally', () => {
  const [problem, ...others] = problemsOf({ 'mqtt.username': '${WHO}' }, { WHO: 'me' });
  assert.match(
    problem ?? '',
    /mqtt\.username is "\$\{WHO\}"; only secrets come from the environment/,
  );
  assert.deepEqual(others, []);
});

test('user and password are not accepted in the broker URL', () => {
  const [problem] = problemsOf({ 'mqtt.url': 'mqtt://u:secret@host:1883' });
  assert.match(problem ?? '', /use the keys username and password/);
});

test('a password in a URL is not repeated', () => {
  const [problem = ''] = problemsOf({ 'mqtt.url': 'mqtt://jo:hunter2@h@broker:1883' });
  assert.match(problem, /mqtt\.url is "mqtt:\/\/…@broker:1883"/);
  assert.ok(!problem.includes('hunter2'));
});

test('a configuration that does not exist is named', () => {
  const file = join(import.meta.dirname, 'gone.yaml');
  assert.throws(() => loadConfig(file, {}), {
    message: `${file} has one problem:\n  - it does not exist: correct the path or create the file`,
  });
});

test('a file that does not exist is named with the key that names it', () => {
  const [problem] = problemsOf({ 'salesforce.privateKeyFile': 'gone.key' });
  assert.match(
    problem ?? '',
    /^salesforce\.privateKeyFile names .*gone\.key, which does not exist/,
  );
});

test('a key that is not RSA is refused', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const problems = problemsOf(
    { 'salesforce.privateKeyFile': undefined, 'salesforce.privateKey': '${KEY}' },
    { KEY: pem },
  );
  assert.deepEqual(problems, ['salesforce.privateKey is a key of type ec: RSA is required']);
});

test('a file that extends another has its keys, and its own paths and theirs each count from where they stand', () => {
  using folder = makeFolder();
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  writeFileSync(join(folder.path, 'org.key'), pem);
  mkdirSync(join(folder.path, 'common'));
  writeFileSync(join(folder.path, 'common/policies.yaml'), stringify([parse(policy)]));
  const { mappings, policiesFile, ...own } = parse(good) as Record<string, unknown>;
  const base = join(folder.path, 'common/base.yaml');
  writeFileSync(base, stringify({ mappings, policiesFile, outbox: { retention: '2h' } }));
  const file = join(folder.path, 'bridge.yaml');
  writeFileSync(file, stringify({ extends: 'common/base.yaml', ...own }));
  const config = loadConfig(file, {});
  assert.equal(config.policies[0]?.key, 'high');
  assert.equal(config.outbox.retention, 2 * 3_600_000);
  assert.equal(config.dataDir, join(folder.path, 'data'));
  writeFileSync(base, stringify({ mappings, policiesFile, dataDir: 'shared' }));
  assert.throws(
    () => loadConfig(file, {}),
    /base\.yaml has one problem:\n.*dataDir may not be inherited/,
  );
});

test('broken YAML is reported with its place', () => {
  using folder = makeFolder();
  const file = join(folder.path, 'bridge.yaml');
  writeFileSync(file, 'mqtt: { url: [\n');
  assert.throws(() => loadConfig(file, {}), /bridge\.yaml has .*\n.*line 1|line 2/);
});

test('policies are checked for sense, not only for shape', () => {
  const broken = {
    ...(parse(policy) as object),
    detector: { kind: 'threshold', direction: 'above', limit: 7, clear: 9 },
  };
  const [problem] = problemsOf({}, {}, [broken]);
  assert.match(
    problem ?? '',
    /\[0\]\.detector\.clear is 9; with direction above it must be at most limit \(7\)/,
  );
  const [unknown] = problemsOf({}, {}, [{ ...broken, detector: { kind: 'magic' } }]);
  assert.match(
    unknown ?? '',
    /detector\.kind is "magic"; allowed are threshold, range-novelty, level-shift, silence, stuck/,
  );
  const [twice] = problemsOf({}, {}, [parse(policy), parse(policy)]);
  assert.match(twice ?? '', /\[1\]\.key is "high"; the key is used twice/);
});

test('the starter policies are in order', () => {
  const file = join(import.meta.dirname, '../../../config/starter-policies.yaml');
  assert.ok(readPolicies(file).length > 10);
});
