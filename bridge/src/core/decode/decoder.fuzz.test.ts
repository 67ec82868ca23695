import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toEpochMs } from '../../model/brand.ts';
import { makeMessage } from '../../model/message.ts';
import { mappingOf } from '../fixtures/mappings.ts';
import { makeRandom } from '../fixtures/random.ts';
import type { Random } from '../fixtures/random.ts';
import { START } from '../fixtures/readings.ts';
import { makeDecoder } from './decoder.ts';

const NOW = toEpochMs(START);
const VALID = '{"ts":"2026-11-23T06:00:00.123Z","seq":17,"metrics":{"vibration":2.31,"flow":41.5}}';
const TOPIC = 'plant/pump/pump-001/telemetry';
const PIECES = (
  '{ } [ ] " : , \\ \\u0000 \\ud800 null true 1e999 -0 - . "ts" "metrics" "__proto__" "toString" ' +
  '2026-02-30T00:00:00Z'
).split(' ');

const decode = makeDecoder([
  mappingOf({
    name: 'each',
    topic: 'each/#',
    device: 'metrics.id',
    metrics: { each: { a: 'metrics.vibration', b: '' } },
  }),
  mappingOf({ name: 'whole', topic: 'whole/{device}', metrics: { path: '' } }),
  mappingOf(),
]);

/** Throws where the answer is anything but a sound reading or a reason. */
function check(topic: string, payload: Uint8Array): boolean {
  const result = decode(makeMessage(topic, payload, NOW));
  if (!result.ok) {
    assert.ok(
      result.error.reason.length > 0 && result.error.reason.length < 600,
      result.error.reason,
    );
    assert.doesNotMatch(result.error.reason, /\p{Cc}/u);
    return false;
  }
  const { device, at, metrics, values } = result.value;
  assert.match(device, /^[^\p{Cc}]{1,120}$/u);
  assert.ok(Number.isSafeInteger(at) && Math.abs(at - NOW) <= 7 * 86_400_000);
  assert.ok(values.length > 0 && values.length === metrics.names.length);
  for (const [index, name] of metrics.names.entries()) {
    const value = values[index] ?? Number.NaN;
    assert.ok(name.length > 0 && Number.isFinite(value) && Math.abs(value) < 1e12);
  }
  return true;
}

function randomBytes(random: Random): Uint8Array {
  return Uint8Array.from({ length: random.below(80) }, () => random.below(256));
}

function mutated(random: Random): Uint8Array {
  const bytes = new TextEncoder().encode(VALID);
  const changed = [...bytes];
  for (let count = random.below(4) + 1; count > 0; count -= 1) {
    const at = random.below(changed.length + 1);
    const kind = random.below(4);
    if (kind === 0) changed.splice(at, 1 + random.below(10));
    else if (kind === 1) changed[at] = random.below(256);
    else if (kind === 2) changed.splice(at, 0, ...changed.slice(random.below(changed.length)));
    else changed.splice(at, 0, ...new TextEncoder().encode(PIECES[random.below(PIECES.length)]));
  }
  return Uint8Array.from(changed);
}

test('no bytes make the decoder throw or let something unsound through', () => {
  const random = makeRandom(20_261_123);
  const topics = [
    TOPIC,
    'each/x',
    'whole/pump-001',
    'plant//x/telemetry',
    '',
    '/',
    '$SYS/x',
    'whole/',
  ];
  let accepted = 0;
  for (let round = 0; round < 30_000; round += 1) {
    const topic = random.next() < 0.5 ? TOPIC : (topics[random.below(topics.length)] ?? TOPIC);
    const payload = random.next() < 0.3 ? randomBytes(random) : mutated(random);
    if (check(topic, payload)) accepted += 1;
  }
  // Some mutations are harmless; without any the test would only see refusals.
  assert.ok(accepted > 100, `only ${accepted} were accepted`);
});

test('deep nesting is refused, not run into the end of the stack', () => {
  const deep = '['.repeat(30_000) + ']'.repeat(30_000);
  assert.equal(check(TOPIC, new TextEncoder().encode(deep)), false);
  const objects = '{"metrics":'.repeat(5_000) + '1' + '}'.repeat(5_000);
  assert.equal(check(TOPIC, new TextEncoder().encode(objects)), false);
});
