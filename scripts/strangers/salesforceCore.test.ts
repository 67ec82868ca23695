import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { z } from 'zod';

import { ensureTool } from '../tools/ensureTool.ts';
import { salesforceEnvironment } from './salesforceHome.ts';
import { startStrangersOrg } from './strangersOrg.ts';
import type { StrangersOrg } from './strangersOrg.ts';

/** As much of `@salesforce/core` as is used here; the package is not there when types are checked. */
interface Core {
  readonly AuthInfo: {
    create(options: object): Promise<AuthInfo>;
    listAllAuthorizations(): Promise<readonly { readonly username: string }[]>;
  };
  readonly Connection: { create(options: object): Promise<Connection> };
  readonly Org: { create(options: object): Promise<Org> };
}
interface AuthInfo {
  save(): Promise<unknown>;
  getFields(): Readonly<Record<string, unknown>>;
}
interface Connection {
  query(soql: string): Promise<{ readonly totalSize: number; readonly records: readonly object[] }>;
  singleRecordQuery(soql: string): Promise<Readonly<Record<string, unknown>>>;
  describe(object: string): Promise<{ readonly fields: readonly { readonly name: string }[] }>;
  limits(): Promise<Readonly<Record<string, unknown>>>;
  identity(): Promise<{ readonly username: string; readonly organization_id: string }>;
  retrieveMaxApiVersion(): Promise<string>;
  readonly tooling: { query(soql: string): Promise<unknown> };
}
interface Org {
  getOrgId(): string;
  refreshAuth(): Promise<void>;
  determineIfScratch(): Promise<boolean>;
}

let org: StrangersOrg;
let core: Core;
let authInfo: AuthInfo;
let connection: Connection;
before(async () => {
  org = await startStrangersOrg();
  // Read when the package is loaded.
  Object.assign(process.env, await salesforceEnvironment(org.world.folder));
  const require = createRequire(join(await ensureTool('strangers'), 'package.json'));
  core = z.custom<Core>().parse(require('@salesforce/core'));
  authInfo = await core.AuthInfo.create({
    username: org.login.username,
    oauth2Options: {
      clientId: org.login.clientId,
      privateKeyFile: org.login.privateKeyFile,
      loginUrl: org.state.instanceUrl,
    },
  });
  await authInfo.save();
  connection = await core.Connection.create({ authInfo });
});
after(() => org[Symbol.asyncDispose]());

test('@salesforce/core logs in with its JWT flow and remembers the org', async () => {
  const fields = authInfo.getFields();
  assert.equal(fields['orgId'], org.state.organizationId);
  assert.equal(fields['instanceUrl'], org.state.instanceUrl);
  const known = await core.AuthInfo.listAllAuthorizations();
  assert.deepEqual(
    known.map(({ username }) => username),
    [org.login.username],
  );
});

test('@salesforce/core asks which API version is the newest, and uses one the org has', async () => {
  assert.equal(await connection.retrieveMaxApiVersion(), '66.0');
});

test('@salesforce/core queries, describes, reads limits and its identity', async () => {
  const device = await connection.singleRecordQuery(
    "SELECT Name, Asset__r.Name FROM Signal_Device__c WHERE Device_Key__c = 'pump-001'",
  );
  const { Asset__r } = z.object({ Asset__r: z.object({ Name: z.string() }) }).parse(device);
  assert.equal(Asset__r.Name, 'Pump 001');
  const { fields } = await connection.describe('Signal_Policy__c');
  assert.ok(fields.some(({ name }) => name === 'Policy_Key__c'));
  assert.ok('DailyApiRequests' in (await connection.limits()));
  assert.equal((await connection.identity()).username, org.login.username);
});

test('@salesforce/core finds out that the org is no scratch org, and can get a new token', async () => {
  const it = await core.Org.create({ connection });
  assert.equal(it.getOrgId(), org.state.organizationId);
  assert.equal(await it.determineIfScratch(), false);
  await it.refreshAuth();
  assert.equal((await connection.query('SELECT Id FROM Signal_Device__c')).totalSize, 1);
});

test('the Tooling API, which this org does not have, is refused', async () => {
  await assert.rejects(connection.tooling.query('SELECT Id FROM Flow'), { name: 'NOT_FOUND' });
});
