import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startFakePubSub } from './fakePubSub.ts';
import type { FakePubSub } from './fakePubSub.ts';
import { answerReceipts, toStamp } from './fakeReceipts.ts';
import type { FakeRow } from './fakeReceipts.ts';

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
  /** Rows of both kinds that no event of this process made. */
  readonly signalRows: FakeRow[];
  readonly failureRows: FakeRow[];
  /** Ids of signals that were to be routed again. */
  readonly routedAgain: string[];
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
    signalRows: [],
    failureRows: [],
    routedAgain: [],
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
    const update = JSON.parse(body) as { records: ViewRecord[] };
    return send(
      200,
      body.includes('Retry_Requested_At__c') ? routeAgain(org, update) : updateViews(org, update),
    );
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

function routeAgain({ signalRows, routedAgain }: FakeOrg, { records }: { records: ViewRecord[] }) {
  return records.map(({ Id: id }) => {
    const isThere = signalRows.some(({ Id }) => Id === id);
    if (!isThere) {
      return { success: false, errors: [{ statusCode: 'ENTITY_IS_DELETED', message: 'gone' }] };
    }
    routedAgain.push(String(id));
    return { id, success: true, errors: [] };
  });
}

const told = new WeakMap<FakeOrg, Map<string, { row: FakeRow; disposition: string }>>();

/** A row for each event that was published; it is modified when its disposition changes. */
function signalsOf(org: FakeOrg): FakeRow[] {
  const known = told.get(org) ?? new Map<string, { row: FakeRow; disposition: string }>();
  told.set(org, known);
  const rows = org.pubsub.accepted.flatMap((event, index): FakeRow[] => {
    const key = String(event['Event_Key__c']);
    const disposition = org.disposition(key);
    if (disposition === undefined) return [];
    const before = known.get(key);
    if (before?.disposition === disposition) return [before.row];
    const row = {
      Id: `a0S${String(index).padStart(15, '0')}`,
      SystemModstamp: toStamp(FIRST_STAMP + stamps++ * 1_000),
      Event_Key__c: key,
      Disposition__c: disposition,
      Disposition_Reason__c: null,
    };
    known.set(key, { row, disposition });
    return [row];
  });
  return [...rows, ...org.signalRows];
}

const FIRST_STAMP = Date.parse('2026-01-01T00:00:00.000Z');
let stamps = 0;

function failuresOf({ failures, failureRows }: FakeOrg): FakeRow[] {
  const rows = [...failures].flatMap(([key, some]) =>
    some.map((row, index) => ({
      Id: `a0F${key.slice(0, 12)}${String(index).padStart(3, '0')}`,
      SystemModstamp: toStamp(FIRST_STAMP + index * 1_000),
      Event_Key__c: key,
      ...row,
    })),
  );
  return [...rows, ...failureRows];
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
  const about = /FROM (Asset_Signal|Signal_Failure)__c/.exec(soql)?.[1];
  if (about !== undefined && soql.includes('Event_Key__c')) {
    const records = answerReceipts(
      about === 'Asset_Signal' ? signalsOf(org) : failuresOf(org),
      soql,
    );
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
    return [];
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
