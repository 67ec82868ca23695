import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';

import express from 'express';

import { readSession } from '../api/session.ts';
import { openFlowTestOrg } from '../automation/flowTestOrg.ts';
import { create, filter, flowXml, go, onEvent, onSave } from '../automation/flowTestXml.ts';
import { insertRow } from '../store/seed.ts';
import type { Overview } from './overview.ts';
import { renderPage } from './page.ts';
import { consoleRoutes } from './routes.ts';

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

const flow = flowXml(
  onSave('RecordAfterSave', 'Write', filter('Key__c', 'NotEqualTo', 'quiet')),
  create('Write', 'Job__c', { Key__c: '!$Record.Note__c' }, go('Late', 'faultConnector')) +
    create('Late', 'Log__c', { Text__c: 'late' }),
);
const hearing = flowXml(onEvent('Hear'), create('Hear', 'Log__c', { Text__c: '!$Record.Key__c' }));

/** The console over HTTP: `get(path, who)` as an administrator, as another user, or as nobody. */
async function openConsole(t: TestContext, flowRuns = 100) {
  const org = openFlowTestOrg({ Main: flow, Hearing: hearing }, { flowRuns });
  const profile = String(org.store.select({ object: 'Profile' })[0]?.['Id']);
  const user = (name: string): string =>
    insertRow(
      org.store,
      'User',
      { Username: `${name}@example.test`, LastName: name, ProfileId: profile },
      org.actor,
    );
  const [admin, tech] = [user('Admin'), user('Tech')];
  const app = express();
  const session = (userId: string) => ({ userId, organizationId: org.organizationId });
  app.use(readSession({ session }, () => undefined));
  app.use(
    consoleRoutes({
      store: org.store,
      metadata: org.metadata,
      organizationId: org.organizationId,
      logins: new Map([
        [admin, { isAdministrator: true }],
        [tech, { isAdministrator: false }],
      ]),
      runs: org.runs,
      bus: org.automation.bus,
    }),
  );
  const server = app.listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const root = `http://127.0.0.1:${address.port}`;
  const get = async (path: string, who: string | undefined = admin) => {
    const headers = who === 'nobody' ? {} : { cookie: `sid=${who}` };
    const answer = await fetch(`${root}${path}`, { headers, redirect: 'manual' });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };
  return { org, tech, get };
}

const PATHS = ['/', '/console/runs', '/console/runs/1', '/console/records/x', '/console/events'];

test('who is not logged in is sent to the login and comes back to the page', async (t) => {
  const { get } = await openConsole(t);
  for (const path of PATHS) {
    const answer = await get(path, 'nobody');
    assert.equal(answer.status, 302);
    assert.equal(
      answer.headers.get('location'),
      `/login?${new URLSearchParams({ startURL: path }).toString()}`,
    );
  }
});

test('who is no administrator sees no rows but the way to the own pages', async (t) => {
  const { org, tech, get } = await openConsole(t);
  org.insert('Case', { Subject: 'Too hot' });
  org.insert('Job__c', { Key__c: 'a', Note__c: 'quiet' });
  const job = String(org.rows('Job__c')[0]?.['Id']);
  for (const path of [...PATHS, `/console/records/${job}`, '/CONSOLE/runs', '/console/runs/']) {
    const { status, text } = await get(path, tech);
    assert.equal(status, 403, path);
    assert.match(text, /Tech, who is not a System Administrator/);
    assert.match(text, /href="\/lightning\/o\/Asset\/list"/);
    assert.doesNotMatch(text, /Too hot|<table>|Main|\/console\//);
  }
});

test('an administrator sees the Cases on the first page, each leading to its record', async (t) => {
  const { org, get } = await openConsole(t);
  org.insert('Case', { Subject: 'Too hot' });
  const { text, headers } = await get('/');
  assert.match(text, /Too hot/);
  assert.match(text, /un=Tech%40example\.test&amp;startURL=%2Flightning%2Fo%2FCase%2Flist/);
  assert.match(headers.get('cache-control') ?? '', /no-store/);
  const path = /\/console\/records\/\w{18}/.exec(text)?.[0] ?? '';
  assert.match((await get(path)).text, /Subject<\/dt><dd>Too hot/);
});

test('runs are listed, filtered by flow, by record and by trouble', async (t) => {
  const { org, get } = await openConsole(t);
  org.insert('Job__c', { Key__c: 'same', Note__c: 'same' });
  org.insert('Job__c', { Key__c: 'fine', Note__c: 'quiet' });
  org.publish('Job__e', { Key__c: 'k' });
  await org.automation.idle();
  const rows = async (query: string): Promise<number> =>
    [...(await get(`/console/runs${query}`)).text.matchAll(/href="\/console\/runs\/\d+"/g)].length;
  assert.equal(await rows(''), 3);
  assert.equal(await rows('?flow=Hearing'), 1);
  assert.equal(await rows('?troubled=1'), 1);
  const fine = org.rows('Job__c').find((row) => row['Key__c'] === 'fine');
  assert.equal(await rows(`?id=${String(fine?.['Id'])}`), 1);
  assert.equal(await rows('?flow=Nobody'), 0);
  assert.match((await get('/console/runs?flow=%3Cb%3E')).text, /value="&lt;b&gt;" selected/);
});

test('a run is shown step by step, with ways, values, limits and the message of a fault', async (t) => {
  const { org, get } = await openConsole(t);
  org.insert('Job__c', { Key__c: 'same', Note__c: 'same' });
  const { text } = await get('/console/runs/1');
  assert.match(text, /1\. Write<\/h3><p>Create Records · left by the fault path/);
  assert.match(text, /DUPLICATE_VALUE/);
  assert.match(text, /Key__c \(in\)<\/dt><dd>same/);
  assert.match(text, /2\. Late<\/h3><p>Create Records · went on/);
  assert.match(text, /DML statements 2 of 150/);
  assert.match(text, new RegExp(`/console/records/${String(org.rows('Job__c')[0]?.['Id'])}`));
});

test('what a record holds is text on its page and on those of its runs, never markup', async (t) => {
  const { org, get } = await openConsole(t);
  org.insert('Job__c', { Key__c: '<img src=x>', Note__c: '<img src=x>' });
  const id = String(org.rows('Job__c')[0]?.['Id']);
  for (const path of ['/console/runs', '/console/runs/1', `/console/records/${id}`])
    assert.doesNotMatch((await get(path)).text, /<img/);
});

test('an event leads to the runs that it set off', async (t) => {
  const { org, get } = await openConsole(t);
  org.publish('Job__e', { Key__c: 'first' }, { Key__c: 'second' });
  await org.automation.idle();
  const { text } = await get('/console/events');
  assert.ok(text.indexOf('Key__c: second') < text.indexOf('Key__c: first'));
  const path = /\/console\/runs\?id=[\w-]+/.exec(text)?.[0] ?? '';
  const runs = await get(path);
  assert.equal([...runs.text.matchAll(/href="\/console\/runs\/\d+"/g)].length, 1);
});

test('runs and records that are not there are said to be missing', async (t) => {
  const { get } = await openConsole(t);
  const gone = ['/console/runs/99', '/console/runs/x', '/console/records/500000000000000AAA'];
  for (const path of gone) {
    const { status, text } = await get(path);
    assert.deepEqual([status, /not found/.test(text)], [404, true], path);
  }
});

test('a console that records nothing says so', async (t) => {
  const { get } = await openConsole(t, 0);
  assert.match((await get('/console/runs')).text, /Runs are not recorded now/);
});
