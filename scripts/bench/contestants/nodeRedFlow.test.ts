import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileFunction } from 'node:vm';

import { makeNodeRedFlow } from './nodeRedFlow.ts';

interface Told {
  readonly topic: string;
  readonly payload: { readonly value: number };
}

test('the function of the flow says once that a device is beyond its limit, and again after it was back', () => {
  const flow = makeNodeRedFlow('mqtt://127.0.0.1:1234') as readonly Record<string, unknown>[];
  const func = String(flow.find(({ type }) => type === 'function')?.['func']);
  const memory = new Map<string, unknown>();
  const context = {
    get: (name: string) => memory.get(name),
    set: (name: string, value: unknown) => memory.set(name, value),
  };
  const judge = compileFunction(func, ['msg', 'context']) as (
    msg: object,
    context: object,
  ) => Told | null;
  const said = (device: string, vibration: number) =>
    judge(
      { topic: `plant/pump/${device}/telemetry`, payload: { ts: '', metrics: { vibration } } },
      context,
    );
  assert.equal(said('a', 3), null);
  assert.equal(said('a', 9)?.payload.value, 9);
  assert.equal(said('a', 9.5), null);
  assert.equal(said('b', 9)?.topic, 'signals/b');
  assert.equal(said('a', 5), null, 'between the limits nothing ends');
  assert.equal(said('a', 9), null);
  assert.equal(said('a', 4), null);
  assert.equal(said('a', 9)?.payload.value, 9);
});
