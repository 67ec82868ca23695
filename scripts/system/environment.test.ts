import assert from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { startBroker } from './broker.ts';
import { connectFeed } from './feed.ts';
import { waitFor } from './wait.ts';
import { makeWorld, untilReady } from './world.ts';
import type { BridgeConfig } from './world.ts';

const OTHER_ORG = '00D000000000001';

const withEnvironment = (config: BridgeConfig, name: string, orgId: string, brokerUrl: string) => ({
  ...config,
  environment: { name, orgId, brokers: [new URL(brokerUrl).host] },
});

test('a bridge whose pinned org is another one refuses before anything is published, and runs once it is right', async () => {
  await using world = await makeWorld();
  await using broker = await startBroker(world.folder);
  const { state } = await world.startOrg();
  const admin = await world.admin(state);
  await world.seed(admin, [{ key: 'pump-001', type: 'pump' }]);
  const config = await world.withPolicies(world.bridgeConfig(broker.url, state), [
    'pump-vibration-high',
  ]);
  const wrong = await world.launchBridge(withEnvironment(config, 'test', OTHER_ORG, broker.url));
  assert.equal(await wrong.ended, 2, wrong.output());
  assert.match(
    wrong.output(),
    new RegExp(
      `leads to the org ${state.organizationId}; environment.orgId allows only ${OTHER_ORG}`,
    ),
  );
  assert.match(wrong.output(), /Correct salesforce\.loginUrl/);
  assert.equal(await admin.count('SELECT COUNT() FROM Signal_Bridge__c'), 0);

  const right = withEnvironment(config, 'test', state.organizationId, broker.url);
  const bridge = await world.startBridge(right);
  await untilReady(bridge);
  await using feed = await connectFeed(broker.url);
  await feed.bearingWear('pump-001', Date.now() - 5 * 60_000, 8);
  await waitFor(
    'the Case',
    async () => ((await admin.count('SELECT COUNT() FROM Case')) === 1 ? true : undefined),
    30_000,
  );
  bridge.kill('SIGTERM');
  assert.equal(await bridge.ended, 0);

  // The data of test go nowhere else, though the org would let them in.
  const file = join(world.folder, 'bridge/environment.json');
  assert.match(await readFile(file, 'utf8'), /"name":"test"/);
  const crossed = withEnvironment(config, 'production', state.organizationId, broker.url);
  const refused = await world.launchBridge(crossed);
  assert.equal(await refused.ended, 2);
  assert.match(
    refused.output(),
    /dataDir holds the data of the environment test .*environment\.json/,
  );
  await rm(file);
  const moved = await world.startBridge(crossed);
  await untilReady(moved);
});

test('a production configuration pointed at a sandbox is refused', async () => {
  await using world = await makeWorld({ sandbox: true });
  await using broker = await startBroker(world.folder);
  const { state } = await world.startOrg();
  const config = world.bridgeConfig(broker.url, state);
  const { organizationId } = state;
  const bridge = await world.launchBridge(
    withEnvironment(config, 'production', organizationId, broker.url),
  );
  assert.equal(await bridge.ended, 2, bridge.output());
  assert.match(
    bridge.output(),
    /environment\.name is production, and the org \w+ at .* is a sandbox/,
  );
  const bridgeOfTest = await world.startBridge(
    withEnvironment(config, 'test', organizationId, broker.url),
  );
  await untilReady(bridgeOfTest);
});

test('an org that was away at the start and turns out to be another one gets nothing, and the bridge ends', async () => {
  await using world = await makeWorld();
  await using broker = await startBroker(world.folder);
  const org = await world.startOrg();
  const admin = await world.admin(org.state);
  await world.seed(admin, [{ key: 'pump-001', type: 'pump' }]);
  org.kill('SIGTERM');
  await org.ended;
  const config = withEnvironment(
    world.bridgeConfig(broker.url, org.state),
    'test',
    OTHER_ORG,
    broker.url,
  );
  const bridge = await world.startBridge(config);
  const listens = async () =>
    (await (await fetch(`${bridge.httpUrl}/readyz`)).text()).includes('"mqtt":{"ok":true') ||
    undefined;
  await waitFor('the bridge listens', listens, 20_000);
  await using feed = await connectFeed(broker.url);
  await feed.bearingWear('pump-001', Date.now() - 5 * 60_000, 8);
  const { state } = await world.startOrg();
  assert.equal(await bridge.ended, 2);
  assert.match(bridge.output(), /environment\.orgId allows only/);
  const back = await world.admin(state);
  assert.equal(await back.count('SELECT COUNT() FROM Asset_Signal__c'), 0);
});
