import type { Notices, NoticeHandler } from '../ports/notices.ts';
import type { OrgFailure } from '../ports/publisher.ts';
import type { Counters, Logger } from '../ports/telemetry.ts';
import { ok } from '../model/result.ts';
import { backoffMs } from './backoff.ts';
import type { BackoffOptions } from './backoff.ts';
import type { OrgState } from './orgState.ts';
import type { ViewInbox } from './viewInbox.ts';
import { makeWakeup } from './wakeup.ts';
import type { Wakeup } from './wakeup.ts';

export interface NoticesOptions {
  readonly notices: Notices;
  /** Where views are asked for; absent where there are no charts. */
  readonly inbox?: ViewInbox | undefined;
  /** The stages that look around when a notice of their kind comes, or one may have been missed. */
  readonly wake: Readonly<Partial<Record<'Identity' | 'Policy', Wakeup>>>;
  readonly org: OrgState;
  readonly counters: Counters;
  readonly logger: Logger;
  readonly backoff: BackoffOptions;
  readonly status: NoticesStatus;
  /** Waiting where a person has to act first; `SLOW` unless a test cannot wait. */
  readonly slow?: BackoffOptions;
}

/** What the stage tells the metrics. */
export interface NoticesStatus {
  listening: boolean;
}

/** Nothing heals a missing permission or a spent allocation by asking every second. */
const SLOW: BackoffOptions = { firstMs: 30_000, maxMs: 300_000 };
const slowKinds: readonly OrgFailure['kind'][] = ['configuration', 'refused', 'busy'];

/** An id as Salesforce writes it; whatever else stands in a notice was made up. */
const RECORD_ID = /^[A-Za-z0-9]{18}$/;

/**
 * Listens to the org for ever and sorts what it says by kind. Everything works without it, some of it only later:
 * trouble is reported once it lasts.
 */
export async function runNotices(options: NoticesOptions, signal: AbortSignal): Promise<void> {
  const { notices, org, counters, logger, backoff, slow = SLOW } = options;
  const rest = makeWakeup();
  let failures = 0;
  const handler = makeHandler(options, () => {
    failures = 0;
    org.report('notices', ok(undefined));
  });
  while (!signal.aborted) {
    let kind: OrgFailure['kind'] = 'unreachable';
    let waitMs = 0;
    try {
      const ended = await notices.listen(handler, signal);
      if (ended.ok) return;
      ({ kind, waitMs = 0 } = ended.error);
      // A connection that ends now and then is nothing a person has to hear of.
      if (failures > 0 || slowKinds.includes(kind)) org.report('notices', ended);
    } catch (error) {
      logger.error({ stage: 'notices', err: error }, 'notices could not be handled; again');
    }
    options.status.listening = false;
    counters.noticesReconnected();
    failures += 1;
    const pace = slowKinds.includes(kind) ? slow : backoff;
    await rest.wait(Math.max(waitMs, backoffMs(failures, Math.random(), pace)), signal);
  }
}

function makeHandler(
  { inbox, wake, counters, logger, status }: NoticesOptions,
  onListening: () => void,
): NoticeHandler {
  return {
    async take(notices) {
      const views: string[] = [];
      for (const { kind, recordId } of notices) {
        const known = RECORD_ID.test(recordId) ? kindOf(kind) : undefined;
        counters.noticeTaken(known ?? 'other');
        if (known === 'Telemetry') views.push(recordId);
        else if (known !== undefined) wake[known]?.notify();
      }
      // In memory: after a restart the query for live views finds what they say.
      inbox?.want(views);
    },
    listening(missed) {
      status.listening = true;
      onListening();
      if (!missed) return;
      inbox?.lookAround();
      for (const one of Object.values(wake)) one.notify();
    },
    trouble({ kind, reason }) {
      counters.noticeTrouble(kind);
      logger.warn({ stage: 'notices', kind }, `${sentences[kind]}: ${reason}`);
    },
  };
}

const kinds = ['Telemetry', 'Identity', 'Policy'] as const;
const kindOf = (kind: string) => kinds.find((known) => known === kind);

const sentences = {
  'lost-place':
    'the org does not know where the last subscription ended; what has changed is searched for',
  unreadable: 'a notice cannot be read and was left out',
  'not-kept': 'the place in the notices was not stored; they come again after a restart',
} as const;
