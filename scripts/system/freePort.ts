import { createServer } from 'node:net';

/* Below what Linux hands out by itself (from 32768): between two starts of a program nobody else is given its port. */
const FIRST = 20_000;
const PORTS = 12_000;
/* Test files that run side by side begin at different places. */
const PER_PROCESS = 20;

let taken = 0;

/** A loopback port for a program that a test ends and starts again at the same place. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < PORTS; tries += 1) {
    const port = FIRST + ((process.pid * PER_PROCESS + taken) % PORTS);
    taken += 1;
    if (await isFree(port)) return port;
  }
  throw new Error(`none of the ports ${FIRST} to ${FIRST + PORTS - 1} of 127.0.0.1 is free`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
