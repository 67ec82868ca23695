import { setTimeout as sleep } from 'node:timers/promises';
import type { Result } from '../model/result.ts';
import type { StorageFailure } from '../ports/log.ts';
import type { Logger } from '../ports/telemetry.ts';
import { backoffMs } from './backoff.ts';

const RETRY = { firstMs: 500, maxMs: 10_000 };

/**
 * Tries a write again and again while the disk refuses; says so once.
 * Rejects when `signal` is aborted while waiting: then nothing was written.
 */
export async function untilStored<T>(
  stage: string,
  write: () => Promise<Result<T, StorageFailure>>,
  logger: Logger,
  signal: AbortSignal,
): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    const result = await write();
    if (result.ok) return result.value;
    if (failures === 1) logger.error({ stage, kind: result.error.kind }, result.error.reason);
    await sleep(backoffMs(failures, Math.random(), RETRY), undefined, { signal });
  }
}
