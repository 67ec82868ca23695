/**
 * The MQTT library by itself: subscribes with QoS 1 and counts, nothing else; acknowledgements are the library's own.
 * `node scripts/bench/contestants/bareSubscriber.ts URL`; SIGUSR2 makes it print its count.
 */
import { connect } from 'mqtt';

const [url = ''] = process.argv.slice(2);
let count = 0;
const client = connect(url, {
  protocolVersion: 5,
  clientId: 'bare',
  properties: { receiveMaximum: 65_535 },
});
client.on('message', () => {
  count += 1;
});
process.on('SIGUSR2', () => console.log(count));
await client.subscribeAsync('plant/+/+/telemetry', { qos: 1 });
