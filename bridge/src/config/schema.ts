import { z } from 'zod';
import { latency, shedding } from './latencySchema.ts';
import { mqtt, repeated } from './mqttSchema.ts';
import { environment, namespace } from './pins.ts';
import {
  bytes,
  choice,
  duration,
  flag,
  fraction,
  integer,
  number,
  part,
  secret,
  text,
  url,
} from './fields.ts';

const PATH = 1_000;
const NAME = 80;
const HOUR = 3_600_000;

const filePath = () => text(PATH);

const http = z.strictObject({
  host: text(255).default('127.0.0.1'),
  port: integer(0, 65_535).default(9_400),
});

const mapping = z
  .strictObject({
    name: text(NAME),
    topic: text(PATH),
    qos: choice([0, 1, 2]).default(1),
    connection: text(40).optional(),
    device: filePath().optional(),
    deviceType: filePath().optional(),
    time: z.strictObject({ path: filePath(), format: choice(['iso', 's', 'ms']) }).optional(),
    metrics: z
      .strictObject({
        path: z.string({ error: 'a text is required' }).max(PATH).optional(),
        each: z.record(text(NAME), filePath()).optional(),
      })
      .refine((value) => (value.path === undefined) !== (value.each === undefined), {
        error: 'either path (to an object of numbers) or each (metric: path) is required',
      }),
    units: z.record(text(NAME), text(20)).default({}),
    ranges: z
      .record(
        text(NAME),
        z.strictObject({ min: number(), max: number() }).refine(({ min, max }) => min <= max, {
          error: 'min may not be greater than max',
        }),
      )
      .default({}),
    maxFuture: duration().default(5 * 60_000),
    maxAge: duration().default(7 * 24 * HOUR),
    recorded: flag().default(false),
    maxBytes: bytes(2).default(65_536),
  })
  .readonly();

/** What the bridge may use of one limit of the org, of which others live, too. */
const budget = (share: number) => ({ share: fraction().default(share) });
const amount = () => integer(1, 1_000_000_000);

const budgets = z.strictObject({
  publishesPerHour: z.strictObject({ limit: amount().optional(), ...budget(0.5) }).prefault({}),
  apiCallsPerDay: z.strictObject({ limit: amount().optional(), ...budget(0.5) }).prefault({}),
  deliveriesPerDay: z.strictObject({ limit: amount().optional(), ...budget(0.5) }).prefault({}),
  signalRowsPerDay: z.strictObject({ limit: amount().default(10_000), ...budget(1) }).prefault({}),
  reserve: z
    .strictObject({
      critical: part().default(0.3),
      high: part().default(0.2),
      medium: part().default(0.1),
    })
    .refine(({ critical, high, medium }) => critical + high + medium <= 1 + 1e-9, {
      error: 'critical, high and medium may be 1 together at most',
    })
    .prefault({}),
});

const salesforce = z
  .strictObject({
    loginUrl: url(['https', 'http'], 'https://login.salesforce.com'),
    audience: url(['https', 'http'], 'https://login.salesforce.com').optional(),
    clientId: text(512),
    username: text(255),
    privateKeyFile: filePath().optional(),
    privateKey: secret().optional(),
    apiVersion: z
      .string({ error: "a version in quotes is required, such as '66.0'" })
      .regex(/^\d{2,3}\.0$/, { error: "a version in quotes is required, such as '66.0'" })
      .default('66.0'),
    namespace: namespace(),
    pubsub: z
      .strictObject({
        endpoint: text(255)
          .regex(/^[^:/\s]+:\d{1,5}$/, {
            error: 'host:port is required, such as api.pubsub.salesforce.com:7443',
          })
          .default('api.pubsub.salesforce.com:7443'),
        caFile: filePath().optional(),
        answerTimeout: duration(1_000).default(30_000),
      })
      .prefault({}),
    devices: z
      .strictObject({
        cacheFor: duration().default(15 * 60_000),
        unknownFor: duration().default(60_000),
      })
      .prefault({}),
    identity: z
      .strictObject({
        every: duration(1_000).default(5 * 60_000),
        compareEvery: duration(60_000).default(24 * HOUR),
        trustFor: duration(60_000).default(HOUR),
      })
      .prefault({}),
    policies: z.strictObject({ every: duration(1_000).default(5 * 60_000) }).prefault({}),
    receipts: z
      .strictObject({
        every: duration(200).default(2_000),
        missingAfter: duration(5_000).default(2 * 60_000),
        maxPublishes: integer(1, 100).default(10),
        routeAgainAfter: duration(5_000).default(5 * 60_000),
      })
      .prefault({}),
    heartbeat: z
      .strictObject({
        every: duration(10_000).default(60_000),
        name: text(80).optional(),
      })
      .prefault({}),
    budget: budgets.prefault({}),
    latency,
    shedding,
    retry: z
      .strictObject({
        first: duration(100).default(1_000),
        max: duration(1_000).default(60_000),
        maxAttempts: integer(1, 1_000).default(10),
      })
      .prefault({}),
    pace: z
      .strictObject({
        first: integer(1, 1_000_000).default(100),
        max: integer(1, 1_000_000).default(5_000),
      })
      .prefault({}),
  })
  .refine((value) => (value.privateKeyFile === undefined) !== (value.privateKey === undefined), {
    error: 'either privateKeyFile or privateKey is required',
  });

/** What a config file may contain. The order of the keys is the order of the example. */
export const configSchema = z.strictObject({
  extends: filePath().optional(),
  environment: environment.optional(),
  dataDir: filePath(),
  http: http.prefault({}),
  mqtt,
  mappings: z
    .array(mapping, { error: 'a list is required' })
    .min(1, { error: 'at least one mapping is required' })
    .check(({ value, issues }) => {
      for (const index of repeated(value)) {
        const path = [index, 'name'];
        issues.push({ code: 'custom', input: value, path, message: 'the name is used twice' });
      }
    }),
  policiesFile: filePath(),
  log: z
    .strictObject({
      retention: duration(60_000).default(24 * HOUR),
      maxBytes: bytes(1_000_000).default(2_000_000_000),
    })
    .prefault({}),
  quarantine: z
    .strictObject({
      retention: duration(60_000).default(30 * 24 * HOUR),
      maxBytes: bytes(1_000_000).default(100_000_000),
    })
    .prefault({}),
  detection: z.strictObject({ toDiskAfter: duration(60_000).default(24 * HOUR) }).prefault({}),
  outbox: z.strictObject({ retention: duration(HOUR).default(30 * 24 * HOUR) }).prefault({}),
  telemetry: z
    .strictObject({
      enabled: flag().default(true),
      refresh: duration(1_000).default(5_000),
      callsPerMinute: integer(1, 1_000).default(30),
      memory: bytes(1_000_000).default(256_000_000),
    })
    .prefault({}),
  salesforce,
});

export type ConfigFile = z.output<typeof configSchema>;
