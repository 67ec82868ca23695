import type { PublishResult } from './publishWire.ts';
import type { PublishCall } from './rpc.ts';

/** How the bus answered for one event of a request. */
export type EventAnswer =
  | { readonly kind: 'published' }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string };

const PUBLISHED: EventAnswer = { kind: 'published' };

/** What a request came to: answers by event id, and why the missing ones will never come. */
export interface RequestAnswer {
  readonly answers: ReadonlyMap<string, EventAnswer>;
  /** Undefined where every event has its answer. */
  readonly broken?: unknown;
}

/** One open PublishStream. Once broken it stays broken: open another. */
export interface PublishStream {
  readonly open: () => boolean;
  /**
   * Resolves when every event of the request is answered or the stream is over; never rejects. The bytes must stay as they
   * are until every event is answered, and for good where the stream is over before.
   *
   * @param ids of its events
   */
  send(request: Buffer, ids: Iterable<string>): Promise<RequestAnswer>;
  /** Requests in flight end broken. */
  close(): void;
}

interface Waiting {
  readonly answers: Map<string, EventAnswer>;
  readonly missing: Set<string>;
  readonly finish: (broken?: unknown) => void;
}

/**
 * Requests may overlap; answers are matched by event id, never by order.
 * A stream that is silent for `timeoutMs` with a request in flight is given up.
 */
export function openPublishStream(call: PublishCall, timeoutMs: number): PublishStream {
  const waiting = new Set<Waiting>();
  let over = false;

  function end(reason: unknown): void {
    over = true;
    for (const request of waiting) request.finish(reason);
    waiting.clear();
  }

  call.on('data', (results: readonly PublishResult[]) => {
    for (const { correlationKey, error } of results) {
      const answer: EventAnswer =
        error === undefined ? PUBLISHED : { kind: 'refused', code: error.code, message: error.msg };
      for (const request of waiting) {
        if (!request.missing.delete(correlationKey)) continue;
        request.answers.set(correlationKey, answer);
        if (request.missing.size === 0) {
          waiting.delete(request);
          request.finish();
        }
      }
    }
  });
  call.on('error', end);
  call.on('end', () => {
    // Answer the half-close of the server, or the call would never be over.
    call.end();
    end(Object.assign(new Error('the stream was closed by the server'), { code: 0 }));
  });

  return {
    open: () => !over,
    send(request, ids) {
      const answers = new Map<string, EventAnswer>();
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          end(new Error(`no answer within ${timeoutMs} ms`));
          call.cancel();
        }, timeoutMs);
        const entry: Waiting = {
          answers,
          missing: new Set(ids),
          finish(broken) {
            clearTimeout(timer);
            resolve(broken === undefined ? { answers } : { answers, broken });
          },
        };
        waiting.add(entry);
        call.write(request);
      });
    },
    close() {
      over = true;
      if (waiting.size === 0) call.end();
      else call.cancel();
    },
  };
}
