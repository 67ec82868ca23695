import assert from 'node:assert/strict';
import { duplexPair } from 'node:stream';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { toEpochMs } from '../../model/brand.ts';
import { payloadOf } from '../../model/message.ts';
import { makeTap } from './tap.ts';
import type { TapHandler } from './tap.ts';

/** A tap on one end of a pipe; the test is the broker at the other end. */
function setUp(changes: Partial<TapHandler> = {}) {
  const [socket, broker] = duplexPair();
  const events: string[] = [];
  const open = (read: (bytes: Buffer) => void) => socket.on('data', read);
  const tap = makeTap(open, 5, 150, () => toEpochMs(1), {
    oversized: (size) => events.push(`oversized ${size}`),
    message: (message, { qos }) => events.push(`message ${payloadOf(message).toString()} ${qos}`),
    read: () => undefined,
    released: (packetId) => events.push(`released ${packetId}`),
    connected: (isPresent) => events.push(`connected ${isPresent}`),
    broken: (error) => events.push(`broken: ${error.message}`),
    ...changes,
  });
  const library: Buffer[] = [];
  tap.stream.on('data', (chunk: Buffer) => library.push(chunk));
  tap.stream.on('error', () => undefined);
  const answers: Buffer[] = [];
  broker.on('data', (chunk: Buffer) => answers.push(chunk));
  return {
    tap,
    socket,
    broker,
    events,
    library: () => Buffer.concat(library).toString('hex'),
    answers: () => Buffer.concat(answers).toString('hex'),
    send: async (hex: string): Promise<void> => {
      broker.write(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
      await nextTurn();
      await nextTurn();
    },
  };
}

test('messages and releases come to the handler, everything else to the library', async () => {
  const { send, events, library } = setUp();
  await send('20 03 01 00 00'); // CONNACK, session present
  await send('34 07 0001 61 0005 00 78'); // PUBLISH, QoS 2
  await send('62 02 0005'); // PUBREL
  await send('62 04 0006 92 00'); // PUBREL with a reason
  await send('d0 00'); // PINGRESP
  assert.deepEqual(events, ['connected true', 'message x 2', 'released 5', 'released 6']);
  assert.equal(library(), '2003010000d000');
});

test('a connection that was refused says nothing of the session; a long answer is understood', async () => {
  const refused = setUp();
  await refused.send('20 03 00 87 00');
  assert.deepEqual(refused.events, []);
  const long = setUp();
  // 130 bytes, most of them a reason string.
  await long.send(`20 8201 00 00 7f 1f 007c ${'61'.repeat(124)}`);
  assert.deepEqual(long.events, ['connected false']);
});

test('of a message that is too large the beginning comes, properties and all; the connection goes on', async () => {
  const { send, events } = setUp();
  const properties = `64 26 0001 61 005e ${'70'.repeat(94)}`;
  const large = `32 ef01 0001 61 0005 ${properties} ${'78'.repeat(239 - 106)}`;
  await send(`${large} 32 07 0001 61 0006 00 79`);
  assert.equal(events.length, 3);
  assert.equal(events[0], 'oversized 242');
  assert.match(events[1] ?? '', /^message d&.*p{94}x+ 1$/s);
  assert.equal(events[2], 'message y 1');
});

test('acknowledgements are one write, with a reason where there is one', async () => {
  const { tap, answers } = setUp();
  tap.acknowledge('pubrec', [1, 0x1234]);
  tap.acknowledge('pubcomp', [2], 0x92);
  await nextTurn();
  assert.equal(answers(), '50020001' + '50021234' + '7003000292');
});

test('closing the socket destroys the stream, and nothing is acknowledged any more', async () => {
  const { tap, socket, answers } = setUp();
  socket.destroy();
  await nextTurn();
  assert.ok(tap.stream.destroyed);
  tap.acknowledge('puback', [1]);
  await nextTurn();
  assert.equal(answers(), '');
});

test('destroying the stream closes the socket', async () => {
  const { tap, socket } = setUp();
  tap.stream.destroy();
  await nextTurn();
  assert.ok(socket.destroyed);
});

for (const [name, hex, reason] of [
  ['bytes that are not MQTT', '30 ff ff ff ff 01', 'without an end'],
  ['a topic alias', '30 07 0001 61 03 230001', 'topic alias'],
  ['a PUBREL without packet id', '62 00', 'without packet id'],
] as const) {
  test(`${name}: the connection is ended and the reason told`, async () => {
    const { tap, send, events } = setUp();
    await send(hex);
    assert.match(events[0] ?? '', new RegExp(`^broken: .*${reason}`));
    assert.ok(tap.stream.destroyed);
  });
}

test('a handler that cannot go on with the session ends the connection before the library hears of it', async () => {
  const { tap, send, library } = setUp({
    connected() {
      throw new Error('no space left');
    },
  });
  await send('20 03 00 00 00');
  assert.ok(tap.stream.destroyed);
  assert.equal(library(), '');
});
