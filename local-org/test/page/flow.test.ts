import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import type { Browser, Page } from 'playwright-core';

import { axeSource, startBrowser } from './chromium.ts';
import { flowSource } from './flowSource.ts';
import { ADMIN, TECHNICIAN, startPageOrg } from './pageOrg.ts';
import type { PageOrg } from './pageOrg.ts';

// Screen flows as people see them: a process of the org, a real browser.

let org: PageOrg;
let browser: Browser;
let asset = '';

before(async () => {
  org = await startPageOrg(flowSource);
  browser = await startBrowser();
  asset = await org.create('Asset', {
    Name: 'Pump 7',
    SerialNumber: 'PX-1',
    AccountId: await org.create('Account', { Name: 'Northwind' }),
  });
});
after(async () => {
  await browser.close();
  await org.stop();
});

async function open(path: string, user = ADMIN, width = 1280): Promise<Page> {
  const page = await browser.newPage({
    viewport: { width, height: 900 },
    timezoneId: 'Europe/Berlin',
  });
  await page.goto(`${org.url}/login?un=${user}&startURL=${encodeURIComponent(path)}`);
  return page;
}

const flowPath = (rest = ''): string =>
  `/lightning/flow/Asset_SCR_Inspect?flow__recordId=${asset}${rest}`;

/** Waits for the first screen, through the build where there is one. */
async function firstScreen(page: Page): Promise<void> {
  await page.getByText('You inspect Pump 7 (PX-1).').waitFor({ timeout: 120_000 });
}

/** What axe finds wrong with a page, as texts. */
async function findings(page: Page): Promise<unknown> {
  await page.evaluate(axeSource);
  return page.evaluate(
    `axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html)))`,
  );
}

test('a screen flow is answered by keyboard, its errors get the focus, and its end goes where retURL says', async () => {
  const page = await open(flowPath('&retURL=lightning/o/Case/list'));
  await firstScreen(page);
  assert.equal(await page.title(), 'Inspect an Asset | Local org');
  assert.deepEqual(await findings(page), []);
  const what = page.getByLabel('What is wrong?');
  assert.equal(await what.isVisible(), false);
  await page.getByLabel('It runs as it should').focus();
  await page.keyboard.press('ArrowDown');
  await what.waitFor();
  await page.getByLabel('Operating hours').fill('-1');
  await page.getByLabel('Operating hours').press('Enter');
  await page.getByRole('alert').getByText('Review the 2 answers').waitFor();
  assert.deepEqual(await findings(page), []);
  const describes = await page.evaluate(
    `document.activeElement.name + ': ' + document.activeElement.getAttribute('aria-describedby').split(' ').map((id) => document.getElementById(id).textContent).join(' ')`,
  );
  assert.equal(describes, 'What: One line, as for a colleague. Complete this field.');
  await what.fill('Seal leaks');
  await page.getByLabel('Operating hours').fill('1200');
  await page.getByLabel('Leak').check();
  await page.getByLabel('Heat').check();
  await page.getByLabel('Seen at').fill('2026-11-23T10:15');
  await page.getByLabel('It was left safe').check();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('Thank you. Signs: heat;leak; status: ; safe: true.').waitFor();
  assert.deepEqual(await findings(page), []);
  await page.getByRole('button', { name: 'Finish' }).click();
  await page.waitForURL('**/lightning/o/Case/list');
  await page.getByText('Seal leaks').waitFor();
  await page.close();
});

test('Previous shows the answers again, and without retURL the end is a new beginning', async () => {
  const page = await open(flowPath());
  await firstScreen(page);
  await page.getByLabel('It runs as it should').check();
  await page.getByLabel('Notes').fill('quiet');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('Nothing will be opened.').waitFor();
  const focused = await page.evaluate('document.activeElement.textContent');
  assert.equal(focused, 'Nothing to do', 'a new screen is read out by its name');
  await page.getByRole('button', { name: 'Previous' }).click();
  await firstScreen(page);
  assert.equal(await page.getByLabel('Notes').inputValue(), 'quiet');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('button', { name: 'Done' }).click();
  await firstScreen(page);
  assert.equal(await page.getByLabel('Notes').inputValue(), '');
  await page.close();
});

test('an action of a record opens its flow over the page, with the record, on a phone too', async () => {
  const page = await open(`/lightning/r/Asset/${asset}/view`, ADMIN, 390);
  await page.getByRole('button', { name: 'Inspect' }).click({ timeout: 60_000 });
  const dialog = page.getByRole('dialog', { name: 'Inspect' });
  await dialog.getByText('You inspect Pump 7').waitFor();
  assert.deepEqual(await findings(page), []);
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 390);
  await dialog.getByLabel('It runs as it should').check();
  await dialog.getByRole('button', { name: 'Next' }).click();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.close();
});

test('who may not run a flow is told so, and not whether it exists', async () => {
  for (const path of [flowPath(), '/flow/No_Such_Flow']) {
    const page = await open(path, TECHNICIAN);
    await page.getByText('or you may not run it').waitFor({ timeout: 120_000 });
    assert.doesNotMatch(await page.locator('main').innerText(), /Pump|Inspect an Asset/);
    assert.deepEqual(await findings(page), []);
    await page.close();
  }
});
