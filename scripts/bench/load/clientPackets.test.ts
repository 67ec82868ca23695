import assert from 'node:assert/strict';
import { test } from 'node:test';

import { generate } from 'mqtt-packet';

import { makeClientPacketScanner } from './clientPackets.ts';

const bytes = Buffer.concat([
  generate({
    cmd: 'subscribe',
    messageId: 7,
    subscriptions: [{ topic: 'a/'.repeat(100), qos: 1 }],
  }),
  generate({ cmd: 'puback', messageId: 1 }),
  generate({ cmd: 'puback', messageId: 65_535 }),
  generate({ cmd: 'pingreq' }),
  generate({ cmd: 'puback', messageId: 16, reasonCode: 16 }, { protocolVersion: 5 }),
  generate({ cmd: 'puback', messageId: 300 }),
  generate({ cmd: 'disconnect' }),
]);

test('packets of a client are found wherever the chunks end', () => {
  for (let size = 1; size <= bytes.length; size += 1) {
    const seen: (string | number)[] = [];
    const scan = makeClientPacketScanner({
      acknowledged: (packetId) => seen.push(packetId),
      pinged: () => seen.push('ping'),
      other: (packet) => seen.push(`${packet[0]?.toString(16)} of ${packet.length}`),
    });
    for (let from = 0; from < bytes.length; from += size) scan(bytes.subarray(from, from + size));
    assert.deepEqual(seen, ['82 of 208', 1, 65_535, 'ping', 16, 300, 'e0 of 2']);
  }
});
