import { setImmediate } from 'node:timers/promises';
import { answerView, fingerprint } from '../core/telemetry/answer.ts';
import type { ViewAnswer, ViewQuestion } from '../core/telemetry/answer.ts';
import type { TelemetryWindow } from '../core/telemetry/window.ts';
import { ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import type { Clock } from '../ports/clock.ts';
import type { OrgFailure } from '../ports/publisher.ts';
import type { Counters, Logger } from '../ports/telemetry.ts';
import { MOST_LENGTH, MOST_UPDATES } from '../ports/views.ts';
import type { TelemetryView, ViewOutcome, Views, ViewUpdate } from '../ports/views.ts';

export interface AnswersOptions {
  readonly views: Views;
  readonly window: TelemetryWindow;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly logger: Logger;
}

/** Answers views from memory and remembers what it has written, so as not to write it again. */
export interface ViewAnswers {
  /**
   * Writes what these views need: an answer where it says something new, a sign of life where
   * there was none for half a minute. An error says that the org did not play; what was not written
   * by then is written the next time.
   *
   * @param asked ids that get an answer whatever was written before: somebody asked for it
   */
  answer(
    views: readonly TelemetryView[],
    asked: ReadonlySet<string>,
  ): Promise<Result<void, OrgFailure>>;
  /** Forgets all other views. */
  keepOnly(ids: ReadonlySet<string>): void;
}

interface Written {
  readonly fingerprint: string;
  readonly at: number;
}

/**
 * Whoever looks must be able to tell a silent device from a dead bridge within half a minute; the
 * next refresh after this comes before 30 s are over.
 */
const SIGN_OF_LIFE_MS = 25_000;
/** A view the org refuses to change is left alone for this long; somebody may mend it. */
const REFUSED_PAUSE_MS = 60_000;

export function makeViewAnswers(options: AnswersOptions): ViewAnswers {
  const { views: port, window, clock, counters, logger } = options;
  const written = new Map<string, Written>();
  const refused = new Map<string, { readonly reason: string; readonly until: number }>();

  function note(outcome: ViewOutcome, update: Update): void {
    const { id } = update;
    counters.viewWritten(outcome.kind);
    if (outcome.kind === 'written') {
      written.set(id, { fingerprint: update.fingerprint, at: update.answeredAt });
      refused.delete(id);
      return;
    }
    written.delete(id);
    if (outcome.kind === 'gone') return;
    if (refused.get(id)?.reason !== outcome.reason) {
      logger.warn(
        { stage: 'views', view: id },
        `the org refused the answer to a telemetry view: ${outcome.reason}`,
      );
    }
    refused.set(id, { reason: outcome.reason, until: clock() + REFUSED_PAUSE_MS });
  }

  /** One update, or undefined where the view needs none. */
  function toUpdate(
    id: string,
    question: ViewQuestion,
    isAsked: boolean,
    ask: (question: ViewQuestion) => ViewAnswer,
  ): Update | undefined {
    const now = clock();
    if (!isAsked && (refused.get(id)?.until ?? 0) > now) return undefined;
    const print = fingerprint(window, question, now);
    const before = written.get(id);
    const common = { id, answeredAt: now, fingerprint: print };
    if (isAsked || before?.fingerprint !== print) return { ...common, answer: ask(question) };
    return Math.abs(now - before.at) >= SIGN_OF_LIFE_MS ? common : undefined;
  }

  return {
    keepOnly(ids) {
      for (const id of written.keys()) if (!ids.has(id)) written.delete(id);
      for (const id of refused.keys()) if (!ids.has(id)) refused.delete(id);
    },
    async answer(views, asked) {
      const assets = views.flatMap(({ assetId }) => assetId ?? []);
      const devices = await port.devices(assets);
      if (!devices.ok) return devices;
      const answers = new Map<string, ViewAnswer>();
      const updates: Update[] = [];
      for (const { id, assetId = '', metrics, rangeMs } of views) {
        const question = { devices: devices.value.get(assetId) ?? [], metrics, rangeMs };
        const update = toUpdate(id, question, asked.has(id), (wanted) => {
          // Colleagues look at the same asset: one drawing serves them all.
          const key = JSON.stringify([assetId, metrics, rangeMs]);
          const answer = answers.get(key) ?? answerView(window, wanted, clock());
          answers.set(key, answer);
          return answer;
        });
        if (update === undefined) continue;
        updates.push(update);
        // Drawing takes milliseconds; detection shares the thread.
        await setImmediate();
      }
      for (const part of toCalls(updates)) {
        const outcomes = await port.write(part.map(withoutFingerprint));
        if (!outcomes.ok) return outcomes;
        const byId = new Map(part.map((update) => [update.id, update]));
        for (const outcome of outcomes.value) {
          const update = byId.get(outcome.id);
          if (update !== undefined) note(outcome, update);
        }
      }
      return ok(undefined);
    },
  };
}

interface Update extends ViewUpdate {
  readonly fingerprint: string;
}

/** As few calls as the limits allow, in order. */
function toCalls(updates: readonly Update[]): readonly (readonly Update[])[] {
  const calls: Update[][] = [];
  let length = 0;
  for (const update of updates) {
    const more = update.answer?.series?.length ?? 0;
    const last = calls.at(-1);
    if (last !== undefined && last.length < MOST_UPDATES && length + more <= MOST_LENGTH) {
      last.push(update);
      length += more;
    } else {
      calls.push([update]);
      length = more;
    }
  }
  return calls;
}

function withoutFingerprint({ id, answeredAt, answer }: Update): ViewUpdate {
  return { id, answeredAt, ...(answer !== undefined && { answer }) };
}
