import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';

import { StartError } from './errors.ts';

/** A listening HTTP server on 127.0.0.1. */
export interface HttpServer {
  readonly port: number;
  /** Lets running requests finish, then ends. */
  close(): Promise<void>;
}

/** Listens on 127.0.0.1 only; rejects with a text for people when the port is taken. */
export function listen(handler: RequestListener, port: number): Promise<HttpServer> {
  const server = createServer(handler);
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new StartError(
              `--port ${port}: the port is in use; stop the program that has it or choose another`,
            )
          : error,
      );
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve({
        port: typeof address === 'object' && address !== null ? address.port : port,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            server.closeIdleConnections();
            // Clients keep connections open between requests; half a second is for those under way.
            setTimeout(() => server.closeAllConnections(), 500).unref();
          }),
      });
    });
  });
}
