import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { DEVICE_PERIOD_MS, makeDevice } from './device.ts';
import { deviceTypes } from './deviceTypes.ts';
import type { DeviceType } from './deviceTypes.ts';
import type { Fault, FaultKind } from './faults.ts';
import { SHORTEST_FAULT_MS } from './faults.ts';
import { makeMachine } from './machine.ts';
import { makeRandom } from './random.ts';

/** The limits of the starter policies that the fleet is built for; open and clear. */
const vibrationLimit = { limit: 7.1, escalate: 11, clear: 4.5 };
const pressureLimit: Record<string, { limit: number; clear: number }> = {
  pump: { limit: 3, clear: 3.6 },
  chiller: { limit: 4, clear: 4.8 },
  compressor: { limit: 6, clear: 7 },
};
const healthyPressure: Record<string, { middle: number; spread: number }> = {
  pump: { middle: 5, spread: 0.15 },
  chiller: { middle: 7, spread: 0.2 },
  compressor: { middle: 10, spread: 0.25 },
};
const REPEATS = 8;

describe('healthy machines', () => {
  for (const type of deviceTypes) {
    it(`a ${type.name} stays in its healthy ranges for 100,000 samples`, () => {
      for (let seed = 1; seed <= 20; seed += 1) {
        const seen = extremes(type, seed, 5000);
        const vibration = seen.get('vibration');
        const pressure = seen.get('pressure');
        const healthy = healthyPressure[type.name];
        assert.ok(vibration && pressure && healthy);
        assert.ok(vibration.low > 2.1 && vibration.high < 2.9, JSON.stringify(vibration));
        // The working point of a machine may be 1 % off, its noise stays in the spread.
        const reach = healthy.spread + healthy.middle * 0.01;
        assert.ok(pressure.low > healthy.middle - reach, `${seed} ${pressure.low}`);
        assert.ok(pressure.high < healthy.middle + reach, `${seed} ${pressure.high}`);
      }
    });
  }

  it('never show the same number eight times, also in a message storm', () => {
    for (const type of deviceTypes) {
      for (const periodMs of [DEVICE_PERIOD_MS, 1]) {
        const device = makeDevice('d', type, makeRandom(7));
        const runs = longestRuns(speakFor(device, 3000, periodMs, undefined));
        for (const [metric, run] of runs) assert.ok(run < 5, `${type.name} ${metric}: ${run}`);
      }
    }
  });

  it('of different types move differently', () => {
    const spans = deviceTypes.map((type) => {
      const seen = extremes(type, 3, 5000).get('temperature');
      assert.ok(seen);
      return [seen.low, seen.high] as const;
    });
    for (const [i, [low, high]] of spans.entries()) {
      for (const [j, [otherLow, otherHigh]] of spans.entries()) {
        if (i !== j) assert.ok(high < otherLow || low > otherHigh);
      }
    }
  });
});

describe('faults cross exactly their own limit', () => {
  for (const type of deviceTypes) {
    for (const seed of [1, 2, 3, 4, 5]) {
      it(`bearing wear of a ${type.name} raises vibration only (seed ${seed})`, () => {
        const shown = underFault(type, seed, 'bearing-wear');
        const vibration = column(shown, 'vibration');
        assert.ok(longestWhere(vibration, (v) => v > vibrationLimit.limit) * 0.5 >= 7);
        assert.ok(vibration.some((v) => v > vibrationLimit.escalate));
        assert.ok(longestTail(vibration, (v) => v < vibrationLimit.clear) * 0.5 >= 5);
        assertPressureFine(type, shown);
        assertNotStuck(shown);
      });
      it(`a leak of a ${type.name} lowers pressure only (seed ${seed})`, () => {
        const shown = underFault(type, seed, 'leak');
        const limits = pressureLimit[type.name];
        assert.ok(limits);
        const pressure = column(shown, 'pressure');
        assert.ok(longestWhere(pressure, (v) => v < limits.limit) * 0.5 >= 8);
        assert.ok(longestTail(pressure, (v) => v > limits.clear) * 0.5 >= 5);
        assertVibrationFine(shown);
        assertNotStuck(shown);
      });
      it(`a stuck sensor of a ${type.name} freezes temperature only (seed ${seed})`, () => {
        const shown = underFault(type, seed, 'stuck');
        const runs = longestRuns(shown);
        assert.ok((runs.get('temperature') ?? 0) >= REPEATS + 12);
        for (const [metric, run] of runs) if (metric !== 'temperature') assert.ok(run < 5);
        assertVibrationFine(shown);
        assertPressureFine(type, shown);
      });
    }
  }

  it('a silent device sends nothing for its time and counts on without a gap', () => {
    const device = makeDevice('d', deviceTypes[0], makeRandom(1));
    const fault: Fault = { device: 'd', kind: 'silence', from: 10_000, to: 24_000 };
    const times: number[] = [];
    const seqs: number[] = [];
    for (let now = 0; now < 40_000; now += DEVICE_PERIOD_MS) {
      const active = now >= fault.from && now < fault.to ? fault : undefined;
      const message = device.speak(now, active);
      if (message === undefined) continue;
      times.push(now);
      seqs.push(message.seq);
    }
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    assert.equal(Math.max(...gaps), 14_500);
    assert.deepEqual(
      seqs,
      seqs.map((_, index) => index + 1),
    );
  });
});

