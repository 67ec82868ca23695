import { Agent as PlainAgent, request as requestPlain } from 'node:http';
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { Agent as TlsAgent, request as requestTls } from 'node:https';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

export interface HttpReply {
  readonly status: number;
  /** Header names in lower case. */
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** One request and its reply, whatever its status. Rejects where there is none: no connection, or no time left. */
export type HttpExchange = (request: HttpRequest) => Promise<HttpReply>;

/**
 * An idle connection is given up after this long, before the other side does: a request that meets the end of its
 * connection is lost. Source: undici and many load balancers take 4 s and more.
 */
const IDLE_MS = 4_000;
const decoders = new Map([
  ['gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
  ['br', promisify(brotliDecompress)],
]);

/**
 * HTTP over connections that are kept open, for JSON of a few hundred kilobytes. On `node:http` itself: a reply of 200
 * receipts costs a fifth of what it does through jsforce and `fetch`, whose streams and finalizers are most of their work.
 * Proxies come from the environment (HTTPS_PROXY, HTTP_PROXY, NO_PROXY); redirects are replies like others.
 *
 * @param timeoutMs until the whole reply is there
 */
export function makeHttpExchange(timeoutMs: number): HttpExchange {
  const options = { keepAlive: true, timeout: IDLE_MS, proxyEnv: process.env };
  const plain = new PlainAgent(options);
  const tls = new TlsAgent(options);

  function open(url: string, how: RequestOptions): ClientRequest {
    return url.startsWith('https:')
      ? requestTls(url, { ...how, agent: tls })
      : requestPlain(url, { ...how, agent: plain });
  }

  function exchange(asked: HttpRequest, mayRepeat: boolean): Promise<HttpReply> {
    const { method, url, headers, body } = asked;
    return new Promise((resolve, reject) => {
      const request = open(url, {
        method,
        headers: {
          accept: 'application/json',
          'accept-encoding': 'gzip, deflate, br',
          ...headers,
          ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
        },
      });
      const timer = setTimeout(() => {
        reject(new Error(`no answer within ${timeoutMs} ms`));
        request.destroy();
      }, timeoutMs);
      const fail = (error: Error): void => {
        clearTimeout(timer);
        // The other side closed an idle connection at this very moment; only reading is repeated unasked.
        const wasClosed = request.reusedSocket && 'code' in error && error.code === 'ECONNRESET';
        if (wasClosed && mayRepeat && method === 'GET') resolve(exchange(asked, false));
        else reject(error);
      };
      request.on('error', fail);
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', fail);
        response.on('end', () => {
          clearTimeout(timer);
          toReply(response, chunks).then(resolve, reject);
        });
      });
      request.end(body);
    });
  }

  return (request) => exchange(request, true);
}

async function toReply(
  { statusCode: status = 0, headers }: IncomingMessage,
  chunks: readonly Buffer[],
): Promise<HttpReply> {
  return { status, headers, body: await decodeBody(chunks, headers['content-encoding']) };
}

async function decodeBody(
  chunks: readonly Buffer[],
  encoding: string | undefined,
): Promise<string> {
  const [first] = chunks;
  const bytes = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
  if (encoding === undefined || encoding === 'identity' || bytes.length === 0) {
    return bytes.toString('utf8');
  }
  const decode = decoders.get(encoding);
  if (decode === undefined) throw new Error(`the answer has the encoding ${encoding}`);
  return (await decode(bytes)).toString('utf8');
}
