import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** A door in front of a port: closed, whoever knocks is refused and who is inside is thrown out. */
export interface Gate extends AsyncDisposable {
  /** The same whether open or closed. */
  readonly port: number;
  open(): Promise<void>;
  close(): Promise<void>;
  /** What those inside say from now on is not heard until the door is closed, and then lost; they hear on. */
  mute(): void;
}

/** Closed at first. */
export async function makeGate(target: number): Promise<Gate> {
  let server: Server | undefined;
  let port = 0;
  const sockets = new Map<Socket, Socket>();

  async function open(): Promise<void> {
    const made = createServer((outside) => {
      const inside = connect(target, '127.0.0.1');
      const end = (): void => {
        outside.destroy();
        inside.destroy();
        sockets.delete(outside);
      };
      sockets.set(outside, inside);
      for (const socket of [outside, inside]) socket.on('error', end).on('close', end);
      outside.pipe(inside).pipe(outside);
    });
    await new Promise<void>((resolve, reject) => {
      made.once('error', reject);
      made.listen(port, '127.0.0.1', resolve);
    });
    port = (made.address() as AddressInfo).port;
    server = made;
  }

  async function close(): Promise<void> {
    const closed = new Promise((resolve) =>
      server === undefined ? resolve(0) : server.close(resolve),
    );
    for (const socket of sockets.keys()) socket.destroy();
    await closed;
    server = undefined;
  }

  await open();
  await close();
  return {
    get port() {
      return port;
    },
    open,
    close,
    mute() {
      for (const [outside, inside] of sockets) outside.unpipe(inside);
    },
    [Symbol.asyncDispose]: close,
  };
}
