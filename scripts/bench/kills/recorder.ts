import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

import { makeCutter, PACKET, readLength } from './mqttFrames.ts';
import type { Packet } from './mqttFrames.ts';
import { sequenceOf } from './plan.ts';

/**
 * Stands between the broker and the bridge and writes down what passes: which numbered messages the broker offered, and
 * which of them the bridge acknowledged. What the bridge believes of itself does not count.
 */
export interface Recorder extends AsyncDisposable {
  /** Where the bridge connects to instead of the broker. */
  readonly port: number;
  /** Numbers of messages the broker has sent to the bridge. */
  readonly offered: ReadonlySet<number>;
  /** Numbers of messages the bridge has acknowledged (PUBACK, or PUBREC for QoS 2). */
  readonly acknowledged: ReadonlySet<number>;
  /** Messages that are offered over a connection that lives, and not acknowledged yet. */
  pending(): number;
  /** Messages sent again after they had been acknowledged; a broker that was killed does so. */
  repeats(): number;
}

export async function startRecorder(broker: {
  readonly host: string;
  readonly port: number;
}): Promise<Recorder> {
  const offered = new Set<number>();
  const acknowledged = new Set<number>();
  let repeats = 0;
  const sockets = new Set<Socket>();
  const connections = new Set<ReadonlyMap<number, number>>();

  const server = createServer((bridge) => {
    const upstream = connect(broker.port, broker.host);
    /* Which message a packet id of this connection means now. */
    const meaning = new Map<number, number>();
    let version = 4;
    connections.add(meaning);
    const close = (): void => {
      bridge.destroy();
      upstream.destroy();
      connections.delete(meaning);
      sockets.delete(bridge);
      sockets.delete(upstream);
    };
    for (const socket of [bridge, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', close);
      socket.on('close', close);
    }
    const fromBroker = makeCutter((packet) => {
      if (packet.type !== PACKET.publish) return;
      const message = readMessage(packet, version);
      if (message === undefined) return;
      offered.add(message.sequence);
      if (acknowledged.has(message.sequence)) repeats += 1;
      meaning.set(message.packetId, message.sequence);
    });
    const fromBridge = makeCutter(({ type, body }) => {
      // Protocol name, then its version. Source: MQTT 5 section 3.1.2.
      if (type === PACKET.connect) version = body.readUInt8(2 + body.readUInt16BE(0));
      if (type !== PACKET.puback && type !== PACKET.pubrec) return;
      const packetId = body.readUInt16BE(0);
      const sequence = meaning.get(packetId);
      meaning.delete(packetId);
      if (sequence !== undefined) acknowledged.add(sequence);
    });
    bridge.on('data', (chunk: Buffer) => {
      fromBridge(chunk);
      upstream.write(chunk);
    });
    upstream.on('data', (chunk: Buffer) => {
      fromBroker(chunk);
      bridge.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    offered,
    acknowledged,
    pending: () => [...connections].reduce((sum, one) => sum + one.size, 0),
    repeats: () => repeats,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Packet id and number of a message with QoS 1 or 2. */
function readMessage({ flags, body }: Packet, version: number) {
  if (((flags >> 1) & 3) === 0) return undefined;
  const topicEnd = 2 + body.readUInt16BE(0);
  const properties = version === 5 ? readLength(body, topicEnd + 2) : undefined;
  const from = properties === undefined ? topicEnd + 2 : properties.end + properties.value;
  const sequence = sequenceOf(body.toString('latin1', from));
  return sequence === undefined ? undefined : { packetId: body.readUInt16BE(topicEnd), sequence };
}
