import { setTimeout as sleep } from 'node:timers/promises';
import type { Ingress, TakeOver } from '../ports/ingress.ts';
import type { Publisher } from '../ports/publisher.ts';
import type { Logger } from '../ports/telemetry.ts';

/** A stage works until its signal is aborted, then finishes what it promised and returns. */
export type Stage = (signal: AbortSignal) => Promise<void>;

export interface PipelineParts {
  readonly ingress: Ingress;
  readonly uplink: (signal: AbortSignal) => TakeOver;
  readonly process: Stage;
  readonly deliver: Stage;
  readonly receipts: Stage;
  readonly housekeeping: Stage;
  /** What goes on beside the way of a signal; they have nothing to drain. */
  readonly beside?: readonly Stage[];
  /** Tells the org how the bridge is; ends last, for it says that the bridge has stopped. */
  readonly report?: Stage;
  readonly publisher: Publisher;
  readonly logger: Logger;
  /** How long all of the draining may take, but for a second; the rest waits on disk. */
  readonly drainMs: number;
}

/**
 * After `drainMs`: for what was cut off to be written down. A request to an org that does not
 * answer is not waited for.
 */
const LAST_MS = 1_000;

/**
 * Runs all stages until `stop` is aborted, then drains them in the order of the readings: take
 * nothing more in, process what was acknowledged, publish what can be. Whatever is left after
 * `drainMs` waits on disk for the next start.
 *
 * Rejects where a stage breaks, after the same drain.
 */
export async function runPipeline(parts: PipelineParts, stop: AbortSignal): Promise<void> {
  const { ingress, publisher, logger, drainMs } = parts;
  const [uplink, processing, delivery, reporting] = [0, 0, 0, 0].map(
    () => new AbortController(),
  ) as [AbortController, AbortController, AbortController, AbortController];
  ingress.start(parts.uplink(uplink.signal));
  const processed = parts.process(processing.signal);
  const delivered = parts.deliver(delivery.signal);
  const others = [parts.receipts(delivery.signal), parts.housekeeping(delivery.signal)];
  for (const stage of parts.beside ?? []) others.push(stage(uplink.signal));
  if (parts.report !== undefined) others.push(parts.report(reporting.signal));
  const stages = [processed, delivered, ...others];
  try {
    await Promise.race([aborted(stop), ...stages]);
  } finally {
    // One deadline for everything: who stops us waits for the sum, and kills us when it is long.
    const late = sleep(drainMs, undefined, { ref: false });
    const [process = late, deliver = late, ...rest] = stages.map((stage) => settled(stage, logger));
    uplink.abort();
    await ingress.stop();
    processing.abort();
    await Promise.race([process, late]);
    delivery.abort();
    await Promise.race([deliver, late]);
    reporting.abort();
    await publisher.close();
    const last = sleep(LAST_MS, undefined, { ref: false });
    await Promise.race([Promise.all([process, deliver, ...rest]), last]);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** At shutdown a broken stage is reported, and must not keep the others from draining. */
async function settled(stage: Promise<void>, logger: Logger): Promise<void> {
  try {
    await stage;
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') return;
    logger.error(
      { stage: 'shutdown', err: error },
      'a stage broke; its work is repeated at the next start',
    );
  }
}
