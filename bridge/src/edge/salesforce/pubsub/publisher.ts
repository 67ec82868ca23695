import { err, ok } from '../../../model/result.ts';
import type { Clock } from '../../../ports/clock.ts';
import type {
  EnrichedSignal,
  OrgFailure,
  Publisher,
  PublishOutcome,
} from '../../../ports/publisher.ts';
import { OrgError } from '../orgError.ts';
import type { Session, Sessions } from '../token.ts';
import { makeEventCodec } from './codec.ts';
import type { EventCodec } from './codec.ts';
import { classifyCall, isPermanentEventError } from './failures.ts';
import type { CallFailure } from './failures.ts';
import { openPublishStream } from './publishStream.ts';
import type { EventAnswer, PublishStream } from './publishStream.ts';
import { splitRequests } from './requests.ts';
import type { EncodedEvent } from './requests.ts';
import type { PubSubRpc } from './rpc.ts';

export interface PublisherOptions {
  readonly rpc: PubSubRpc;
  readonly sessions: Sessions;
  /** For texts only. */
  readonly endpoint: string;
  /** Prefix of the package's names, empty without one. */
  readonly namespace: string;
  readonly clock: Clock;
  /** How long to wait for the answer to a request. */
  readonly answerTimeoutMs: number;
}

type Outcomes = Map<string, PublishOutcome>;

/**
 * Publishes through one PublishStream of the Pub/Sub API, opened when needed: an idle stream is
 * closed by the server as a matter of course. Logs in again and fetches the schema again when the
 * API asks for it. An answer that is lost with its stream is reported as ambiguous.
 */
export function makePubSubPublisher(options: PublisherOptions): Publisher {
  const { rpc, sessions, endpoint, namespace, clock, answerTimeoutMs } = options;
  const topicName = `/event/${namespace === '' ? '' : `${namespace}__`}Asset_Signal__e`;
  let codec: EventCodec | undefined;
  let open: { readonly session: Session; readonly stream: PublishStream } | undefined;

  async function fetchCodec(session: Session): Promise<EventCodec> {
    const topic = await rpc.getTopic(topicName, session);
    if (!topic.canPublish) throw mayNotPublish(topicName);
    if (codec?.schemaId === topic.schemaId) return codec;
    const schema = await rpc.getSchema(topic.schemaId, session);
    return makeEventCodec(schema.schemaId, schema.schemaJson, namespace);
  }

  function streamFor(session: Session): PublishStream {
    if (open !== undefined && open.stream.open() && open.session === session) return open.stream;
    open?.stream.close();
    const stream = openPublishStream(rpc.publishStream(session), answerTimeoutMs);
    open = { session, stream };
    return stream;
  }

  /** Sends what has no outcome yet; answers what broke, if anything did. */
  async function send(
    session: Session,
    events: readonly EnrichedSignal[],
    outcomes: Outcomes,
  ): Promise<unknown> {
    codec ??= await fetchCodec(session);
    const author = { userId: session.userId, now: clock() };
    const encoded: EncodedEvent[] = [];
    for (const event of events) {
      const { eventKey } = event.signal;
      if (outcomes.has(eventKey)) continue;
      const payload = codec.encode(event, author);
      if (payload.ok) encoded.push({ eventKey, payload: payload.value });
      else outcomes.set(eventKey, { kind: 'permanent', eventKey, reason: payload.error });
    }
    for (const request of splitRequests(topicName, codec.schemaId, encoded)) {
      const { answers, broken } = await streamFor(session).send(request.message);
      for (const [id, answer] of answers) {
        const eventKey = request.keys.get(id);
        if (eventKey !== undefined) outcomes.set(eventKey, toOutcome(eventKey, answer));
      }
      if (broken !== undefined) return broken;
    }
    return undefined;
  }

  /**
   * Works until nothing breaks. What breaks is cured, each kind of trouble once: the same twice
   * is not cured by the same medicine again.
   */
  async function withCures(
    work: (session: Session) => Promise<unknown>,
  ): Promise<OrgFailure | undefined> {
    let session = await sessions.current();
    const used = new Set<CallFailure['cure']>(['stop']);
    for (;;) {
      const broken = await work(session).catch((error: unknown) => {
        if (error instanceof OrgError) throw error;
        return error;
      });
      if (broken === undefined) return undefined;
      const { cure, failure } = classifyCall(endpoint, broken);
      if (used.has(cure)) return failure;
      used.add(cure);
      if (cure === 'session') session = await sessions.renew(session);
      if (cure === 'schema') codec = undefined;
    }
  }

  return {
    async publish(events) {
      const outcomes: Outcomes = new Map();
      const failure = await failureOf(() =>
        withCures((session) => send(session, events, outcomes)),
      );
      if (failure === undefined) return ok([...outcomes.values()]);
      return outcomes.size === 0 ? err(failure) : ok(withUnanswered(events, outcomes, failure));
    },
    async probe() {
      const failure = await failureOf(() =>
        withCures(async (session) => {
          codec = await fetchCodec(session);
          return undefined;
        }),
      );
      return failure === undefined ? ok(undefined) : err(failure);
    },
    async close() {
      open?.stream.close();
      rpc.close();
    },
  } satisfies Publisher;
}

function mayNotPublish(topicName: string): OrgError {
  return new OrgError({
    kind: 'configuration',
    reason: `The bridge user may not publish to ${topicName}.`,
    action: 'Give it the permission set Signal_Bridge.',
  });
}

async function failureOf(
  work: () => Promise<OrgFailure | undefined>,
): Promise<OrgFailure | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof OrgError) return error.failure;
    throw error;
  }
}

function toOutcome(eventKey: PublishOutcome['eventKey'], answer: EventAnswer): PublishOutcome {
  if (answer.kind === 'published') return { kind: 'published', eventKey };
  const reason = `the event bus refused the event (${answer.code}: ${answer.message})`;
  if (isPermanentEventError(answer.message)) return { kind: 'permanent', eventKey, reason };
  return { kind: 'retry', eventKey, reason, ambiguous: false };
}

/** Part of a batch was answered before the stream died; the rest may or may not be on the bus. */
function withUnanswered(
  events: readonly EnrichedSignal[],
  outcomes: ReadonlyMap<string, PublishOutcome>,
  { reason }: OrgFailure,
): readonly PublishOutcome[] {
  return events.map(
    ({ signal: { eventKey } }) =>
      outcomes.get(eventKey) ?? { kind: 'retry', eventKey, reason, ambiguous: true },
  );
}
