import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Locator, Page } from 'playwright-core';

import { startBrowser } from '../../local-org/test/page/chromium.ts';
import { TECHNICIAN } from '../demo/orgSetup.ts';
import { startBroker } from './broker.ts';
import { axeFindings, visit } from './browser.ts';
import type { Size } from './browser.ts';
import { connectFeed } from './feed.ts';
import { startFleet } from './live.ts';
import { waitFor } from './wait.ts';
import { makeWorld, untilReady } from './world.ts';

/** The first page of an org may have to wait for its components to be compiled. */
const FIRST_PAGE_MS = 180_000;
const STEP_MS = 30_000;

const sizes: readonly (readonly [Size, string])[] = [
  ['desktop', 'pump-001'],
  ['phone', 'pump-002'],
];

/** Points of the vibration line. */
async function pointsDrawn(page: Page): Promise<number> {
  const line = vibration(page).locator('svg.plot path.line').first();
  const path = await line.getAttribute('d', { timeout: STEP_MS });
  return path?.split(/[ML]/).length ?? 0;
}

const vibration = (page: Page): Locator =>
  page.locator('c-signal-telemetry-chart .row', { hasText: 'vibration' });

test('a technician sees the chart grow, the signal appear, and follows it to its Case, on desktop and phone', async (t) => {
  await using world = await makeWorld();
  await using broker = await startBroker(world.folder);
  const org = await world.startOrg(['--prepare-pages']);
  const admin = await world.admin(org.state);
  const assets = await world.seed(
    admin,
    sizes.map(([, key]) => ({ key, type: 'pump' })),
  );
  const config = world.bridgeConfig(broker.url, org.state);
  await untilReady(
    await world.startBridge(await world.withPolicies(config, ['pump-vibration-high'])),
  );
  await using feed = await connectFeed(broker.url);
  await using fleet = startFleet(feed, [...assets.keys()], 500);
  await using browser = await startBrowser();

  for (const [size, device] of sizes) {
    await t.test(size, async () => {
      const asset = assets.get(device) ?? '';
      const { page, problems, context } = await visit(
        browser,
        org.state,
        TECHNICIAN,
        `/${asset}`,
        size,
      );
      await vibration(page).waitFor({ timeout: FIRST_PAGE_MS });
      await page.getByText('Normal', { exact: true }).waitFor({ timeout: STEP_MS });
      const before = await pointsDrawn(page);
      await waitFor(
        'the line has become longer by itself',
        async () => (await pointsDrawn(page)) > before || undefined,
        STEP_MS,
      );
      assert.deepEqual(await axeFindings(page), []);

      fleet.break(device);
      const signals = page.locator('c-signal-asset-signals');
      const link = signals.getByRole('link', { name: /Case/ });
      await link.waitFor({ timeout: STEP_MS });
      await page.getByText('Attention', { exact: true }).first().waitFor({ timeout: STEP_MS });
      assert.match((await signals.textContent()) ?? '', /vibration/i);
      await page.locator('c-signal-chart-marks').waitFor({ timeout: STEP_MS });
      assert.deepEqual(await axeFindings(page), []);

      await link.click();
      await page.waitForURL(/\/lightning\/r\/Case\/500/, { timeout: STEP_MS });
      await page
        .getByText(/vibration too high/i)
        .first()
        .waitFor({ timeout: STEP_MS });
      assert.deepEqual(await axeFindings(page), []);
      assert.deepEqual(problems, [], 'errors on the console');
      await context.close();
    });
  }
});

test('a technician without access to an asset sees nothing of it, and cannot ask for its telemetry', async () => {
  await using world = await makeWorld({ sharing: { Asset: 'Private' } });
  const org = await world.startOrg(['--prepare-pages']);
  const admin = await world.admin(org.state);
  const assets = await world.seed(admin, [{ key: 'secret-pump', type: 'pump' }]);
  const asset = assets.get('secret-pump') ?? '';
  await using browser = await startBrowser();
  const { page, context } = await visit(browser, org.state, TECHNICIAN, '/login', 'desktop');
  const received: string[] = [];
  page.on('response', async (response) => {
    if (new URL(response.url()).pathname.startsWith('/assets/')) return;
    received.push(await response.text().catch(() => ''));
  });
  await page.goto(`${org.state.instanceUrl}/lightning/r/Asset/${asset}/view`);
  await page
    .getByText(/access/i)
    .first()
    .waitFor({ timeout: FIRST_PAGE_MS });
  await page.waitForLoadState('networkidle');
  const everything = [...received, await page.content()].join('\n');
  for (const secret of ['Secret pump', 'SN-00001', 'secret-pump']) {
    assert.ok(!everything.includes(secret), `${secret} reached the browser`);
  }

  const answer = await context.request.post(
    `${org.state.instanceUrl}/services/data/v66.0/ui-api/records`,
    {
      headers: { origin: org.state.instanceUrl },
      data: { apiName: 'Telemetry_View__c', fields: { Asset__c: asset } },
    },
  );
  assert.match(await answer.text(), /INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY/);
  assert.equal(await admin.count('SELECT COUNT() FROM Telemetry_View__c'), 0);
});
