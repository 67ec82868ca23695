import { createServer } from 'node:http';
import type { Server } from 'node:http';
import express from 'express';

/** One thing that has to be well for the bridge to do its work. */
export interface Check {
  readonly ok: boolean;
  /** Plain words for an operator. */
  readonly reason: string;
}

export interface HttpOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly checks: () => Readonly<Record<string, Check>>;
  readonly metrics: { expose(): Promise<string>; readonly contentType: string };
}

/** The operator's window: `/healthz`, `/readyz` and `/metrics`. Nothing here changes anything. */
export interface HttpServer {
  readonly url: string;
  close(): Promise<void>;
}

/** @throws where the port cannot be listened on; the text says what to do */
export async function startHttp(options: HttpOptions): Promise<HttpServer> {
  const app = express();
  app.disable('x-powered-by');
  app.get('/healthz', (_request, response) => {
    response.json({ status: 'alive' });
  });
  app.get('/readyz', (_request, response) => {
    const checks = options.checks();
    const ready = Object.values(checks).every(({ ok }) => ok);
    response.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'not ready', checks });
  });
  app.get('/metrics', async (_request, response) => {
    const text = await options.metrics.expose();
    response.type(options.metrics.contentType).send(text);
  });
  const server = createServer(app);
  const port = await listen(server, options);
  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, { host, port }: HttpOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const code = 'code' in error ? String(error.code) : error.message;
      const why =
        code === 'EADDRINUSE'
          ? 'something else listens there: choose another http.port (0 takes any free one)'
          : `${code}: check http.host and http.port`;
      reject(new Error(`cannot listen on ${host}:${port}; ${why}`, { cause: error }));
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
