import { Duplex } from 'node:stream';

import type { Message } from '../../model/message.ts';
import type { Clock } from '../../ports/clock.ts';
import { encodeAcknowledgements } from './acknowledgements.ts';
import type { AcknowledgementKind } from './acknowledgements.ts';
import { makeFrameScanner } from './frames.ts';
import type { FrameSink } from './frames.ts';
import { MalformedPacket, makePublishPlaces, readPublish } from './publishPacket.ts';
import type { PublishPlaces } from './publishPacket.ts';

export interface TapHandler {
  /**
   * Both hold until the call returns.
   * @param packet the rest of what its packet says
   */
  message(message: Message, packet: PublishPlaces): void;
  /** The message that comes next has so many bytes, more than are taken: only its beginning is there. */
  oversized(size: number): void;
  /** All that one read of the socket has brought was handed over. */
  read(): void;
  /** The broker has seen our PUBREC of this QoS 2 message; it wants a PUBCOMP. */
  released(packetId: number): void;
  /** The broker has accepted the connection; what throws here ends it before anything else is read. */
  connected(isSessionPresent: boolean): void;
  /** Why the connection is ended by us, for people; the library keeps such errors to itself. */
  broken(error: Error): void;
}

/** The two ends of one connection: the library's, and ours. */
export interface Tap {
  /** What the MQTT library reads and writes instead of the socket; destroyed, it closes the socket. */
  readonly stream: Duplex;
  /** Sends acknowledgements in one write, between packets of the library. Nothing after the end. */
  acknowledge(kind: AcknowledgementKind, packetIds: readonly number[], reason?: number): void;
  /** Stops reading the socket, or goes on. */
  pause(isPaused: boolean): void;
}

/** Packet types. Source: MQTT 5 table 2-1. */
const CONNACK = 2;
const PUBREL = 6;
const NOTHING: Buffer = Buffer.alloc(0);

/**
 * Stands between a socket and the MQTT library: messages come to `handler`, many at a time and as fast
 * as they arrive, and everything else (connection, subscriptions, keep-alive) stays with the library,
 * whose own way of taking messages is one at a time.
 *
 * Bytes that are not MQTT end the connection with an error that says so. Of a message larger than `maxPacketBytes` the beginning
 * is handed over: whoever judges messages refuses it with its reason, and the broker need not send it for ever.
 *
 * @param open opens the socket; what it reads comes to `read`, in bytes that hold until the call returns
 */
export function makeTap(
  open: (read: (bytes: Buffer) => void) => Duplex,
  protocolVersion: 4 | 5,
  maxPacketBytes: number,
  clock: Clock,
  handler: TapHandler,
): Tap {
  const packet = makePublishPlaces();
  // One look at the clock for all that one read of the socket brings.
  let receivedAt = clock();
  /* One for all of them: who wants to keep it copies it. */
  const message = {
    bytes: NOTHING,
    topicStart: 0,
    topicEnd: 0,
    payloadStart: 0,
    payloadEnd: 0,
    receivedAt,
  };
  const hand = (bytes: Buffer): void => {
    message.bytes = bytes;
    message.topicStart = packet.topicStart;
    message.topicEnd = packet.topicEnd;
    message.payloadStart = packet.payloadStart;
    message.payloadEnd = packet.payloadEnd;
    message.receivedAt = receivedAt;
    handler.message(message, packet);
  };
  const sink: FrameSink = {
    publish(bytes, start, body, end) {
      readPublish(bytes, start, body, end, protocolVersion, packet);
      hand(bytes);
    },
    oversized(bytes, body, end, size) {
      // Its properties may be cut, too: all behind the topic counts as payload, which is longer than any that is taken.
      readPublish(bytes, 0, body, end, 4, packet);
      handler.oversized(size);
      hand(bytes);
    },
    control(bytes) {
      const type = (bytes[0] as number) >> 4;
      if (type === PUBREL) handler.released(readPacketId(bytes));
      else {
        if (type === CONNACK) readConnack(bytes, handler);
        stream.push(Buffer.from(bytes));
      }
    },
  };
  const scanner = makeFrameScanner(sink, maxPacketBytes);
  const stream = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => socket.write(chunk, done),
    writev(chunks, done) {
      // One packet of the library may be several chunks: nothing of ours gets between them.
      socket.write(Buffer.concat(chunks.map(({ chunk }) => chunk as Buffer)), done);
    },
    final: (done) => socket.end(done),
    destroy(error, done) {
      socket.destroy();
      done(error);
    },
  });
  const socket = open((chunk) => {
    receivedAt = clock();
    try {
      if (!scanner.push(chunk)) throw new MalformedPacket('a packet without an end to its length');
    } catch (error) {
      const reason = error instanceof Error ? error : new Error(String(error));
      handler.broken(reason);
      stream.destroy(reason);
    }
    handler.read();
  });
  socket.on('end', () => stream.push(null));
  socket.on('error', (error) => stream.destroy(error));
  socket.on('close', () => stream.destroy());
  return {
    stream,
    acknowledge(kind, packetIds, reason) {
      if (stream.destroyed || packetIds.length === 0) return;
      socket.write(encodeAcknowledgements(kind, packetIds, reason));
    },
    pause: (isPaused) => void (isPaused ? socket.pause() : socket.resume()),
  };
}

function readPacketId(packet: Buffer): number {
  const body = bodyOf(packet);
  if (packet.length < body + 2) throw new MalformedPacket('a PUBREL without packet id');
  return packet.readUInt16BE(body);
}

/** Flags, then the code: 0 is success. Source: MQTT 3.1.1 section 3.2.2, MQTT 5 section 3.2.2. */
function readConnack(packet: Buffer, handler: TapHandler): void {
  const body = bodyOf(packet);
  if (packet[body + 1] === 0) handler.connected(((packet[body] as number) & 1) === 1);
}

/** Where a packet goes on behind its length. */
function bodyOf(packet: Buffer): number {
  let at = 1;
  while ((packet[at] as number) >= 0x80) at += 1;
  return at + 1;
}
