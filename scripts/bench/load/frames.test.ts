import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parser } from 'mqtt-packet';
import type { IPublishPacket } from 'mqtt-packet';

import { deviceKey, makeFrameRing } from './frames.ts';

function parse(bytes: Buffer, protocolVersion: 4 | 5): IPublishPacket[] {
  const packets: IPublishPacket[] = [];
  const reader = parser({ protocolVersion });
  reader.on('packet', (packet) => {
    if (packet.cmd === 'publish') packets.push(packet);
  });
  reader.parse(bytes);
  return packets;
}

const payloadOf = ({ payload }: IPublishPacket) =>
  JSON.parse(payload.toString()) as { ts: string; seq: number; metrics: Record<string, number> };

for (const protocolVersion of [4, 5] as const) {
  for (const qos of [0, 1] as const) {
    test(`a patched frame is what was planned, read by another parser (MQTT ${protocolVersion}, QoS ${qos})`, () => {
      const ring = makeFrameRing({ protocolVersion, qos }, 3);
      const planned = [
        { device: 0, at: Date.UTC(2026, 10, 23, 1, 2, 3, 4), beyond: false },
        { device: 9_999_999, at: Date.UTC(2030, 0, 1), beyond: true },
        { device: 42, at: Date.UTC(2026, 11, 31, 23, 59, 59, 999), beyond: false },
      ];
      const ids = [1, 65_535, 256];
      for (const [slot, plan] of planned.entries()) ring.patch(slot, ids[slot] ?? 0, plan);
      const packets = parse(ring.bytes, protocolVersion);
      assert.equal(packets.length, 3);
      for (const [slot, packet] of packets.entries()) {
        const { device, at, beyond } = planned[slot] ?? assert.fail();
        assert.equal(packet.topic, `plant/pump/${deviceKey(device)}/telemetry`);
        assert.equal(packet.qos, qos);
        if (qos === 1) assert.equal(packet.messageId, ids[slot]);
        const { ts, seq, metrics } = payloadOf(packet);
        assert.equal(Date.parse(ts), at);
        assert.equal(seq, 1_000_000_000 + slot);
        assert.equal((metrics['vibration'] ?? 0) > 7.1, beyond);
        assert.deepEqual(Object.keys(metrics), ['vibration', 'pressure', 'temperature', 'flow']);
      }
    });
  }
}

test('a frame that was beyond its limit is healthy again when its slot comes round', () => {
  const ring = makeFrameRing({ protocolVersion: 4, qos: 1 }, 1);
  ring.patch(0, 1, { device: 1, at: 0, beyond: false });
  const before = parse(Buffer.from(ring.bytes), 4).map(payloadOf);
  ring.patch(0, 2, { device: 1, at: 1, beyond: true });
  ring.patch(0, 3, { device: 1, at: 2, beyond: false });
  const after = parse(ring.bytes, 4).map(payloadOf);
  assert.deepEqual(after[0]?.metrics, before[0]?.metrics);
});

test('the frames of a ring differ in their values and are the same for the same seed', () => {
  const values = (seed: number) =>
    parse(makeFrameRing({ protocolVersion: 5, qos: 1 }, 50, seed).bytes, 5).map(
      (packet) => payloadOf(packet).metrics['temperature'],
    );
  assert.ok(new Set(values(1)).size > 45);
  assert.deepEqual(values(1), values(1));
  assert.notDeepEqual(values(1), values(2));
});
