import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { generate, parser } from 'mqtt-packet';
import type { IConnectPacket, Packet } from 'mqtt-packet';

import { makeClientPacketScanner } from './clientPackets.ts';
import { makeFeed } from './feed.ts';
import type { Feed, FeedOptions } from './feed.ts';

/** A broker that knows one topic and one client: the last that has subscribed is fed. */
export interface FakeBroker extends AsyncDisposable {
  readonly port: number;
  /** The feed of the client that is connected and has subscribed, if any. */
  feed(): Feed | undefined;
}

export interface FakeBrokerOptions extends FeedOptions {
  /** 0: any free one. */
  readonly port: number;
  /** Whether the client is fed at full speed as soon as it has subscribed. */
  readonly rate: number;
  /** A client has published something itself; QoS 0 or 1. */
  readonly onPublished?: (topic: string, payload: Buffer) => void;
  /** A client has subscribed and is ready to be fed. */
  readonly onReady?: (clientId: string) => void;
}

/**
 * Takes CONNECT, SUBSCRIBE, UNSUBSCRIBE and PINGREQ of MQTT 3.1.1 and 5 without asking who it is, and feeds who has subscribed to
 * anything with QoS 0 or 1. What clients publish is counted and goes nowhere. Keeps no session: whoever connects again begins anew.
 */
export async function startFakeBroker(options: FakeBrokerOptions): Promise<FakeBroker> {
  let latest: Feed | undefined;
  const sockets = new Set<Socket>();

  function serve(socket: Socket): void {
    sockets.add(socket);
    socket.setNoDelay(true);
    let feed: Feed | undefined;
    let connected: IConnectPacket | undefined;
    const control = parser();
    const answer = (packet: Packet): void => {
      socket.write(generate(packet, { protocolVersion: connected?.protocolVersion === 5 ? 5 : 4 }));
    };
    const scan = makeClientPacketScanner({
      acknowledged: (packetId) => feed?.acknowledged(packetId),
      pinged: () => answer({ cmd: 'pingresp' }),
      other: (packet) => void control.parse(packet),
    });
    control.on('packet', (packet) => {
      if (packet.cmd === 'connect') {
        connected = packet;
        const accepted = { cmd: 'connack', sessionPresent: false } as const;
        answer(
          packet.protocolVersion === 5
            ? { ...accepted, reasonCode: 0 }
            : { ...accepted, returnCode: 0 },
        );
      } else if (packet.cmd === 'subscribe') {
        const granted = packet.subscriptions.map(({ qos }) => (qos === 0 ? 0 : 1));
        answer({ cmd: 'suback', messageId: packet.messageId ?? 0, granted });
        begin(granted[0] ?? 0);
      } else if (packet.cmd === 'unsubscribe') {
        answer({ cmd: 'unsuback', messageId: packet.messageId ?? 0, granted: [0] });
      } else if (packet.cmd === 'publish') {
        if (packet.qos === 1) answer({ cmd: 'puback', messageId: packet.messageId ?? 0 });
        options.onPublished?.(packet.topic, Buffer.from(packet.payload));
      } else if (packet.cmd === 'disconnect') socket.end();
    });

    function begin(qos: 0 | 1): void {
      if (feed !== undefined || connected === undefined) return;
      const most = connected.properties?.receiveMaximum ?? 65_535;
      const window = Math.min(options.window, most);
      const protocolVersion = connected.protocolVersion === 5 ? 5 : 4;
      feed = makeFeed(socket, { protocolVersion, qos }, { ...options, window });
      latest = feed;
      options.onReady?.(connected.clientId);
      feed.setRate(options.rate);
    }

    socket.on('data', (chunk) => {
      // Acknowledgements are as old as this chunk.
      feed?.arrived();
      scan(chunk);
      feed?.go();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      feed?.stop();
      sockets.delete(socket);
      if (latest === feed) latest = undefined;
    });
  }

  const server = createServer(serve);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    feed: () => latest,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
