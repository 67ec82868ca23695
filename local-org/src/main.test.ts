import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createSign } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { generate } from 'selfsigned';
import { z } from 'zod';

// The program as people run it: a process, its files, its signals.

const folder = mkdtempSync(join(tmpdir(), 'local-org-main-'));
const metadata = join(folder, 'source');
const data = join(folder, 'data');
const running = new Set<ChildProcess>();
let key = '';

const orgFile = z.object({
  instanceUrl: z.string(),
  pubsubEndpoint: z.string(),
  pubsubCaFile: z.string(),
  organizationId: z.string().length(18),
  pid: z.number(),
});

before(async () => {
  const pems = await generate([{ name: 'commonName', value: 'client' }], { algorithm: 'sha256' });
  key = pems.private;
  mkdirSync(metadata, { recursive: true });
  writeFileSync(join(folder, 'cert.pem'), pems.cert);
  writeFileSync(
    join(folder, 'setup.json'),
    JSON.stringify({
      users: [{ username: 'admin@example.test', profile: 'System Administrator' }],
      clients: [{ clientId: 'c', certificateFile: 'cert.pem', users: ['admin@example.test'] }],
    }),
  );
});
after(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

interface Running {
  readonly child: ChildProcess;
  readonly org: z.infer<typeof orgFile>;
}

function spawnOrg(args: readonly string[], env: NodeJS.ProcessEnv = process.env): ChildProcess {
  const main = join(import.meta.dirname, 'main.ts');
  const stdio = ['ignore', 'pipe', 'pipe'] as const;
  const child = spawn(process.execPath, [main, ...args], { stdio: [...stdio], env });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

async function start(...more: readonly string[]): Promise<Running> {
  const path = join(data, 'org.json');
  rmSync(path, { force: true });
  const setup = join(folder, 'setup.json');
  const child = spawnOrg([
    '--port',
    '0',
    '--pubsub-port',
    '0',
    '--data',
    data,
    '--metadata',
    metadata,
    '--setup',
    setup,
    ...more,
  ]);
  let output = '';
  child.stderr?.on('data', (chunk) => (output += String(chunk)));
  // Two cores shared with other tests: starting has taken up to three seconds.
  for (let tries = 0; tries < 300 && !existsSync(path); tries += 1) {
    assert.equal(child.exitCode, null, output);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { child, org: orgFile.parse(JSON.parse(readFileSync(path, 'utf8'))) };
}

async function tokenFor(org: Running['org']): Promise<string> {
  const encode = (value: unknown): string =>
    Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    iss: 'c',
    sub: 'admin@example.test',
    aud: org.instanceUrl,
    exp: Math.floor(Date.now() / 1000) + 60,
  };
  const text = `${encode({ alg: 'RS256' })}.${encode(claims)}`;
  const assertion = `${text}.${createSign('RSA-SHA256').update(text).sign(key, 'base64url')}`;
  const response = await fetch(`${org.instanceUrl}/services/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion,
    }),
  });
  return z.object({ access_token: z.string() }).parse(await response.json()).access_token;
}

async function call(
  org: Running['org'],
  token: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const response = await fetch(`${org.instanceUrl}/services/data/v66.0${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  assert.ok(response.ok, `${path}: ${response.status}`);
  return response.json();
}

const sizeOf = (body: unknown): number => z.object({ totalSize: z.number() }).parse(body).totalSize;

test('a record that was answered, its id and the token survive kill -9', async () => {
  const first = await start('--fresh');
  const token = await tokenFor(first.org);
  const ids: string[] = [];
  for (let index = 0; index < 20; index += 1) {
    const saved = await call(first.org, token, '/sobjects/Account', { Name: `kept ${index}` });
    ids.push(z.object({ id: z.string() }).parse(saved).id);
  }
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');

  const second = await start();
  assert.equal(second.org.organizationId, first.org.organizationId);
  const found = await call(
    second.org,
    token,
    `/query?q=${encodeURIComponent(`SELECT Id FROM Account WHERE Name LIKE 'kept %' ORDER BY Id`)}`,
  );
  const records = z.object({ records: z.array(z.object({ Id: z.string() })) }).parse(found).records;
  assert.deepEqual(
    records.map((record) => record.Id),
    ids,
  );
  second.child.kill('SIGTERM');
  await once(second.child, 'exit');
});

test('--fresh begins with an empty org and keeps the certificates', async () => {
  const { child, org } = await start();
  const certificate = readFileSync(org.pubsubCaFile, 'utf8');
  await call(org, await tokenFor(org), '/sobjects/Account', { Name: 'old' });
  child.kill('SIGTERM');
  await once(child, 'exit');
  const fresh = await start('--fresh');
  const found = await call(
    fresh.org,
    await tokenFor(fresh.org),
    '/query?q=SELECT+COUNT()+FROM+Account',
  );
  assert.equal(sizeOf(found), 0);
  assert.equal(readFileSync(fresh.org.pubsubCaFile, 'utf8'), certificate);
  fresh.child.kill('SIGTERM');
  await once(fresh.child, 'exit');
});

test('the edition sets what is allowed in a day and an hour, and the name of the organization', async () => {
  for (const [edition, type, ...allowed] of [
    ['developer', 'Developer Edition', 15_000, 50_000, 10_000, 5],
    ['enterprise', 'Enterprise Edition', 100_000, 250_000, 25_000, 10_240],
  ] as const) {
    const { child, org } = await start('--edition', edition);
    const token = await tokenFor(org);
    const limits = z.record(z.string(), z.object({ Max: z.number() }));
    const all = limits.parse(await call(org, token, '/limits'));
    const names = [
      'DailyApiRequests',
      'HourlyPublishedPlatformEvents',
      'DailyDeliveredPlatformEvents',
      'DataStorageMB',
    ];
    assert.deepEqual(
      names.map((name) => all[name]?.Max),
      allowed,
    );
    const query = '/query?q=SELECT+OrganizationType+FROM+Organization';
    assert.match(JSON.stringify(await call(org, token, query)), new RegExp(type));
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
});

test('the clock is set forward over HTTP, with --movable-clock only', async () => {
  const DAY = 86_400_000;
  const createdIn = async (org: Running['org'], token: string): Promise<number> => {
    await call(org, token, '/sobjects/Account', { Name: 'later' });
    const query = '/query?q=SELECT+CreatedDate+FROM+Account+ORDER+BY+CreatedDate+DESC+LIMIT+1';
    const found = await call(org, token, query);
    const rows = z.object({ records: z.array(z.object({ CreatedDate: z.string() })) });
    return Date.parse(rows.parse(found).records[0]?.CreatedDate ?? '') - Date.now();
  };
  for (const [options, status] of [
    [['--clock-offset', '86400'], 404],
    [['--clock-offset', '86400', '--movable-clock'], 200],
  ] as const) {
    const { child, org } = await start('--fresh', ...options);
    const token = await tokenFor(org);
    assert.ok(Math.abs((await createdIn(org, token)) - DAY) < 60_000);
    const answer = await fetch(`${org.instanceUrl}/local/clock`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ advance: 9 * DAY }),
    });
    assert.equal(answer.status, status);
    // Neither the session nor a new one minds.
    const days = status === 200 ? 10 : 1;
    assert.ok(Math.abs((await createdIn(org, await tokenFor(org))) - days * DAY) < 60_000);
    assert.ok(Math.abs((await createdIn(org, token)) - days * DAY) < 60_000);
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
});

test('SIGTERM ends it with 0 and takes org.json away', async () => {
  const { child } = await start();
  child.kill('SIGTERM');
  await once(child, 'exit');
  assert.equal(child.exitCode, 0);
  assert.equal(existsSync(join(data, 'org.json')), false);
});

test('what it cannot start with ends it with 2 and a text without a stack', async () => {
  const { child, org } = await start();
  const port = new URL(org.instanceUrl).port;
  const pubsubPort = org.pubsubEndpoint.split(':')[1] ?? '';
  const other = ['--data', join(folder, 'other'), '--metadata', metadata];
  const ports = ['--port', '0', '--pubsub-port', '0'];
  const noFolder = join(folder, 'setup.json');
  const damaged = join(folder, 'damaged');
  mkdirSync(damaged);
  writeFileSync(join(damaged, 'org.sqlite'), 'x'.repeat(5000));
  for (const [args, problem] of [
    [['--port', port, '--pubsub-port', '0', ...other], /port is in use/],
    [['--port', '0', '--pubsub-port', pubsubPort, ...other], /--pubsub-port \d+: cannot listen/],
    [['--port', '0', '--data', data, '--metadata', metadata], /is in use by another local org/],
    [['--metadata', join(folder, 'nowhere')], /not a folder/],
    [[...ports, '--metadata', metadata, '--data', noFolder], /--data .*: no folder can be made/],
    [[...ports, '--metadata', metadata, '--data', damaged], /is not an SQLite database.*--fresh/],
    [['--port', 'x'], /--port is "x"; a whole number .* is needed\n--help lists every option\.\n$/],
    [['--fault', 'nope'], /--fault nope: unknown; allowed/],
    [['--fault', 'publish-error=soon'], /--fault publish-error=soon: unknown; allowed: .*=N/],
    [['--assume', 'condition-case=x'], /allowed: condition-case=ignore, condition-case=exact/],
    [['--assume', 'nope=1'], /no such rule; allowed/],
  ] as const) {
    const failing = spawnOrg(args);
    let output = '';
    failing.stderr?.on('data', (chunk) => (output += String(chunk)));
    await once(failing, 'close');
    assert.equal(failing.exitCode, 2, output);
    assert.match(output, problem);
    assert.doesNotMatch(output, /\n\s+at /);
  }
  child.kill('SIGTERM');
  await once(child, 'exit');
});

test('readings in the environment reach the org: one it does not know is refused', async () => {
  const failing = spawnOrg([], { ...process.env, LOCAL_ORG_ASSUME: 'condition-case=exact nope=1' });
  let output = '';
  failing.stderr?.on('data', (chunk) => (output += String(chunk)));
  await once(failing, 'close');
  assert.equal(failing.exitCode, 2, output);
  assert.match(output, /nope=1: no such rule; allowed/);
});
