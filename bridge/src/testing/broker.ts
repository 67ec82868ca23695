import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { Aedes } from 'aedes';
import type { AedesOptions } from 'aedes';

/** An MQTT 3.1.1 broker in the test's own process; sessions live as long as it does. */
export interface TestBroker extends AsyncDisposable {
  readonly url: string;
  readonly aedes: Aedes;
  /** PUBACKs the broker got from subscribers, as client ids. */
  readonly acknowledged: string[];
  publish(topic: string, payload: string | Buffer, qos?: 0 | 1): Promise<void>;
  /** Cuts every connection, as a network would. */
  cut(): void;
}

export async function startBroker(options: AedesOptions = {}): Promise<TestBroker> {
  const aedes = await Aedes.createBroker(options);
  const sockets = new Set<Socket>();
  const acknowledged: string[] = [];
  aedes.on('ack', (_packet, client) => {
    acknowledged.push(client.id);
  });
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    aedes.handle(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    aedes,
    acknowledged,
    publish: (topic, payload, qos = 1) =>
      new Promise((resolve, reject) => {
        const packet = {
          cmd: 'publish' as const,
          topic,
          payload: Buffer.from(payload),
          qos,
          retain: false,
          dup: false,
        };
        aedes.publish(packet, (error) => {
          if (error) reject(error);
          else resolve();
        });
      }),
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => {
        aedes.close(() => resolve());
      });
      server.close();
    },
  };
}
