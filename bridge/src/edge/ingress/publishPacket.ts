/**
 * Where the parts of one PUBLISH stand in its bytes, and what its flags say. The reader of a connection uses one
 * object for all of them: what has to outlive the call is copied out.
 */
export interface PublishPlaces {
  topicStart: number;
  topicEnd: number;
  payloadStart: number;
  payloadEnd: number;
  qos: 0 | 1 | 2;
  /** 1 to 65535; 0 with QoS 0, which has none. */
  packetId: number;
  /** The broker keeps this as the last word on its topic and has sent it because we subscribed. */
  retained: boolean;
  /** The broker says that it may have sent this before. */
  duplicate: boolean;
  /** MQTT 5 only: the properties are checked, and read with `readProperties` when somebody asks. */
  propertiesStart: number;
  propertiesEnd: number;
}

/** What an MQTT 5 sender may say about a message, as far as it was set. Source: MQTT 5 section 3.3.2.3. */
export interface PublishProperties {
  readonly contentType?: string;
  /** Seconds the message is still good for. */
  readonly expiresInSeconds?: number;
  readonly responseTopic?: string;
  readonly correlationData?: Buffer;
  /** In the order of the packet; a name may stand more than once. */
  readonly userProperties?: readonly (readonly [name: string, value: string])[];
}

/** The bytes are no PUBLISH that a broker may send us; the sentence says why. */
export class MalformedPacket extends Error {
  override readonly name = 'MalformedPacket';
}

/** To be filled by `readPublish`. */
export const makePublishPlaces = (): PublishPlaces => ({
  topicStart: 0,
  topicEnd: 0,
  payloadStart: 0,
  payloadEnd: 0,
  qos: 0,
  packetId: 0,
  retained: false,
  duplicate: false,
  propertiesStart: 0,
  propertiesEnd: 0,
});

/**
 * Finds the parts of the PUBLISH that begins at `start`, has its variable header at `body` and stops before `end`.
 * Nothing is copied.
 * @throws MalformedPacket
 */
export function readPublish(
  bytes: Buffer,
  start: number,
  body: number,
  end: number,
  protocolVersion: 4 | 5,
  into: PublishPlaces,
): void {
  const flags = bytes[start] as number;
  const qos = (flags >> 1) & 3;
  if (qos === 3) throw new MalformedPacket('a message with QoS 3');
  const topicStart = body + 2;
  const topicEnd = topicStart + readUint16(bytes, body, end);
  if (topicEnd > end) throw new MalformedPacket('a topic longer than its packet');
  let at = topicEnd;
  let packetId = 0;
  if (qos > 0) {
    packetId = readUint16(bytes, at, end);
    if (packetId === 0) throw new MalformedPacket('a message with QoS and the packet id 0');
    at += 2;
  }
  into.propertiesStart = at;
  if (protocolVersion === 5) {
    into.propertiesStart = skipVarint(bytes, at, end);
    at = into.propertiesStart + readVarint(bytes, at);
    if (at > end) throw new MalformedPacket('properties longer than their packet');
    for (let property = into.propertiesStart; property < at;) {
      property = endOfProperty(bytes, property, at);
    }
  }
  if (topicEnd === topicStart) {
    throw new MalformedPacket('a message without topic; topic aliases were not offered');
  }
  into.topicStart = topicStart;
  into.topicEnd = topicEnd;
  into.qos = qos as 0 | 1 | 2;
  into.packetId = packetId;
  into.retained = (flags & 1) === 1;
  into.duplicate = (flags & 8) === 8;
  into.propertiesEnd = at;
  into.payloadStart = at;
  into.payloadEnd = end;
}

type Writable<T> = { -readonly [key in keyof T]: T[key] };

/** The properties of a PUBLISH that `readPublish` has checked; undefined where it has none. */
export function readProperties(
  bytes: Buffer,
  { propertiesStart, propertiesEnd }: PublishPlaces,
): PublishProperties | undefined {
  if (propertiesStart === propertiesEnd) return undefined;
  const read: Writable<PublishProperties> = {};
  const pairs: [string, string][] = [];
  let next = 0;
  for (let at = propertiesStart; at < propertiesEnd; at = next) {
    next = endOfProperty(bytes, at, propertiesEnd);
    const id = bytes[at];
    const from = at + 3;
    if (id === EXPIRY) read.expiresInSeconds = bytes.readUInt32BE(at + 1);
    else if (id === CONTENT_TYPE) read.contentType = bytes.toString('utf8', from, next);
    else if (id === RESPONSE_TOPIC) read.responseTopic = bytes.toString('utf8', from, next);
    else if (id === CORRELATION) read.correlationData = bytes.subarray(from, next);
    else if (id === USER_PROPERTY) {
      const nameEnd = from + bytes.readUInt16BE(at + 1);
      pairs.push([
        bytes.toString('utf8', from, nameEnd),
        bytes.toString('utf8', nameEnd + 2, next),
      ]);
    }
  }
  if (pairs.length > 0) read.userProperties = pairs;
  return read;
}

/* Identifiers of MQTT 5 table 2-4, those that a PUBLISH to a client may have, and the topic alias. */
const PAYLOAD_FORMAT = 1;
const EXPIRY = 2;
const CONTENT_TYPE = 3;
const RESPONSE_TOPIC = 8;
const CORRELATION = 9;
const SUBSCRIPTION_ID = 11;
const TOPIC_ALIAS = 35;
const USER_PROPERTY = 38;

/** Where the property that begins at `at` ends; throws where it may not be there or does not end before `end`. */
function endOfProperty(bytes: Buffer, at: number, end: number): number {
  const id = bytes[at] as number;
  let next = at + 1;
  if (id === PAYLOAD_FORMAT) next += 1;
  else if (id === EXPIRY) next += 4;
  else if (id === CONTENT_TYPE || id === RESPONSE_TOPIC || id === CORRELATION) {
    next += 2 + readUint16(bytes, next, end);
  } else if (id === SUBSCRIPTION_ID) next = skipVarint(bytes, next, end);
  else if (id === USER_PROPERTY) {
    next += 2 + readUint16(bytes, next, end);
    next += 2 + readUint16(bytes, next, end);
  } else if (id === TOPIC_ALIAS) {
    throw new MalformedPacket('a topic alias, which was not offered');
  } else throw new MalformedPacket(`the property ${id}, which no message may have`);
  if (next > end) throw new MalformedPacket('a property longer than its packet');
  return next;
}

function readUint16(bytes: Buffer, at: number, end: number): number {
  if (at + 2 > end) throw new MalformedPacket('a packet that ends too early');
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

/** Where the next thing begins behind a number of one to four bytes. */
function skipVarint(bytes: Buffer, start: number, end: number): number {
  for (let at = start; at < end && at < start + 4; at += 1) {
    if ((bytes[at] as number) < 0x80) return at + 1;
  }
  throw new MalformedPacket('a packet that ends too early');
}

/** A number of one to four bytes that `skipVarint` has found whole. */
function readVarint(bytes: Buffer, start: number): number {
  let value = 0;
  for (let at = start, shift = 0; ; at += 1, shift += 7) {
    const byte = bytes[at] as number;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
}
