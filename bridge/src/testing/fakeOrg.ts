import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startFakePubSub } from './fakePubSub.ts';
import type { FakePubSub } from './fakePubSub.ts';

/** A record of `Telemetry_View__c`. */
export type ViewRecord = Record<string, string | number | null>;

/** A tiny org for tests: login, queries, collections and the Pub/Sub API, all scriptable. */
export interface FakeOrg extends AsyncDisposable {
  readonly loginUrl: string;
  readonly pubsub: FakePubSub;
  readonly privateKey: KeyObject;
  /** PEM of the same key. */
  readonly privateKeyPem: string;
  /** How many tokens were handed out; the newest is `token-N` and the only valid one. */
  tokens: number;
  /** Set to have every login refused. */
  refuseLogin: { error: string; error_description: string } | undefined;
  /** Asset and Account by device key. */
  readonly devices: Map<string, { assetId: string; accountId: string }>;
  /** What the org says of an event; 'Acted' by default, undefined: it has no such row. */
  disposition: (eventKey: string) => string | undefined;
  /** Rows of `Signal_Failure__c` by event key, oldest first; none by default. */
  readonly failures: Map<string, { Stage__c: string; Reason__c: string }[]>;
  /** Views by id, with the names the queries use. */
  readonly views: Map<string, ViewRecord>;
  /** Ids of views whose updates fail, with the status code. */
  readonly refusedViews: Map<string, string>;
  /** `api-usage` of the header Sforce-Limit-Info; none by default. */
  usage: string | undefined;
  /** Paths of every REST request. */
  readonly requests: string[];
  /** Every SOQL query. */
  readonly queries: string[];
}

export async function startFakeOrg(): Promise<FakeOrg> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pubsub = await startFakePubSub(() => `token-${org.tokens}`);
  const server = createServer((request, response) => {
    void answer(org, request, response);
  });
  const port = await listen(server);
  const org: FakeOrg = {
    loginUrl: `http://127.0.0.1:${port}`,
    pubsub,
    privateKey,
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    tokens: 0,
    refuseLogin: undefined,
    devices: new Map(),
    disposition: () => 'Acted',
    failures: new Map(),
    views: new Map(),
    refusedViews: new Map(),
    usage: undefined,
    requests: [],
    queries: [],
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await pubsub.stop();
    },
  };
  return org;
}

const USER = '005000000000001AAA';
const ORGANIZATION = '00D000000000001AAA';

async function answer(org: FakeOrg, request: IncomingMessage, response: ServerResponse) {
  const body = await readBody(request);
  const url = new URL(request.url ?? '/', org.loginUrl);
  org.requests.push(url.pathname);
  const send = (status: number, content: unknown): void => {
    if (org.usage !== undefined) response.setHeader('sforce-limit-info', `api-usage=${org.usage}`);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(content));
  };
  if (url.pathname === '/services/oauth2/token') {
    if (org.refuseLogin !== undefined) return send(400, org.refuseLogin);
    org.tokens += 1;
    return send(200, {
      access_token: `token-${org.tokens}`,
      instance_url: org.loginUrl,
      id: `${org.loginUrl}/id/${ORGANIZATION}/${USER}`,
      token_type: 'Bearer',
    });
  }
  if (request.headers.authorization !== `Bearer token-${org.tokens}`) {
    return send(401, [{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }]);
  }
  if (url.pathname.endsWith('/query')) {
    return send(200, answerQuery(org, url.searchParams.get('q') ?? ''));
  }
  if (url.pathname.endsWith('/composite')) {
    const { compositeRequest } = JSON.parse(body) as {
      compositeRequest: { url: string; referenceId: string }[];
    };
    return send(200, {
      compositeResponse: compositeRequest.map(({ url: path, referenceId }) => ({
        body: answerQuery(org, new URL(path, org.loginUrl).searchParams.get('q') ?? ''),
        httpHeaders: {},
        httpStatusCode: 200,
        referenceId,
      })),
    });
  }
  if (url.pathname.endsWith('/composite/sobjects') && request.method === 'PATCH') {
    return send(200, updateViews(org, JSON.parse(body) as { records: ViewRecord[] }));
  }
  return send(404, [{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }]);
}

