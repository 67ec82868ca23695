/** A PUBLISH as the broker sent it. */
export interface PublishPacket {
  readonly topic: string;
  /** A view of the bytes it came in. */
  readonly payload: Buffer;
  readonly qos: 0 | 1 | 2;
  /** 1 to 65535; 0 with QoS 0, which has none. */
  readonly packetId: number;
  /** The broker keeps this as the last word on its topic and has sent it because we subscribed. */
  readonly retained: boolean;
  /** The broker says that it may have sent this before. */
  readonly duplicate: boolean;
  /** MQTT 5 only, and only what was set. */
  readonly properties: PublishProperties | undefined;
}

/** What an MQTT 5 sender may say about a message. Source: MQTT 5 section 3.3.2.3. */
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

/**
 * Reads the PUBLISH that begins at `start`. Nothing is copied but texts.
 * @throws MalformedPacket
 */
export function readPublish(
  bytes: Buffer,
  start: number,
  body: number,
  end: number,
  protocolVersion: 4 | 5,
): PublishPacket {
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
  let properties: PublishProperties | undefined;
  if (protocolVersion === 5) {
    const [length, from] = readVarint(bytes, at, end);
    at = from + length;
    if (at > end) throw new MalformedPacket('properties longer than their packet');
    if (length > 0) properties = readProperties(bytes, from, at);
  }
  if (topicEnd === topicStart) {
    throw new MalformedPacket('a message without topic; topic aliases were not offered');
  }
  return {
    topic: bytes.toString('utf8', topicStart, topicEnd),
    payload: bytes.subarray(at, end),
    qos: qos as 0 | 1 | 2,
    packetId,
    retained: (flags & 1) === 1,
    duplicate: (flags & 8) === 8,
    properties,
  };
}

type Writable<T> = { -readonly [key in keyof T]: T[key] };

/* Identifiers of MQTT 5 table 2-4, those that a PUBLISH to a client may have. */
function readProperties(bytes: Buffer, start: number, end: number): PublishProperties {
  const read: Writable<PublishProperties> = {};
  const pairs: [string, string][] = [];
  let at = start;
  const text = (): string => {
    const from = at + 2;
    at = from + readUint16(bytes, at, end);
    if (at > end) throw new MalformedPacket('a property longer than its packet');
    return bytes.toString('utf8', from, at);
  };
  while (at < end) {
    const id = bytes[at] as number;
    at += 1;
    if (id === 1) at += 1;
    else if (id === 2) {
      if (at + 4 > end) throw new MalformedPacket('a property longer than its packet');
      read.expiresInSeconds = bytes.readUInt32BE(at);
      at += 4;
    } else if (id === 3) read.contentType = text();
    else if (id === 8) read.responseTopic = text();
    else if (id === 9) {
      const from = at + 2;
      at = from + readUint16(bytes, at, end);
      read.correlationData = bytes.subarray(from, at);
    } else if (id === 11) [, at] = readVarint(bytes, at, end);
    else if (id === 35) throw new MalformedPacket('a topic alias, which was not offered');
    else if (id === 38) pairs.push([text(), text()]);
    else throw new MalformedPacket(`the property ${id}, which no message may have`);
  }
  if (at > end) throw new MalformedPacket('a property longer than its packet');
  if (pairs.length > 0) read.userProperties = pairs;
  return read;
}

function readUint16(bytes: Buffer, at: number, end: number): number {
  if (at + 2 > end) throw new MalformedPacket('a packet that ends too early');
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

/** A number of one to four bytes, and where the next thing begins. */
function readVarint(bytes: Buffer, start: number, end: number): readonly [number, number] {
  let value = 0;
  for (let at = start, shift = 0; at < end && shift < 28; at += 1, shift += 7) {
    const byte = bytes[at] as number;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return [value, at + 1];
  }
  throw new MalformedPacket('a packet that ends too early');
}
