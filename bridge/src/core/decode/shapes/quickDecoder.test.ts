import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toEpochMs } from '../../../model/brand.ts';
import type { Mapping } from '../../../model/mapping.ts';
import { makeMessage } from '../../../model/message.ts';
import { mappingOf } from '../../fixtures/mappings.ts';
import { START } from '../../fixtures/readings.ts';
import { makeDecoder, makeJudgingDecoder } from '../decoder.ts';

const NOW = toEpochMs(START);
const TOPIC = 'plant/pump/pump-000123/telemetry';
const TS = '2026-11-23T06:00:00.123Z';

/** How many of these messages, all alike the first, are read without the judge; the readings must be his. */
function quickOf(
  payloads: readonly string[],
  changes: Partial<Mapping> = {},
  topic = TOPIC,
): number {
  const counts = { quick: 0, judged: 0 };
  const mappings = [mappingOf(changes)];
  const [decode, judge] = [makeDecoder(mappings, counts), makeJudgingDecoder(mappings)];
  for (const payload of payloads) {
    const message = makeMessage(topic, Buffer.from(payload), NOW);
    assert.deepEqual(decode(message), judge(message));
  }
  assert.equal(counts.quick + counts.judged, payloads.length);
  return counts.quick;
}

const usual = (value: number): string =>
  `{"ts":"${TS}","seq":${value},"metrics":{"vibration":2.31,"temperature":${value},"pressure":4.02,"flow":41.5}}`;

test('all messages of a fleet but the first two are read by their shape', () => {
  assert.equal(quickOf([usual(1), usual(20), usual(-3.25), usual(0)]), 2);
});

test('several shapes are known side by side', () => {
  const forms = [
    (value: number) => `{"ts":"${TS}","metrics":{"a":${value}}}`,
    (value: number) => `{"ts":"${TS}","metrics":{"a":${value},"b":1}}`,
    (value: number) => `{ "ts": "${TS}", "metrics": { "a": ${value} } }\n`,
    (value: number) => `{"metrics":{"a":${value}},"ts":"${TS}"}`,
    (value: number) => `{"ts":"${TS}","note":null,"metrics":{"a":${value}}}`,
  ];
  const rounds = Array.from({ length: 100 }, (_entry, index) => index);
  const payloads = rounds.flatMap((index) => forms.map((form) => form(index)));
  assert.equal(quickOf(payloads), payloads.length - 2 * forms.length);
});

const alike: readonly (readonly [
  what: string,
  payloads: readonly string[],
  changes?: Partial<Mapping>,
])[] = [
  [
    'another time form',
    [usual(1), usual(1).replace('.123Z', '+01:00'), usual(1).replace('.123Z', '')],
  ],
  [
    'numbers of many digits and exponents',
    [usual(1), usual(0.1 + 0.2), usual(1e-7), usual(123456789012)],
  ],
  [
    'what nobody looks at: text, other scripts, lists, objects',
    ['1', '"a b"', '"ü\\u00e4\\n"', '[1,{"x":[]}]', 'true'].map(
      (noise) => `{"ts":"${TS}","note":${noise},"metrics":{"a":1}}`,
    ),
  ],
  [
    'names in the payload',
    ['pump-1', 'Pump 17/b'].map(
      (id) => `{"id":"${id}","kind":"fan","ts":"${TS}","metrics":{"a":1}}`,
    ),
    { device: 'id', deviceType: 'kind' },
  ],
  [
    'a time that is a number, and a metric of its own',
    [START, START + 1.5].map((ts) => `{"ts":${ts / 1000},"a":1}`),
    { time: { path: 'ts', format: 's' }, metrics: { path: '' } },
  ],
  [
    'elements of a list, and keys with dots',
    [1, 2].map(
      (value) => `{"ts":"${TS}","list":[${value},5],"data.vib":${value},"x":{"y":{"z":3}}}`,
    ),
    { metrics: { each: { first: 'list.0', vib: 'data.vib', deep: 'x.y.z', absent: 'x.q' } } },
  ],
];
for (const [what, payloads, changes] of alike) {
  test(`read by their shape: ${what}`, () => {
    const [first = ''] = payloads;
    assert.equal(quickOf([first, first, ...payloads], changes), payloads.length);
  });
}

const forTheJudge: readonly (readonly [what: string, payload: string])[] = [
  ['a value out of its range', usual(1).replace('2.31', '100.5')],
  ['a value that is too large', usual(1e12)],
  ['infinity', usual(1).replace('2.31', '1e999')],
  ['a leading zero', usual(1).replace('2.31', '02.31')],
  ['a time ahead of the clock', usual(1).replace('T06', 'T07')],
  ['a day that is none', usual(1).replace('11-23', '02-30')],
  ['bytes behind the end', `${usual(1)}}`],
  ['a message that was cut', usual(1).slice(0, -1)],
  ['a control byte in text', usual(1).replace('.123Z', '\n')],
];
for (const [what, payload] of forTheJudge) {
  test(`left to the judge, for the reason: ${what}`, () => {
    assert.equal(quickOf([usual(1), usual(1), payload, payload, payload]), 0);
  });
}

const others: readonly (readonly [what: string, known: string, other: string, Partial<Mapping>])[] =
  [
    [
      'an object where a path goes on, and a number stood before',
      `{"ts":"${TS}","data":5,"a":1}`,
      `{"ts":"${TS}","data":{"v":7},"a":1}`,
      { metrics: { each: { x: 'a', y: 'data.v' } } },
    ],
    [
      'a type where there was none',
      `{"ts":"${TS}","kind":null,"metrics":{"a":1}}`,
      `{"ts":"${TS}","kind":"fan","metrics":{"a":1}}`,
      { deviceType: 'kind' },
    ],
  ];
for (const [what, known, other, changes] of others) {
  test(`of another shape: ${what}`, () => {
    assert.equal(quickOf([known, known, known, other], changes), 1);
  });
}

test('a recording is read by its shape whatever its time, and its time is never -0', () => {
  const payloads = [START, START, 5, -0.4].map((ts) => `{"ts":${ts},"metrics":{"a":1}}`);
  assert.equal(quickOf(payloads, { recorded: true, time: { path: 'ts', format: 'ms' } }), 2);
});

test('the length of a list, which stands nowhere, is never read by shape', () => {
  const payloads = [[1], [1, 2], [1, 2]].map(
    (list) => `{"ts":"${TS}","list":${JSON.stringify(list)},"a":1}`,
  );
  assert.equal(quickOf(payloads, { metrics: { each: { a: 'a', count: 'list.length' } } }), 0);
});

test('a path that two places could answer is never read by shape', () => {
  const twoPlaces = `{"ts":"${TS}","a.b":1,"a":{"b":1}}`;
  assert.equal(quickOf([twoPlaces, twoPlaces, twoPlaces], { metrics: { each: { x: 'a.b' } } }), 0);
  const twice = `{"ts":"${TS}","metrics":{"a":1,"a":1}}`;
  assert.equal(quickOf([twice, twice, twice]), 0);
});

test('messages of which no two are alike do not keep others from being quick', () => {
  const odd = Array.from(
    { length: 3_000 },
    (_entry, index) => `{"ts":"${TS}","metrics":{"m${index}":1}}`,
  );
  const payloads = odd.flatMap((one, index) => [one, usual(index)]);
  const quick = quickOf(payloads);
  assert.equal(quick, 3_000 - 2);
});

test('a message larger than the mapping allows is refused, whatever its shape', () => {
  const [short, long] = [usual(1), usual(1.25)];
  assert.equal(quickOf([short, short, short, long], { maxBytes: short.length }), 1);
});
