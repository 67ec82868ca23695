import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';

import express from 'express';

import { insertRow } from '../store/seed.ts';
import { openTestOrg, testMetadata } from '../store/testOrg.ts';
import { homePage } from './home.ts';
import type { Overview } from './overview.ts';
import { renderPage } from './page.ts';

const empty: Overview = {
  openCases: 0,
  allCases: 0,
  signals: { Received: 0, Acted: 0, Suppressed: 0, Failed: 0 },
  failureCount: 0,
  cases: [],
  recentSignals: [],
  failures: [],
};

test('the page of an empty org says so instead of showing empty tables', () => {
  const page = renderPage(empty, '00D');
  assert.match(page, /No Case yet/);
  assert.doesNotMatch(page, /<table>/);
});

test('what devices wrote is shown as text, never as markup', () => {
  const row = ['', '', '', '', '<img src=x onerror=alert(1)>', '', '"quoted" & more'];
  const page = renderPage({ ...empty, recentSignals: [row] }, '00D');
  assert.doesNotMatch(page, /<img/);
  assert.match(page, /&lt;img src=x onerror=alert\(1\)&gt;/);
  assert.match(page, /&quot;quoted&quot; &amp; more/);
});

test('the address of the org shows its Cases to whoever opens it', async () => {
  const org = openTestOrg();
  const account = org.insert('Account', { Name: 'Northwind' });
  const asset = org.insert('Asset', { Name: 'Pump 1', AccountId: account });
  org.insert('Case', { Subject: 'Too hot', AssetId: asset, AccountId: account });
  const visitor = insertRow(
    org.store,
    'User',
    {
      Username: 'tech@example.test',
      LastName: 'Tech',
      ProfileId: String(org.store.select({ object: 'Profile' })[0]?.['Id']),
    },
    org.actor,
  );
  const app = express().use(homePage(org.store, testMetadata, '00D', new Set([visitor])));
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const answer = await fetch(`http://127.0.0.1:${address.port}/`);
  const page = await answer.text();
  server.close();
  assert.match(answer.headers.get('content-type') ?? '', /html/);
  for (const words of ['Too hot', 'Pump 1', 'Northwind']) assert.match(page, new RegExp(words));
  assert.match(page, /un=tech%40example\.test&amp;startURL=%2Flightning%2Fo%2FCase%2Flist/);
});
