import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { EDITIONS, type Edition } from '../store/editions.ts';

/** What the command line asks for. */
export interface Options {
  /** REST and OAuth; 0 is any free port. */
  readonly port: number;
  /** Pub/Sub API; 0 is any free port. */
  readonly pubsubPort: number;
  readonly dataDir: string;
  readonly metadata: readonly string[];
  readonly fresh: boolean;
  readonly setupFile?: string;
  readonly edition: Edition;
  /** Milliseconds. */
  readonly tokenLifetimeMs: number;
  /** Compile the pages' components at once. */
  readonly preparePages: boolean;
  /** How many runs of flows the console keeps; 0 records none. */
  readonly flowRuns: number;
  /** How far the org's clock is ahead of the machine's, milliseconds. */
  readonly clockOffsetMs: number;
  /** Whether `POST /local/clock` may set it forward. */
  readonly movableClock: boolean;
  /** As given: `NAME` or `NAME=ARGUMENT`. */
  readonly faults: readonly string[];
  /** As given: `RULE=VALUE`; of two of one rule the last holds. */
  readonly assumptions: readonly string[];
}

export const usage = `Usage: node local-org/src/main.ts [options]

  --port N             port for REST and OAuth on 127.0.0.1 (default 8080, 0 = any free one)
  --pubsub-port N      port for the Pub/Sub API with TLS (default 7443, 0 = any free one)
  --data DIR           where the org keeps its state (default .data/local-org)
  --metadata DIR       a folder in source format; may be repeated (default force-app)
  --setup FILE.json    users and the clients that may ask for tokens
  --fresh              delete the state first
  --edition NAME       developer or enterprise: how many requests, events and records are allowed (default enterprise)
  --token-lifetime S   seconds until an access token expires (default 7200)
  --prepare-pages      compile the pages' components at once, not when the first page is opened
  --flow-runs N        how many runs of flows the console keeps (default 1000, 0 = none are recorded)
  --clock-offset S     seconds by which the org's clock is ahead of the machine's (default 0)
  --movable-clock      let POST /local/clock set the org's clock forward, for tests
  --fault NAME[=ARG]   break one thing on purpose, for tests; may be repeated
  --assume RULE=VALUE  how to read a rule that no public source settles; see local-org/ASSUMPTIONS.md
  --help               this text

LOCAL_ORG_ASSUME="RULE=VALUE …" in the environment is --assume for every org started; --assume wins over it.
`;

/** A command line that cannot be used; the message says what to write instead. */
export class UsageError extends Error {}

/**
 * Reads the command line; undefined means that help was asked for. Throws `UsageError`.
 * @param environment read for `LOCAL_ORG_ASSUME`: a whole suite of tests runs under another reading by it
 */
export function parseOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Options | undefined {
  const { values } = parse(args);
  if (values.help === true) return undefined;
  return {
    port: portOf('--port', values.port ?? '8080'),
    pubsubPort: portOf('--pubsub-port', values['pubsub-port'] ?? '7443'),
    dataDir: resolve(values.data ?? '.data/local-org'),
    metadata: (values.metadata ?? ['force-app']).map((folder) => resolve(folder)),
    fresh: values.fresh === true,
    ...(values.setup === undefined ? {} : { setupFile: resolve(values.setup) }),
    edition: editionOf(values.edition ?? 'enterprise'),
    tokenLifetimeMs:
      1000 * wholeOf('--token-lifetime', values['token-lifetime'] ?? '7200', 1, 86_400),
    preparePages: values['prepare-pages'] === true,
    flowRuns: wholeOf('--flow-runs', values['flow-runs'] ?? '1000', 0, 100_000),
    clockOffsetMs: 1000 * wholeOf('--clock-offset', values['clock-offset'] ?? '0', 0, 999_999_999),
    movableClock: values['movable-clock'] === true,
    faults: values.fault ?? [],
    assumptions: [...wordsOf(environment['LOCAL_ORG_ASSUME'] ?? ''), ...(values.assume ?? [])],
  };
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        'pubsub-port': { type: 'string' },
        data: { type: 'string' },
        metadata: { type: 'string', multiple: true },
        setup: { type: 'string' },
        fresh: { type: 'boolean' },
        edition: { type: 'string' },
        'token-lifetime': { type: 'string' },
        'prepare-pages': { type: 'boolean' },
        'flow-runs': { type: 'string' },
        'clock-offset': { type: 'string' },
        'movable-clock': { type: 'boolean' },
        fault: { type: 'string', multiple: true },
        assume: { type: 'string', multiple: true },
        help: { type: 'boolean', short: 'h' },
      },
      allowPositionals: false,
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function editionOf(name: string): Edition {
  const editions: Readonly<Record<string, Edition>> = EDITIONS;
  const edition = Object.hasOwn(editions, name) ? editions[name] : undefined;
  if (edition !== undefined) return edition;
  throw new UsageError(`--edition is "${name}"; allowed: ${Object.keys(editions).join(', ')}`);
}

function portOf(name: string, text: string): number {
  return wholeOf(name, text, 0, 65_535);
}

function wholeOf(name: string, text: string, least: number, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`${name} is "${text}"; a whole number from ${least} to ${most} is needed`);
}
