import { makeMessage } from '../../model/message.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Ingress, TakeOver } from '../../ports/ingress.ts';

/** A sender in the same process: promises at-least-once delivery, as MQTT QoS 1 does. */
export interface MemoryIngress extends Ingress {
  /** Delivers a message until it is acknowledged; resolves then. */
  send(topic: string, payload: Uint8Array): Promise<void>;
  /** Topics of acknowledged messages, in order. */
  readonly acknowledged: readonly string[];
}

export function makeMemoryIngress(clock: Clock): MemoryIngress {
  const acknowledged: string[] = [];
  const waiting: { topic: string; payload: Uint8Array; done: () => void }[] = [];
  let takeOver: TakeOver | undefined;
  let working: Promise<void> | undefined;

  async function work(): Promise<void> {
    for (let next = waiting[0]; next !== undefined && takeOver !== undefined; next = waiting[0]) {
      const { topic, payload } = next;
      try {
        await takeOver([makeMessage(topic, payload, clock())]);
      } catch {
        // Not acknowledged: the same message is delivered again.
        await new Promise((resolve) => setTimeout(resolve, 5));
        continue;
      }
      waiting.shift();
      acknowledged.push(topic);
      next.done();
    }
  }
  function wake(): void {
    working ??= work().finally(() => {
      working = undefined;
    });
  }

  return {
    acknowledged,
    start(handler) {
      takeOver = handler;
      wake();
    },
    send: (topic, payload) =>
      new Promise((resolve) => {
        waiting.push({ topic, payload, done: resolve });
        wake();
      }),
    status: () =>
      takeOver === undefined
        ? { listening: false, reason: 'not started' }
        : { listening: true, reason: 'ok' },
    async stop() {
      takeOver = undefined;
      await working;
    },
  };
}
