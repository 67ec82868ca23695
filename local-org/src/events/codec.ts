import avro from 'avsc';
import type { ObjectDef } from '../metadata/schema.ts';
import type { FieldValue, RecordData } from '../store/records.ts';
import type { EventSchema } from './avroSchema.ts';

/** Between a payload of the bus and the record a flow sees. */
export interface EventCodec {
  /** Throws with the reason when the bytes do not fit the schema. */
  decode(payload: Buffer): RecordData;
  encode(record: RecordData): Buffer;
}

/** A codec for one schema. Fields that the object no longer has are left out of the record. */
export function makeCodec(schema: EventSchema, object: ObjectDef): EventCodec {
  const type = avro.Type.forSchema(JSON.parse(schema.json) as avro.Schema, { wrapUnions: false });
  const names = (JSON.parse(schema.json) as { fields: { name: string }[] }).fields.map(
    (field) => field.name,
  );
  return {
    decode(payload) {
      const decoded = type.fromBuffer(payload) as Record<string, unknown>;
      const entries = names.flatMap((name): [string, FieldValue][] => {
        const field = object.fields.get(name);
        return field === undefined ? [] : [[name, fromAvro(decoded[name], field.type)]];
      });
      return Object.fromEntries(entries);
    },
    encode(record) {
      const entries = names.map((name) => {
        const field = object.fields.get(name);
        return [
          name,
          field === undefined ? null : toAvro(record[name] ?? null, field.type),
        ] as const;
      });
      return type.toBuffer(Object.fromEntries(entries));
    },
  };
}

function fromAvro(value: unknown, type: string): FieldValue {
  if (typeof value === 'number' && type === 'DateTime') return new Date(value).toISOString();
  if (typeof value === 'number' && type === 'Date')
    return new Date(value).toISOString().slice(0, 10);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  return null;
}

function toAvro(value: FieldValue, type: string): FieldValue {
  const isTime = type === 'DateTime' || type === 'Date';
  return isTime && typeof value === 'string' ? Date.parse(value) : value;
}
