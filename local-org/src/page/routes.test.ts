import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';

import express from 'express';

import { makeAccess } from '../api/accessControl.ts';
import type { Grants } from '../api/accessControl.ts';
import { readSession } from '../api/session.ts';
import type { PageMetadata } from '../metadata/pages.ts';
import { testMetadata } from '../store/testOrg.ts';
import type { BuildState } from './builder.ts';
import { pageRoutes } from './routes.ts';

const pages: PageMetadata = {
  apps: [{ name: 'Plant', label: 'Plant', tabs: ['Account', 'Thing__c', 'Secret__c'], pages: [] }],
  tabs: new Map(),
  listViews: [],
  layouts: new Map(),
  compactLayouts: new Map(),
  recordPages: new Map(),
  quickActions: [
    { kind: 'flow', name: 'Thing__c.Ask', object: 'Thing__c', label: 'Ask', flow: 'Asks' },
  ],
  bundles: new Map(),
};
const clerkSet = testMetadata.permissionSets.get('Clerk');
assert.ok(clerkSet);
const grants = new Map<string, Grants>([
  ['admin', { isAdministrator: true, permissionSets: [] }],
  [
    'clerk',
    {
      isAdministrator: false,
      permissionSets: [
        { ...clerkSet, shows: { apps: new Set(['Plant']), tabs: new Set(['Thing__c']) } },
      ],
    },
  ],
  ['guest', { isAdministrator: false, permissionSets: [] }],
]);

let state: BuildState = { kind: 'ready', script: '/assets/page-1.js' };
let base = '';
let stop: () => void;

before(async () => {
  const access = makeAccess(testMetadata, grants, (token) =>
    grants.has(token) ? { userId: token, organizationId: '00D' } : undefined,
  );
  const app = express();
  app.use(readSession(access, () => undefined));
  app.use(
    pageRoutes({
      metadata: testMetadata,
      pages,
      access,
      mayRun: (userId, flow) => userId === 'admin' && flow === 'Asks',
      grants,
      builder: {
        current: () => Promise.resolve(state),
        asset: (name) => (name === 'page-1.js' ? 'draw();' : undefined),
        close: () => undefined,
      },
      statics: { styles: ['/assets/a.css'], waitScript: '/assets/wait.js', file: () => undefined },
      nameOfUser: (userId) => `<${userId}>`,
    }),
  );
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  base = `http://127.0.0.1:${address.port}`;
  stop = () => server.close();
});
after(() => stop());

async function open(path: string, user?: string): Promise<{ response: Response; html: string }> {
  const response = await fetch(`${base}${path}`, {
    redirect: 'manual',
    headers: user === undefined ? {} : { cookie: `sid=${user}` },
  });
  return { response, html: await response.text() };
}

const thing = '/lightning/r/Thing__c/a0T000000000001/view';

test('whoever is not logged in is sent to the login, and back afterwards', async () => {
  const { response } = await open(`${thing}?a=1`);
  assert.equal(response.status, 302);
  const start = encodeURIComponent(`${thing}?a=1`);
  assert.equal(response.headers.get('location'), `/login?startURL=${start}`);
});

test('a page holds no data of its record, and of the metadata only what the viewer may read', async () => {
  const { response, html } = await open(thing, 'clerk');
  assert.equal(response.status, 200);
  const [, json = ''] = /id="page-context">(.*?)<\/script>/s.exec(html) ?? [];
  const context: unknown = JSON.parse(json);
  assert.match(json, /"Amount__c"/);
  assert.doesNotMatch(json, /"Notes__c"/, 'a field that the clerk may not read');
  assert.doesNotMatch(json, /"Asset"|"Case"/, 'objects that the clerk may not read');
  assert.match(JSON.stringify(context), /"recordId":"a0T000000000001"/);
  assert.match(html, /&#60;clerk&#62;/, 'a name is text, never markup');
});

test('nothing inside a page runs: scripts come from this org alone', async () => {
  const { response, html } = await open(thing, 'clerk');
  const policy = response.headers.get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'none'; script-src 'self';/);
  const inside = [...html.matchAll(/<script(?![^>]*\bsrc=)([^>]*)>/g)].map(([, more]) => more);
  assert.deepEqual(inside, [' type="application/json" id="page-context"']);
  assert.equal(response.headers.get('cache-control'), 'no-store');
});

