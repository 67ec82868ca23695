import assert from 'node:assert/strict';
import { test } from 'node:test';

import { toLongId } from '../model/environment.ts';
import { environment, pinProblems } from './pins.ts';
import { configSchema } from './schema.ts';

const SHORT = '00D000000000Abc';
const pins = {
  name: 'production',
  orgId: SHORT,
  brokers: ['broker.example.com:8883'],
} as const;

/** What is wrong between the environment and the rest of a file. */
function problemsOf(mqtt: object, salesforce: object, pinned: object = { environment: pins }) {
  const file = configSchema.pick({ environment: true, mqtt: true, salesforce: true }).parse({
    ...pinned,
    mqtt: { url: 'mqtts://broker.example.com', clientId: 'bridge', ...mqtt },
    salesforce: {
      loginUrl: 'https://login.salesforce.com',
      clientId: 'c',
      username: 'u',
      privateKeyFile: 'k',
      ...salesforce,
    },
  });
  return pinProblems(file);
}

test('brokers and namespace that are pinned are the only ones, the usual port understood', () => {
  assert.deepEqual(problemsOf({}, {}), []);
  const connections = [{ name: 'lab', url: 'mqtts://test-broker:8884' }, { name: 'second' }];
  const [broker, namespace, ...others] = problemsOf({ connections }, { namespace: 'acme' });
  assert.equal(
    broker,
    'mqtt.connections[0].url is "mqtts://test-broker:8884"; the environment production knows the brokers ' +
      'broker.example.com:8883 only: correct the URL, or environment.brokers where a broker has moved',
  );
  assert.match(namespace ?? '', /^salesforce\.namespace is "acme".*environment\.namespace ""/);
  assert.deepEqual(others, []);
});

test('a broker is the same however its name is written, and may be named by an address of IPv6', () => {
  const brokers = ['Broker.Example.com:8883', '[fd00::1]:1883'];
  const own = { environment: environment.parse({ ...pins, orgId: SHORT, brokers }) };
  const connections = [{ name: 'second', url: 'mqtt://[FD00::1]' }];
  assert.deepEqual(problemsOf({ url: 'mqtts://broker.EXAMPLE.com', connections }, {}, own), []);
  for (const wrong of ['fd00::1:1883', '[fd00::1]', 'mqtt://broker:1883', 'broker']) {
    const parsed = environment.safeParse({ ...pins, brokers: [wrong] });
    assert.match(parsed.error?.issues[0]?.message ?? '', /host:port is required/, wrong);
  }
});

test('only an org on this machine needs no environment', () => {
  assert.deepEqual(problemsOf({}, { loginUrl: 'http://127.0.0.1:8080' }, {}), []);
  const [missing] = problemsOf({}, {}, {});
  assert.match(missing ?? '', /^environment is missing; the keys name, orgId, brokers/);
});

test('an org id of 18 characters is checked by its last three', () => {
  const long = toLongId(SHORT);
  assert.equal(toLongId('001A0000006Vm9r'), '001A0000006Vm9rIAC');
  assert.ok(environment.safeParse({ ...pins, orgId: long }).success);
  const wrongCase = long.replace('Abc', 'abc');
  const wrong = environment.safeParse({ ...pins, orgId: wrongCase });
  assert.match(wrong.error?.issues[0]?.message ?? '', /last three characters do not fit/);
  const user = environment.safeParse({ ...pins, orgId: '005000000000001' });
  assert.match(user.error?.issues[0]?.message ?? '', /Company Information/);
});
