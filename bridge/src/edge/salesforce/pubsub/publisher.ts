import { err, ok } from '../../../model/result.ts';
import type { Result } from '../../../model/result.ts';
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

/** The same trouble twice in one batch is not cured by the same medicine again. */
const MAX_CURES = 3;

/**
 * Publishes through one PublishStream of the Pub/Sub API, opened when needed: an idle stream is
 * closed by the server as a matter of course. Logs in again and fetches the schema again when the
 * API asks for it. An answer that is lost with its stream is reported as ambiguous.
 */
export function makePubSubPublisher(options: PublisherOptions): Publisher {
  const { rpc, sessions, endpoint, namespace, clock, answerTimeoutMs } = options;
  const prefix = namespace === '' ? '' : `${namespace}__`;
  const topicName = `/event/${prefix}Asset_Signal__e`;
  let codec: EventCodec | undefined;
  let stream: { readonly session: Session; readonly publish: PublishStream } | undefined;

  async function fetchCodec(session: Session): Promise<EventCodec> {
    const topic = await rpc.getTopic(topicName, session);
    if (!topic.canPublish) {
      throw new OrgError({
        kind: 'configuration',
        reason: `The bridge user may not publish to ${topicName}.`,
        action: 'Give it the permission set Signal_Bridge.',
      });
    }
    const schema = await rpc.getSchema(topic.schemaId, session);
    return makeEventCodec(schema.schemaId, schema.schemaJson, namespace);
  }

  function openStream(session: Session): PublishStream {
    if (stream !== undefined && stream.publish.open() && stream.session === session) {
      return stream.publish;
    }
    stream?.publish.close();
    const publish = openPublishStream(rpc.publishStream(session), answerTimeoutMs);
    stream = { session, publish };
    return publish;
  }

  /** Sends what has no outcome yet; answers what broke, if anything did. */
  async function attempt(
    session: Session,
    events: readonly EnrichedSignal[],
    outcomes: Map<string, PublishOutcome>,
  ): Promise<CallFailure | undefined> {
    try {
      codec ??= await fetchCodec(session);
    } catch (error) {
      if (error instanceof OrgError) throw error;
      return classifyCall(endpoint, error);
    }
    const encoded: EncodedEvent[] = [];
    for (const event of events) {
      const { eventKey } = event.signal;
      if (outcomes.has(eventKey)) continue;
      const payload = codec.encode(event, { userId: session.userId, now: clock() });
      if (payload.ok) encoded.push({ eventKey, payload: payload.value });
      else outcomes.set(eventKey, { kind: 'permanent', eventKey, reason: payload.error });
    }
    for (const request of splitRequests(topicName, codec.schemaId, encoded)) {
      const { answers, broken } = await openStream(session).send(request.message);
      for (const [id, answer] of answers) {
        const eventKey = request.keys.get(id);
        if (eventKey !== undefined) outcomes.set(eventKey, toOutcome(eventKey, answer));
      }
      if (broken !== undefined) return classifyCall(endpoint, broken);
    }
    return undefined;
  }

  async function publish(
    events: readonly EnrichedSignal[],
  ): Promise<Result<readonly PublishOutcome[], OrgFailure>> {
    const outcomes = new Map<string, PublishOutcome>();
    let session = await sessions.current();
    const used = new Set<CallFailure['cure']>();
    for (let cures = 0; ; cures += 1) {
      const broken = await attempt(session, events, outcomes);
      if (broken === undefined) return ok([...outcomes.values()]);
      const { cure, failure } = broken;
      if (cure === 'stop' || used.has(cure) || cures >= MAX_CURES) {
        return outcomes.size === 0 ? err(failure) : ok(withUnanswered(events, outcomes, failure));
      }
      used.add(cure);
      if (cure === 'session') session = await sessions.renew(session);
      if (cure === 'schema') codec = undefined;
    }
  }

  return {
    async publish(events) {
      try {
        return await publish(events);
      } catch (error) {
        if (error instanceof OrgError) return err(error.failure);
        throw error;
      }
    },
    async close() {
      stream?.publish.close();
      rpc.close();
    },
  };
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
