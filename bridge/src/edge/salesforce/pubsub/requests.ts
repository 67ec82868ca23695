import type { EventKey } from '../../../model/brand.ts';
import type { ProducerEvent, PublishRequest } from './publishWire.ts';

export interface EncodedEvent {
  readonly eventKey: EventKey;
  readonly payload: Buffer;
}

export interface KeyedRequest {
  readonly message: PublishRequest;
  /** Event key by the id the answer will carry. */
  readonly keys: ReadonlyMap<string, EventKey>;
}

/** Recommended at most; above 4 MB the API drops the stream. Source: Pub/Sub API allocations. */
const MAX_EVENTS = 200;
const MAX_BYTES = 3_000_000;
/** Of one event, encoded. Source: Pub/Sub API allocations (1 MB). */
const MAX_EVENT_BYTES = 1_000_000;
/** Longest id the API returns. 144 bits of a SHA-256: no two events of a batch share it. */
const ID_LENGTH = 36;
/** Id, schema id and framing of one event, rounded up. */
const OVERHEAD_BYTES = 128;

/** What is wrong with the size of an encoded event; undefined where it may go. */
export function findSizeProblem({ length }: Uint8Array): string | undefined {
  if (length <= MAX_EVENT_BYTES) return undefined;
  return `the event has ${length} bytes, at most ${MAX_EVENT_BYTES} are allowed`;
}

/** Splits events, in order, into requests of at most 200 events and 3 MB. */
export function splitRequests(
  topicName: string,
  schemaId: string,
  events: readonly EncodedEvent[],
): readonly KeyedRequest[] {
  const groups: EncodedEvent[][] = [];
  let bytes = 0;
  for (const event of events) {
    const size = event.payload.length + OVERHEAD_BYTES;
    const last = groups.at(-1);
    if (last !== undefined && last.length < MAX_EVENTS && bytes + size <= MAX_BYTES) {
      last.push(event);
      bytes += size;
    } else {
      groups.push([event]);
      bytes = size;
    }
  }
  return groups.map((group) => ({
    message: {
      topicName,
      events: group.map(({ eventKey, payload }): ProducerEvent => ({
        id: toId(eventKey),
        schemaId,
        payload,
      })),
    },
    keys: new Map(group.map(({ eventKey }) => [toId(eventKey), eventKey])),
  }));
}

const toId = (eventKey: EventKey): string => eventKey.slice(0, ID_LENGTH);
