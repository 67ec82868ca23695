import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../testing/until.ts';
import type { Ingress } from './ingress.ts';

export interface IngressHarness {
  readonly ingress: Ingress;
  /** Sends with the promise of at least once. */
  send(topic: string, text: string): void;
  acknowledged(): number;
  stop(): Promise<void>;
}

const TOPIC = 'plant/p1/telemetry';

/** What every ingress promises. */
export function testIngress(name: string, open: () => Promise<IngressHarness>): void {
  async function run(work: (harness: IngressHarness) => Promise<void>): Promise<void> {
    const harness = await open();
    try {
      await work(harness);
    } finally {
      await harness.stop();
    }
  }
  const ready = ({ ingress }: IngressHarness) =>
    until('listening', () => ingress.status().listening);

  test(`${name}: messages are handed over whole and in order`, () =>
    run(async (harness) => {
      const seen: string[] = [];
      assert.equal(harness.ingress.status().listening, false);
      harness.ingress.start(async ({ topic, payload, receivedAt }) => {
        assert.ok(Math.abs(receivedAt - Date.now()) < 10_000);
        seen.push(`${topic} ${Buffer.from(payload).toString()}`);
      });
      await ready(harness);
      for (const text of ['a', 'b', 'c']) harness.send(TOPIC, text);
      await until('three messages', () => seen.length === 3);
      assert.deepEqual(seen, [`${TOPIC} a`, `${TOPIC} b`, `${TOPIC} c`]);
    }));

  test(`${name}: a message is acknowledged only once it was taken over, and the next one waits`, () =>
    run(async (harness) => {
      let release: () => void = () => undefined;
      let taken = 0;
      harness.ingress.start(async () => {
        taken += 1;
        await new Promise<void>((resolve) => (release = resolve));
      });
      await ready(harness);
      harness.send(TOPIC, 'a');
      harness.send(TOPIC, 'b');
      await until('the first is offered', () => taken === 1);
      await sleep(100);
      assert.equal(harness.acknowledged(), 0);
      assert.equal(taken, 1);
      release();
      await until('the first is acknowledged, the second offered', () => taken === 2);
      release();
      await until('both are acknowledged', () => harness.acknowledged() === 2);
    }));

  test(`${name}: a message that was not taken over is not acknowledged and comes again`, () =>
    run(async (harness) => {
      const seen: string[] = [];
      harness.ingress.start(async ({ payload }) => {
        seen.push(Buffer.from(payload).toString());
        if (seen.length === 1) throw new Error('not now');
      });
      await ready(harness);
      for (const text of ['a', 'b', 'c']) harness.send(TOPIC, text);
      await until('all are acknowledged', () => harness.acknowledged() === 3);
      assert.deepEqual(seen, ['a', 'a', 'b', 'c'], 'and no other overtakes it');
    }));

  test(`${name}: a stop waits for the message in hand`, () =>
    run(async (harness) => {
      let done = false;
      let taken = false;
      harness.ingress.start(async () => {
        taken = true;
        await sleep(100);
        done = true;
      });
      await ready(harness);
      harness.send(TOPIC, 'a');
      await until('it is in hand', () => taken);
      await harness.ingress.stop();
      assert.ok(done);
      assert.equal(harness.ingress.status().listening, false);
    }));
}