/** Partial save, as with allOrNone false: one result a record, in their order. */
function updateViews({ views, refusedViews }: FakeOrg, { records }: { records: ViewRecord[] }) {
  return records.map((record) => {
    const fields = Object.fromEntries(
      Object.entries(record).filter(([name]) => name !== 'attributes'),
    );
    const id = String(fields['Id']);
    const view = views.get(id);
    const statusCode = refusedViews.get(id) ?? (view === undefined ? 'NOT_FOUND' : undefined);
    if (statusCode !== undefined) {
      return { success: false, errors: [{ statusCode, message: 'refused', fields: [] }] };
    }
    Object.assign(view ?? {}, fields);
    return { id, success: true, errors: [] };
  });
}

/** Devices with their Assets, as of one moment, to who asks for what changed since another. */
function findDevices({ devices }: FakeOrg, soql: string): object[] {
  const SystemModstamp = '2026-01-01T00:00:00.000+0000';
  const isAfter = soql.includes('SystemModstamp != null') || soql.includes('> 2025');
  if (!isAfter || !soql.includes('Device_Key__c')) return [];
  return [...devices].map(([key, { assetId, accountId }], index) => ({
    Id: `a0D${String(index).padStart(15, '0')}`,
    IsDeleted: false,
    SystemModstamp,
    Device_Key__c: key,
    Aliases__c: null,
    Asset__c: assetId,
    Asset__r: { AccountId: accountId, SystemModstamp },
  }));
}

function answerQuery(org: FakeOrg, soql: string) {
  org.queries.push(soql);
  if (soql.includes('SystemModstamp') && soql.includes('FROM Signal_Device__c')) {
    const records = findDevices(org, soql);
    return { totalSize: records.length, done: true, records };
  }
  const views = /FROM (?:\w+__)?Telemetry_View__c/.test(soql) ? findViews(org, soql) : undefined;
  if (views !== undefined) return { totalSize: views.length, done: true, records: views };
  const wanted = [...soql.matchAll(/'((?:[^'\\]|\\.)*)'/g)].map(([, text = '']) =>
    text.replace(/\\(.)/g, '$1'),
  );
  const records = wanted.flatMap((key): object[] => {
    if (soql.includes('Asset__c IN (')) {
      return [...org.devices]
        .filter(([, { assetId }]) => assetId === key)
        .map(([device]) => ({ Device_Key__c: device, Asset__c: key }));
    }
    if (soql.includes('FROM Signal_Device__c')) {
      const device = org.devices.get(key);
      if (device === undefined) return [];
      const asset = { AccountId: device.accountId };
      return [{ Device_Key__c: key, Asset__c: device.assetId, Asset__r: asset }];
    }
    if (soql.includes('FROM Signal_Failure__c')) {
      return (org.failures.get(key) ?? []).map((row) => ({ Event_Key__c: key, ...row }));
    }
    if (!soql.includes('FROM Asset_Signal__c')) return [];
    const published = org.pubsub.accepted.some((event) => event['Event_Key__c'] === key);
    const disposition = published ? org.disposition(key) : undefined;
    if (disposition === undefined) return [];
    return [{ Event_Key__c: key, Disposition__c: disposition, Disposition_Reason__c: null }];
  });
  return { totalSize: records.length, done: true, records };
}

function findViews(org: FakeOrg, soql: string): ViewRecord[] {
  const lease = /(\w*Live_Until__c) > (\S+)/.exec(soql);
  return [...org.views.values()].filter((view) => {
    if (lease === null) return soql.includes(`'${String(view['Id'])}'`);
    return String(view[lease[1] ?? '']) > (lease[2] ?? '');
  });
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
