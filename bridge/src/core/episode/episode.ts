import type { Policy } from '../../model/policy.ts';
import { severities } from '../../model/signal.ts';
import type { Phase, Severity } from '../../model/signal.ts';

/**
 * Where a lane (one policy, one series) stands. Times are milliseconds of the clock of the lane:
 * the device's for values, the bridge's for silence. -1 stands for "not".
 *
 * An episode is alive while `sequence` >= 0: open, or cleared so recently that the next trouble
 * still belongs to it.
 */
export interface EpisodeState {
  /** Start of the episode that is alive, the `start` its key is made of. */
  readonly start: number;
  /** Sequence of its last event; -1 where none is alive. */
  readonly sequence: number;
  /** When it was cleared; -1 while it is open. */
  readonly clearedAt: number;
  /** Since when the condition has held without having been said yet. */
  readonly pendingSince: number;
  /** Since when it has been healthy while open. */
  readonly healthySince: number;
  /** When the last event was said. */
  readonly saidAt: number;
  /** Index in `severities`: the worst so far; an episode is never played down. */
  readonly severity: number;
  /** How often it came back after it had been cleared. */
  readonly returns: number;
}

export const quiet: EpisodeState = {
  start: -1,
  sequence: -1,
  clearedAt: -1,
  pendingSince: -1,
  healthySince: -1,
  saidAt: -1,
  severity: -1,
  returns: 0,
};

/** What one reading says about the condition. */
export interface Observation {
  readonly at: number;
  readonly level: 'normal' | 'between' | 'abnormal';
  /** When the condition began, where that is before `at`. */
  readonly since?: number;
  readonly severity: Severity;
}

export type Timing = Pick<Policy, 'openAfterMs' | 'clearAfterMs' | 'updateEveryMs'>;

/** An event to be said. */
export interface EpisodeEvent {
  readonly phase: Phase;
  readonly sequence: number;
  readonly severity: Severity;
  /** Start of the episode. */
  readonly start: number;
  /** Since when the condition holds (Opened, Updated) or has been healthy (Cleared). */
  readonly since: number;
  /** Why an Updated: it came back after Cleared, became worse, or is still there. */
  readonly cause: 'began' | 'returned' | 'worse' | 'still' | 'ended';
}

export interface EpisodeStep {
  readonly state: EpisodeState;
  readonly event?: EpisodeEvent;
}

/**
 * Trouble that begins within this many times `clearAfterMs` after Cleared belongs to the same
 * episode: whoever calls a condition over after t must expect it back within the same order of t.
 */
export const REJOIN_FACTOR = 2;

/** Each return doubles the healthy time that is asked for, at most this often (8 times as long). */
const MAX_DOUBLINGS = 3;

/**
 * One step of the life of an episode: open after `openAfterMs` of trouble without a break, update
 * when it becomes worse or every `updateEveryMs`, clear after `clearAfterMs` of health without a
 * break. `between` breaks both.
 *
 * One incident is one episode: trouble that returns soon after Cleared goes on with the same key
 * as an Updated, and each return doubles the healthy time asked for before the next Cleared.
 * Sequences rise by one within the episode. Time must not run backwards between calls.
 * Source of the delays: ISA-18.2-2016, on-delay and off-delay of an alarm.
 */
export function advance(state: EpisodeState, seen: Observation, timing: Timing): EpisodeStep {
  const open = state.sequence >= 0 && state.clearedAt < 0;
  return open ? whileOpen(state, seen, timing) : whileQuiet(state, seen, timing);
}

function whileQuiet(state: EpisodeState, seen: Observation, timing: Timing): EpisodeStep {
  const rejoinMs = REJOIN_FACTOR * healthyMs(state, timing);
  if (seen.level !== 'abnormal') {
    const over = state.sequence >= 0 && seen.at - state.clearedAt > rejoinMs;
    if (over) return { state: quiet };
    return { state: state.pendingSince < 0 ? state : { ...state, pendingSince: -1 } };
  }
  const since = state.pendingSince < 0 ? (seen.since ?? seen.at) : state.pendingSince;
  if (seen.at - since < timing.openAfterMs) {
    return { state: state.pendingSince === since ? state : { ...state, pendingSince: since } };
  }
  const returned = state.sequence >= 0 && since - state.clearedAt <= rejoinMs;
  const severity = returned ? Math.min(state.severity, rank(seen.severity)) : rank(seen.severity);
  const next: EpisodeState = {
    start: returned ? state.start : since,
    sequence: returned ? state.sequence + 1 : 0,
    clearedAt: -1,
    pendingSince: -1,
    healthySince: -1,
    saidAt: seen.at,
    severity,
    returns: returned ? state.returns + 1 : 0,
  };
  return say(next, returned ? 'Updated' : 'Opened', since, returned ? 'returned' : 'began');
}

function whileOpen(state: EpisodeState, seen: Observation, timing: Timing): EpisodeStep {
  if (seen.level === 'normal') {
    const since = state.healthySince < 0 ? seen.at : state.healthySince;
    if (seen.at - since < healthyMs(state, timing)) {
      return { state: state.healthySince === since ? state : { ...state, healthySince: since } };
    }
    const next = { ...state, sequence: state.sequence + 1, clearedAt: seen.at, saidAt: seen.at };
    return say({ ...next, healthySince: -1 }, 'Cleared', since, 'ended');
  }
  const severity = seen.level === 'abnormal' ? rank(seen.severity) : state.severity;
  const worse = severity < state.severity;
  if (worse || seen.at - state.saidAt >= timing.updateEveryMs) {
    const next = {
      ...state,
      sequence: state.sequence + 1,
      saidAt: seen.at,
      healthySince: -1,
      severity: Math.min(severity, state.severity),
    };
    return say(next, 'Updated', state.start, worse ? 'worse' : 'still');
  }
  return { state: state.healthySince < 0 ? state : { ...state, healthySince: -1 } };
}

function say(
  state: EpisodeState,
  phase: Phase,
  since: number,
  cause: EpisodeEvent['cause'],
): EpisodeStep {
  const { sequence, start } = state;
  const severity = severities[state.severity] ?? 'Low';
  return { state, event: { phase, sequence, severity, start, since, cause } };
}

/** The healthy time an episode is asked for before it clears. */
export function healthyMs(state: EpisodeState, timing: Timing): number {
  return timing.clearAfterMs * 2 ** Math.min(state.returns, MAX_DOUBLINGS);
}

export function rank(severity: Severity): number {
  return severities.indexOf(severity);
}
