import assert from 'node:assert/strict';
import { test } from 'node:test';

import { configSchema } from './schema.ts';
import type { ConfigFile } from './schema.ts';
import { connectionProblems, toConnections } from './connections.ts';

const HOUR = 3_600_000;

/** The two parts of a file that know of connections; each mapping is `topic` or `topic @ connection`. */
function parse(mqtt: object, ...topics: string[]): Pick<ConfigFile, 'mqtt' | 'mappings'> {
  const mappings = topics.map((text, index) => {
    const [topic, connection] = text.split(' @ ');
    return { name: `m${index}`, topic, metrics: { path: 'm' }, ...(connection && { connection }) };
  });
  return configSchema.pick({ mqtt: true, mappings: true }).parse({
    mqtt: { url: 'mqtts://broker:8883', clientId: 'bridge', ...mqtt },
    mappings,
  });
}

/** Names stand for what they name. */
const readers = {
  file: (_key: string, path: string | undefined) => (path === undefined ? path : Buffer.from(path)),
  secret: (_key: string, reference: string | undefined) => reference,
};
const login = { username: 'u', password: '${P}', tls: { caFile: 'ca' } };

test('one connection needs no new key', () => {
  const { mqtt, mappings } = parse(login, 'a/{device}');
  assert.deepEqual(connectionProblems(mqtt, mappings), []);
  assert.deepEqual(toConnections(mqtt, mappings, readers), [
    {
      url: 'mqtts://broker:8883',
      protocolVersion: 5,
      clientId: 'bridge',
      username: 'u',
      password: '${P}',
      tls: { ca: Buffer.from('ca') },
      sessionExpiry: 168 * HOUR,
      keepalive: 30_000,
      maxPacketSize: 1_000_000,
    },
  ]);
});

test('a further connection is as the first, with a session of its own', () => {
  const connections = [{ name: 'north' }];
  const { mqtt, mappings } = parse({ ...login, connections }, 's/{device}', 'n/{device} @ north');
  assert.deepEqual(connectionProblems(mqtt, mappings), []);
  const [first, north, ...others] = toConnections(mqtt, mappings, readers);
  assert.deepEqual(north, { ...first, name: 'north', clientId: 'bridge-north' });
  assert.deepEqual(others, []);
});

test('another broker gets no password that was not given for it', () => {
  const connections = [{ name: 'lab', url: 'mqtt://lab', protocolVersion: 4 }];
  const { mqtt, mappings } = parse({ ...login, connections }, 'lab/{device} @ lab');
  assert.deepEqual(toConnections(mqtt, mappings, readers), [
    {
      name: 'lab',
      url: 'mqtt://lab',
      protocolVersion: 4,
      clientId: 'bridge-lab',
      username: undefined,
      sessionExpiry: 168 * HOUR,
      keepalive: 30_000,
      maxPacketSize: 1_000_000,
    },
  ]);
});

test('a password without a broker of its own is refused, and so are names used twice', () => {
  const wrong =
    (...connections: object[]) =>
    () =>
      parse({ connections }, 'a/{device}');
  assert.throws(wrong({ name: 'a', username: 'x' }), /it belongs to a url/);
  assert.throws(wrong({ name: 'a' }, { name: 'a' }), /the name is used twice/);
  assert.throws(wrong({ name: 'a b' }), /letters, digits, - and _/);
  assert.throws(wrong({ name: 'a', url: 'mqtt://x', tls: {} }), /begins with mqtts/);
});

test('what two connections would both bring is refused with both topics', () => {
  const connections = [{ name: 'north' }];
  const { mqtt, mappings } = parse(
    { connections },
    'plant/{deviceType}/{device}',
    'plant/pump/+/{device} @ north',
    'plant/pump/{device} @ north',
    'plant/+/{device}',
  );
  const [first, second, ...others] = connectionProblems(mqtt, mappings);
  assert.match(
    first ?? '',
    /^mappings\[2\]\.topic is "plant\/pump\/\{device\}"; it and mappings\[0\]\.topic .* twice/,
  );
  assert.match(second ?? '', /^mappings\[3\]\.topic .* mappings\[2\]\.topic/);
  assert.deepEqual(others, []);
});

test('names that nobody has, or nobody uses, are named', () => {
  const { mqtt, mappings } = parse({ connections: [{ name: 'north' }] }, 'a/{device} @ nord');
  assert.deepEqual(connectionProblems(mqtt, mappings), [
    'mappings[0].connection is "nord"; a name of mqtt.connections is required, there are north',
    'mqtt.connections[0] ("north") is named by no mapping: ' +
      'write connection: north into the mappings it shall bring messages for, or take it out',
  ]);
});

test('a mapping may not take messages that the connection would cut', () => {
  const { mqtt, mappings } = parse({ maxPacketSize: '200KB' }, 'a/{device}');
  assert.deepEqual(connectionProblems(mqtt, mappings), []);
  const larger = mappings.map((mapping) => ({ ...mapping, maxBytes: 150_000 }));
  assert.deepEqual(connectionProblems(mqtt, larger), [
    'mappings[0].maxBytes is 150000; with mqtt.maxPacketSize at 200000 bytes at most 134454 are allowed: raise mqtt.maxPacketSize',
  ]);
});
