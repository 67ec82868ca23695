import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import type { Browser, Page } from 'playwright-core';

import { writeSource } from '../../src/page/testSource.ts';
import { axeSource, startBrowser } from './chromium.ts';
import { ADMIN, TECHNICIAN, startPageOrg } from './pageOrg.ts';
import type { PageOrg } from './pageOrg.ts';
import { source } from './source.ts';

// Pages as people see them: a process of the org, a real browser.

let org: PageOrg;
let browser: Browser;
let asset = '';
/** What the browser's console said that somebody should look at. */
const complaints: string[] = [];

before(async () => {
  org = await startPageOrg(source);
  browser = await startBrowser();
  const account = await org.create('Account', { Name: 'Northwind' });
  const values = { Name: 'Pump 7', AccountId: account, SerialNumber: 'PX-1' };
  asset = await org.create('Asset', values);
  await org.create('Case', { Subject: 'Too hot', AssetId: asset });
});
after(async () => {
  await browser.close();
  await org.stop();
});

/** Opens a page as a user; waits until it is drawn, through the build where there is one. */
async function open(path: string, user = ADMIN, width = 1440): Promise<Page> {
  const page = await browser.newPage({
    viewport: { width, height: 900 },
    timezoneId: 'Europe/Berlin',
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(`${org.url}/login?un=${user}&startURL=${encodeURIComponent(path)}`);
  await page.locator('main h1').filter({ hasNotText: 'Preparing' }).waitFor({ timeout: 120_000 });
  return page;
}

const assetPath = (): string => `/lightning/r/Asset/${asset}/view`;

/** What axe finds wrong with a page, as texts. */
async function findings(page: Page): Promise<unknown> {
  await page.evaluate(axeSource);
  return page.evaluate(
    `axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html)))`,
  );
}

test('the page of an Asset shows the components of the package with the data of the viewer', async () => {
  const page = await open(assetPath());
  assert.equal(await page.title(), 'Pump 7 | Asset | Local org');
  const greeting = page.locator('c-greeting').first();
  await greeting.getByText('Good day, Pump 7').waitFor();
  await greeting.getByText('PX-1').waitFor();
  await greeting.getByText('en-US Europe/Berlin Large warm 005 Asset').waitFor();
  await greeting.getByRole('button', { name: 'Too hot' }).waitFor();
  await page.getByRole('heading', { name: 'Cases (1)' }).waitFor();
  await page.locator('lightning-icon svg path').first().waitFor({ state: 'attached' });
  assert.deepEqual(await findings(page), []);
  await page.close();
});

test('a save shows in every wire of the record, with its toast', async () => {
  const page = await open(assetPath());
  await page.locator('c-greeting').getByRole('button', { name: 'Save' }).click();
  await page.getByText('As wished').waitFor();
  await page.locator('c-greeting .serial', { hasText: 'changed' }).waitFor();
  await page.locator('.host-facts').getByText('changed').waitFor();
  await page.close();
});

test('a record action opens over the page and closes by its component and by Escape', async () => {
  const page = await open(assetPath());
  const dialog = page.getByRole('dialog', { name: 'Greet' });
  await page.getByRole('button', { name: 'Greet' }).click();
  await dialog.getByText('Good day, Pump 7').waitFor();
  assert.deepEqual(await findings(page), []);
  await dialog.getByRole('button', { name: 'Done' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Greet' }).click();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await page.close();
});

test('a component leads to the page of a Case, and that back to the Asset', async () => {
  const page = await open(assetPath());
  await page.locator('c-greeting').getByRole('button', { name: 'Too hot' }).click();
  await page.waitForURL(/\/lightning\/r\/Case\/500\w+\/view$/);
  await page.getByRole('heading', { level: 1, name: /Case/ }).waitFor();
  await page.locator('.host-details').getByText('Too hot').waitFor();
  assert.deepEqual(await findings(page), []);
  await page.locator('.host-facts').getByRole('link', { name: 'Pump 7' }).click();
  await page.waitForURL(new RegExp(`${assetPath()}$`));
  await page.close();
});

test('a list view is one click away, and shows what its filter lets through', async () => {
  await org.create('Case', { Subject: 'On fire', AssetId: asset, Priority: 'High' });
  const page = await open('/lightning/o/Case/list');
  await page.getByRole('heading', { level: 1, name: 'Cases All' }).waitFor();
  await page.locator('.host-table').getByText('Too hot').waitFor();
  await page.getByRole('link', { name: 'High Priority' }).click();
  await page.waitForURL(/filterName=High$/);
  await page.locator('.host-table').getByText('On fire').waitFor();
  assert.equal(await page.locator('.host-table').getByText('Too hot').count(), 0);
  assert.equal(await page.locator('.host-table thead th').count(), 2);
  assert.equal(await page.title(), 'High Priority | Cases | Local org');
  const current = page.locator('.host-choices [aria-current=page]');
  assert.equal(await current.textContent(), 'High Priority');
  assert.deepEqual(await findings(page), []);
  await page.close();
});

test('an Asset that one may not see shows nothing, and is in no list', async () => {
  const earlier = complaints.length;
  const page = await open(assetPath(), TECHNICIAN);
  await page.getByRole('heading', { name: 'You can’t see this page' }).waitFor();
  assert.equal(await page.title(), 'No access | Local org');
  assert.doesNotMatch(await page.content(), /Pump|PX-1|Northwind|Too hot/);
  assert.equal(await page.locator('c-greeting').count(), 0);
  assert.deepEqual(await findings(page), []);
  await page.close();
  const list = await open('/lightning/o/Asset/list', TECHNICIAN);
  await list.getByText('There are no Assets that you may see.').waitFor();
  assert.deepEqual(await findings(list), []);
  await list.close();
  // The browser itself reports answers of the API with a status of 400 and more.
  complaints.splice(earlier);
});

test('on a phone everything is in one column and nothing has to be scrolled sideways', async () => {
  for (const path of [assetPath(), '/lightning/o/Asset/list', '/lightning/o/Case/list']) {
    const page = await open(path, ADMIN, 390);
    const width = await page.evaluate('document.documentElement.scrollWidth');
    assert.equal(width, 390, path);
    assert.deepEqual(await findings(page), []);
    await page.close();
  }
  const page = await open(assetPath(), ADMIN, 390);
  await page.getByText('Europe/Berlin Small warm').waitFor();
  await page.close();
});

test('nothing complained meanwhile', () => {
  assert.deepEqual(complaints, []);
});

test('a bundle that was changed is built at the next load, and says where it does not compile', async () => {
  const template = 'lwc/greeting/greeting.html';
  writeSource(org.source, { [template]: '<template>\n<p class={a b}></p>\n</template>' });
  const page = await open(assetPath());
  await page.getByRole('heading', { name: 'A component does not compile' }).waitFor();
  await page.getByText('lwc/greeting/greeting.html:2:').waitFor();
  writeSource(org.source, { [template]: '<template><p>Mended</p></template>' });
  await page.reload();
  await page.getByText('Mended').waitFor({ timeout: 60_000 });
  await page.close();
});
