import { createHash } from 'node:crypto';
import type { FieldDef, ObjectDef } from '../metadata/schema.ts';

/** The Avro schema of an event, as GetSchema answers it. */
export interface EventSchema {
  /** A fingerprint of the content: the same definition has the same id, in every org and run. */
  readonly id: string;
  readonly topic: string;
  readonly json: string;
}

/** `/event/Name__e` (Pub/Sub API, "Event Bus and Topics"). */
export function topicOf(object: string): string {
  return `/event/${object}`;
}

/**
 * Derives the Avro schema of an event object. Every own field is a union with null and defaults to
 * null, also a required one: the bus does not enforce "required" (Publish RPC). CreatedDate and
 * CreatedById must be in every payload. DateTime and Date are epoch milliseconds.
 */
export function eventSchema(object: ObjectDef): EventSchema {
  const own = [...object.fields.values()].filter((field) => !field.system);
  const json = JSON.stringify({
    name: object.name,
    namespace: 'com.sforce.eventbus',
    type: 'record',
    fields: [
      { name: 'CreatedDate', type: 'long', doc: 'CreatedDate:DateTime' },
      { name: 'CreatedById', type: 'string', doc: 'CreatedBy:EntityId' },
      ...own.map((field) => ({
        name: field.name,
        type: ['null', avroType(field)],
        doc: `Data:${field.type}`,
        default: null,
      })),
    ],
  });
  const id = createHash('sha256').update(json).digest().subarray(0, 16).toString('base64url');
  return { id, topic: topicOf(object.name), json };
}

function avroType(field: FieldDef): 'string' | 'double' | 'boolean' | 'long' {
  switch (field.type) {
    case 'Number':
      return 'double';
    case 'Checkbox':
      return 'boolean';
    case 'DateTime':
    case 'Date':
      return 'long';
    default:
      return 'string';
  }
}
