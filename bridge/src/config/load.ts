import { createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import type { Mapping } from '../model/mapping.ts';
import type { Policy } from '../model/policy.ts';
import { connectionProblems, toConnections } from './connections.ts';
import type { ConnectionConfig } from './connections.ts';
import { readSecret } from './environment.ts';
import { baseProblems, withBase } from './extends.ts';
import { pinProblems } from './pins.ts';
import { policiesSchema } from './policySchema.ts';
import type { PolicyEntry } from './policySchema.ts';
import { ConfigError, toProblems } from './problems.ts';
import { configSchema } from './schema.ts';
import type { ConfigFile } from './schema.ts';
import { toMapping, toPolicy } from './translate.ts';

type Salesforce = Omit<
  ConfigFile['salesforce'],
  'privateKey' | 'privateKeyFile' | 'pubsub' | 'heartbeat'
>;

/** `Bridge_Key__c` is a Text(80). */
const MOST_NAME = 80;

/** Everything the bridge is told, checked; paths absolute, files read, secrets resolved. */
export interface Config extends Omit<
  ConfigFile,
  'extends' | 'mqtt' | 'mappings' | 'policiesFile' | 'salesforce'
> {
  /** Those that mappings use. */
  readonly connections: readonly ConnectionConfig[];
  readonly mappings: readonly Mapping[];
  readonly policies: readonly Policy[];
  readonly salesforce: Salesforce & {
    readonly privateKey: KeyObject;
    readonly heartbeat: { readonly every: number; readonly name: string };
    readonly pubsub: Omit<ConfigFile['salesforce']['pubsub'], 'caFile'> & { readonly ca?: Buffer };
  };
}

/**
 * Reads the config file, the one it extends and every file they name. Relative paths count from the file they stand in.
 * @throws ConfigError with all problems at once
 */
export function loadConfig(file: string, env: Readonly<NodeJS.ProcessEnv>): Config {
  const parsed = parse(file, configSchema, inherit(file, readYaml(file)));
  const base = dirname(resolve(file));
  const problems: string[] = [];
  /** Runs one reading of a file or a secret; a failure joins the list. */
  function attempt<T>(key: string, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      problems.push(`${key} ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }
  const read = (key: string, path: string | undefined): Buffer | undefined =>
    path === undefined ? undefined : attempt(key, () => readFile(resolve(base, path)));
  const secret = (key: string, reference: string | undefined): string | undefined =>
    reference === undefined ? undefined : attempt(key, () => readSecret(reference, env));

  const {
    privateKey: keyName,
    privateKeyFile,
    pubsub,
    heartbeat,
    ...salesforce
  } = parsed.salesforce;
  problems.push(...pinProblems(parsed), ...connectionProblems(parsed.mqtt, parsed.mappings));
  const connections = toConnections(parsed.mqtt, parsed.mappings, { file: read, secret });
  const pubsubCa = read('salesforce.pubsub.caFile', pubsub.caFile);
  const keyAt =
    privateKeyFile === undefined ? 'salesforce.privateKey' : 'salesforce.privateKeyFile';
  const pem = secret(keyAt, keyName) ?? read(keyAt, privateKeyFile);
  const privateKey = pem === undefined ? undefined : attempt(keyAt, () => toPrivateKey(pem));
  const policies = attempt('policiesFile:', () => readPolicies(resolve(base, parsed.policiesFile)));
  if (privateKey === undefined || policies === undefined || problems.length > 0) {
    throw new ConfigError(file, problems);
  }
  return deepFreeze({
    environment: parsed.environment,
    dataDir: resolve(base, parsed.dataDir),
    http: parsed.http,
    connections,
    mappings: parsed.mappings.map(toMapping),
    policies: policies.map(toPolicy),
    log: parsed.log,
    quarantine: parsed.quarantine,
    detection: parsed.detection,
    outbox: parsed.outbox,
    telemetry: parsed.telemetry,
    salesforce: {
      ...salesforce,
      heartbeat: {
        every: heartbeat.every,
        name: heartbeat.name ?? parsed.mqtt.clientId.slice(0, MOST_NAME),
      },
      privateKey,
      pubsub: {
        endpoint: pubsub.endpoint,
        answerTimeout: pubsub.answerTimeout,
        ...(pubsubCa !== undefined && { ca: pubsubCa }),
      },
    },
  });
}

/**
 * Reads a policies file, with the half of each policy that belongs into the org.
 * @throws ConfigError
 */
export function readPolicies(file: string): readonly PolicyEntry[] {
  return parse(file, policiesSchema, readYaml(file));
}

/** The keys of the file and those of the one it names as its base. */
function inherit(file: string, raw: unknown): unknown {
  if (typeof raw !== 'object' || raw === null || !('extends' in raw)) return raw;
  if (typeof raw.extends !== 'string') return raw;
  const baseFile = resolve(dirname(resolve(file)), raw.extends);
  const base = readYaml(baseFile);
  const problems = baseProblems(base);
  if (problems.length > 0) throw new ConfigError(baseFile, problems);
  return withBase(raw, base, dirname(baseFile));
}

function readYaml(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ConfigError(file, [`it ${whyUnread(cause)}: correct the path or create the file`]);
  }
  const document = parseDocument(text, { prettyErrors: true });
  if (document.errors.length === 0) return document.toJS();
  throw new ConfigError(
    file,
    document.errors.map(({ message }) => message.trimEnd()),
  );
}

function parse<T extends z.ZodType>(file: string, schema: T, raw: unknown): z.output<T> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw new ConfigError(file, toProblems(schema, raw, parsed.error.issues));
}

function readFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const why = whyUnread(cause);
    throw new Error(`names ${path}, which ${why}: correct the path or create the file`, {
      cause,
    });
  }
}

function whyUnread(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  return code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
}

function toPrivateKey(pem: string | Buffer): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (cause) {
    const text = 'is not a private key: an RSA key without passphrase in PEM form is required';
    throw new Error(text, { cause });
  }
  if (key.asymmetricKeyType === 'rsa') return key;
  throw new Error(`is a key of type ${key.asymmetricKeyType ?? 'unknown'}: RSA is required`);
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
