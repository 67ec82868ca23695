import { budgetNames } from '../model/budget.ts';
import type { BudgetName } from '../model/budget.ts';
import { severities } from '../model/signal.ts';
import type { Severity } from '../model/signal.ts';
import type { Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { Logger } from '../ports/telemetry.ts';
import type { BudgetStatus, Governor } from './governor.ts';
import { makeWakeup } from './wakeup.ts';

export interface ShortageOptions {
  readonly governor: Pick<Governor, 'lacking' | 'spacingMs' | 'status' | 'keep'>;
  readonly outbox: Pick<Outbox, 'ready'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Events whose turn it is and that wait all the same, for want of this budget. */
export interface HeldBack {
  readonly severity: Severity;
  readonly reason: BudgetName;
  readonly events: number;
}

/** What runs short and what waits for it. */
export interface Shortages {
  /** Looks at it now; says in the log where a shortage begins and ends. */
  look(): Promise<void>;
  /** As of the last look. */
  held(): readonly HeldBack[];
  /** A sentence for each shortage there is, for people of the org: what waits and which setting to raise. */
  messages(): readonly string[];
}

/** What of the org may be used, and what waits for want of it. */
export interface BudgetView {
  readonly status: () => readonly BudgetStatus[];
  readonly held: () => readonly HeldBack[];
  readonly messages: () => readonly string[];
}

const LOOK_MS = 5_000;
/** Room comes back by the minute and is used up again: a shortage is over when nothing has waited for this long. */
const OVER_MS = 2 * 60_000;
/** Charts that are drawn anew less often than this are slower than anybody expects. */
const SLOW_MS = 20_000;
/** Of a share: below it, it is hardly our use that makes somebody wait. */
const LITTLE = 0.3;

const told = {
  publishes: { what: 'events of an hour', setting: 'publishesPerHour' },
  apiCalls: { what: 'API calls of a day', setting: 'apiCallsPerDay' },
  deliveries: { what: 'event deliveries of a day', setting: 'deliveriesPerDay' },
  signalRows: { what: 'signal rows of a day', setting: 'signalRowsPerDay' },
} as const satisfies Readonly<Record<BudgetName, object>>;

/** Looks every few seconds, and has the governor write down what it knows. */
export async function runShortages(
  shortages: Shortages,
  { governor, logger }: Pick<ShortageOptions, 'governor' | 'logger'>,
  signal: AbortSignal,
): Promise<void> {
  const rest = makeWakeup();
  while (!signal.aborted) {
    try {
      await shortages.look();
      governor.keep();
    } catch (error) {
      logger.error({ stage: 'govern', err: error }, 'the budgets could not be looked at; again');
    }
    await rest.wait(LOOK_MS, signal);
  }
}

export function makeShortages(options: ShortageOptions): Shortages {
  const { governor, clock, logger } = options;
  /** When a budget was last seen short, and what follows from it. */
  const short = new Map<BudgetName, { at: number; text: string }>();
  let held: readonly HeldBack[] = [];

  function begin(name: BudgetName, text: string): void {
    const isNew = !short.has(name);
    short.set(name, { at: clock(), text });
    if (isNew) logger.warn({ stage: 'govern', budget: name }, text);
  }
  function endOthers(): void {
    for (const [name, { at }] of short) {
      // A clock that is set back ends it, rather than never.
      if (Math.abs(clock() - at) < OVER_MS) continue;
      short.delete(name);
      const { what } = told[name];
      logger.info({ stage: 'govern', budget: name }, `there are enough ${what} again`);
    }
  }

  return {
    async look() {
      held = await findHeld(options);
      const statuses = new Map(governor.status().map((one) => [one.name, one]));
      for (const name of budgetNames) {
        const text = describe(name, statuses.get(name), held, governor);
        if (text !== undefined) begin(name, text);
      }
      endOthers();
    },
    held: () => held,
    messages: () => [...short.values()].map(({ text }) => text),
  };
}

async function findHeld({ governor, outbox, clock }: ShortageOptions): Promise<HeldBack[]> {
  const lacking = severities.map((severity) => ({ severity, reason: governor.lacking(severity) }));
  if (lacking.every(({ reason }) => reason === undefined)) return [];
  const ready = await outbox.ready(clock());
  return lacking.flatMap(({ severity, reason }) =>
    reason === undefined || ready[severity] === 0
      ? []
      : [{ severity, reason, events: ready[severity] }],
  );
}

/** What is short of this budget, at most 250 characters; undefined where nothing is. */
function describe(
  name: BudgetName,
  status: BudgetStatus | undefined,
  held: readonly HeldBack[],
  governor: Pick<Governor, 'spacingMs'>,
): string | undefined {
  const { what, setting } = told[name];
  const of = status === undefined ? '' : ` (${status.used} of ${status.limit})`;
  // Others live of the org's limit, too: where it has less left than our share and little of that was used, no share helps.
  const isOurs =
    status === undefined ||
    status.left >= status.limit - status.used ||
    status.used >= status.limit * LITTLE;
  const remedy = isOurs
    ? `Raise salesforce.budget.${setting} for more.`
    : 'Others have used what the org has: see Setup, Company Information.';
  if (name === 'deliveries') {
    if (status?.left !== 0) return undefined;
    return `The ${what} are used up${of}. Nothing waits; without notices changes take up to 5 minutes. ${remedy}`;
  }
  if (name === 'apiCalls') {
    if (governor.spacingMs(0, 'Low') < SLOW_MS) return undefined;
    return `The ${what} run short${of}. Charts and receipts are asked for less often, receipts of Critical last. ${remedy}`;
  }
  const waiting = held.filter(({ reason }) => reason === name);
  if (waiting.length === 0) return undefined;
  const who = waiting.map(({ severity, events }) => `${severity} (${events})`).join(', ');
  const others =
    waiting[0]?.severity === 'Critical' ? 'the oldest unresolved go first' : 'worse ones go';
  return `The ${what} run short${of}. Waiting: ${who}; ${others}. None is dropped. ${remedy}`;
}
