import { setTimeout as sleep } from 'node:timers/promises';
import type { Decoder } from '../core/decode/decoder.ts';
import type { Result } from '../model/result.ts';
import type { IncomingMessage, TakeOver } from '../ports/ingress.ts';
import type { DurableLog, StorageFailure } from '../ports/log.ts';
import type { Counters, Logger } from '../ports/telemetry.ts';
import { backoffMs } from './backoff.ts';
import type { Wakeup } from './wakeup.ts';

export interface UplinkOptions {
  readonly decode: Decoder;
  readonly log: DurableLog;
  readonly appended: Wakeup;
  readonly counters: Counters;
  readonly logger: Logger;
  /** Aborted at shutdown: a message that still cannot be stored stays with its sender. */
  readonly signal: AbortSignal;
  /** Waiting between tries while the disk refuses. */
  readonly retry?: { readonly firstMs: number; readonly maxMs: number };
}

const RETRY = { firstMs: 500, maxMs: 10_000 };

/**
 * First stage: decodes a message and puts it on disk, in the log or in quarantine.
 *
 * The promise of `TakeOver` resolves after the commit. While the disk refuses, the message is held
 * and tried again, which makes the broker wait; nothing is dropped.
 */
export function makeUplink(options: UplinkOptions): TakeOver {
  const { decode, log, appended, counters, logger, signal, retry = RETRY } = options;
  let refused = false;

  async function store(message: IncomingMessage): Promise<Result<unknown, StorageFailure>> {
    const decoded = decode(message.topic, message.payload, message.receivedAt);
    if (!decoded.ok) {
      const kept = await log.quarantine(message, decoded.error);
      if (kept.ok) counters.messageQuarantined(decoded.error.kind);
      return kept;
    }
    const kept = await log.append(message);
    if (kept.ok) {
      counters.readingAccepted(decoded.value.source);
      appended.notify();
    }
    return kept;
  }

  return async (message) => {
    for (let failures = 1; ; failures += 1) {
      const kept = await store(message);
      if (kept.ok) {
        if (refused) logger.info({ stage: 'uplink' }, 'messages are stored again');
        refused = false;
        return;
      }
      if (!refused) logger.error({ stage: 'uplink', kind: kept.error.kind }, kept.error.reason);
      refused = true;
      await sleep(backoffMs(failures, Math.random(), retry), undefined, { signal });
    }
  };
}
