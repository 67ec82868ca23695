import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toEpochMs } from '../../model/brand.ts';
import type { Mapping } from '../../model/mapping.ts';
import { makeMessage } from '../../model/message.ts';
import type { Reading, Rejection } from '../../model/reading.ts';
import { mappingOf } from '../fixtures/mappings.ts';
import { START } from '../fixtures/readings.ts';
import { makeDecoder, topicFilters } from './decoder.ts';

const NOW = toEpochMs(START);
const TOPIC = 'plant/pump/pump-001/telemetry';
const TS = '2026-11-23T06:00:00.000Z';

function bytes(payload: unknown): Uint8Array {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return new TextEncoder().encode(text);
}

function accepted(payload: unknown, changes: Partial<Mapping> = {}, topic = TOPIC): Reading {
  const result = makeDecoder([mappingOf(changes)])(makeMessage(topic, bytes(payload), NOW));
  assert.ok(result.ok, result.ok ? '' : result.error.reason);
  return result.value;
}

function refused(payload: unknown, changes: Partial<Mapping> = {}, topic = TOPIC): Rejection {
  const result = makeDecoder([mappingOf(changes)])(makeMessage(topic, bytes(payload), NOW));
  assert.ok(!result.ok, 'it was accepted');
  return result.error;
}

/** The numbers by their names, as pairs. */
function numbersOf({ metrics, values }: Reading): unknown {
  return metrics.names.map((name, index) => [name, values[index]]);
}

test('a fleet message becomes a reading', () => {
  const reading = accepted({ ts: TS, seq: 17, metrics: { vibration: 2.31, flow: 41.5 } });
  assert.equal(reading.device, 'pump-001');
  assert.equal(reading.deviceType, 'pump');
  assert.equal(reading.at, START);
  assert.equal(reading.receivedAt, START);
  assert.deepEqual(numbersOf(reading), [
    ['vibration', 2.31],
    ['flow', 41.5],
  ]);
  assert.equal(reading.metrics.units[0], 'mm/s');
  assert.equal(reading.source, 'fleet');
});

test('device, type and each metric can come from paths in the payload', () => {
  const reading = accepted(
    { id: 'p-7', kind: 'pump', time: START / 1000, data: { vib: 1, 'temp.out': 20 }, list: [5] },
    {
      topic: 'any/#',
      device: 'id',
      deviceType: 'kind',
      time: { path: 'time', format: 's' },
      metrics: {
        each: { vibration: 'data.vib', out: 'data.temp.out', first: 'list.0', no: 'x.y' },
      },
    },
    'any/thing/at/all',
  );
  assert.equal(reading.device, 'p-7');
  assert.equal(reading.deviceType, 'pump');
  assert.deepEqual(numbersOf(reading), [
    ['vibration', 1],
    ['out', 20],
    ['first', 5],
  ]);
});

test('without a time in the mapping the time of receipt counts', () => {
  const { time: _, ...timeless } = mappingOf();
  const result = makeDecoder([timeless])(makeMessage(TOPIC, bytes({ metrics: { a: 1 } }), NOW));
  assert.ok(result.ok);
  assert.equal(result.value.at, NOW);
});

test('the first mapping whose topic matches decides', () => {
  const decode = makeDecoder([
    mappingOf({ name: 'special', topic: 'plant/pump/{device}/telemetry' }),
    mappingOf({ name: 'general' }),
  ]);
  const payload = bytes({ ts: TS, metrics: { a: 1 } });
  const sources = [TOPIC, 'plant/chiller/c-1/telemetry'].map((topic) => {
    const result = decode(makeMessage(topic, payload, NOW));
    return result.ok ? result.value.source : result.error.kind;
  });
  assert.deepEqual(sources, ['special', 'general']);
});

