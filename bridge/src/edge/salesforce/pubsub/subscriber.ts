import { err, ok } from '../../../model/result.ts';
import type { Result } from '../../../model/result.ts';
import type { Notice, NoticeHandler, Notices, PlaceStore } from '../../../ports/notices.ts';
import type { OrgFailure } from '../../../ports/publisher.ts';
import { OrgError } from '../orgError.ts';
import type { Session, Sessions } from '../token.ts';
import { classifyCall } from './failures.ts';
import { makeNoticeCodec } from './noticeCodec.ts';
import type { NoticeCodec } from './noticeCodec.ts';
import type { PubSubRpc } from './rpc.ts';
import { openSubscription } from './subscription.ts';
import type { FetchResponse, Start } from './subscription.ts';

export interface SubscriberOptions {
  readonly rpc: PubSubRpc;
  readonly sessions: Sessions;
  readonly places: PlaceStore;
  /** For texts only. */
  readonly endpoint: string;
  /** Prefix of the package's names, empty without one. */
  readonly namespace: string;
  /** Waiting times; those of `TIMES` unless a test cannot wait. */
  readonly times?: SubscriberTimes;
}

export interface SubscriberTimes {
  readonly silentMs: number;
  readonly fetchWithinMs: number;
  readonly settleMs: number;
}

const TIMES: SubscriberTimes = {
  // With nothing to deliver the server answers an empty batch within 270 s (pubsub_api.proto,
  // FetchResponse); half a minute more forgives a slow network. Less would break healthy calls.
  silentMs: 300_000,
  // Having delivered all that was asked for the server waits 60 s for the next request (Pub/Sub
  // API, "Subscribe RPC Method"); a quarter of it for the way.
  fetchWithinMs: 45_000,
  // Nothing says that a subscription is in place until the first answer, which may take 270 s.
  // Who else measured found 3 s enough on the Pub/Sub API and took 5.
  settleMs: 5_000,
};

/** How a call ended, and whether it had been heard of before. */
interface End {
  /** Undefined: the caller aborted it. */
  readonly broken: unknown;
  readonly wasAlive: boolean;
}

/**
 * Subscribes to `Signal_Notice__e` over the Pub/Sub API. Logs in again where the session ends, and
 * where the org does not know the stored place (it keeps events for three days, and forgets them
 * in a sandbox refresh) goes on from the oldest notice there is, at last from what is new.
 */
