import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

/** The clock of some processes, which a test moves. Between two moves it goes on as every clock does. */
export interface TestClock extends AsyncDisposable {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Sets all processes to this time; resolves when each of them has it. */
  moveTo(at: number): Promise<void>;
  /** What a Node process needs in its environment to go by this clock. */
  readonly env: Readonly<Record<string, string>>;
}

const PRELOAD = pathToFileURL(join(import.meta.dirname, 'movedClock.ts')).href;

/**
 * @param folder of the test, for a socket
 * @param at milliseconds since 1970 that it begins with
 */
export async function startClock(folder: string, at: number): Promise<TestClock> {
  let ahead = at - Date.now();
  const path = join(folder, 'clock.sock');
  const sockets = new Map<Socket, (line: string) => void>();
  const server = createServer((socket) => {
    const forget = (): void => {
      sockets.get(socket)?.('gone');
      sockets.delete(socket);
    };
    sockets.set(socket, () => undefined);
    socket.on('error', forget).on('close', forget);
    createInterface({ input: socket }).on('line', (line) => sockets.get(socket)?.(line));
    socket.write(`${ahead}\n`);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  const tell = (socket: Socket): Promise<void> =>
    new Promise((resolve) => {
      const line = String(ahead);
      sockets.set(socket, (answer) => {
        if (answer === line || answer === 'gone') resolve();
      });
      socket.write(`${line}\n`);
    });
  return {
    now: () => Date.now() + ahead,
    async moveTo(next) {
      ahead = next - Date.now();
      await Promise.all([...sockets.keys()].map(tell));
    },
    env: { NODE_OPTIONS: `--import ${PRELOAD}`, MOVED_CLOCK: path },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets.keys()) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
