import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { z } from 'zod';

import type { Org } from '../demo/org.ts';
import { startBrowser } from '../../local-org/test/page/chromium.ts';
import { TECHNICIAN } from '../demo/orgSetup.ts';
import { startBroker } from './broker.ts';
import { SIZES } from './browser.ts';
import { connectFeed } from './feed.ts';
import { startFleet } from './live.ts';
import { makeWorld, untilReady } from './world.ts';

const PAGES = 50;
const MINUTE = 60_000;
/** `telemetry.callsPerMinute`, as the handbook states it. */
const STATED_CALLS = 30;

test(`${PAGES} open pages spend one event delivery each, and the bridge's API calls stay within the stated bound`, async () => {
  await using world = await makeWorld();
  await using broker = await startBroker(world.folder);
  const org = await world.startOrg(['--prepare-pages']);
  const admin = await world.admin(org.state);
  const devices = Array.from({ length: PAGES }, (_, index) => ({
    key: `pump-${String(index + 1).padStart(3, '0')}`,
    type: 'pump',
  }));
  const assets = await world.seed(admin, devices);
  const config = world.bridgeConfig(broker.url, org.state);
  await untilReady(
    await world.startBridge(await world.withPolicies(config, ['pump-vibration-high'])),
  );
  await using feed = await connectFeed(broker.url);
  await using fleet = startFleet(feed, [...assets.keys()], 2000);
  assert.ok(fleet);
  const before = await used(admin);

  await using browser = await startBrowser();
  const context = await browser.newContext({ viewport: SIZES.desktop });
  const { instanceUrl } = org.state;
  for (const asset of assets.values()) {
    const page = await context.newPage();
    const query = new URLSearchParams({ un: TECHNICIAN, startURL: `/${asset}` });
    await page.goto(`${instanceUrl}/login?${query.toString()}`);
  }
  const pages = context.pages();
  assert.equal(pages.length, PAGES);
  for (const page of pages) {
    await page.locator('c-signal-telemetry-chart').waitFor({ timeout: 3 * MINUTE });
  }
  assert.equal(await admin.count('SELECT COUNT() FROM Telemetry_View__c'), PAGES);

  const opened = await used(admin);
  await sleep(MINUTE);
  const later = await used(admin);
  // One of the calls is this test's own look at the limits.
  const calls = later.apiCalls - opened.apiCalls - 1;
  console.log(
    `${PAGES} pages: ${later.deliveries - before.deliveries} deliveries in all, ${calls} API calls a minute`,
  );
  assert.ok(later.deliveries - before.deliveries <= PAGES, 'at most one delivery per view opened');
  assert.equal(later.deliveries, opened.deliveries, 'a page that stays open costs none');
  assert.ok(calls > 0 && calls <= STATED_CALLS, `${calls} calls in a minute`);
  const stale = `SELECT COUNT() FROM Telemetry_View__c WHERE Answered_At__c < ${new Date(Date.now() - MINUTE).toISOString()}`;
  assert.equal(await admin.count(stale), 0, 'every page was kept fresh');
});

const limit = z.object({ Max: z.number(), Remaining: z.number() });
const limits = z.object({ DailyApiRequests: limit, DailyDeliveredPlatformEvents: limit });

/** What the org says has been used. */
async function used(org: Org): Promise<{ readonly apiCalls: number; readonly deliveries: number }> {
  const { DailyApiRequests: api, DailyDeliveredPlatformEvents: delivered } = limits.parse(
    await org.read('/limits'),
  );
  return {
    apiCalls: api.Max - api.Remaining,
    deliveries: delivered.Max - delivered.Remaining,
  };
}
