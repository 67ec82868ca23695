/**
 * `node scripts/bench/identity/org.ts COUNT`: an org that has so many devices, each installed on an Asset of its own that somebody
 * owns, and answers the questions for them over REST, 2,000 rows of a kind at a time. It says its address as a line of JSON.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import { z } from 'zod';

const composite = z.object({
  compositeRequest: z.array(z.object({ url: z.string(), referenceId: z.string() })),
});
/** The first was saved then, each further one a second later. */
const FIRST_MS = 1_750_000_000_000;
const APART_MS = 1_000;
const CUSTOMERS = 1_000;

const idOf = (prefix: string, index: number): string => prefix + String(index).padStart(15, '0');
const PREFIXES: Readonly<Record<string, string>> = {
  Signal_Device__c: 'a0D',
  Signal_Installation__c: 'a0I',
  Signal_Ownership__c: 'a0O',
};

/** The rows of one query: those behind a stamp and an id, in the order of both. */
function rowsOf(soql: string, count: number): object[] {
  const [, object = ''] = /FROM (\w+)/.exec(soql) ?? [];
  const [, limit = ''] = /LIMIT (\d+)/.exec(soql) ?? [];
  const prefix = PREFIXES[object] ?? '';
  const [, stamp, id = ''] = /SystemModstamp = (\S+) AND Id > '(\w*)'/.exec(soql) ?? [];
  const place = stamp === undefined ? 0 : (Date.parse(stamp) - FIRST_MS) / APART_MS;
  const first = Math.max(0, Math.ceil(place));
  const isBehind = first === place && idOf(prefix, first) <= id;
  const from = isBehind ? first + 1 : first;
  return Array.from({ length: Math.max(0, Math.min(Number(limit), count - from)) }, (_, offset) =>
    rowOf(prefix, from + offset),
  );
}

function rowOf(prefix: string, index: number): object {
  const at = new Date(FIRST_MS + index * APART_MS).toISOString().replace('Z', '+0000');
  const account = idOf('001', index % CUSTOMERS);
  const row = {
    attributes: { type: 'Row', url: `/services/data/v66.0/sobjects/Row/${idOf(prefix, index)}` },
    ...{ Id: idOf(prefix, index), IsDeleted: false, SystemModstamp: at },
    Asset__c: idOf('02i', index),
    Asset__r: { AccountId: account, SystemModstamp: at },
  };
  if (prefix === 'a0D')
    return { ...row, Device_Key__c: `plant-7/line-3/device-${index}`, Aliases__c: `SN-${index}` };
  const span = { From__c: '2025-01-01T00:00:00.000+0000', To__c: null };
  if (prefix === 'a0O') return { ...row, ...span, Account__c: account };
  return { ...row, ...span, Device__c: idOf('a0D', index) };
}

if (import.meta.main) {
  const count = Number(process.argv[2]);
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { compositeRequest } = composite.parse(JSON.parse(await text(request)));
    const compositeResponse = compositeRequest.map(({ url, referenceId }) => {
      const soql = new URL(url, 'http://org').searchParams.get('q') ?? '';
      const records = rowsOf(soql, count);
      const answer = { totalSize: records.length, done: true, records };
      return { body: answer, httpHeaders: {}, httpStatusCode: 200, referenceId };
    });
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ compositeResponse }));
  };
  const server = createServer((request, response) => void serve(request, response));
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`);
  });
  process.once('SIGTERM', () => process.exit(0));
}