test('objects that are missing and objects one may not read look the same', async () => {
  const missing = await open('/lightning/o/Nope__c/list', 'clerk');
  const hidden = await open('/lightning/o/Case/list', 'clerk');
  const strange = await open('/lightning/nowhere', 'clerk');
  const noId = await open('/lightning/r/Thing__c/x/view', 'clerk');
  // Names that every JavaScript object has.
  const builtIn = await open('/lightning/o/constructor/list', 'clerk');
  const proto = await open('/lightning/r/__proto__/a0T000000000001/view', 'clerk');
  for (const { response, html } of [missing, hidden, strange, noId, builtIn, proto]) {
    assert.equal(response.status, 404);
    assert.match(html, /There is no such page, or you have no access to it/);
    assert.doesNotMatch(html, /page-context/);
  }
});

test('the tabs are those of the app that a permission set shows and whose objects one may read', async () => {
  const tabsFor = async (user: string): Promise<string[]> => {
    const { html } = await open(thing, user);
    return [...html.matchAll(/<li><a href="\/lightning\/o\/(\w+)\/list"/g)].map(
      ([, object = '']) => object,
    );
  };
  assert.deepEqual(await tabsFor('admin'), ['Account', 'Thing__c', 'Secret__c']);
  assert.deepEqual(await tabsFor('clerk'), ['Account', 'Thing__c']);
  assert.deepEqual(await tabsFor('guest'), []);
});

test('the action of a flow is shown to who may run the flow', async () => {
  const shown = '"actions":[{"label":"Ask","flow":"Asks"}]';
  assert.ok((await open(thing, 'admin')).html.includes(shown));
  assert.ok(!(await open(thing, 'clerk')).html.includes('Asks'));
});

test('a flow has a page at both of its addresses, which says nothing of the flow itself', async () => {
  for (const path of [
    '/lightning/flow/F?flow__recordId=500&retURL=/',
    '/flow/F?recordId=500&retURL=/',
  ]) {
    assert.equal((await open(path)).response.status, 302, 'only for who is logged in');
    const { response, html } = await open(path, 'clerk');
    assert.equal(response.status, 200);
    assert.match(response.headers.get('content-security-policy') ?? '', /script-src 'self'/);
    assert.match(
      html,
      /"view":\{"kind":"flow","flow":"F","inputs":\{"recordId":"500"\},"returnTo":"\/"\}/,
    );
  }
  assert.equal((await open('/lightning/flow/a%2Fb', 'clerk')).response.status, 404);
});

test('an id alone leads to the page of its object', async () => {
  const { response } = await open('/a0T000000000001');
  assert.equal(response.headers.get('location'), '/lightning/r/a0T000000000001/view');
  const next = await open('/lightning/r/a0T000000000001/view', 'clerk');
  assert.equal(next.response.headers.get('location'), thing);
  assert.equal((await open('/lightning/r/zzz000000000001/view', 'clerk')).response.status, 404);
});

test('while components are compiled the page says so and asks how far it is', async () => {
  state = { kind: 'building', progress: { step: 'base components', done: 3, known: 9 } };
  const { html } = await open(thing, 'clerk');
  assert.match(html, /Preparing the pages/);
  assert.match(html, /src="\/assets\/wait\.js"/);
  const { html: answer } = await open('/lightning/build', 'clerk');
  assert.match(answer, /"kind":"building".*3 of about 9 modules/);
});

test('a component that does not compile is shown with its place, as text', async () => {
  state = {
    kind: 'failed',
    problem: { message: 'Bad <tag>', file: `${process.cwd()}/x.html`, line: 4, column: 2 },
  };
  const { response, html } = await open(thing, 'clerk');
  assert.equal(response.status, 500);
  assert.match(html, /<code>x\.html:4:3<\/code>/);
  assert.match(html, /Bad &#60;tag&#62;/);
});

test('what pages load may be kept for good; what is not there is not found', async () => {
  const { response, html } = await open('/assets/page-1.js');
  assert.equal(html, 'draw();');
  assert.match(response.headers.get('cache-control') ?? '', /immutable/);
  assert.match(response.headers.get('content-type') ?? '', /javascript/);
  assert.equal((await open('/assets/nope.js')).response.status, 404);
});
