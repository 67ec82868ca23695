import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { after, before, test } from 'node:test';

import { at, openTestApi } from './rest/testApi.ts';
import type { TestApi } from './rest/testApi.ts';

let api: TestApi;
before(async () => {
  api = await openTestApi();
});
after(() => api.close());

function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${api.url}${path}`, { redirect: 'manual', headers });
}

async function logIn(username: string): Promise<string> {
  const response = await get(`/login?un=${username}`);
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

const things = '/services/data/v66.0/sobjects/Thing__c';

test('the login page lists the users of the setup file and nobody else', async () => {
  const response = await get('/login?startURL=/lightning/o/Case/list');
  const html = await response.text();
  assert.equal(response.status, 200);
  assert.match(html, /admin@example\.test/);
  assert.match(html, /startURL=%2Flightning%2Fo%2FCase%2Flist/);
  assert.doesNotMatch(html, /autoproc@/);
});

test('logging in sets a cookie that scripts cannot read and other sites do not send', async () => {
  const response = await get('/login?un=CLERK@example.test&startURL=/lightning/o/Case/list');
  assert.equal(response.status, 302);
  assert.equal(response.headers.get('location'), '/lightning/o/Case/list');
  const [cookie = ''] = response.headers.getSetCookie();
  assert.match(cookie, /^sid=00D[^;]+; Path=\/; HttpOnly; SameSite=Strict$/);
});

test('a user who is none of the setup file gets the list again', async () => {
  const response = await get('/login?un=%3Cb%3Enobody');
  assert.equal(response.status, 404);
  assert.match(await response.text(), /No user &#60;b&#62;nobody may log in/);
  assert.deepEqual(response.headers.getSetCookie(), []);
});

test('logging in leads to no other site', async () => {
  for (const foreign of ['https://evil.test/', '//evil.test/', '/\\evil.test', '/a b']) {
    const query = new URLSearchParams({ un: 'clerk@example.test', startURL: foreign });
    const response = await get(`/login?${query.toString()}`);
    assert.equal(response.headers.get('location'), '/lightning/o/Asset/list', foreign);
  }
});

test('a page reads with its cookie under its own user, and is not counted as an API call', async () => {
  const cookie = await logIn('clerk@example.test');
  const response = await get(`${things}/describe`, { cookie });
  assert.equal(response.status, 200);
  assert.equal(at(await response.json(), 'deletable'), false, 'the clerk, not the administrator');
  assert.equal(response.headers.get('sforce-limit-info'), null);
  const bearer = await api.call('GET', '/sobjects/Thing__c');
  assert.match(bearer.headers.get('sforce-limit-info') ?? '', /^api-usage=1\//);
});

test('with the cookie alone a change must come from a page of this org', async () => {
  const cookie = await logIn('admin@example.test');
  const save = (headers: Record<string, string>): Promise<Response> =>
    fetch(`${api.url}${things}`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ Needed__c: 'x' }),
    });
  assert.equal((await save({})).status, 401);
  assert.equal((await save({ origin: 'http://127.0.0.1:1' })).status, 401);
  assert.equal((await save({ origin: api.url })).status, 201);
  assert.equal((await save({ authorization: `Bearer ${api.admin}` })).status, 201);
});

test('a GET or HEAD changes nothing, whatever other method it names', async () => {
  const cookie = await logIn('admin@example.test');
  const made = await api.call('POST', '/sobjects/Thing__c', { Needed__c: 'x' });
  const record = `${things}/${String(at(made.body, 'id'))}`;
  const many = 'a=1&'.repeat(1_100);
  for (const [method, query] of [
    ['GET', '_HttpMethod=DELETE'],
    ['HEAD', '_HttpMethod=DELETE'],
    ['GET', `${many}_HttpMethod=DELETE`],
  ] as const) {
    await fetch(`${api.url}${record}?${query}`, { method, headers: { cookie } });
    assert.equal((await get(record, { cookie })).status, 200, `${method} ${query.slice(-30)}`);
  }
  const posted = { method: 'POST', headers: { cookie, origin: api.url } };
  assert.equal((await fetch(`${api.url}${record}?_HttpMethod=DELETE`, posted)).status, 204);
});

test('logging out ends the session everywhere', async () => {
  const cookie = await logIn('admin@example.test');
  const out = await get('/secur/logout', { cookie });
  assert.equal(out.headers.get('location'), '/login');
  assert.match(out.headers.getSetCookie()[0] ?? '', /^sid=;.*Expires=Thu, 01 Jan 1970/);
  assert.equal((await get(things, { cookie })).status, 401);
});

test('a page that is used stays logged in; one that is left alone does not', async () => {
  const cookie = await logIn('admin@example.test');
  const hour = 3_600_000;
  for (let hours = 0; hours < 4; hours += 1) {
    api.clock.time += 1.5 * hour;
    assert.equal((await get(things, { cookie })).status, 200);
  }
  api.clock.time += 2 * hour;
  assert.equal((await get(things, { cookie })).status, 401);
});

test('a foreign name that points at this machine is not answered', async () => {
  const statusFor = (host: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      httpRequest(`${api.url}/login`, { headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
  assert.equal(await statusFor('evil.test'), 421);
  assert.equal(await statusFor('127.0.0.1.evil.test:8080'), 421);
  assert.equal(await statusFor('localhost:9999'), 200);
});
