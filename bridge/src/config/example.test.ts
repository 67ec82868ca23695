import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { makeFolder } from '../testing/bridgeProcess.ts';
import { loadConfig } from './load.ts';
import { configSchema } from './schema.ts';

const SECRETS = { MQTT_PASSWORD: 'p', LAB_MQTT_PASSWORD: 'q' };
const examples = join(import.meta.dirname, '../../../config');

test('the example loads once its files exist', () => {
  using folder = makeFolder();
  const file = copyExample(folder.path);
  const config = loadConfig(file, SECRETS);
  assert.equal(config.connections[0]?.password, 'p');
  assert.equal(config.connections[0].sessionExpiry, 7 * 24 * 3_600_000);
  assert.equal(config.mappings[0]?.maxBytes, 65_536);
  assert.deepEqual(config.mappings[1]?.metrics, {
    each: { temperature: 'data.temp', humidity: 'data.hum' },
  });
  assert.equal(config.dataDir, join(folder.path, '../.data/bridge'));
  assert.ok(config.policies.length > 0);
  assert.ok(Object.isFrozen(config.connections[0]) && Object.isFrozen(config.mappings));
});

test('the example explains every key there is', () => {
  const text = readFileSync(join(examples, 'bridge.example.yaml'), 'utf8');
  const missing = [...keysOf(configSchema)].filter(
    (key) => !new RegExp(`[\\s{#]${key}:`).test(text),
  );
  assert.deepEqual(missing, []);
});

test('the defaults the example shows are the defaults', () => {
  using folder = makeFolder();
  const file = copyExample(folder.path);
  const full = loadConfig(file, SECRETS);
  const text = readFileSync(file, 'utf8');
  const withoutDefaults = text
    .split('\n')
    .filter((line) => !/^\s+\w+: .*# default/.test(line))
    .join('\n')
    .replace(/^(http|log|quarantine|detection|outbox|telemetry):$/gm, '$1: {}')
    .replace(/^ {4}(\w+Per(?:Hour|Day)|reserve):.*$/gm, '    $1: {}')
    .replace(
      /^ {2}(devices|identity|heartbeat|policies|latency|shedding|receipts|retry|pace):$/gm,
      '  $1: {}',
    );
  writeFileSync(file, withoutDefaults);
  const short = loadConfig(file, SECRETS);
  const { privateKey: a, ...fullOrg } = full.salesforce;
  const { privateKey: b, ...shortOrg } = short.salesforce;
  assert.equal(a.type, b.type);
  const comparable = ({ audience, pubsub, ...rest }: typeof fullOrg) => {
    assert.ok(audience === undefined || audience === rest.loginUrl);
    return { ...rest, endpoint: pubsub.endpoint, answerTimeout: pubsub.answerTimeout };
  };
  assert.deepEqual(comparable(shortOrg), comparable(fullOrg));
  assert.deepEqual({ ...short, salesforce: 0 }, { ...full, salesforce: 0 });
});

/** The example in a folder of its own, with the files it names. */
function copyExample(folder: string): string {
  cpSync(examples, folder, { recursive: true });
  mkdirSync(join(folder, 'certificates'));
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  for (const name of [
    'broker-ca.pem',
    'bridge.pem',
    'bridge.key',
    'salesforce.key',
    'proxy-ca.pem',
  ]) {
    writeFileSync(join(folder, 'certificates', name), pem);
  }
  return join(folder, 'bridge.example.yaml');
}

function keysOf(schema: unknown): Set<string> {
  const keys = new Set<string>();
  const visit = (at: unknown): void => {
    if (at instanceof z.ZodObject) {
      for (const [key, inner] of Object.entries(at.shape)) {
        keys.add(key);
        visit(inner);
      }
    } else if (at instanceof z.ZodArray) visit(at.element);
    else if (at instanceof z.ZodRecord) visit(at.valueType);
    else if (
      at instanceof z.ZodOptional ||
      at instanceof z.ZodDefault ||
      at instanceof z.ZodPrefault ||
      at instanceof z.ZodReadonly
    ) {
      visit(at.def.innerType);
    }
  };
  visit(schema);
  return keys;
}
