import {
  allowedCalls,
  refill,
  refreshPauseMs,
  spend,
  startPace,
  waitMs,
} from '../core/telemetry/pace.ts';
import { ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import type { OrgFailure } from '../ports/publisher.ts';
import type { TelemetryView } from '../ports/views.ts';
import { backoffMs } from './backoff.ts';
import type { BackoffOptions } from './backoff.ts';
import type { OrgState } from './orgState.ts';
import { makeViewAnswers } from './viewAnswers.ts';
import type { AnswersOptions } from './viewAnswers.ts';
import type { ViewInbox } from './viewInbox.ts';
import { makeWakeup } from './wakeup.ts';
import type { Wakeup } from './wakeup.ts';

export interface ViewsOptions extends AnswersOptions {
  readonly inbox: ViewInbox;
  /** Notified when something is put into the inbox. */
  readonly arrived: Wakeup;
  readonly org: OrgState;
  readonly status: ViewsStatus;
  readonly backoff: BackoffOptions;
  readonly refreshMs: number;
  readonly callsPerMinute: number;
  /** How long to wait between two calls where this long is usual. Absent: as usual. */
  readonly spacingMs?: (usualMs: number) => number;
  /** Waiting for company after the first notice. */
  readonly lingerMs?: number;
}

/** What the stage tells the metrics. */
export interface ViewsStatus {
  /** Views whose lease has not ended. */
  live: number;
}

/** Looking for views of which no notice came: 288 calls a day, of the 15,000 of the smallest org. */
const BACKSTOP_MS = 5 * 60_000;
/** People open pages seconds apart; a flow publishes the notices of one moment within this. */
const LINGER_MS = 100;
/** Calls of an answer to a notice: read the view, write it. */
const ANSWER_CALLS = 2;
/** Calls a refresh leaves over, so that who opens a page does not wait behind it. */
const RESERVE_CALLS = 6;
const MAX_WAIT_MS = 60_000;

/**
 * Answers telemetry views: those of notices at once, live ones every `refreshMs`, or as much less
 * often as `callsPerMinute` and the org's day allow. Without live views it makes no calls but the
 * one of the backstop every 5 minutes.
 */
export async function runViews(options: ViewsOptions, signal: AbortSignal): Promise<void> {
  const { views, window, inbox, arrived, org, status, clock, counters, logger } = options;
  const answers = makeViewAnswers(options);
  const rest = makeWakeup();
  let live = new Map<string, TelemetryView>();
  let pace = startPace(clock(), options.callsPerMinute);
  let nextRefresh: number = clock();
  let nextBackstop: number = clock();
  let refreshCalls = ANSWER_CALLS;
  let failures = 0;
  let notBefore = 0;

  /** Calls a minute, as the org's day and the budget of this bridge allow. */
  function callsAllowed(): number {
    const usualMs = 60_000 / options.callsPerMinute;
    const ours = 60_000 / (options.spacingMs?.(usualMs) ?? usualMs);
    return Math.min(ours, allowedCalls(options.callsPerMinute, views.usage()));
  }

  /** Reads the live views where `look`, and the views of notices; answers them all. */
  async function pass(look: boolean, wanted: readonly string[]): Promise<Result<void, OrgFailure>> {
    const found = new Map<string, TelemetryView>();
    if (look) {
      const all = await views.live(clock());
      if (!all.ok) return all;
      for (const view of all.value) found.set(view.id, view);
      live = new Map(found);
      answers.keepOnly(new Set(found.keys()));
      nextBackstop = clock() + BACKSTOP_MS;
    }
    const others = wanted.filter((id) => !found.has(id));
    if (others.length > 0) {
      const read = await views.byIds(others);
      if (!read.ok) return read;
      for (const view of read.value) {
        found.set(view.id, view);
        if ((view.liveUntil ?? 0) <= clock()) continue;
        if (live.size === 0) nextRefresh = clock() + options.refreshMs;
        live.set(view.id, view);
      }
    }
    return found.size === 0 ? ok(undefined) : answers.answer([...found.values()], new Set(wanted));
  }

  async function work(isDue: boolean): Promise<void> {
    const perMinute = callsAllowed();
    const callsBefore = views.calls();
    const { wanted, look } = inbox.takeAll();
    const looks = isDue || look;
    let answered: Result<void, OrgFailure> | undefined;
    try {
      answered = await pass(looks, wanted);
      org.report('views', answered);
    } catch (error) {
      logger.error({ stage: 'views', err: error }, 'telemetry views could not be answered; again');
    }
    const calls = views.calls() - callsBefore;
    counters.telemetryCalls(calls);
    pace = spend(pace, calls);
    status.live = live.size;
    if (looks) {
      refreshCalls = Math.max(ANSWER_CALLS, calls);
      nextRefresh = clock() + refreshPauseMs(options.refreshMs, refreshCalls, perMinute);
    }
    if (answered?.ok === true) {
      failures = 0;
      return;
    }
    failures += 1;
    notBefore = clock() + backoffMs(failures, Math.random(), options.backoff);
    inbox.want(wanted);
    if (looks) inbox.lookAround();
  }

  /** Milliseconds until something may be done; 0: now. */
  function pause(isDue: boolean): number {
    const now = clock();
    const perMinute = callsAllowed();
    pace = refill(pace, now, perMinute);
    // A clock that is set back must not have everything wait until it is where it was.
    nextBackstop = Math.min(nextBackstop, now + BACKSTOP_MS);
    nextRefresh = Math.min(nextRefresh, now + BACKSTOP_MS);
    notBefore = Math.min(notBefore, now + BACKSTOP_MS);
    const next = Math.min(nextBackstop, live.size > 0 ? nextRefresh : Infinity);
    const isAsked = inbox.wanted.size > 0 || inbox.shouldLookAround();
    const reserve = Math.min(RESERVE_CALLS, perMinute / 5);
    const calls = isAsked ? ANSWER_CALLS : refreshCalls + reserve;
    const untilDue = isDue || isAsked ? 0 : next - now;
    return Math.max(untilDue, notBefore - now, untilDue > 0 ? 0 : waitMs(pace, calls, perMinute));
  }

  while (!signal.aborted) {
    window.forgetSilent(clock());
    const isDue = clock() >= nextBackstop || (live.size > 0 && clock() >= nextRefresh);
    const pauseMs = pause(isDue);
    if (pauseMs > 0) {
      await arrived.wait(Math.min(pauseMs, MAX_WAIT_MS), signal);
      continue;
    }
    if (inbox.wanted.size > 0) await rest.wait(options.lingerMs ?? LINGER_MS, signal);
    if (!signal.aborted) await work(isDue);
  }
}
