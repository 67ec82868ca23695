import type { Clock } from '../clock.ts';
import type { ObjectDef, OrgMetadata } from '../metadata/schema.ts';
import type { FieldValue, RecordData, RecordStore } from '../store/records.ts';
import { eventSchema, topicOf, type EventSchema } from './avroSchema.ts';
import { makeCodec, type EventCodec } from './codec.ts';
import type { BusFaults } from './faults.ts';
import { makeSchemas } from './schemas.ts';
import type { Allocations, Usage } from './usage.ts';

/** Events can be replayed for three days (Pub/Sub API, "Event Message Durability"). */
export const RETENTION_MS = 72 * 3_600_000;
/** The largest single event (Pub/Sub API, "Allocations"). */
const MAX_EVENT_BYTES = 1_048_576;

export interface Topic {
  readonly name: string;
  readonly object: ObjectDef;
  readonly schema: EventSchema;
}

/** An event as an API client sends it. */
export interface SentEvent {
  readonly schemaId: string;
  readonly payload: Buffer;
}

export type PublishOutcome =
  | { readonly ok: true; readonly replay: number; readonly uuid: string }
  | { readonly ok: false; readonly code: string; readonly message: string };

export interface StoredEvent {
  readonly replay: number;
  readonly uuid: string;
  readonly schemaId: string;
  readonly payload: Buffer;
}

/**
 * The event bus of the org. An event that was answered with success is on disk and will be read by
 * every subscriber in the order of its replay id, at least once, for 72 hours.
 */
export interface Bus {
  readonly allocations: Allocations;
  readonly usage: Usage;
  topic(name: string): Topic | undefined;
  schema(id: string): EventSchema | undefined;
  /** One outcome per event, in order; events fail one by one. */
  publish(topic: Topic, events: readonly SentEvent[], userId: string): PublishOutcome[];
  /** Publishes a record on behalf of a flow or the REST API; its fields are already checked. */
  publishRecord(object: ObjectDef, record: RecordData, userId: string): PublishOutcome;
  /** Up to `max` events after a position, oldest first. */
  read(topic: string, after: number, max: number): StoredEvent[];
  /** What a flow sees of an event; throws when its payload cannot be read. */
  toRecord(topic: Topic, event: StoredEvent): RecordData;
  /** The position after the newest event, for a subscription that starts now. */
  latest(): number;
  /** The position before the oldest event that is still kept. */
  earliest(): number;
  /** Called after each commit that added events. Returns the way to stop it. */
  onPublished(listener: () => void): () => void;
}

export interface BusOptions {
  readonly metadata: OrgMetadata;
  readonly store: RecordStore;
  readonly clock: Clock;
  readonly faults: BusFaults;
  readonly allocations: Allocations;
  readonly usage: Usage;
  /** Assumption `created-by`: who is named as the publisher of an API client's event. */
  readonly createdBy: 'as-sent' | 'overridden';
  readonly makeId: () => string;
}

