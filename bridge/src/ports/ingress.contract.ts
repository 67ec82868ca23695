import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { payloadOf, topicOf } from '../model/message.ts';
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
      harness.ingress.start(async (messages) => {
        for (const message of messages) {
          assert.ok(Math.abs(message.receivedAt - Date.now()) < 10_000);
          seen.push(`${topicOf(message)} ${payloadOf(message).toString()}`);
        }
      });
      await ready(harness);
      for (const text of ['a', 'b', 'c']) harness.send(TOPIC, text);
      await until('three messages', () => seen.length === 3);
      assert.deepEqual(seen, [`${TOPIC} a`, `${TOPIC} b`, `${TOPIC} c`]);
    }));

  test(`${name}: messages are acknowledged only once they were taken over, and the next ones wait`, () =>
    run(async (harness) => {
      let release: () => void = () => undefined;
      let taken = 0;
      harness.ingress.start(async () => {
        taken += 1;
        await new Promise<void>((resolve) => (release = resolve));
      });
      await ready(harness);
      harness.send(TOPIC, 'a');
      await until('the first is offered', () => taken === 1);
      harness.send(TOPIC, 'b');
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
      let refused = false;
      harness.ingress.start(async (messages) => {
        seen.push(...messages.map((message) => payloadOf(message).toString()));
        if (refused) return;
        refused = true;
        throw new Error('not now');
      });
      await ready(harness);
      for (const text of ['a', 'b', 'c']) harness.send(TOPIC, text);
      await until('all are acknowledged', () => harness.acknowledged() === 3);
      const [first, ...again] = seen.join('').split(/(?<=^(?:a|ab|abc))(?=a)/);
      assert.ok('abc'.startsWith(first ?? ''), seen.join());
      assert.deepEqual(again, ['abc'], 'and no other overtakes it');
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
