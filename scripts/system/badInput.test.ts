import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';

import { makeClientKey } from '../demo/keys.ts';
import { startBroker } from './broker.ts';
import { connectFeed } from './feed.ts';
import { startMosquitto } from './mosquitto.ts';
import { waitFor } from './wait.ts';
import { makeWorld, untilReady } from './world.ts';
import type { BridgeConfig, OrgState, World } from './world.ts';

const MINUTE = 60_000;
/** For bridges that never get as far as the org. */
const noOrg: OrgState = {
  instanceUrl: 'http://127.0.0.1:1',
  pubsubEndpoint: 'localhost:1',
  pubsubCaFile: '',
  organizationId: '',
};

const withPart = (config: BridgeConfig, part: string, changes: object): BridgeConfig => ({
  ...config,
  [part]: { ...(config[part] as object), ...changes },
});

/** Configuration of a bridge without an org; its CA file must exist all the same. */
const offline = (world: World, brokerUrl = 'mqtt://127.0.0.1:1'): BridgeConfig =>
  world.bridgeConfig(brokerUrl, { ...noOrg, pubsubCaFile: world.key.certificateFile });

test('a wrong configuration key is refused with the key, what is allowed and exit code 2', async () => {
  await using world = await makeWorld();
  const config = withPart(offline(world), 'mqtt', { clientID: 'x', keepAlive: 'soon' });
  const bridge = await world.launchBridge(config);
  assert.equal(await bridge.ended, 2);
  assert.match(bridge.output(), /mqtt\.clientID/);
  assert.match(bridge.output(), /clientId/);
});

test('a missing environment variable is named, its use too, and exit code is 2', async () => {
  await using world = await makeWorld();
  const config = withPart(offline(world), 'mqtt', { username: 'u', password: '${NO_SUCH_SECRET}' });
  const bridge = await world.launchBridge(config);
  assert.equal(await bridge.ended, 2);
  assert.match(bridge.output(), /mqtt\.password/);
  assert.match(bridge.output(), /NO_SUCH_SECRET/);
});

test('an unreachable broker is said once, with its address, and the bridge stays and becomes ready when it is there', async () => {
  await using world = await makeWorld();
  const org = await world.startOrg();
  const reserved = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => reserved.once('listening', resolve));
  const address = reserved.address();
  assert.ok(address !== null && typeof address === 'object');
  await new Promise((resolve) => reserved.close(resolve));
  const url = `mqtt://127.0.0.1:${address.port}`;

  const bridge = await world.startBridge(world.bridgeConfig(url, org.state));
  const said = () => (bridge.output().includes(url) ? true : undefined);
  await waitFor('the bridge names the broker', said, 10_000);
  const notReady = await fetch(`${bridge.httpUrl}/readyz`);
  assert.equal(notReady.status, 503);
  assert.match(await notReady.text(), new RegExp(String(address.port)));
  assert.equal((await fetch(`${bridge.httpUrl}/healthz`)).status, 200);

  await using broker = await startBroker(world.folder, address.port);
  assert.equal(broker.url, url);
  const ready = async () => (await fetch(`${bridge.httpUrl}/readyz`)).ok || undefined;
  await waitFor('the bridge is ready', ready, 40_000, 300);
});

test('wrong broker credentials are named as such and no password is logged', async () => {
  await using world = await makeWorld();
  await using broker = await startMosquitto(join(world.folder, 'mosquitto'), { tls: false });
  const config = withPart(offline(world, broker.url), 'mqtt', {
    username: 'bridge',
    password: '${WRONG_PASSWORD}',
  });
  const bridge = await world.startBridge(config, { WRONG_PASSWORD: 'not-the-password' });
  const said = () =>
    /not authori[sz]ed|password|credential/i.test(bridge.output()) ? true : undefined;
  await waitFor('the bridge says that it was refused', said, 15_000);
  assert.doesNotMatch(bridge.output(), /not-the-password/);
});

