import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { improvise, playPlan } from './director.ts';
import { SHORTEST_FAULT_MS } from './faults.ts';
import { injectByLine } from './inject.ts';
import { listDevices, makePlan } from './plan.ts';
import { makeRandom } from './random.ts';

describe('a plan', () => {
  it('holds its promises for 500 seeds', () => {
    const devices = listDevices(12);
    for (let seed = 0; seed < 500; seed += 1) {
      const { faults, storm, endMs } = makePlan(devices, 6, makeRandom(seed));
      assert.equal(faults.length, 6);
      assert.equal(new Set(faults.map(({ device }) => device)).size, 6);
      assert.equal(new Set(faults.map(({ kind }) => kind)).size, 4);
      for (const { from, to } of faults) {
        assert.ok(to - from >= SHORTEST_FAULT_MS && from >= 4000 && to + 3000 <= endMs);
      }
      assert.ok(!faults.some(({ device }) => device === storm.device));
      assert.ok(storm.messages >= 1000 && storm.to - storm.from === 2000);
      assert.ok(endMs <= 32_000);
    }
  });

  it('is the same for the same seed and another for another', () => {
    const devices = listDevices(12);
    const plan = (seed: number) => JSON.stringify(makePlan(devices, 6, makeRandom(seed)));
    assert.equal(plan(1), plan(1));
    assert.notEqual(plan(1), plan(2));
  });

  it('refuses when no device is left for the storm', () => {
    assert.throws(() => makePlan(listDevices(6), 6, makeRandom(1)), /at least 7 devices/);
  });

  it('mixes the types and numbers each', () => {
    assert.deepEqual(
      listDevices(4).map(({ key }) => key),
      ['pump-001', 'chiller-001', 'compressor-001', 'pump-002'],
    );
  });
});

describe('playing a plan', () => {
  it('announces each incident once, at its time, and ends', () => {
    const plan = makePlan(listDevices(12), 6, makeRandom(3));
    const startedAt = 1_000_000;
    const director = playPlan(plan, startedAt);
    const seen: string[] = [];
    let now = startedAt;
    for (; !director.isDone(now); now += 100) {
      for (const incident of director.advance(now)) {
        const from = incident.kind === 'fault' ? incident.fault.from : incident.storm.from;
        assert.ok(from <= now && from > now - 100);
        seen.push(incident.kind);
      }
    }
    assert.equal(seen.filter((kind) => kind === 'fault').length, 6);
    assert.equal(seen.filter((kind) => kind === 'storm').length, 1);
    assert.equal(now - startedAt, Math.ceil(plan.endMs / 100) * 100);
  });
});

describe('a live fleet', () => {
  it('keeps faults few, long enough and apart for an hour', () => {
    const keys = listDevices(12).map(({ key }) => key);
    const director = improvise(keys, 0, makeRandom(1));
    const lastEnd = new Map<string, number>();
    let faults = 0;
    let storms = 0;
    for (let now = 0; now < 3_600_000; now += 200) {
      for (const incident of director.advance(now)) {
        if (incident.kind === 'storm') {
          storms += 1;
          assert.equal(director.faultOf(incident.storm.device, now), undefined);
          continue;
        }
        const { device, from, to } = incident.fault;
        faults += 1;
        assert.ok(from >= (lastEnd.get(device) ?? -20_000) + 20_000);
        assert.ok(to - from >= SHORTEST_FAULT_MS && to - from <= 30_000);
        lastEnd.set(device, to);
      }
      const active = keys.filter((key) => director.faultOf(key, now) !== undefined).length;
      assert.ok(active <= 3);
    }
    assert.ok(faults > 150 && faults < 450, String(faults));
    assert.ok(storms > 20, String(storms));
  });

  it('takes a fault by a typed line and explains what it does not take', () => {
    const director = improvise(['pump-001'], 0, makeRandom(1));
    assert.match(injectByLine('fault leak pump-001 20', director, 1000), /^leak on pump-001 until/);
    assert.equal(director.faultOf('pump-001', 20_999)?.kind, 'leak');
    assert.equal(director.faultOf('pump-001', 21_000), undefined);
    assert.match(injectByLine('fault stuck pump-001', director, 2000), /already has leak/);
    assert.match(injectByLine('fault leak any', director, 2000), /every device has/);
    assert.match(injectByLine('fault leak any', director, 60_000), /^leak on pump-001 until/);
    assert.match(injectByLine('fault leak pump-9 20', director, 1000), /known: pump-001/);
    assert.match(injectByLine('fault fire pump-001 20', director, 1000), /^say: fault/);
    assert.match(injectByLine('fault leak pump-001 2', director, 1000), /^say: fault/);
  });
});
