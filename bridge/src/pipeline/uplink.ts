import { setTimeout as sleep } from 'node:timers/promises';
import type { Decoder } from '../core/decode/decoder.ts';
import type { Message } from '../model/message.ts';
import type { Result } from '../model/result.ts';
import type { Readings } from '../model/readings.ts';
import type { TakeOver } from '../ports/ingress.ts';
import type { DurableLog, Rejected, StorageFailure } from '../ports/log.ts';
import type { Counters, Logger } from '../ports/telemetry.ts';
import { backoffMs } from './backoff.ts';
import { countBy } from './countBy.ts';
import type { HandOff } from './handOff.ts';

export interface UplinkOptions {
  readonly decode: Decoder;
  readonly log: DurableLog;
  /** Where the readings go on to, once their messages are in the log. */
  readonly handOff: HandOff;
  readonly counters: Counters;
  readonly logger: Logger;
  /** Aborted at shutdown: a message that still cannot be stored stays with its sender. */
  readonly signal: AbortSignal;
  /** Waiting between tries while the disk refuses. */
  readonly retry?: { readonly firstMs: number; readonly maxMs: number };
}

const RETRY = { firstMs: 500, maxMs: 10_000 };

/**
 * First stage: decodes a batch of messages and puts them on disk, in the log or in quarantine, and hands the readings on.
 *
 * The promise of `TakeOver` resolves after the commits. While the disk refuses, the batch is held and
 * tried again, and while detection is far behind it is not begun; both make the broker wait; nothing is dropped.
 */
export function makeUplink(options: UplinkOptions): TakeOver {
  const { decode, log, handOff, counters, logger, signal, retry = RETRY } = options;
  let refused = false;

  async function untilSafe<T>(write: () => Promise<Result<T, StorageFailure>>): Promise<T> {
    for (let failures = 1; ; failures += 1) {
      const kept = await write();
      if (kept.ok) {
        if (refused) logger.info({ stage: 'uplink' }, 'messages are stored again');
        refused = false;
        return kept.value;
      }
      if (!refused) logger.error({ stage: 'uplink', kind: kept.error.kind }, kept.error.reason);
      refused = true;
      await sleep(backoffMs(failures, Math.random(), retry), undefined, { signal });
    }
  }

  return async (messages) => {
    await handOff.room(signal);
    const readings = handOff.take();
    const rejected: Rejected[] = [];
    // The list as it came, until one of it is refused.
    let accepted: Message[] | undefined;
    for (const message of messages) {
      const rejection = decode.into(message, readings);
      if (rejection === undefined) accepted?.push(message);
      else {
        accepted ??= messages.slice(0, readings.count);
        rejected.push({ message, rejection });
      }
    }
    if (readings.count > 0) {
      const last = await untilSafe(() => log.append(accepted ?? messages));
      for (const [source, count] of countSources(readings)) {
        counters.readingAccepted(source, count);
      }
      handOff.offer(last, readings);
    }
    if (rejected.length > 0) {
      await untilSafe(() => log.quarantine(rejected));
      for (const [kind, count] of countBy(rejected, kindOf)) {
        counters.messageQuarantined(kind, count);
      }
    }
  };
}

/** How many readings came by each mapping. */
function countSources({ kinds, count }: Readings): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  let source: string | undefined;
  let first = 0;
  for (let at = 0; at <= count; at += 1) {
    const next = at === count ? undefined : kinds[at]?.source;
    if (next === source) continue;
    if (source !== undefined) counts.set(source, (counts.get(source) ?? 0) + at - first);
    source = next;
    first = at;
  }
  return counts;
}

const kindOf = ({ rejection }: Rejected): string => rejection.kind;
