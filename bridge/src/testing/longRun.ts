import { makeEngine } from '../core/engine.ts';
import type { Engine } from '../core/engine.ts';
import { policyOf } from '../core/fixtures/policies.ts';
import { makeRandom } from '../core/fixtures/random.ts';
import { readingOf, START } from '../core/fixtures/readings.ts';
import { toDeviceKey, toEpochMs } from '../model/brand.ts';
import type { Policy } from '../model/policy.ts';
import type { Signal } from '../model/signal.ts';
import { withAttic } from '../pipeline/aside.ts';
import type { Attic } from '../ports/attic.ts';

/** Every kind of detector, quick enough that a few thousand steps see all of them open and clear. */
const policies: readonly Policy[] = [
  policyOf(
    { kind: 'threshold', direction: 'above', limit: 12, clear: 10.5 },
    { key: 'high', match: { metric: 'vibration' }, openAfterMs: 1500, clearAfterMs: 3000 },
  ),
  policyOf({ kind: 'stuck', repeats: 3 }, { key: 'stuck', match: { metric: 'temperature' } }),
  policyOf({ kind: 'range-novelty', learn: 20, margin: 0.05 }, { key: 'range' }),
  policyOf({ kind: 'level-shift', learn: 20, factor: 1.1 }, { key: 'shift' }),
  policyOf(
    { kind: 'silence', afterMs: 4_000 },
    { key: 'silent', clearAfterMs: 6_000, updateEveryMs: 600_000 },
  ),
];

/** Silent for so long devices are put aside, so that many are, and many come back. */
const ASIDE_MS = 150_000;

/** One entry of a log that never was, as a function of the engine. */
export type Step = (engine: Engine) => readonly Signal[];

/** The engine of such a run; with an attic, devices come and go. */
export function makeLongRunEngine(attic?: Attic): Engine {
  if (attic === undefined) return makeEngine(policies);
  const recall = (device: Parameters<Attic['take']>[0]) => attic.take(device)?.state;
  return withAttic(makeEngine(policies, { recall }), attic, ASIDE_MS);
}

/** The same steps every time: few devices talk at once, and which ones changes slowly. */
export function makeSteps(count: number, devices = 3_000): readonly Step[] {
  const random = makeRandom(7);
  let now = 0;
  return Array.from({ length: count }, (_, index): Step => {
    now += random.below(200) === 0 ? 5_000 : 20;
    const at = now;
    if (index % 25 === 0) return (engine) => engine.tick(toEpochMs(at), toEpochMs(START + at));
    const first = Math.floor(index / 4);
    const device = toDeviceKey(`d-${(first + random.below(40)) % devices}`);
    const level = 8 + 5 * Math.sin(index / 3_000) + (random.below(300) === 0 ? 6 : 0);
    const reading = readingOf(
      at,
      {
        vibration: level + random.normal(),
        temperature: Math.round(60 + random.normal()),
        flow: level * 3 + random.normal(),
      },
      { device, receivedAt: toEpochMs(START + at), deviceType: 'pump' },
    );
    return (engine) => engine.accept(reading, toEpochMs(at));
  });
}