export function makePubSubNotices(options: SubscriberOptions): Notices {
  const { rpc, sessions, places, endpoint, namespace, times = TIMES } = options;
  const prefix = namespace === '' ? '' : `${namespace}__`;
  const topicName = `/event/${prefix}Signal_Notice__e`;
  const codecs = new Map<string, NoticeCodec>();

  async function codecFor(schemaId: string, session: Session): Promise<NoticeCodec> {
    const known = codecs.get(schemaId);
    if (known !== undefined) return known;
    const { schemaJson } = await rpc.getSchema(schemaId, session);
    const codec = makeNoticeCodec(schemaJson, prefix);
    codecs.set(schemaId, codec);
    return codec;
  }

  /** The notices of a response; one that nobody can ever read is left out, and told. */
  async function read(
    { events }: FetchResponse,
    session: Session,
    handler: NoticeHandler,
  ): Promise<Notice[]> {
    const notices: Notice[] = [];
    for (const { event } of events) {
      const notice = await readOne(event, session);
      if (notice.ok) notices.push(notice.value);
      else handler.trouble({ kind: 'unreadable', reason: notice.error });
    }
    return notices;
  }

  async function readOne(
    { schemaId, payload }: FetchResponse['events'][number]['event'],
    session: Session,
  ): Promise<Result<Notice, string>> {
    let codec: NoticeCodec;
    try {
      codec = await codecFor(schemaId, session);
    } catch (error) {
      const { cure, failure } = classifyCall(endpoint, error);
      // What may heal breaks the call: the notice comes again. A schema the org refuses never will.
      if (cure === 'session' || ['unreachable', 'busy'].includes(failure.kind)) throw error;
      return err(`its schema ${schemaId} cannot be had: ${failure.reason}`);
    }
    return codec.decode(payload);
  }

  /** One call, from its start to its end. */
  async function follow(
    session: Session,
    start: Start,
    handler: NoticeHandler,
    signal: AbortSignal,
  ): Promise<End> {
    let wasAlive = false;
    const alive = (): void => {
      if (wasAlive) return;
      wasAlive = true;
      handler.listening(start.replayPreset !== 'CUSTOM');
    };
    try {
      const topic = await rpc.getTopic(topicName, session);
      if (!topic.canSubscribe) throw mayNotSubscribe(topicName);
      await codecFor(topic.schemaId, session);
    } catch (broken) {
      return { broken, wasAlive };
    }
    if (signal.aborted) return { broken: undefined, wasAlive };
    const subscription = openSubscription(
      rpc.subscribe(session),
      { topicName, start, ...times },
      async (response) => {
        alive();
        const notices = await read(response, session, handler);
        if (notices.length > 0) await taken(() => handler.take(notices));
        const place = response.events.at(-1)?.replayId ?? response.latestReplayId;
        if (place.length === 0) return;
        const kept = await places.save(placeOf(session, topicName), place);
        if (!kept.ok) handler.trouble({ kind: 'not-kept', reason: kept.error.reason });
      },
    );
    const settled = setTimeout(alive, times.settleMs);
    const abort = (): void => subscription.close();
    signal.addEventListener('abort', abort, { once: true });
    const broken = await subscription.ended;
    signal.removeEventListener('abort', abort);
    clearTimeout(settled);
    return { broken, wasAlive };
  }

  async function listen(
    handler: NoticeHandler,
    signal: AbortSignal,
  ): Promise<Result<void, OrgFailure>> {
    let session = await sessions.current();
    const place = await places.load(placeOf(session, topicName));
    let start: Start =
      place === undefined
        ? { replayPreset: 'LATEST' }
        : { replayPreset: 'CUSTOM', replayId: place };
    let loggedIn = false;
    for (;;) {
      const { broken, wasAlive } = await follow(session, start, handler, signal);
      if (broken === undefined || signal.aborted) return ok(undefined);
      if (broken instanceof OrgError) return err(broken.failure);
      if (broken instanceof HandlerError) throw broken.cause;
      const { cure, failure } = classifyCall(endpoint, broken);
      if (cure === 'session' && !loggedIn && !wasAlive) {
        session = await sessions.renew(session);
        loggedIn = true;
        continue;
      }
      // A call that had been in place goes on from where it got to: the caller listens again.
      if (cure === 'session' && wasAlive) {
        await sessions.renew(session);
        // Sessions end every few hours: nothing a person has to look at, nor worth a long pause.
        return err({ ...failure, kind: 'unreachable' });
      }
      const next = cure === 'place' ? fallback(start) : undefined;
      if (next === undefined) return err(failure);
      const from = next.replayPreset === 'EARLIEST' ? 'the oldest notice it has' : 'what is new';
      handler.trouble({ kind: 'lost-place', reason: `${failure.reason} Going on from ${from}.` });
      start = next;
    }
  }

  return {
    async listen(handler, signal) {
      try {
        return await listen(handler, signal);
      } catch (error) {
        if (error instanceof OrgError) return err(error.failure);
        throw error;
      }
    },
  };
}

/** Places of two orgs must never mix: the same bridge may be pointed to another one. */
const placeOf = ({ organizationId }: Session, topicName: string): string =>
  `${organizationId}${topicName}`;

/** From where to go on when the org does not know a place: the oldest there is, then the newest. */
function fallback({ replayPreset }: Start): Start | undefined {
  if (replayPreset === 'CUSTOM') return { replayPreset: 'EARLIEST' };
  if (replayPreset === 'EARLIEST') return { replayPreset: 'LATEST' };
  return undefined;
}

function mayNotSubscribe(topicName: string): OrgError {
  return new OrgError({
    kind: 'configuration',
    reason: `The bridge user may not subscribe to ${topicName}.`,
    action: 'Give it the permission set Signal_Bridge.',
  });
}

/** Keeps a fault of the handler apart from one of the call. */
class HandlerError extends Error {
  override readonly name = 'HandlerError';
}

async function taken(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    throw new HandlerError('the handler refused', { cause });
  }
}
