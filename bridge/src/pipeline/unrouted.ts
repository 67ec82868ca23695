import { toEpochMs } from '../model/brand.ts';
import type { EventKey } from '../model/brand.ts';
import type { RecordId } from '../model/identity.ts';
import { ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import type { Clock } from '../ports/clock.ts';
import type { OrgFailure } from '../ports/publisher.ts';
import type { Receipts } from '../ports/receipts.ts';
import type { Logger } from '../ports/telemetry.ts';

export interface UnroutedOptions {
  readonly receipts: Pick<Receipts, 'routeAgain'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** After its publish, and after each request but longer each time, an event may wait so long for its routing. */
  readonly routeAgainAfterMs: number;
}

/** A row of the org that has no end yet although it should. */
export interface UnroutedRow {
  readonly eventKey: EventKey;
  readonly id: RecordId;
}

/** Has rows routed again that the org holds and does not act on, and says where that does not help. */
export interface Unrouted {
  /** Asks for those whose time has come, one API call at most; answers whether it asked. */
  ask(rows: readonly UnroutedRow[]): Promise<Result<boolean, OrgFailure>>;
  /** No longer waits. */
  ended(eventKey: EventKey): void;
  /** Events whose routing was asked for, without effect. */
  stuck(): number;
  /** What a person should know of them; empty where there are none. */
  reason(): string;
}

interface Request {
  times: number;
  nextAt: number;
  isStuck: boolean;
}

/** Somebody may mend the router meanwhile, and nothing else starts it again. */
const LONGEST_MS = 60 * 60_000;
/** Rows of a request that is no first one: they share a transaction, and whatever undoes it undoes it for all. */
const AGAIN_ROWS = 10;

export function makeUnrouted(options: UnroutedOptions): Unrouted {
  const { receipts, clock, logger, routeAgainAfterMs } = options;
  const asked = new Map<EventKey, Request>();
  let stuck = 0;
  let said = '';

  /** Once for each event: asked again, and still nothing. */
  function alarm(rows: readonly UnroutedRow[]): void {
    const fresh = rows.filter(({ eventKey }) => asked.get(eventKey)?.isStuck === false);
    for (const { eventKey } of fresh) {
      const request = asked.get(eventKey);
      if (request !== undefined) request.isStuck = true;
    }
    stuck += fresh.length;
    if (fresh.length === 0) return;
    logger.error(
      { stage: 'receipts', events: fresh.length, eventKey: fresh[0]?.eventKey },
      `the org has signals it does not route, also when asked again${said}; their next phases wait: check its paused and ` +
        'failed flow interviews, and that the flows Signal_AfterCreate_Route and Signal_AfterUpdate_Retry are active',
    );
  }

  return {
    async ask(rows) {
      const now = clock();
      const due = rows.filter(({ eventKey }) => (asked.get(eventKey)?.nextAt ?? 0) <= now);
      const again = due.filter(({ eventKey }) => asked.has(eventKey));
      alarm(again);
      const first = due.filter(({ eventKey }) => !asked.has(eventKey));
      const some = first.length > 0 ? first : again.slice(0, AGAIN_ROWS);
      if (some.length === 0) return ok(false);
      const results = await receipts.routeAgain(
        some.map(({ id }) => id),
        now,
      );
      if (!results.ok) return results;
      for (const { eventKey } of some) {
        const before = asked.get(eventKey);
        const times = (before?.times ?? 0) + 1;
        const waitMs = Math.min(routeAgainAfterMs * 2 ** (times - 1), LONGEST_MS);
        const nextAt = toEpochMs(now + waitMs);
        asked.set(eventKey, { times, nextAt, isStuck: before?.isStuck ?? false });
      }
      const refused = results.value.find(({ refused: why }) => why !== undefined)?.refused;
      said = refused === undefined ? '' : ` (it said: ${refused})`;
      return ok(true);
    },
    ended(eventKey) {
      if (asked.size === 0) return;
      const request = asked.get(eventKey);
      if (request?.isStuck === true) stuck -= 1;
      asked.delete(eventKey);
    },
    stuck: () => stuck,
    reason: () =>
      stuck === 0
        ? ''
        : `${stuck} signals are in the org without being routed, also when asked again${said}: check its flow interviews and that its flows are active`,
  };
}