test('the clock is checked on both sides, and not at all for a recording', () => {
  const at = (ms: number) => ({ ts: new Date(START + ms).toISOString(), metrics: { a: 1 } });
  assert.equal(accepted(at(300_000)).at, START + 300_000);
  const ahead = refused(at(300_001));
  assert.equal(ahead.kind, 'clock-skew');
  assert.match(ahead.reason, /5 min ahead of the bridge's clock; at most 5 min is allowed/);
  accepted(at(-7 * 86_400_000));
  assert.match(refused(at(-7 * 86_400_000 - 1)).reason, /7 days old/);
  accepted({ ts: '2013-07-04 00:00:00', metrics: { a: 1 } }, { recorded: true });
  assert.equal(
    refused({ ts: '4000-01-01T00:00:00Z', metrics: { a: 1 } }, { recorded: true }).kind,
    'out-of-range',
  );
});

const refusals: readonly (readonly [
  what: string,
  payload: unknown,
  kind: string,
  words: RegExp,
])[] = [
  ['malformed JSON', '{"ts":', 'malformed', /not valid JSON/],
  ['nothing', '', 'malformed', /empty/],
  ['a bare number', '12', 'wrong-type', /the number 12; a JSON object is required/],
  ['no time', { metrics: { a: 1 } }, 'missing-field', /^ts is missing/],
  ['no metrics', { ts: TS }, 'missing-field', /^metrics is missing/],
  ['empty metrics', { ts: TS, metrics: {} }, 'missing-field', /^metrics is empty/],
  ['an array of metrics', { ts: TS, metrics: [1] }, 'wrong-type', /an array/],
  ['null for a number', { ts: TS, metrics: { a: null } }, 'wrong-type', /metrics\.a is null/],
  ['a nested value', { ts: TS, metrics: { a: { b: 1 } } }, 'wrong-type', /metrics\.a is an object/],
  ['a boolean', { ts: TS, metrics: { a: true } }, 'wrong-type', /the boolean true/],
  ['infinity', `{"ts":"${TS}","metrics":{"a":1e999}}`, 'wrong-type', /too large to represent/],
  ['NaN', `{"ts":"${TS}","metrics":{"a":NaN}}`, 'malformed', /not valid JSON/],
  ['a number of 13 digits', { ts: TS, metrics: { a: 1e12 } }, 'out-of-range', /10\^12/],
  [
    'an implausible value',
    { ts: TS, metrics: { vibration: 101 } },
    'out-of-range',
    /metrics\.vibration is 101; plausible is 0 to 100/,
  ],
  ['no date', { ts: 'yesterday', metrics: { a: 1 } }, 'wrong-type', /ts is the string "yesterday"/],
  ['a metric without a name', { ts: TS, metrics: { '': 1 } }, 'wrong-type', /metric name is empty/],
  [
    'too many metrics',
    { ts: TS, metrics: Object.fromEntries(Array.from({ length: 257 }, (_, i) => [`m${i}`, i])) },
    'out-of-range',
    /257 metrics; at most 256/,
  ],
];
for (const [what, payload, kind, words] of refusals) {
  test(`${what} is refused with the reason`, () => {
    const rejection = refused(payload);
    assert.equal(rejection.kind, kind);
    assert.match(rejection.reason, words);
  });
}

test('a string for a number is refused in plain words', () => {
  assert.deepEqual(refused({ ts: TS, metrics: { vibration: '12' } }), {
    kind: 'wrong-type',
    reason: 'metrics.vibration is the string "12"; a finite number is required',
  });
});

test('invalid UTF-8 and a payload over the limit are refused', () => {
  const decode = makeDecoder([mappingOf()]);
  const invalid = decode(makeMessage(TOPIC, Uint8Array.of(0x7b, 0xff, 0x7d), NOW));
  assert.ok(!invalid.ok && invalid.error.kind === 'malformed');
  const large = decode(makeMessage(TOPIC, new Uint8Array(1_000_000), NOW));
  assert.deepEqual(large, {
    ok: false,
    error: {
      kind: 'too-large',
      reason: 'the payload has 1000000 bytes; at most 65536 are allowed',
    },
  });
});

test('a topic without a mapping is told as such', () => {
  assert.equal(refused({}, {}, 'plant/pump/pump-001/status').kind, 'no-mapping');
});

const keys: readonly (readonly [device: unknown, kind: string])[] = [
  ['', 'missing-field'],
  [undefined, 'missing-field'],
  [17, 'wrong-type'],
  [null, 'wrong-type'],
  ['x'.repeat(121), 'wrong-type'],
  ['a\nb', 'wrong-type'],
  ['a\u0085', 'wrong-type'],
  [' pump', 'wrong-type'],
  ['pump ', 'wrong-type'],
  ['\ud800', 'wrong-type'],
];
for (const [device, kind] of keys) {
  test(`the device key ${JSON.stringify(device)?.slice(0, 20)} is refused`, () => {
    const payload = { id: device, ts: TS, metrics: { a: 1 } };
    assert.equal(refused(payload, { device: 'id' }).kind, kind);
  });
}

test('device keys of 120 characters in any script are accepted', () => {
  const key = 'Pumpe №1/ポンプ'.padEnd(120, 'x');
  assert.equal(accepted({ id: key, ts: TS, metrics: { a: 1 } }, { device: 'id' }).device, key);
});

test('__proto__ and duplicate keys are ordinary data', () => {
  const reading = accepted(`{"ts":"${TS}","metrics":{"__proto__":1,"a":2,"a":3,"constructor":4}}`);
  assert.deepEqual(numbersOf(reading), [
    ['__proto__', 1],
    ['a', 3],
    ['constructor', 4],
  ]);
  assert.equal(Reflect.has({}, 'a'), false);
  const rejection = refused(`{"__proto__":{"ts":"${TS}"},"metrics":{"a":1}}`);
  assert.match(rejection.reason, /^ts is missing/);
});

test('a mapping that cannot work is refused when the decoder is made', () => {
  assert.throws(
    () => makeDecoder([mappingOf({ topic: 'a/{divice}' })]),
    /mapping "fleet": "\{divice\}" is not known/,
  );
  assert.throws(
    () => makeDecoder([mappingOf({ topic: 'a/+' })]),
    /does not say where the device is/,
  );
});

test('the filters to subscribe to are listed once, with the higher QoS', () => {
  const filters = topicFilters([
    mappingOf({ qos: 0 }),
    mappingOf({ name: 'again', topic: 'plant/+/{device}/telemetry' }),
    mappingOf({ name: 'other', topic: 'x/{device}/#', qos: 0 }),
    mappingOf({ name: 'exact', topic: 'y/{device}', qos: 2 }),
    mappingOf({ name: 'lower', topic: 'y/{device}', qos: 1 }),
  ]);
  assert.deepEqual(
    [...filters],
    [
      ['plant/+/+/telemetry', 1],
      ['x/+/#', 0],
      ['y/+', 2],
    ],
  );
});
