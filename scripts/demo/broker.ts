import { createServer } from 'node:net';
import { parseArgs } from 'node:util';

import { Aedes } from 'aedes';

import { writeStateFile } from './stateFile.ts';

/**
 * The demo's MQTT broker as a process of its own: MQTT 3.1.1 on the loopback interface,
 * QoS 0 to 2, persistent sessions kept in memory for as long as the process lives.
 *
 * `node scripts/demo/broker.ts --state FILE [--port N] [--drop-publish N]`. When it listens,
 * FILE holds `{"url":"mqtt://127.0.0.1:PORT","pid":N}`. `--drop-publish N` is a fault for
 * tests: the N-th telemetry message of the fleet is acknowledged and never delivered.
 */
const { values } = parseArgs({
  options: {
    state: { type: 'string' },
    port: { type: 'string', default: '0' },
    'drop-publish': { type: 'string', default: '0' },
  },
});
if (values.state === undefined) throw new Error('broker: --state FILE is missing');
const { state } = values;

const dropAt = Number(values['drop-publish']);
let seen = 0;
let dropped: unknown;

const broker = await Aedes.createBroker({
  authorizePublish: (_client, packet, done) => {
    if (packet.topic.startsWith('plant/')) {
      seen += 1;
      if (seen === dropAt) {
        dropped = packet.payload;
        console.log(`broker: fault: message ${seen} (${packet.topic}) will not be delivered`);
      }
    }
    done(null);
  },
  authorizeForward: (_client, packet) =>
    dropped !== undefined && packet.payload === dropped ? null : packet,
});
broker.on('clientReady', (client) => console.log(`broker: ${client.id} connected`));
broker.on('clientDisconnect', (client) => console.log(`broker: ${client.id} disconnected`));
broker.on('clientError', (client, error) => console.log(`broker: ${client.id}: ${error.message}`));

const server = createServer(broker.handle);
server.on('error', (error) => {
  console.error(`broker: cannot listen on 127.0.0.1:${values.port}: ${error.message}`);
  process.exit(1);
});
server.listen(Number(values.port), '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('broker: no TCP address');
  const url = `mqtt://127.0.0.1:${address.port}`;
  console.log(`broker: listening at ${url}`);
  void writeStateFile(state, { url, pid: process.pid });
});

const stop = (): void => {
  broker.close(() => server.close(() => process.exit(0)));
  // A client that does not go away must not keep the demo from ending.
  setTimeout(() => process.exit(0), 2000).unref();
};
process.once('SIGTERM', stop);
// The terminal sends Ctrl-C to every process of the demo; the demo ends the broker last.
process.on('SIGINT', () => undefined);
