import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { toEpochMs } from '../../model/brand.ts';
import { payloadOf } from '../../model/message.ts';
import type { TakeOver } from '../../ports/ingress.ts';
import { testIngress } from '../../ports/ingress.contract.ts';
import { startBroker } from '../../testing/broker.ts';
import { closedPort } from '../../testing/closedPort.ts';
import { makeTestLogger } from '../../testing/logger.ts';
import { until } from '../../testing/until.ts';
import { describeMqttFailure } from './mqttFailures.ts';
import { makeMemoryIngress } from './memory.ts';
import { makeMemoryPacketIds } from './memoryPacketIds.ts';
import { makeMqttIngress } from './mqtt.ts';
import type { ConnectionOptions } from './connection.ts';

const clock = () => toEpochMs(Date.now());
const base: Omit<ConnectionOptions, 'url'> = {
  protocolVersion: 4,
  clientId: 'bridge',
  sessionExpiryMs: 60_000,
  keepaliveMs: 30_000,
  maxPacketBytes: 1_000_000,
  filters: new Map([['plant/+/telemetry', 1]]),
};

function makeMqtt(
  changes: Partial<ConnectionOptions> & { url: string },
  ...others: ConnectionOptions[]
) {
  const logger = makeTestLogger();
  const ingress = makeMqttIngress([{ ...base, ...changes }, ...others], {
    packetIds: makeMemoryPacketIds(),
    clock,
    logger,
  });
  return { ingress, logger };
}

testIngress('memory', async () => {
  const ingress = makeMemoryIngress(clock);
  return {
    ingress,
    send: (topic, text) => void ingress.send(topic, Buffer.from(text)),
    acknowledged: () => ingress.acknowledged.length,
    stop: () => ingress.stop(),
  };
});

testIngress('mqtt', async () => {
  const broker = await startBroker();
  const { ingress } = makeMqtt(broker);
  return {
    ingress,
    send: (topic, text) => void broker.publish(topic, text),
    acknowledged: () => broker.acknowledged.length,
    async stop() {
      await ingress.stop();
      await broker[Symbol.asyncDispose]();
    },
  };
});

const collect =
  (texts: string[]): TakeOver =>
  async (messages) =>
    void texts.push(...messages.map((message) => payloadOf(message).toString()));
const listening = (ingress: { status(): { listening: boolean } }) =>
  until('listening', () => ingress.status().listening);

test('messages sent while the bridge was away arrive when it is back', async () => {
  await using broker = await startBroker();
  const first = makeMqtt(broker);
  first.ingress.start(collect([]));
  await listening(first.ingress);
  await first.ingress.stop();
  await broker.publish('plant/p1/telemetry', 'while away');
  const second = makeMqtt(broker);
  const texts: string[] = [];
  second.ingress.start(collect(texts));
  await until('the message arrives', () => texts.length === 1);
  assert.deepEqual(texts, ['while away']);
  await second.ingress.stop();
});

test('messages that cannot be taken over are an error in the log, not silence', async () => {
  await using broker = await startBroker();
  const { ingress, logger } = makeMqtt(broker);
  let tries = 0;
  ingress.start(async () => {
    tries += 1;
    if (tries === 1) throw new Error('a fault of ours');
  });
  await listening(ingress);
  await broker.publish('plant/p1/telemetry', 'a');
  await until('it came again', () => broker.acknowledged.length === 1);
  assert.equal(tries, 2);
  assert.ok(
    logger.lines.some((line) => line.startsWith('error messages could not be taken over')),
    logger.lines.join(),
  );
  await ingress.stop();
});

test('a connection that was cut is made again, with its subscriptions', async () => {
  await using broker = await startBroker();
  const { ingress, logger } = makeMqtt(broker);
  const texts: string[] = [];
  ingress.start(collect(texts));
  await listening(ingress);
  broker.cut();
  await until('not listening', () => !ingress.status().listening);
  assert.match(ingress.status().reason, /lost the connection to mqtt:\/\/127\.0\.0\.1/);
  await listening(ingress);
  await broker.publish('plant/p1/telemetry', 'again');
  await until('the message arrives', () => texts.length === 1);
  assert.equal(logger.lines.length, 2, logger.lines.join('\n'));
  await ingress.stop();
});