test('a certificate the org does not know is named, and signals wait until it is known', async () => {
  await using world = await makeWorld();
  await using broker = await startBroker(world.folder);
  const org = await world.startOrg();
  const admin = await world.admin(org.state);
  await world.seed(admin, [{ key: 'pump-001', type: 'pump' }]);
  const other = await makeClientKey(
    join(world.folder, 'other.key'),
    join(world.folder, 'other.crt'),
  );
  const usual = world.bridgeConfig(broker.url, org.state);
  const config = await world.withPolicies(usual, ['pump-vibration-high']);
  const stranger = withPart(config, 'salesforce', { privateKeyFile: other.privateKeyFile });
  const refused = await world.startBridge(stranger);
  await using feed = await connectFeed(broker.url);
  const listening = async () =>
    /"mqtt":\{"ok":true/.test(await (await fetch(`${refused.httpUrl}/readyz`)).text()) || undefined;
  await waitFor('the bridge listens', listening, 20_000);
  await feed.bearingWear('pump-001', Date.now() - 5 * MINUTE, 8);
  const said = () => (/certificate|private key/i.test(refused.output()) ? true : undefined);
  await waitFor('the bridge says which certificate to check', said, 20_000);
  assert.equal(await admin.count('SELECT COUNT() FROM Case'), 0);
  refused.kill('SIGTERM');
  assert.equal(await refused.ended, 0);

  await world.startBridge(config);
  const found = async () =>
    (await admin.count('SELECT COUNT() FROM Case')) === 1 ? true : undefined;
  await waitFor('the Case of the waiting signal', found, 30_000);
});

test('bad messages go to quarantine whole, with a reason, and good ones beside them go on', async () => {
  await using world = await makeWorld();
  await using broker = await startBroker(world.folder);
  const org = await world.startOrg();
  const admin = await world.admin(org.state);
  await world.seed(admin, [{ key: 'pump-001', type: 'pump' }]);
  const bridge = await world.startBridge(world.bridgeConfig(broker.url, org.state));
  await untilReady(bridge);
  await using feed = await connectFeed(broker.url);
  const topic = 'plant/pump/pump-001/telemetry';
  const at = (time: string, vibration: unknown): string =>
    JSON.stringify({ ts: time, metrics: { vibration } });
  const now = new Date().toISOString();
  const huge = JSON.stringify({ ts: now, metrics: { vibration: 1 }, pad: 'x'.repeat(512 * 1024) });
  const bad: readonly (readonly [string, string | Buffer])[] = [
    ['malformed', '{"ts": "2026'],
    ['malformed', Buffer.from([0xff, 0xfe, 0x00, 0x7b])],
    ['wrong-type', at(now, '12.5')],
    ['clock-skew', at('2099-01-01T00:00:00Z', 2.4)],
    ['missing-field', '{"metrics":{"vibration":2}}'],
    ['too-large', huge],
  ];
  for (const [, payload] of bad) await feed.send(topic, payload);
  await feed.bearingWear('pump-001', Date.now() - 5 * MINUTE, 8);
  const found = async () =>
    (await admin.count('SELECT COUNT() FROM Case')) === 1 ? true : undefined;
  await waitFor('the Case of the good readings', found, 30_000);

  const file = new DatabaseSync(join(world.folder, 'bridge/bridge.sqlite'), { readOnly: true });
  const rows = file.prepare('SELECT kind, reason, payload FROM quarantine ORDER BY id').all();
  file.close();
  assert.deepEqual(
    rows.map(({ kind }) => kind),
    bad.map(([kind]) => kind),
  );
  for (const [index, [, payload]] of bad.entries()) {
    const kept = rows[index]?.['payload'];
    assert.ok(kept instanceof Uint8Array);
    assert.ok(Buffer.from(kept).equals(Buffer.from(payload)), `message ${index} is kept whole`);
    assert.ok(String(rows[index]?.['reason']).length > 20, 'the reason is a sentence');
  }
});

test('signals of a device the org does not know are kept, suppressed with its name, and open no Case', async () => {
  await using world = await makeWorld();
  await using broker = await startBroker(world.folder);
  const org = await world.startOrg();
  const admin = await world.admin(org.state);
  await world.seed(admin, [{ key: 'pump-001', type: 'pump' }]);
  const bridge = await world.startBridge(world.bridgeConfig(broker.url, org.state));
  await untilReady(bridge);
  await using feed = await connectFeed(broker.url);
  await feed.bearingWear('pump-unknown', Date.now() - 5 * MINUTE, 8);
  const suppressed = async () => {
    const [row] = await admin.query(
      "SELECT Disposition_Reason__c FROM Asset_Signal__c WHERE Disposition__c = 'Suppressed'",
    );
    return row;
  };
  const row = await waitFor('the signal has its end', suppressed, 30_000);
  assert.match(JSON.stringify(row), /pump-unknown/);
  assert.equal(await admin.count('SELECT COUNT() FROM Case'), 0);
});

test('with the org down at start the bridge logs and detects, and delivers when the org is there', async () => {
  await using world = await makeWorld();
  await using broker = await startBroker(world.folder);
  const org = await world.startOrg();
  const admin = await world.admin(org.state);
  await world.seed(admin, [{ key: 'pump-001', type: 'pump' }]);
  org.kill('SIGTERM');
  await org.ended;

  // However long the org takes to come back, the device that has said all it has to say is no second Case.
  const config = world.bridgeConfig(broker.url, org.state);
  const bridge = await world.startBridge(await world.withPolicies(config, ['pump-vibration-high']));
  await using feed = await connectFeed(broker.url);
  await waitFor(
    'the bridge takes messages',
    async () => {
      await feed.send('plant/pump/pump-001/telemetry', '{"ts":"x"}');
      const metrics = await (await fetch(`${bridge.httpUrl}/metrics`)).text();
      return /^asset_signals_\w*quarantined\w*\{[^}]*\} [1-9]/m.test(metrics) ? true : undefined;
    },
    20_000,
    300,
  );
  await feed.bearingWear('pump-001', Date.now() - 5 * MINUTE, 8);
  const said = () => (bridge.output().includes(org.state.instanceUrl) ? true : undefined);
  await waitFor('the bridge names the org it cannot reach', said, 20_000);

  const back = await world.startOrg();
  const found = async () =>
    (await (await world.admin(back.state)).count('SELECT COUNT() FROM Case')) === 1
      ? true
      : undefined;
  await waitFor('the Case', found, 60_000, 500);
});
