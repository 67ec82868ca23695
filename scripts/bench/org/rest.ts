import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

import type { Arrivals } from './arrivals.ts';
import { answerQuery } from './soql.ts';

export interface RestServer extends AsyncDisposable {
  readonly url: string;
}

export const TOKEN = 'bench-token';
export const ORGANIZATION = '00D000000000001AAA';
const USER = '005000000000001AAA';

const composite = z.object({
  compositeRequest: z.array(z.object({ url: z.string(), referenceId: z.string() })),
});

/** Login by any means, queries and composites of queries: as much of an org as publishing and receipts need. */
export async function startRest(arrivals: Arrivals): Promise<RestServer> {
  let url = '';
  const query = (path: string): object =>
    answerQuery(new URL(path, url).searchParams.get('q') ?? '', arrivals);

  function answer(path: string, body: string): object | undefined {
    const { pathname } = new URL(path, url);
    if (pathname === '/services/oauth2/token') {
      const id = `${url}/id/${ORGANIZATION}/${USER}`;
      return { access_token: TOKEN, instance_url: url, id, token_type: 'Bearer' };
    }
    if (pathname === '/services/oauth2/userinfo') {
      return { organization_id: ORGANIZATION, user_id: USER, sub: USER };
    }
    if (pathname.endsWith('/query')) return query(path);
    if (pathname.endsWith('/composite')) {
      const compositeResponse = composite.parse(JSON.parse(body)).compositeRequest.map((part) => ({
        body: query(part.url),
        httpHeaders: {},
        httpStatusCode: 200,
        referenceId: part.referenceId,
      }));
      return { compositeResponse };
    }
    return undefined;
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const found = answer(request.url ?? '/', await readBody(request));
    response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json' });
    const missing = [{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }];
    response.end(JSON.stringify(found ?? missing));
  }

  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
  return text;
}