/** The reason an ingress gives for not listening. */
async function reasonOf(changes: Partial<ConnectionOptions> & { url: string }): Promise<string> {
  const { ingress, logger } = makeMqtt(changes);
  ingress.start(collect([]));
  await until('a reason', () => logger.lines.length > 0);
  assert.equal(ingress.status().listening, false);
  await ingress.stop();
  return ingress.status().reason;
}

test('a broker that is not there is named, with what to check', async () => {
  const url = `mqtt://127.0.0.1:${await closedPort()}`;
  assert.equal(
    await reasonOf({ url }),
    `the broker ${url} refuses the connection: is the broker running, and are host and port of mqtt.url right?`,
  );
});

test('wrong credentials are named with their user, never their password', async () => {
  await using broker = await startBroker({
    authenticate: (_client, _name, _password, done) =>
      done(Object.assign(new Error('no'), { returnCode: 4 }), false),
  });
  const reason = await reasonOf({ url: broker.url, username: 'jo', password: 'hunter2' });
  assert.match(reason, /refuses the user "jo": check mqtt\.username and mqtt\.password/);
  assert.ok(!reason.includes('hunter2'));
});

test('a subscription the broker refuses is an error, not silence', async () => {
  await using broker = await startBroker({
    authorizeSubscribe: (_client, _subscription, done) => done(null, null),
  });
  assert.match(
    await reasonOf(broker),
    /refuses a subscription .*let the client "bridge" read the topics/,
  );
});

test('TLS to a port without TLS, and a broker that is not one, say so', async () => {
  await using broker = await startBroker();
  assert.match(
    await reasonOf({ url: broker.url.replace('mqtt:', 'mqtts:') }),
    /closed the connection|does not speak TLS/,
  );
  const web = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  const url = `mqtts://127.0.0.1:${(web.address() as AddressInfo).port}`;
  assert.match(await reasonOf({ url }), /does not speak TLS on this port/);
  web.close();
});

test('a broker certificate nobody vouches for, or of another host, says what to set', () => {
  const url = 'mqtts://u:p@host:8883';
  const say = (code: string): string =>
    describeMqttFailure({ ...base, url }, Object.assign(new Error('tls'), { code }));
  assert.match(
    say('SELF_SIGNED_CERT_IN_CHAIN'),
    /^the broker mqtts:\/\/host:8883 .*mqtt\.tls\.caFile/,
  );
  assert.match(say('ERR_TLS_CERT_ALTNAME_INVALID'), /certificate for another host name/);
  assert.match(say('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'), /mqtt\.tls\.certFile/);
});

test('several connections bring the messages of all their filters, each in a session of its own', async () => {
  await using broker = await startBroker();
  const logger = makeTestLogger();
  const connections = ['north', 'south'].map((name) => ({
    ...base,
    url: broker.url,
    name,
    clientId: `bridge-${name}`,
    filters: new Map([[`${name}/+`, 1]] as const),
  }));
  const parts = { packetIds: makeMemoryPacketIds(), clock, logger };
  const ingress = makeMqttIngress(connections, parts);
  const texts: string[] = [];
  ingress.start(collect(texts));
  await listening(ingress);
  await broker.publish('north/a', 'from the north');
  await broker.publish('south/a', 'from the south');
  await until('both are acknowledged', () => broker.acknowledged.length === 2);
  await ingress.stop();
  // Between connections there is no order.
  assert.deepEqual(texts.toSorted(), ['from the north', 'from the south']);
  assert.deepEqual(broker.acknowledged.toSorted(), ['bridge-north', 'bridge-south']);
});

test('there is no listening before every connection does, and the reason names the one that does not', async () => {
  await using broker = await startBroker();
  const { ingress, logger } = makeMqtt(broker, {
    ...base,
    name: 'lab',
    url: `mqtt://127.0.0.1:${await closedPort()}`,
    filters: new Map([['lab/+', 1]]),
  });
  const texts: string[] = [];
  ingress.start(collect(texts));
  await broker.publish('plant/p1/telemetry', 'a');
  await until('the other is told', () => logger.lines.length > 0);
  await until('one listens', () => broker.aedes.connectedClients === 1);
  await until('a message arrives', async () => {
    await broker.publish('plant/p1/telemetry', 'b');
    return texts.length > 0;
  });
  const { listening: isListening, reason } = ingress.status();
  await ingress.stop();
  assert.equal(isListening, false);
  assert.match(reason, /^the broker mqtt:\S+ \(connection lab\) refuses the connection/);
});
