/**
 * The flow a practitioner would draw: MQTT in → JSON → a function with an EWMA of each metric and a limit with hysteresis → MQTT
 * out. One message out for each episode that begins. Source of the nodes' properties: Node-RED 4.1, `@node-red/nodes`.
 */
export function makeNodeRedFlow(url: string): readonly object[] {
  const { hostname, port } = new URL(url);
  // Ids that no property has as its value: Node-RED takes such a property for a reference.
  return [
    { id: 'n-tab', type: 'tab', label: 'signals' },
    {
      id: 'n-broker',
      type: 'mqtt-broker',
      broker: hostname,
      port,
      clientid: 'node-red',
      autoConnect: true,
      protocolVersion: '5',
      keepalive: '60',
      cleansession: true,
    },
    {
      id: 'n-in',
      type: 'mqtt in',
      z: 'n-tab',
      topic: 'plant/+/+/telemetry',
      qos: '1',
      datatype: 'buffer',
      broker: 'n-broker',
      wires: [['n-json']],
    },
    {
      id: 'n-json',
      type: 'json',
      z: 'n-tab',
      property: 'payload',
      action: 'obj',
      wires: [['n-judge']],
    },
    {
      id: 'n-judge',
      type: 'function',
      z: 'n-tab',
      func: JUDGE,
      outputs: 1,
      timeout: 0,
      initialize: '',
      finalize: '',
      libs: [],
      wires: [['n-out']],
    },
    {
      id: 'n-out',
      type: 'mqtt out',
      z: 'n-tab',
      topic: '',
      qos: '0',
      retain: 'false',
      broker: 'n-broker',
    },
  ];
}

/** The function node's text. */
const JUDGE = `
const device = msg.topic.split('/')[2];
const states = context.get('states') || new Map();
context.set('states', states);
let state = states.get(device);
if (state === undefined) states.set(device, state = { means: {}, open: false });
const { ts, metrics } = msg.payload;
for (const name of Object.keys(metrics)) {
  const mean = state.means[name];
  state.means[name] = mean === undefined ? metrics[name] : mean + 0.1 * (metrics[name] - mean);
}
if (!state.open && metrics.vibration > 7.1) {
  state.open = true;
  const payload = { device, at: ts, phase: 'Opened', value: metrics.vibration, mean: state.means.vibration };
  return { topic: 'signals/' + device, payload };
}
if (state.open && metrics.vibration < 4.5) state.open = false;
return null;
`;
