import { createSign } from 'node:crypto';

import { z } from 'zod';

/** The REST API of an org, as one user. */
export interface Org {
  /** All records of a SOQL query, page by page. */
  query(soql: string): Promise<readonly unknown[]>;
  /** How many records a `SELECT COUNT()` query finds. */
  count(soql: string): Promise<number>;
  /** Creates records of one object and answers their ids in order. */
  create(object: string, records: readonly Fields[]): Promise<readonly string[]>;
  /** What another resource answers, such as `/limits`. */
  read(resource: string): Promise<unknown>;
}

export type Fields = Readonly<Record<string, string | number | boolean>>;

export interface OrgLogin {
  readonly instanceUrl: string;
  readonly clientId: string;
  readonly username: string;
  readonly privateKeyPem: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const API = '/services/data/v66.0';
/** The collections resource takes at most 200 records a request. */
const COLLECTION_LIMIT = 200;

const token = z.object({ access_token: z.string(), instance_url: z.string() });
const page = z.object({
  totalSize: z.number(),
  records: z.array(z.unknown()),
  nextRecordsUrl: z.string().optional(),
});
const saved = z.array(
  z.object({
    success: z.boolean(),
    id: z.string().optional(),
    errors: z.array(z.object({ statusCode: z.string(), message: z.string() })).default([]),
  }),
);

/**
 * Logs in with a JWT bearer token and gives access to REST. This is a client of the demo's own:
 * what it reads is not seen through the eyes of the bridge.
 */
export async function connectOrg(login: OrgLogin): Promise<Org> {
  const session = token.parse(
    await request(`${login.instanceUrl}/services/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: signAssertion(login),
      }),
    }),
  );
  const headers = {
    authorization: `Bearer ${session.access_token}`,
    'content-type': 'application/json',
  };
  const get = async (path: string) =>
    page.parse(await request(`${session.instance_url}${path}`, { headers }));
  const startQuery = (soql: string) => get(`${API}/query?q=${encodeURIComponent(soql)}`);

  return {
    query: async (soql) => {
      let part = await startQuery(soql);
      const records = [...part.records];
      while (part.nextRecordsUrl !== undefined) {
        part = await get(part.nextRecordsUrl);
        records.push(...part.records);
      }
      return records;
    },
    read: (resource) => request(`${session.instance_url}${API}${resource}`, { headers }),
    count: async (soql) => (await startQuery(soql)).totalSize,
    create: async (object, records) => {
      const ids: string[] = [];
      for (let start = 0; start < records.length; start += COLLECTION_LIMIT) {
        const batch = records.slice(start, start + COLLECTION_LIMIT);
        const body = JSON.stringify({
          allOrNone: true,
          records: batch.map((fields) => ({ attributes: { type: object }, ...fields })),
        });
        const url = `${session.instance_url}${API}/composite/sobjects`;
        const results = saved.parse(await request(url, { method: 'POST', headers, body }));
        for (const { success, id, errors } of results) {
          if (success && id !== undefined) ids.push(id);
          else throw new Error(`the org refused a new ${object}: ${JSON.stringify(errors)}`);
        }
      }
      return ids;
    },
  };
}

function signAssertion({ instanceUrl, clientId, username, privateKeyPem, now }: OrgLogin): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const expires = Math.floor(now() / 1000) + 180;
  const claims = { iss: clientId, sub: username, aud: instanceUrl, exp: expires };
  const signed = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(privateKeyPem, 'base64url')}`;
}

/** How long an answer may take; the org is on this machine. */
const TIMEOUT_MS = 20_000;

async function request(url: string, init: RequestInit): Promise<unknown> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`the org answered ${response.status} to ${new URL(url).pathname}: ${text}`);
  }
  return JSON.parse(text);
}
