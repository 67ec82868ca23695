import type { EventKey } from '../../../model/brand.ts';
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
import { makeByteWriter } from './byteWriter.ts';
import type { ByteWriter } from './byteWriter.ts';
import { INSTALL, makeEventCodec } from './codec.ts';
import type { EventCodec } from './codec.ts';
import { findEventRule } from './errorCodes.ts';
import { classifyCall } from './failures.ts';
import type { CallFailure } from './failures.ts';
import { openPublishStream } from './publishStream.ts';
import type { EventAnswer, PublishStream, RequestAnswer } from './publishStream.ts';
import { encodePublishRequest } from './publishWire.ts';
import { findSizeProblem, splitRequests } from './requests.ts';
import type { EncodedEvent, KeyedRequest } from './requests.ts';
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
  /** Told what signals go out without, and what to do; undefined: they are whole. */
  readonly onLess: (text: string | undefined) => void;
}

/** How a batch stands while it is worked on. */
interface Batch {
  readonly events: readonly EnrichedSignal[];
  readonly outcomes: Map<EventKey, PublishOutcome>;
  /** Handed to a stream; without an outcome it may or may not be on the bus. */
  readonly handedOver: Set<EventKey>;
  /** The org has refused events for a reason that is its own; they wait as they did. */
  readonly postponed: Set<EventKey>;
  failure?: OrgFailure;
}

/**
 * The org's definition of the event may change at any time. The server says so neither to who
 * publishes with the old schema nor in advance; it is asked this often.
 */
const SCHEMA_TTL_MS = 5 * 60_000;

/**
 * Publishes through one PublishStream of the Pub/Sub API, opened when needed: an idle stream is
 * closed by the server as a matter of course. Logs in again and fetches the schema again when the
 * API asks for it. An answer that is lost with its stream is reported as ambiguous.
 */
export function makePubSubPublisher(options: PublisherOptions): Publisher {
  const { rpc, sessions, endpoint, namespace, clock, answerTimeoutMs, onLess } = options;
  const topicName = `/event/${namespace === '' ? '' : `${namespace}__`}Asset_Signal__e`;
  let codec: EventCodec | undefined;
  let codecUntil = 0;
  /** Memory that no request is in. */
  const memories: { readonly payloads: ByteWriter; readonly request: ByteWriter }[] = [];
  let open: { readonly session: Session; readonly stream: PublishStream } | undefined;

  async function fetchCodec(session: Session): Promise<EventCodec> {
    const topic = await rpc.getTopic(topicName, session);
    if (!topic.canPublish) throw mayNotPublish(topicName);
    if (codec?.schemaId !== topic.schemaId) {
      codec = undefined;
      const schema = await rpc.getSchema(topic.schemaId, session);
      codec = makeEventCodec(schema.schemaId, schema.schemaJson, namespace);
      onLess(codec.lacking.length === 0 ? undefined : describeLess(codec.lacking));
    }
    codecUntil = clock() + SCHEMA_TTL_MS;
    return codec;
  }

  function streamFor(session: Session): PublishStream {
    if (open !== undefined && open.stream.open() && open.session === session) return open.stream;
    open?.stream.close();
    const stream = openPublishStream(rpc.publishStream(session), answerTimeoutMs);
    open = { session, stream };
    return stream;
  }

  /** The events without an outcome, as bytes; one that breaks the contract has its outcome. */
  function encode(
    batch: Batch,
    by: EventCodec,
    session: Session,
    to: ByteWriter,
  ): readonly EncodedEvent[] {
    to.reset();
    const author = { userId: session.userId, now: clock() };
    const encoded: EncodedEvent[] = [];
    for (const event of batch.events) {
      const { eventKey } = event.signal;
      if (batch.outcomes.has(eventKey)) continue;
      const payload = by.encode(event, author, to);
      const reason = payload.ok ? findSizeProblem(payload.value) : payload.error;
      if (payload.ok && reason === undefined) encoded.push({ eventKey, payload: payload.value });
      else batch.outcomes.set(eventKey, { kind: 'permanent', eventKey, reason: reason ?? '' });
    }
    return encoded;
  }

  /** Sends what has no outcome yet; answers what broke, if anything did. */
  async function send(session: Session, batch: Batch): Promise<unknown> {
    batch.postponed.clear();
    const current =
      codec === undefined || clock() >= codecUntil ? await fetchCodec(session) : codec;
    const memory = memories.pop() ?? { payloads: makeByteWriter(), request: makeByteWriter() };
    const encoded = encode(batch, current, session, memory.payloads);
    for (const request of splitRequests(topicName, current.schemaId, encoded)) {
      for (const eventKey of request.keys.values()) batch.handedOver.add(eventKey);
      memory.request.reset();
      const bytes = encodePublishRequest(request.message, memory.request);
      const answer = await streamFor(session).send(bytes, request.keys.keys());
      note(batch, request, answer);
      // Nobody knows whether the bytes are still looked at: their memory is not used again.
      if (answer.broken !== undefined) return answer.broken;
      // A limit that is spent, or a service that is not there, is so for the next request, too.
      if (batch.failure !== undefined) break;
    }
    memories.push(memory);
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
      const batch: Batch = {
        events,
        outcomes: new Map(),
        handedOver: new Set(),
        postponed: new Set(),
      };
      const failure =
        (await failureOf(() => withCures((session) => send(session, batch)))) ?? batch.failure;
      const outcomes = [...batch.outcomes.values()];
      if (failure === undefined) return { outcomes };
      // It may be on the bus or not, and only the org's receipt tells.
      for (const eventKey of batch.handedOver) {
        if (batch.outcomes.has(eventKey) || batch.postponed.has(eventKey)) continue;
        outcomes.push({ kind: 'retry', eventKey, reason: failure.reason, ambiguous: true });
      }
      return { outcomes, failure };
    },
    async probe() {
      const failure = await failureOf(() =>
        withCures(async (session) => {
          await fetchCodec(session);
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

/** Writes down how each event of a request was answered. */
function note(batch: Batch, { keys }: KeyedRequest, { answers }: RequestAnswer): void {
  for (const [id, answer] of answers) {
    const eventKey = keys.get(id);
    if (eventKey === undefined) continue;
    const failure = aboutOrg(answer);
    if (failure === undefined) batch.outcomes.set(eventKey, toOutcome(eventKey, answer));
    else {
      batch.postponed.add(eventKey);
      batch.failure = failure;
    }
  }
}

const describeLess = (lacking: readonly string[]): string =>
  `The org's Asset_Signal__e has no ${lacking.join(', ')}: signals go out without. ${INSTALL}`;

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

/** The refusal of one event that says nothing about it, but about the org. */
function aboutOrg(answer: EventAnswer): OrgFailure | undefined {
  if (answer.kind === 'published') return undefined;
  const { about, kind = 'unreachable', action, waitMs } = findEventRule(answer.message);
  if (about === 'event') return undefined;
  return {
    kind,
    reason: `The event bus takes no events now (${answer.code}: ${answer.message}).`,
    action: action ?? 'The bridge tries again by itself.',
    ...(waitMs !== undefined && { waitMs }),
  };
}

function toOutcome(eventKey: EventKey, answer: EventAnswer): PublishOutcome {
  if (answer.kind === 'published') return { kind: 'published', eventKey };
  const reason = `the event bus refused the event (${answer.code}: ${answer.message})`;
  if (findEventRule(answer.message).permanent === true) {
    return { kind: 'permanent', eventKey, reason };
  }
  return { kind: 'retry', eventKey, reason, ambiguous: false };
}
