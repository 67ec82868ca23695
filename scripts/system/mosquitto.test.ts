import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { connectFeed } from './feed.ts';
import { startMosquitto } from './mosquitto.ts';
import { waitFor } from './wait.ts';
import { makeWorld, untilReady } from './world.ts';

for (const protocolVersion of [4, 5] as const) {
  test(`a fault behind Mosquitto with TLS, password and client certificate is one Case (MQTT ${protocolVersion === 4 ? '3.1.1' : '5'}), also when the broker is killed in between`, async () => {
    await using world = await makeWorld();
    await using broker = await startMosquitto(join(world.folder, 'mosquitto'), { tls: true });
    const reading = protocolVersion === 4 ? 'row' : 'batch';
    const org = await world.startOrg(['--assume', `duplicate-in-batch=${reading}`]);
    const admin = await world.admin(org.state);
    await world.seed(admin, [{ key: 'pump-001', type: 'pump' }]);
    const config = world.bridgeConfig(broker.url, org.state);
    const bridge = await world.startBridge(
      {
        ...config,
        mqtt: {
          url: broker.url,
          protocolVersion,
          clientId: 'bridge-under-test',
          username: broker.user,
          password: '${TEST_MQTT_PASSWORD}',
          tls: {
            caFile: broker.caFile,
            certFile: broker.clientCertFile,
            keyFile: broker.clientKeyFile,
          },
        },
      },
      { TEST_MQTT_PASSWORD: broker.password },
    );
    await untilReady(bridge);

    const secured = {
      ca: await readFile(broker.caFile),
      cert: await readFile(broker.clientCertFile),
      key: await readFile(broker.clientKeyFile),
      username: broker.user,
      password: broker.password,
    };
    const start = Date.now() - 120_000;
    {
      await using feed = await connectFeed(broker.url, secured);
      await feed.bearingWear('pump-001', start, 10);
    }
    const openCases = () => admin.count('SELECT COUNT() FROM Case');
    await waitFor('the Case', async () => ((await openCases()) >= 1 ? true : undefined), 20_000);
    await broker.restart('SIGKILL');
    {
      await using feed = await connectFeed(broker.url, secured);
      await feed.health('pump-001', start + 10_000, 20);
    }
    await waitFor(
      'the episode is cleared',
      async () => {
        const cleared = `SELECT COUNT() FROM Asset_Signal__c WHERE Phase__c = 'Cleared' AND Disposition__c = 'Acted'`;
        return (await admin.count(cleared)) === 1 ? true : undefined;
      },
      40_000,
    );
    assert.equal(await openCases(), 1);
    assert.doesNotMatch(bridge.output(), new RegExp(broker.password), 'no password in the log');
  });
}
