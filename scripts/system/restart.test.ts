import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';

import { PASSWORD_VARIABLE } from '../demo/bridgeConfig.ts';
import { readLogFiles } from '../verify/logFiles.ts';
import { startBroker } from './broker.ts';
import { connectFeed } from './feed.ts';
import { startMosquitto } from './mosquitto.ts';
import type { Mosquitto } from './mosquitto.ts';
import { waitFor } from './wait.ts';
import { makeWorld, untilReady } from './world.ts';

const MINUTE = 60_000;
const devices = Array.from({ length: 8 }, (_, index) => ({
  key: `pump-${String(index + 1).padStart(3, '0')}`,
  type: 'pump',
}));

const withUser = ({ url, user, password }: Mosquitto): string =>
  url.replace('://', `://${user}:${password}@`);

/** Nobody says in public what a duplicate fails; kills make duplicates, so both readings must do. */
for (const reading of ['row', 'batch']) {
  const assume = ['--assume', `duplicate-in-batch=${reading}`];

  test(`the org killed in the middle of a run loses nothing and opens no Case twice (a duplicate fails its ${reading})`, async () => {
    await using world = await makeWorld();
    await using broker = await startBroker(world.folder);
    let org = await world.startOrg(assume);
    const admin = await world.admin(org.state);
    await world.seed(admin, devices);
    const config = world.bridgeConfig(broker.url, org.state);
    const policies = await world.withPolicies(config, ['pump-vibration-high']);
    await untilReady(await world.startBridge(policies));
    await using feed = await connectFeed(broker.url);

    const start = Date.now() - 10 * MINUTE;
    for (const [index, { key }] of devices.entries()) {
      await feed.bearingWear(key, start, 6);
      // Killed while events are published, ingested and routed, not between them.
      if (index === 3 || index === 6) {
        org.kill('SIGKILL');
        await org.ended;
        org = await world.startOrg(assume);
      }
      await feed.health(key, start + 6_000, 12);
    }
    const again = await world.admin(org.state);
    await waitFor(
      'every episode has its Opened, Updated (or not) and Cleared routed',
      async () => {
        const cleared = `SELECT COUNT() FROM Asset_Signal__c WHERE Phase__c = 'Cleared' AND Disposition__c = 'Acted'`;
        return (await again.count(cleared)) === devices.length ? true : undefined;
      },
      90_000,
      500,
    );
    assert.equal(await again.count('SELECT COUNT() FROM Case'), devices.length);
    assert.equal(
      await again.count("SELECT COUNT() FROM Asset_Signal__c WHERE Disposition__c = 'Received'"),
      0,
    );
  });

  test(`the bridge killed in the middle of a run keeps every acknowledged reading and repeats its keys (a duplicate fails its ${reading})`, async () => {
    await using world = await makeWorld();
    // Mosquitto, because it sends a returning session what it missed before anything newer. The
    // embedded broker mixes both, and readings older than the last of their device are not judged.
    await using broker = await startMosquitto(join(world.folder, 'mosquitto'), { tls: false });
    const org = await world.startOrg(assume);
    const admin = await world.admin(org.state);
    await world.seed(admin, devices);
    // Without the silence policy: these devices say nothing once their story is told.
    const config = await world.withPolicies(world.bridgeConfig(withUser(broker), org.state), [
      'pump-vibration-high',
    ]);
    const secrets = { [PASSWORD_VARIABLE]: broker.password };
    let bridge = await world.startBridge(config, secrets);
    await using feed = await connectFeed(broker.url, {
      username: broker.user,
      password: broker.password,
    });
    await untilReady(bridge);

    const start = Date.now() - 10 * MINUTE;
    let sent = 0;
    for (const [index, { key }] of devices.entries()) {
      await feed.bearingWear(key, start, 6);
      if (index % 3 === 1) {
        bridge.kill('SIGKILL');
        await bridge.ended;
        bridge = await world.startBridge(config, secrets);
      }
      await feed.health(key, start + 6_000, 12);
      sent += 5 + 6 + 12;
    }
    await waitFor(
      'every episode is cleared in the org',
      async () => {
        const cleared = `SELECT COUNT() FROM Asset_Signal__c WHERE Phase__c = 'Cleared' AND Disposition__c = 'Acted'`;
        return (await admin.count(cleared)) === devices.length ? true : undefined;
      },
      90_000,
      500,
    );
    assert.equal(await admin.count('SELECT COUNT() FROM Case'), devices.length);
    const logged = readLogFiles(join(world.folder, 'bridge/log'));
    const distinct = new Set(logged.map(({ topic, payload }) => `${topic} ${payload.toString()}`));
    assert.equal(distinct.size, sent, 'each reading is in the log');
  });
}