/** Opens the bus over the org's file; the tables must exist. */
export function makeBus(options: BusOptions): Bus {
  const { store, clock, faults, usage, allocations, makeId } = options;
  const { sql } = store;
  const topics = new Map<string, Topic>();
  for (const object of options.metadata.objects.values()) {
    if (object.kind === 'event') {
      topics.set(topicOf(object.name), {
        name: topicOf(object.name),
        object,
        schema: eventSchema(object),
      });
    }
  }
  const schemas = makeSchemas(sql, topics.values());
  const codecs = new Map<string, EventCodec>();
  const listeners = new Set<() => void>();
  const append = sql.prepare(
    'INSERT INTO bus_event (topic, event_uuid, schema_id, payload, published_at) VALUES (?, ?, ?, ?, ?)',
  );
  const select = sql.prepare(
    'SELECT replay, event_uuid, schema_id, payload FROM bus_event WHERE topic = ? AND replay > ? ORDER BY replay LIMIT ?',
  );
  const newest = sql.prepare(
    "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'bus_event'), 0) AS at",
  );
  const oldest = sql.prepare('SELECT min(replay) AS at FROM bus_event');
  const purge = sql.prepare('DELETE FROM bus_event WHERE published_at < ?');

  function codecOf(topic: Topic, schemaId: string): EventCodec {
    const known = codecs.get(schemaId);
    if (known !== undefined) return known;
    const schema = schemas.find(schemaId);
    if (schema?.topic !== topic.name)
      throw new Error(`schema ${schemaId} is not a schema of ${topic.name}`);
    const codec = makeCodec(schema, topic.object);
    codecs.set(schemaId, codec);
    return codec;
  }

  function store1(
    topic: Topic,
    schemaId: string,
    payload: Buffer,
    eventKey: FieldValue | undefined,
  ): PublishOutcome {
    const uuid = makeId();
    const fate = faults.judge(typeof eventKey === 'string' ? eventKey : undefined);
    if (fate === 'fail')
      return failed('PLATFORM_EVENT_PUBLISHING_UNAVAILABLE', 'Publishing failed (injected fault).');
    usage.add('published', 1);
    if (fate === 'swallow') return { ok: true, replay: latest(), uuid };
    const { lastInsertRowid } = append.run(topic.name, uuid, schemaId, payload, clock.now());
    return { ok: true, replay: Number(lastInsertRowid), uuid };
  }

  function publishOne(topic: Topic, event: SentEvent, userId: string): PublishOutcome {
    if (event.payload.length > MAX_EVENT_BYTES) {
      return failed(
        'PUBLISH_LIMIT',
        `The event has ${event.payload.length} bytes; ${MAX_EVENT_BYTES} are allowed.`,
      );
    }
    if (usage.used('published') >= allocations.hourlyPublished) {
      return failed(
        'LIMIT_EXCEEDED',
        `The org may publish ${allocations.hourlyPublished} events per hour.`,
      );
    }
    let record: RecordData;
    try {
      record = codecOf(topic, event.schemaId).decode(event.payload);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return failed(
        'SCHEMA_VALIDATION',
        `The payload does not fit schema ${event.schemaId}: ${reason}`,
      );
    }
    const sender = record['CreatedById'];
    if (
      options.createdBy === 'as-sent' &&
      (typeof sender !== 'string' || store.read('User', sender) === undefined)
    ) {
      return failed(
        'INVALID_CREATED_BY',
        `CreatedById '${String(sender)}' is not a user of this org.`,
      );
    }
    const payload =
      options.createdBy === 'as-sent' || sender === userId
        ? event.payload
        : codecOf(topic, event.schemaId).encode({ ...record, CreatedById: userId });
    return store1(topic, event.schemaId, payload, record['Event_Key__c']);
  }

  function announce(): void {
    store.afterCommit(() => listeners.forEach((listener) => listener()));
  }

  function latest(): number {
    return Number(newest.get()?.['at'] ?? 0);
  }

  return {
    allocations,
    usage,
    topic: (name) => topics.get(name),
    schema: (id) => schemas.find(id),
    latest,
    earliest() {
      const at = oldest.get()?.['at'];
      return at === null || at === undefined ? latest() : Number(at) - 1;
    },
    publish(topic, events, userId) {
      return store.transaction(() => {
        purge.run(clock.now() - RETENTION_MS);
        announce();
        return events.map((event) => publishOne(topic, event, userId));
      });
    },
    publishRecord(object, record, userId) {
      const topic = topics.get(topicOf(object.name));
      if (topic === undefined) throw new Error(`${object.name} is not an event`);
      if (usage.used('published') >= allocations.hourlyPublished) {
        return failed(
          'LIMIT_EXCEEDED',
          `The org may publish ${allocations.hourlyPublished} events per hour.`,
        );
      }
      const created = { CreatedDate: new Date(clock.now()).toISOString(), CreatedById: userId };
      const payload = codecOf(topic, topic.schema.id).encode({ ...record, ...created });
      announce();
      return store1(topic, topic.schema.id, payload, record['Event_Key__c']);
    },
    read(topic, after, max) {
      return select.all(topic, after, max).map((row) => ({
        replay: Number(row['replay']),
        uuid: String(row['event_uuid']),
        schemaId: String(row['schema_id']),
        payload: Buffer.from(row['payload'] as Uint8Array),
      }));
    },
    toRecord(topic, event) {
      const record = codecOf(topic, event.schemaId).decode(event.payload);
      return { ...record, ReplayId: String(event.replay), EventUuid: event.uuid };
    },
    onPublished(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function failed(code: string, message: string): PublishOutcome {
  return { ok: false, code, message };
}
