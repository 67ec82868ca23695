import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import type { Mapping } from '../../model/mapping.ts';
import { mappingOf } from '../fixtures/mappings.ts';
import { makeRandom } from '../fixtures/random.ts';
import type { Random } from '../fixtures/random.ts';
import { START } from '../fixtures/readings.ts';
import { timeSchema } from './clock.ts';
import { makeJudge, pickedSchema } from './picked.ts';
import type { Picked } from './picked.ts';
import { parseTime } from './time.ts';

const { time: _, ...timeless } = mappingOf();
const MAPPINGS: readonly Mapping[] = [
  mappingOf({ device: 'id', deviceType: 'kind' }),
  mappingOf({ time: { path: 'ts', format: 's' }, metrics: { path: '' } }),
  mappingOf({ time: { path: 'ts', format: 'ms' }, ranges: {} }),
  mappingOf({ metrics: { each: { vibration: 'a.vib', flow: 'a.flow' } } }),
  timeless,
];
const TS = new Date(START).toISOString();
const NAMES = ['a', 'vibration', '__proto__', '', ' a', 'a\n', '\ud800', 'x'.repeat(80)];
const WRONG_NAMES = [undefined, null, 17, {}, 'x'.repeat(81), '😀'.repeat(61), 'a\u0085'];
const NUMBERS = [0, -0, 2.5, 100, 101, 1e12, -1e12, 1 - 1e12, Infinity, '12', null, true, [], {}];
const TIMES = [TS, START, START / 1000, undefined, 'now', '', -1, 1e300, Infinity, true, {}, [TS]];
const NO_METRICS = [undefined, null, 5, 'x', [1], new Map(), crowd(256), crowd(257)];

function crowd(size: number): Map<string, number> {
  return new Map(Array.from({ length: size }, (_entry, index) => [`m${index}`, index]));
}

/** Mostly sound, so that each rule gets its turn at being the only one that is broken. */
function randomPicked(random: Random, sound: { readonly time: unknown }): Picked {
  const one = (values: readonly unknown[]) => values[random.below(values.length)];
  const good = () => random.next() < 0.85;
  const metrics = new Map<unknown, unknown>();
  for (let count = random.below(4) + 1; count > 0; count -= 1) {
    metrics.set(good() ? 'vibration' : one(NAMES), good() ? 2.5 : one(NUMBERS));
  }
  return {
    device: good() ? 'pump-001' : one([...NAMES, ...WRONG_NAMES]),
    deviceType: good() ? 'pump' : one([...NAMES, ...WRONG_NAMES]),
    time: good() ? sound.time : one(TIMES),
    metrics: good() ? metrics : one(NO_METRICS),
  };
}

function soundTime({ time }: Mapping): unknown {
  if (time === undefined) return undefined;
  return { iso: TS, s: START / 1000, ms: START }[time.format];
}

for (const [index, mapping] of MAPPINGS.entries()) {
  test(`compiled and interpreted, the rules of mapping ${index} say the same`, () => {
    const schema = pickedSchema(mapping);
    const judge = makeJudge(mapping);
    const random = makeRandom(index + 1);
    let accepted = 0;
    for (let round = 0; round < 4_000; round += 1) {
      const picked = randomPicked(random, { time: soundTime(mapping) });
      const judged = judge(picked);
      const interpreted = schema.safeParse(picked);
      assert.equal(judged.ok, interpreted.success);
      if (judged.ok) {
        accepted += 1;
        assert.deepEqual(judged.value, interpreted.data);
      } else {
        assert.equal(judged.error.reason, interpreted.error?.issues[0]?.message);
      }
    }
    assert.ok(accepted > 800 && accepted < 3_200, `${accepted} of 4000 were accepted`);
  });

  test(`zod can compile the rules of mapping ${index}`, () => {
    // Without `strict` it would quietly interpret them, several times slower.
    z.compile(pickedSchema(mapping), { strict: true });
  });
}

for (const format of ['iso', 's', 'ms'] as const) {
  test(`as ${format}, the rules take the times that parseTime takes, and give its reasons`, () => {
    const schema = timeSchema({ path: 'ts', format });
    for (const value of TIMES.filter((time) => time !== undefined)) {
      const parsed = parseTime(value, format);
      const judged = schema.safeParse(value);
      assert.equal(judged.success, parsed.ok);
      if (parsed.ok) assert.equal(judged.data, parsed.value);
      else assert.equal(judged.error?.issues[0]?.message, `ts ${parsed.error.reason}`);
    }
  });
}
