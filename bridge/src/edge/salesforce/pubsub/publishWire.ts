import { sizeOfVarint } from './byteWriter.ts';
import type { ByteWriter } from './byteWriter.ts';

/** An event on its way out; `id` comes back as the correlation key, at most 36 characters. */
export interface ProducerEvent {
  readonly id: string;
  readonly schemaId: string;
  readonly payload: Buffer;
}

export interface PublishRequest {
  readonly topicName: string;
  readonly events: readonly ProducerEvent[];
}

/** How the bus answered for one event. Absent `error`: it is published. */
export interface PublishResult {
  readonly correlationKey: string;
  readonly error: PublishError | undefined;
}

export interface PublishError {
  /** `UNKNOWN`, `PUBLISH`, `COMMIT`, or the number of a code that is newer than this. */
  readonly code: string;
  readonly msg: string;
}

/*
 * Protocol Buffers by hand, for the two messages there is one of for every 200 events: a general library makes an
 * object of each field on the way. Numbers of the fields: proto/pubsub_api.proto; a test holds both against each other.
 */
const TOPIC_NAME = (1 << 3) | 2;
const EVENTS = (2 << 3) | 2;
const EVENT_ID = (1 << 3) | 2;
const EVENT_SCHEMA_ID = (2 << 3) | 2;
const EVENT_PAYLOAD = (3 << 3) | 2;

/** The bytes of a request, in the memory of `to`. */
export function encodePublishRequest(
  { topicName, events }: PublishRequest,
  to: ByteWriter,
): Buffer {
  to.byte(TOPIC_NAME);
  to.text(topicName, 1);
  let schema = '';
  let schemaBytes = 0;
  for (const { id, schemaId, payload } of events) {
    if (schemaId !== schema) {
      schema = schemaId;
      schemaBytes = sizeOfText(schemaId);
    }
    to.byte(EVENTS);
    to.varint(3 + sizeOfText(id) + schemaBytes + sizeOfVarint(payload.length) + payload.length);
    to.byte(EVENT_ID);
    to.text(id, 1);
    to.byte(EVENT_SCHEMA_ID);
    to.text(schemaId, 1);
    to.byte(EVENT_PAYLOAD);
    to.varint(payload.length);
    to.bytes(payload);
  }
  return to.finish();
}

function sizeOfText(text: string): number {
  const bytes = Buffer.byteLength(text, 'utf8');
  return sizeOfVarint(bytes) + bytes;
}

const RESULTS = 1;
const RESULT_ERROR = 2;
const RESULT_CORRELATION_KEY = 3;
const ERROR_CODE = 1;
const ERROR_MSG = 2;
/** Source: `ErrorCode` of proto/pubsub_api.proto. */
const errorCodes = ['UNKNOWN', 'PUBLISH', 'COMMIT'];

/**
 * The results of a `PublishResponse`; fields that are newer than this are passed over.
 * @throws Error where the bytes are no such message
 */
export function decodePublishResponse(bytes: Buffer): readonly PublishResult[] {
  const results: PublishResult[] = [];
  readFields(bytes, 0, bytes.length, (field, from, to) => {
    if (field !== RESULTS) return;
    let correlationKey = '';
    let error: PublishError | undefined;
    readFields(bytes, from, to, (part, start, end) => {
      if (part === RESULT_CORRELATION_KEY) correlationKey = bytes.toString('utf8', start, end);
      else if (part === RESULT_ERROR) error = decodeError(bytes, start, end);
    });
    results.push({ correlationKey, error });
  });
  return results;
}

function decodeError(bytes: Buffer, from: number, to: number): PublishError {
  let code = 0;
  let msg = '';
  readFields(bytes, from, to, (field, start, end, value) => {
    if (field === ERROR_CODE) code = value;
    else if (field === ERROR_MSG) msg = bytes.toString('utf8', start, end);
  });
  return { code: errorCodes[code] ?? String(code), msg };
}

const VARINT = 0;
const FIXED_64 = 1;
const DELIMITED = 2;
const FIXED_32 = 5;

/** Calls `visit` with the place of each field's content, and its value where it is a number. */
function readFields(
  bytes: Buffer,
  from: number,
  to: number,
  visit: (field: number, start: number, end: number, value: number) => void,
): void {
  let at = from;
  const readVarint = (): number => {
    let value = 0;
    for (let unit = 1; at < to; unit *= 128) {
      const byte = bytes[at] ?? 0;
      at += 1;
      value += (byte & 127) * unit;
      if (byte < 128) return value;
    }
    throw new Error('an answer of the Pub/Sub API ends in the middle of a number');
  };
  while (at < to) {
    const tag = readVarint();
    const type = tag % 8;
    const value = type === VARINT || type === DELIMITED ? readVarint() : 0;
    const size = type === DELIMITED ? value : type === FIXED_64 ? 8 : type === FIXED_32 ? 4 : 0;
    if (type > DELIMITED && type !== FIXED_32) {
      throw new Error(`an answer of the Pub/Sub API has a field of the unknown type ${type}`);
    }
    if (at + size > to) throw new Error('an answer of the Pub/Sub API ends too early');
    visit(Math.floor(tag / 8), at, at + size, value);
    at += size;
  }
}
