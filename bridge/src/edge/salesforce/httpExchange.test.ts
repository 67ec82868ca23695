import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { closedPort } from '../../testing/closedPort.ts';
import { makeHttpExchange } from './httpExchange.ts';

async function serve(listener: RequestListener) {
  const connections = new Set<unknown>();
  const server = createServer(listener);
  server.on('connection', (socket) => connections.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
  return text;
}
const get = (url: string) => ({ method: 'GET', url, headers: {} }) as const;

test('a request arrives as it is, and its reply comes back whatever its status', async () => {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method, url, headers } = request;
    const body = await bodyOf(request);
    response.writeHead(409, { 'sforce-limit-info': 'api-usage=1/2' });
    response.end(JSON.stringify([method, url, headers.authorization, body]));
  };
  await using server = await serve((request, response) => void answer(request, response));
  const exchange = makeHttpExchange(5_000);
  const reply = await exchange({
    method: 'PATCH',
    url: `${server.url}/a?q=1`,
    headers: { authorization: 'Bearer x' },
    body: '"Grüße"',
  });
  assert.equal(reply.status, 409);
  assert.equal(reply.headers['sforce-limit-info'], 'api-usage=1/2');
  assert.deepEqual(JSON.parse(reply.body), ['PATCH', '/a?q=1', 'Bearer x', '"Grüße"']);
});

test('replies are read in every encoding that was offered, and in pieces', async () => {
  const text = 'Grüße, '.repeat(50_000);
  const encode = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync };
  await using server = await serve((request, response) => {
    const encoding = String(request.url).slice(1) as keyof typeof encode | 'identity';
    response.setHeader('content-encoding', encoding);
    const bytes = encoding === 'identity' ? Buffer.from(text) : encode[encoding](text);
    response.write(bytes.subarray(0, 7));
    response.end(bytes.subarray(7));
  });
  const exchange = makeHttpExchange(5_000);
  for (const encoding of ['identity', ...Object.keys(encode)]) {
    assert.equal((await exchange(get(`${server.url}/${encoding}`))).body, text, encoding);
  }
});

test('requests one after the other share a connection', async () => {
  await using server = await serve((_request, response) => response.end('{}'));
  const exchange = makeHttpExchange(5_000);
  for (let count = 0; count < 3; count += 1) await exchange(get(server.url));
  assert.equal(server.connections.size, 1);
});

test('reading goes on where the other side closes the idle connection; writing is left to who asked', async () => {
  let served = 0;
  await using server = await serve((request, response) => {
    served += 1;
    if (served % 2 === 0) request.socket.destroy();
    else response.end('{}');
  });
  const exchange = makeHttpExchange(5_000);
  await exchange(get(server.url));
  assert.equal((await exchange(get(server.url))).status, 200);
  const post = { method: 'POST', url: server.url, headers: {}, body: '{}' } as const;
  await assert.rejects(exchange(post), { code: 'ECONNRESET' });
  assert.equal(served, 4);
});

test('without a connection it fails with the reason of the system, without an answer in time', async () => {
  await using server = await serve(({ url }, response) => {
    if (url === '/half') response.write('{');
  });
  const exchange = makeHttpExchange(100);
  const closed = await closedPort();
  await assert.rejects(exchange(get(`http://127.0.0.1:${closed}`)), { code: 'ECONNREFUSED' });
  await assert.rejects(exchange(get(`${server.url}/none`)), /no answer within 100 ms/);
  await assert.rejects(exchange(get(`${server.url}/half`)), /no answer within 100 ms/);
});
