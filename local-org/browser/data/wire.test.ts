import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeAdapter } from './wire.ts';
import type { WireConfig } from './wire.ts';

/** An adapter that notes what it provides and stops. */
function makeNoted() {
  const events: string[] = [];
  const Adapter = makeAdapter<string>('initial', ({ id }: WireConfig, emit) => {
    if (typeof id !== 'number') return undefined;
    events.push(`start ${id}`);
    emit(`result ${id}`);
    return () => events.push(`stop ${id}`);
  });
  return { events, Adapter };
}

test('a wire gives its initial value before it has a config', () => {
  const { Adapter } = makeNoted();
  const given: string[] = [];
  assert.ok(new Adapter((value) => given.push(value)));
  assert.deepEqual(given, ['initial']);
});

test('a config that lacks something does not fetch; the same config does not fetch twice', () => {
  const { Adapter, events } = makeNoted();
  const wire = new Adapter(() => undefined);
  wire.connect();
  wire.update({ id: undefined });
  assert.deepEqual(events, []);
  wire.update({ id: 1 });
  wire.update({ id: 1 });
  assert.deepEqual(events, ['start 1']);
});

test('another config stops what the one before gave', () => {
  const { Adapter, events } = makeNoted();
  const wire = new Adapter(() => undefined);
  wire.connect();
  wire.update({ id: 1 });
  wire.update({ id: 2 });
  assert.deepEqual(events, ['start 1', 'stop 1', 'start 2']);
});

test('a disconnected wire stops, and starts again when its component comes back', () => {
  const { Adapter, events } = makeNoted();
  const wire = new Adapter(() => undefined);
  wire.connect();
  wire.update({ id: 1 });
  wire.disconnect();
  assert.deepEqual(events, ['start 1', 'stop 1']);
  wire.connect();
  assert.deepEqual(events, ['start 1', 'stop 1', 'start 1']);
});
