import { toEpochMs } from '../model/brand.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { PlaceStore } from '../ports/notices.ts';
import { backoffMs } from './backoff.ts';
import type { Breaker } from './breaker.ts';
import { ON_ITS_WAY_MS } from './pace.ts';
import { makeReceiptPoll } from './receiptPoll.ts';
import type { PollOptions } from './receiptPoll.ts';
import { makeWakeup } from './wakeup.ts';

export interface ReceiptOptions extends PollOptions {
  readonly breaker: Breaker;
  readonly places: PlaceStore;
  /** Names the org, under which the place is kept. */
  readonly placeName: string;
  /** How long to wait from one question to the next where this long is usual; asked again and again. Absent: as usual. */
  readonly spacingMs?: (usualMs: number) => number;
}

const MAX_PAUSE_MS = 60_000;
/** How often the org is asked where nothing has been published for minutes and something still waits. */
const SLOW_MS = 30_000;

/**
 * Fourth stage: asks the org what became of what was published. A publish result is not an
 * action: only the receipt ends an event and lets the next phase of its episode go.
 *
 * While nothing waits nothing is asked. Where it left off is kept in `places` once what it read is taken in.
 */
export async function runReceipts(options: ReceiptOptions, signal: AbortSignal): Promise<void> {
  const { breaker, clock, everyMs, logger } = options;
  const rest = makeWakeup();
  const place = makePlace(options);
  const poll = makeReceiptPoll(options, await place.load());
  let refusals = 0;
  let askedAt = -Infinity;
  while (!signal.aborted) {
    let pauseMs = everyMs;
    try {
      const sinceMs = clock() - askedAt;
      if (!isTooSoon(options, sinceMs) && (sinceMs >= SLOW_MS || (await isFresh(options)))) {
        const outcome = await poll.ask();
        if (outcome === 'more') askedAt = -Infinity;
        else if (outcome !== 'nothing waits') askedAt = clock();
        if (outcome === 'no answer') pauseMs = Math.max(breaker.until() - clock(), 1);
        else if (outcome === 'more') pauseMs = 0;
        await place.keep(poll.place());
      }
      refusals = 0;
    } catch (error) {
      refusals += 1;
      pauseMs = backoffMs(refusals, Math.random(), { firstMs: everyMs, maxMs: MAX_PAUSE_MS });
      logger.error({ stage: 'receipts', err: error }, 'receipts could not be written');
    }
    if (pauseMs > 0) await rest.wait(pauseMs, signal);
  }
}

/** Whether the calls that are left have to last for longer. A clock that was set back makes nothing wait. */
function isTooSoon({ everyMs, spacingMs }: ReceiptOptions, sinceMs: number): boolean {
  const nextMs = spacingMs?.(everyMs) ?? everyMs;
  return nextMs > everyMs && sinceMs >= 0 && sinceMs < nextMs;
}

/** Whether something was published lately: then each poll may bring its receipt. */
async function isFresh({
  outbox,
  clock,
}: {
  readonly outbox: Pick<Outbox, 'inFlight'>;
  readonly clock: ReceiptOptions['clock'];
}): Promise<boolean> {
  return (await outbox.inFlight(toEpochMs(clock() - ON_ITS_WAY_MS))) > 0;
}

/** Where reading goes on, kept on disk. */
function makePlace({
  places,
  placeName,
  logger,
}: Pick<ReceiptOptions, 'places' | 'placeName' | 'logger'>) {
  let kept: string | undefined;
  let isRefused = false;
  return {
    async load(): Promise<string | undefined> {
      const bytes = await places.load(placeName);
      kept = bytes === undefined || bytes.length === 0 ? undefined : Buffer.from(bytes).toString();
      return kept;
    },
    /** Without it a start reads more, and asks for more by key: no more is lost where it cannot be kept. */
    async keep(place: string | undefined): Promise<void> {
      if (place === kept) return;
      const saved = await places.save(placeName, Buffer.from(place ?? ''));
      if (saved.ok) kept = place;
      else if (!isRefused) {
        logger.warn(
          { stage: 'receipts' },
          `where receipts were read up to is not kept: ${saved.error.reason}`,
        );
      }
      isRefused = !saved.ok;
    },
  };
}
