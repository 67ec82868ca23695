import type { EpochMs, EventKey } from '../../model/brand.ts';
import { severities } from '../../model/signal.ts';
import type { Phase, Severity } from '../../model/signal.ts';

export type BySeverity = Readonly<Record<Severity, number>>;

/** What of one budget there is, and how much of it was used lately. */
export interface Supply {
  /** In any stretch of `windowMs`. */
  readonly limit: number;
  readonly windowMs: number;
  readonly used: number;
}

export interface SheddingOptions {
  /** What waits may be as much as the budgets carry within this time; more is too much. */
  readonly beyondMs: number;
  /** An episode that is not over may wait for this long, whatever else there is. */
  readonly unresolvedMs: number;
}

/** What is looked at, and in which order, while too much waits. */
export interface ShedStep {
  readonly severity: Severity;
  /** As in the outbox: of an episode that is over before anybody was told, and of one that is not over. */
  readonly kind: 'ended' | 'open';
}

/**
 * The order of shedding. What is Critical is in no step, nor is what is High and not over: they wait for as long as it
 * takes.
 */
export const shedSteps: readonly ShedStep[] = [
  { kind: 'ended', severity: 'Low' },
  { kind: 'ended', severity: 'Medium' },
  { kind: 'ended', severity: 'High' },
  { kind: 'open', severity: 'Low' },
  { kind: 'open', severity: 'Medium' },
];

/**
 * How many events of a severity the budgets carry from now on: what there is room for, what comes back as time passes,
 * and whole windows after that. Rather too many than too few.
 *
 * @param room for this severity now
 */
export function carriedWithin(room: number, supplies: readonly Supply[], withinMs: number): number {
  return supplies.reduce((least, { limit, windowMs, used }) => {
    const windows = withinMs / windowMs;
    const comesBack = used * Math.min(windows, 1) + limit * Math.max(windows - 1, 0);
    return Math.min(least, Math.floor(room + comesBack));
  }, Infinity);
}

/**
 * How many of those that wait find no room, where what is worse goes first. Critical ones are not counted: nothing that
 * is shed would help them.
 */
export function overloadOf(waiting: BySeverity, carried: BySeverity): number {
  let before = 0;
  let without = 0;
  for (const severity of severities) {
    const room = Math.max(0, carried[severity] - before);
    if (severity !== 'Critical') without += Math.max(0, waiting[severity] - room);
    before += waiting[severity];
  }
  return without;
}

/** An event of an episode that waits. */
export interface Candidate {
  readonly eventKey: EventKey;
  readonly phase: Phase;
  readonly severity: Severity;
  readonly detectedAt: EpochMs;
  readonly tried: boolean;
}

/**
 * Which of the events of one episode are not published, from the first on. Of one that is over, all or none. Of one that
 * is not, those noticed before `before`, up to a Cleared: what comes later of the episode stands for them, and tells of it
 * as if it began then. None where one of them is Critical, or may be on the event bus.
 *
 * @param waiting in the order of their sequence
 */
export function chooseShed(
  { kind }: Pick<ShedStep, 'kind'>,
  waiting: readonly Candidate[],
  before: EpochMs,
): readonly Candidate[] {
  const isKept = waiting.some(({ severity, tried }) => severity === 'Critical' || tried);
  const isOver = waiting.at(-1)?.phase === 'Cleared';
  if (isKept || isOver !== (kind === 'ended')) return [];
  if (kind === 'ended') return waiting;
  const end = waiting.findIndex(
    ({ phase, severity, detectedAt }) =>
      phase === 'Cleared' || severity === 'High' || detectedAt >= before,
  );
  return waiting.slice(0, end === -1 ? waiting.length : end);
}