describe('a device', () => {
  it('gives every message a later time than the one before, also within a millisecond', () => {
    const device = makeDevice('d', deviceTypes[1], makeRandom(1));
    const times = [1000, 1000, 1000, 1001, 1500].map((now) => device.speak(now, undefined)?.ts);
    assert.equal(new Set(times).size, 5);
    assert.deepEqual(
      times,
      times.toSorted((a = '', b = '') => a.localeCompare(b)),
    );
  });

  it('says the same for the same seed', () => {
    const [first, second] = [1, 1].map(() =>
      makeDevice('pump-001', deviceTypes[0], makeRandom(5)).speak(1e12, undefined),
    );
    assert.deepEqual(first, second);
    assert.match(first?.payload ?? '', /^\{"ts":"2001-09-09T01:46:40.000Z","seq":1,"metrics":\{"/);
  });
});

type Shown = ReadonlyMap<string, number>[];

function extremes(type: DeviceType, seed: number, samples: number) {
  const machine = makeMachine(type, makeRandom(seed));
  const seen = new Map<string, { low: number; high: number }>();
  for (let i = 0; i < samples; i += 1) {
    for (const [metric, value] of machine.measure(DEVICE_PERIOD_MS / 1000)) {
      const so = seen.get(metric) ?? { low: value, high: value };
      seen.set(metric, { low: Math.min(so.low, value), high: Math.max(so.high, value) });
    }
  }
  return seen;
}

function speakFor(
  device: ReturnType<typeof makeDevice>,
  samples: number,
  periodMs: number,
  fault: Fault | undefined,
): Shown {
  return Array.from({ length: samples }, (_, index) => {
    const now = index * periodMs;
    const active = fault !== undefined && now >= fault.from && now < fault.to ? fault : undefined;
    const message = device.speak(now, active);
    assert.ok(message);
    const { metrics } = JSON.parse(message.payload) as { metrics: Record<string, number> };
    return new Map(Object.entries(metrics));
  });
}

function underFault(type: DeviceType, seed: number, kind: FaultKind): Shown {
  const from = 10_000;
  const fault: Fault = { device: 'd', kind, from, to: from + SHORTEST_FAULT_MS };
  const samples = (fault.to + 6_000) / DEVICE_PERIOD_MS;
  return speakFor(makeDevice('d', type, makeRandom(seed)), samples, DEVICE_PERIOD_MS, fault);
}

const column = (shown: Shown, metric: string): number[] =>
  shown.map((values) => values.get(metric) ?? Number.NaN);

function longestWhere(values: readonly number[], holds: (value: number) => boolean): number {
  let longest = 0;
  let run = 0;
  for (const value of values) {
    run = holds(value) ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

const longestTail = (values: readonly number[], holds: (value: number) => boolean): number =>
  values.length - 1 - values.findLastIndex((value) => !holds(value));

function longestRuns(shown: Shown): Map<string, number> {
  const longest = new Map<string, number>();
  for (const metric of shown[0]?.keys() ?? []) {
    const values = column(shown, metric);
    let run = 1;
    for (let i = 1; i < values.length; i += 1) {
      run = values[i] === values[i - 1] ? run + 1 : 1;
      longest.set(metric, Math.max(longest.get(metric) ?? 1, run));
    }
  }
  return longest;
}

function assertVibrationFine(shown: Shown): void {
  assert.ok(column(shown, 'vibration').every((v) => v < vibrationLimit.clear));
}

function assertPressureFine(type: DeviceType, shown: Shown): void {
  const limits = pressureLimit[type.name];
  assert.ok(limits);
  assert.ok(column(shown, 'pressure').every((v) => v > limits.clear));
}

function assertNotStuck(shown: Shown): void {
  for (const [metric, run] of longestRuns(shown)) assert.ok(run < REPEATS, `${metric}: ${run}`);
}
