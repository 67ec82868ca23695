import { setTimeout as sleep } from 'node:timers/promises';
import type { Decoder } from '../core/decode/decoder.ts';
import type { Message } from '../model/message.ts';
import type { Result } from '../model/result.ts';
import type { Reading } from '../model/reading.ts';
import type { TakeOver } from '../ports/ingress.ts';
import type { DurableLog, Rejected, StorageFailure } from '../ports/log.ts';
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
 * First stage: decodes a batch of messages and puts them on disk, in the log or in quarantine.
 *
 * The promise of `TakeOver` resolves after the commits. While the disk refuses, the batch is held and
 * tried again, which makes the broker wait; nothing is dropped.
 */
export function makeUplink(options: UplinkOptions): TakeOver {
  const { decode, log, appended, counters, logger, signal, retry = RETRY } = options;
  let refused = false;

  async function untilSafe(write: () => Promise<Result<unknown, StorageFailure>>): Promise<void> {
    for (let failures = 1; ; failures += 1) {
      const kept = await write();
      if (kept.ok) {
        if (refused) logger.info({ stage: 'uplink' }, 'messages are stored again');
        refused = false;
        return;
      }
      if (!refused) logger.error({ stage: 'uplink', kind: kept.error.kind }, kept.error.reason);
      refused = true;
      await sleep(backoffMs(failures, Math.random(), retry), undefined, { signal });
    }
  }

  return async (messages) => {
    const accepted: Message[] = [];
    const sources: Reading['source'][] = [];
    const rejected: Rejected[] = [];
    for (const message of messages) {
      const decoded = decode(message);
      if (decoded.ok) {
        accepted.push(message);
        sources.push(decoded.value.source);
      } else rejected.push({ message, rejection: decoded.error });
    }
    if (accepted.length > 0) {
      await untilSafe(() => log.append(accepted));
      for (const source of sources) counters.readingAccepted(source);
      appended.notify();
    }
    if (rejected.length > 0) {
      await untilSafe(() => log.quarantine(rejected));
      for (const { rejection } of rejected) counters.messageQuarantined(rejection.kind);
    }
  };
}
