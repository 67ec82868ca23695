import { z } from 'zod';
import type { FetchRequest, SubscribeCall } from './rpc.ts';

const fetchResponse = z.object({
  events: z.array(
    z.object({
      event: z.object({ schemaId: z.string(), payload: z.instanceof(Uint8Array) }),
      replayId: z.instanceof(Uint8Array),
    }),
  ),
  latestReplayId: z.instanceof(Uint8Array),
});
export type FetchResponse = z.infer<typeof fetchResponse>;

/** Where a subscription begins. */
export type Start = Pick<FetchRequest, 'replayPreset' | 'replayId'>;

export interface SubscriptionOptions {
  readonly topicName: string;
  readonly start: Start;
  /** Silent for longer, the connection is dead. */
  readonly silentMs: number;
  /** A server that owes nothing is asked for one event more after this long. */
  readonly fetchWithinMs: number;
}

/**
 * The most events asked for and not yet handed over, and so the most ever waiting in memory.
 * Source: Pub/Sub API, "Pull Subscription and Flow Control": more counts as 100.
 */
const MOST_OUTSTANDING = 100;

/** One open Subscribe call. Once broken it stays broken: open another. */
export interface Subscription {
  /** Resolves with what broke it, or undefined after `close`; never before the work in hand ended. */
  readonly ended: Promise<unknown>;
  /** Hands over nothing more. */
  close(): void;
}

/**
 * Hands responses to `take` in order, one at a time, and asks for as many events as were handed
 * over. While `take` is busy so long that the server would end the call for want of a request, one
 * event more is asked for at a time.
 *
 * @param take an empty response is a sign of life and says how far the stream has got
 */
export function openSubscription(
  call: SubscribeCall,
  options: SubscriptionOptions,
  take: (response: FetchResponse) => Promise<void>,
): Subscription {
  const { topicName, start, silentMs, fetchWithinMs } = options;
  const waiting: FetchResponse[] = [];
  let outstanding = 0;
  let unhandled = 0;
  let isOver = false;
  let broken: unknown;
  let working: Promise<void> = Promise.resolve();
  let finish: () => void = () => undefined;
  const over = new Promise<void>((resolve) => (finish = resolve));

  const watchdog = setTimeout(() => {
    end(new Error(`nothing heard for ${Math.round(silentMs / 1_000)} s, not even a sign of life`));
    call.cancel();
  }, silentMs);
  let starving: NodeJS.Timeout | undefined;

  function end(reason: unknown): void {
    if (isOver) return;
    isOver = true;
    broken = reason;
    waiting.length = 0;
    clearTimeout(watchdog);
    clearTimeout(starving);
    finish();
  }

  function ask(count: number): void {
    if (isOver || count <= 0) return;
    const numRequested = Math.min(count, MOST_OUTSTANDING - outstanding);
    if (numRequested <= 0) return;
    clearTimeout(starving);
    outstanding += numRequested;
    call.write({ topicName, ...start, numRequested });
  }

  async function work(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      try {
        await take(next);
      } catch (error) {
        end(error);
        call.cancel();
        return;
      }
      unhandled -= next.events.length;
      ask(MOST_OUTSTANDING - outstanding - unhandled);
    }
  }

  call.on('data', (message: unknown) => {
    if (isOver) return;
    watchdog.refresh();
    const response = fetchResponse.safeParse(message);
    if (!response.success) {
      end(new Error(`an answer that does not follow the contract: ${response.error.message}`));
      call.cancel();
      return;
    }
    const count = response.data.events.length;
    outstanding = Math.max(0, outstanding - count);
    if (outstanding === 0) starving = setTimeout(() => ask(1), fetchWithinMs);
    unhandled += count;
    waiting.push(response.data);
    working = working.then(work);
  });
  call.on('error', end);
  call.on('end', () => {
    call.end();
    end(Object.assign(new Error('the subscription was closed by the server'), { code: 0 }));
  });
  ask(MOST_OUTSTANDING);

  return {
    ended: over.then(async () => {
      await working;
      return broken;
    }),
    close() {
      if (isOver) return;
      end(undefined);
      call.cancel();
    },
  };
}
