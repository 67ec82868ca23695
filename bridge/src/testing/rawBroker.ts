import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import mqttPacket from 'mqtt-packet';
import type { Packet } from 'mqtt-packet';
import { until } from './until.ts';

/**
 * One end of MQTT that does only what a test says: it accepts connections and subscriptions, answers pings, and
 * keeps what else arrives.
 */
export interface RawBroker extends AsyncDisposable {
  readonly url: string;
  /** Everything but CONNECT, SUBSCRIBE and PINGREQ, of all connections, e.g. `puback 3` or `pubcomp 3 reason 146`. */
  readonly received: string[];
  /** Called for each of them. */
  onReceived: () => void;
  /** The CONNECT packets. */
  readonly connects: Packet[];
  /** The SUBSCRIBE packets. */
  readonly subscribes: Packet[];
  /** Said in CONNACK from now on. */
  sessionPresent: boolean;
  /** So long a CONNECT waits for its CONNACK. */
  connackAfterMs: number;
  /** False: PINGREQs are left without answer. */
  answersPings: boolean;
  /** Sends to the connection of today. */
  send(...packets: Packet[]): void;
  sendBytes(bytes: Buffer): void;
  /** The connection of today, to look at its buffers. */
  socket(): Socket;
  /** Waits until a client has subscribed, and forgets that it did. */
  subscribed(): Promise<void>;
  /** Cuts the connection. */
  cut(): void;
}

export async function startRawBroker(protocolVersion: 4 | 5): Promise<RawBroker> {
  let current: Socket | undefined;
  let subscriptions = 0;
  const socket = (): Socket => {
    if (current === undefined) throw new Error('nobody is connected');
    return current;
  };
  const encode = (packet: Packet): Buffer => mqttPacket.generate(packet, { protocolVersion });
  const answer = (to: Socket, packet: Packet): void => {
    if (packet.cmd === 'connect') {
      broker.connects.push(packet);
      const { sessionPresent } = broker;
      const connack = encode({ cmd: 'connack', returnCode: 0, reasonCode: 0, sessionPresent });
      setTimeout(() => to.write(connack), broker.connackAfterMs);
    } else if (packet.cmd === 'subscribe') {
      const granted = packet.subscriptions.map(({ qos }) => qos);
      to.write(encode({ cmd: 'suback', messageId: packet.messageId as number, granted }));
      broker.subscribes.push(packet);
      subscriptions += 1;
    } else if (packet.cmd === 'pingreq') {
      if (broker.answersPings) to.write(encode({ cmd: 'pingresp' }));
    } else {
      const reason =
        'reasonCode' in packet && packet.reasonCode ? ` reason ${packet.reasonCode}` : '';
      broker.received.push(`${packet.cmd} ${packet.messageId ?? ''}${reason}`.trim());
      broker.onReceived();
    }
  };
  const server = createServer({ noDelay: true }, (client) => {
    current = client;
    const parser = mqttPacket.parser({ protocolVersion });
    parser.on('packet', (packet: Packet) => answer(client, packet));
    client.on('data', (chunk: Buffer) => parser.parse(chunk));
    client.on('error', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const broker: RawBroker = {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: [],
    onReceived: () => undefined,
    connects: [],
    subscribes: [],
    sessionPresent: true,
    connackAfterMs: 0,
    answersPings: true,
    send: (...packets) => void socket().write(Buffer.concat(packets.map(encode))),
    sendBytes: (bytes) => void socket().write(bytes),
    socket,
    async subscribed() {
      await until('a subscription', () => subscriptions > 0);
      subscriptions = 0;
    },
    cut: () => socket().destroy(),
    async [Symbol.asyncDispose]() {
      current?.destroy();
      server.close();
    },
  };
  return broker;
}
