import assert from 'node:assert/strict';
import { createSign, generateKeyPairSync } from 'node:crypto';
import { after, before, test } from 'node:test';

import { generate } from 'selfsigned';

import { at, openTestApi } from '../rest/testApi.ts';
import type { TestApi } from '../rest/testApi.ts';

let api: TestApi;
let key: string;
before(async () => {
  const pems = await generate([{ name: 'commonName', value: 'client' }], { algorithm: 'sha256' });
  key = pems.private;
  api = await openTestApi({
    clients: ({ adminId }) =>
      new Map([
        [
          'the-client',
          {
            clientId: 'the-client',
            certificate: pems.cert,
            users: new Map([['admin@example.test', adminId]]),
          },
        ],
      ]),
  });
});
after(() => api.close());

interface Claims {
  readonly iss?: string;
  readonly sub?: string;
  readonly aud?: string | string[];
  /** Seconds from now. */
  readonly expiresIn?: number | undefined;
}

function sign(claims: Claims = {}, privateKey = key, algorithm = 'RS256'): string {
  const { expiresIn = 180, ...rest } = claims;
  const payload = {
    iss: 'the-client',
    sub: 'admin@example.test',
    aud: 'https://login.salesforce.com',
    ...rest,
    exp: Math.floor(api.clock.time / 1000) + expiresIn,
  };
  const encode = (value: unknown): string =>
    Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${encode({ alg: algorithm, typ: 'JWT' })}.${encode(payload)}`;
  if (algorithm === 'none') return `${text}.`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url')}`;
}

async function ask(assertion: string, grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer') {
  const response = await fetch(`${api.url}/services/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: grantType, assertion }),
  });
  const body: unknown = await response.json();
  return { status: response.status, body };
}

async function refusal(assertion: string): Promise<unknown[]> {
  const { status, body } = await ask(assertion);
  assert.equal(status, 400);
  assert.equal(at(body, 'access_token'), undefined);
  return [at(body, 'error'), at(body, 'error_description')];
}

const invalid = ['invalid_grant', 'invalid assertion'];

test('a good assertion gets a token that opens the API, and says who it is for', async () => {
  const { status, body } = await ask(sign());
  assert.equal(status, 200);
  const token = String(at(body, 'access_token'));
  assert.match(token, new RegExp(`^${api.organizationId.slice(0, 15)}!`));
  assert.equal(at(body, 'instance_url'), api.url);
  assert.equal(at(body, 'id'), `${api.url}/id/${api.organizationId}/${api.adminId}`);
  assert.equal((await api.call('GET', '/limits', undefined, token)).status, 200);
});

test('the org’s own address is an audience too, with or without a slash', async () => {
  for (const aud of [api.url, `${api.url}/`, 'https://test.salesforce.com']) {
    assert.equal((await ask(sign({ aud }))).status, 200, aud);
  }
});

test('a key that the certificate does not know is refused', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const other = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  assert.deepEqual(await refusal(sign({}, other)), invalid);
  assert.match(api.log.at(-1) ?? '', /signature verification failed/);
});

test('an assertion without a signature, or with none at all, is refused', async () => {
  assert.deepEqual(await refusal(sign({}, key, 'none')), invalid);
  assert.deepEqual(await refusal('nonsense'), invalid);
  assert.deepEqual(await refusal(''), invalid);
});

test('an expired assertion is refused, one that expires in the far future is not', async () => {
  assert.deepEqual(await refusal(sign({ expiresIn: -60 })), invalid);
  assert.equal((await ask(sign({ expiresIn: 300 }))).status, 200);
  assert.equal((await ask(sign({ expiresIn: 1000 * Date.now() }))).status, 200);
});

test('another audience is refused', async () => {
  assert.deepEqual(await refusal(sign({ aud: 'https://example.test' })), [
    'invalid_grant',
    'audience is invalid',
  ]);
});

test('a user who is not approved for the client is refused', async () => {
  assert.deepEqual(await refusal(sign({ sub: 'clerk@example.test' })), [
    'invalid_app_access',
    'user is not admin approved to access this app',
  ]);
  assert.deepEqual(await refusal(sign({ sub: 'nobody@example.test' })), [
    'invalid_grant',
    "user hasn't approved this consumer",
  ]);
});

test('an unknown client and another grant are refused', async () => {
  assert.deepEqual(await refusal(sign({ iss: 'nobody' })), [
    'invalid_client_id',
    'client identifier invalid',
  ]);
  const { status, body } = await ask(sign(), 'password');
  assert.deepEqual([status, at(body, 'error')], [400, 'unsupported_grant_type']);
});

test('the log of refusals names the reason and never the assertion', async () => {
  const assertion = sign({ sub: 'nobody@example.test' });
  await refusal(assertion);
  const line = api.log.at(-1) ?? '';
  assert.match(line, /nobody@example\.test is not approved/);
  assert.ok(api.log.every((text) => !text.includes(assertion)));
});

test('tokens end after their time, or when they are revoked', async () => {
  const token = String(at((await ask(sign())).body, 'access_token'));
  const revoke = (text: string) =>
    fetch(`${api.url}/services/oauth2/revoke`, {
      method: 'POST',
      body: new URLSearchParams({ token: text }),
    });
  assert.equal((await revoke(token)).status, 200);
  assert.equal((await revoke(token)).status, 400);
  assert.equal((await api.call('GET', '/limits', undefined, token)).status, 401);

  const another = String(at((await ask(sign())).body, 'access_token'));
  const start = api.clock.time;
  api.clock.time += 7_200_000 - 1;
  assert.equal((await api.call('GET', '/limits', undefined, another)).status, 200);
  api.clock.time += 1;
  assert.equal((await api.call('GET', '/limits', undefined, another)).status, 401);
  api.clock.time = start;
});

test('userinfo and identity answer the owner of the token only', async () => {
  const get = (path: string, token: string) =>
    fetch(`${api.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  const info: unknown = await (await get('/services/oauth2/userinfo', api.admin)).json();
  assert.equal(at(info, 'user_id'), api.adminId);
  assert.equal(at(info, 'preferred_username'), 'admin@example.test');
  assert.equal((await get('/services/oauth2/userinfo', 'nonsense')).status, 403);
  assert.equal((await get(`/id/${api.organizationId}/${api.adminId}`, api.clerk)).status, 403);
  assert.equal((await get(`/id/${api.organizationId}/${api.clerkId}`, api.clerk)).status, 200);
});
