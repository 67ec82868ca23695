import { eventRules } from '../eventFields.ts';
import type { EventField, FieldRule, FieldValue } from '../eventFields.ts';
import type { ByteWriter } from './byteWriter.ts';

/** A field of the org's Avro schema. */
export interface SchemaField {
  readonly name: string;
  readonly type?: unknown;
  readonly default?: unknown;
}

export type EventValues = Readonly<Record<EventField, FieldValue | undefined>>;

/** Who and when; part of every payload. */
export interface Author {
  readonly userId: string;
  readonly now: number;
}

/**
 * Writes an event field by field, or answers false where anything is unusual about it: then it is for others to say
 * what, and nothing it has written counts.
 */
export type EventWriter = (event: EventValues, author: Author, to: ByteWriter) => boolean;

type Step = EventWriter;

/** How values of a schema's field are written: `branch` and `none` are places in its union, undefined where it is none. */
interface Place {
  readonly primitive: 'string' | 'double' | 'long';
  readonly branch: number | undefined;
  readonly none: number | undefined;
}

/** So that twice the number is exact, too. */
const MAX_LONG = 2 ** 51;

/**
 * Compiles a schema of `Asset_Signal__e` to a writer of exactly the bytes that avsc writes; undefined for a schema that
 * has more in it than what Salesforce makes of the package's fields.
 *
 * @param names our fields by the names the schema has for them
 */
export function compileEventWriter(
  fields: readonly SchemaField[],
  names: ReadonlyMap<string, EventField>,
): EventWriter | undefined {
  const steps: Step[] = [];
  for (const { name, type } of fields) {
    const place = toPlace(type);
    if (place === undefined) return undefined;
    const step = stepOf(name, names.get(name), place);
    if (step === undefined) return undefined;
    steps.push(step);
  }
  return (event, author, to) => {
    for (const step of steps) if (!step(event, author, to)) return false;
    return true;
  };
}

function stepOf(name: string, ours: EventField | undefined, place: Place): Step | undefined {
  const { primitive, branch, none } = place;
  const open = (to: ByteWriter): void => {
    if (branch !== undefined) to.zigzag(branch);
  };
  const writeNone = (to: ByteWriter): boolean => {
    if (none === undefined) return false;
    to.zigzag(none);
    return true;
  };
  if (name === 'CreatedDate' && primitive === 'long') {
    return (_event, { now }, to) => {
      open(to);
      return writeLong(now, to);
    };
  }
  if (name === 'CreatedById' && primitive === 'string') {
    return (_event, { userId }, to) => {
      open(to);
      to.text(userId, 2);
      return true;
    };
  }
  if (ours === undefined)
    return none === undefined ? undefined : (_event, _author, to) => writeNone(to);
  const rule: FieldRule = eventRules[ours];
  if (rule.kind === 'text') {
    if (primitive !== 'string') return undefined;
    return (event, _author, to) => {
      const value = event[ours];
      if (value === undefined) return !rule.required && writeNone(to);
      if (typeof value !== 'string' || value.length > rule.maxLength) return false;
      if (value === '' && rule.required) return false;
      open(to);
      to.text(value, 2);
      return true;
    };
  }
  if (primitive === 'string') return undefined;
  const [min, max] = rule.kind === 'number' ? [rule.min, rule.max] : [-MAX_LONG, MAX_LONG];
  return (event, _author, to) => {
    const value = event[ours];
    if (value === undefined) return !rule.required && writeNone(to);
    if (typeof value !== 'number' || !(value >= min && value <= max)) return false;
    open(to);
    if (primitive === 'long') return writeLong(value, to);
    to.double(value);
    return true;
  };
}

function writeLong(value: number, to: ByteWriter): boolean {
  if (!Number.isInteger(value) || Math.abs(value) > MAX_LONG) return false;
  to.zigzag(value);
  return true;
}

function toPlace(type: unknown): Place | undefined {
  if (!Array.isArray(type)) {
    const primitive = toPrimitive(type);
    return primitive && { primitive, branch: undefined, none: undefined };
  }
  const none = type.indexOf('null');
  if (type.length !== 2 || none < 0) return undefined;
  const branch = 1 - none;
  const primitive = toPrimitive(type[branch]);
  return primitive && { primitive, branch, none };
}

function toPrimitive(type: unknown): Place['primitive'] | undefined {
  return type === 'string' || type === 'double' || type === 'long' ? type : undefined;
}
