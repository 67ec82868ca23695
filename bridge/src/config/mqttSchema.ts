import { z } from 'zod';
import { bytes, choice, duration, secret, text, url } from './fields.ts';

const PATH = 1_000;
const HOUR = 3_600_000;

const login = {
  username: text(255).optional(),
  password: secret().optional(),
  tls: z
    .strictObject({
      caFile: text(PATH).optional(),
      certFile: text(PATH).optional(),
      keyFile: text(PATH).optional(),
    })
    .optional(),
};

const brokerUrl = () => url(['mqtt', 'mqtts'], 'mqtts://broker.example.com:8883');

interface Login {
  readonly url?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly tls?:
    { readonly certFile?: string | undefined; readonly keyFile?: string | undefined } | undefined;
}

/** What does not fit together, by the key it is said at. */
function* loginProblems({ url: at, username, password, tls }: Login): Generator<[string, string]> {
  if (tls !== undefined && at?.startsWith('mqtt://') === true) {
    yield ['tls', 'it needs a url that begins with mqtts://'];
  }
  if ((tls?.certFile === undefined) !== (tls?.keyFile === undefined)) {
    yield ['tls', 'certFile and keyFile are given together or not at all'];
  }
  if (password !== undefined && username === undefined) {
    yield ['username', 'it is required where there is a password'];
  }
}

const connection = z
  .strictObject({
    name: text(40).regex(/^[A-Za-z0-9_-]+$/, { error: 'letters, digits, - and _ are allowed' }),
    url: brokerUrl().optional(),
    protocolVersion: choice([4, 5]).optional(),
    ...login,
  })
  .check(({ value, issues }) => {
    for (const [key, message] of loginProblems(value)) {
      issues.push({ code: 'custom', input: value, path: [key], message });
    }
    // A password goes to the broker it was given for and to no other.
    for (const key of ['username', 'password', 'tls'] as const) {
      if (value.url !== undefined || value[key] === undefined) continue;
      const message = 'it belongs to a url; without one, all is as in mqtt itself';
      issues.push({ code: 'custom', input: value, path: [key], message });
    }
  });

/** The key `mqtt`: the broker, and further connections to it or to others. */
export const mqtt = z
  .strictObject({
    url: brokerUrl(),
    protocolVersion: choice([4, 5]).default(5),
    clientId: text(128),
    ...login,
    sessionExpiry: duration(1_000).default(7 * 24 * HOUR),
    keepalive: duration(5_000).default(30_000),
    // At least so much that every mapping as it comes has room.
    maxPacketSize: bytes(200_000).default(1_000_000),
    connections: z.array(connection, { error: 'a list is required' }).default([]),
  })
  .check(({ value, issues }) => {
    for (const [key, message] of loginProblems(value)) {
      issues.push({ code: 'custom', input: value, path: [key], message });
    }
    for (const index of repeated(value.connections)) {
      const path = ['connections', index, 'name'];
      issues.push({ code: 'custom', input: value, path, message: 'the name is used twice' });
    }
  });

/** The places of names that stand earlier in the list already. */
export function repeated(entries: readonly { readonly name: string }[]): number[] {
  return [...entries.keys()].filter((index) =>
    entries.slice(0, index).some(({ name }) => name === entries[index]?.name),
  );
}
