import { toEpochMs } from '../../model/brand.ts';
import type { Message } from '../../model/message.ts';
import { RECORD_HEAD, writeRecordHead } from '../../model/record.ts';

/** Where the bytes of a batch lie, used again for another one once they are safe. */
export interface Room {
  readonly bytes: Buffer;
  readonly view: DataView;
  used: number;
  /** Used again too; the first `taken` are in use. */
  readonly messages: Kept[];
  taken: number;
}

type Kept = { -readonly [key in keyof Omit<Message, 'once'>]-?: Message[key] };

export interface Rooms {
  /** The message with bytes of its own, laid out as a record, in the last of these rooms or in another that is added to them. */
  keep(message: Message, into: Room[]): Message;
  /** Nobody will look at what lies in them any more, nor at the messages. */
  giveBack(rooms: Room[]): void;
}

/** A full batch (`intake.ts`) of usual messages, each some 180 bytes. */
const ROOM_BYTES = 1024 * 1024;
/** A message above this lies alone, in a room that is not used again. */
const LARGE_BYTES = ROOM_BYTES / 8;
/** Fewer bytes are copied sooner one by one than by the system. */
const FEW_BYTES = 64;
/** More of them are in use only while the disk is slow, and there is no hurry then. */
const SPARE = 4;

/**
 * The sockets' own buffers would live as long as the last message in them, which is long enough for V8 to think them
 * old: garbage until the next full collection, and of bytes outside its heap it lets some 64 MB gather before that
 * (measured: 90 to 130 MB). The copy of a usual message costs less than that garbage.
 */
export function makeRooms(): Rooms {
  const spare: Room[] = [];

  function roomFor(size: number, into: Room[]): Room {
    if (size > LARGE_BYTES) {
      const own = makeRoom(size);
      // In front, so that the last one is filled on.
      into.unshift(own);
      return own;
    }
    const last = into.at(-1);
    if (last !== undefined && last.used + size <= last.bytes.length) return last;
    const next = spare.pop() ?? makeRoom(ROOM_BYTES);
    into.push(next);
    return next;
  }

  return {
    keep({ bytes, topicStart, topicEnd, payloadStart, payloadEnd, receivedAt, once }, into) {
      const topicBytes = topicEnd - topicStart;
      const payloadBytes = payloadEnd - payloadStart;
      const room = roomFor(RECORD_HEAD + topicBytes + payloadBytes, into);
      const kept = messageOf(room);
      const own = room.bytes;
      writeRecordHead(room.view, room.used, topicBytes, payloadBytes, receivedAt);
      kept.topicStart = room.used + RECORD_HEAD;
      kept.topicEnd = kept.topicStart + topicBytes;
      kept.payloadStart = kept.topicEnd;
      kept.payloadEnd = kept.topicEnd + payloadBytes;
      kept.receivedAt = receivedAt;
      room.used = kept.payloadEnd;
      if (topicBytes > FEW_BYTES) bytes.copy(own, kept.topicStart, topicStart, topicEnd);
      else {
        const shift = kept.topicStart - topicStart;
        for (let at = topicStart; at < topicEnd; at += 1) own[at + shift] = bytes[at] as number;
      }
      bytes.copy(own, kept.payloadStart, payloadStart, payloadEnd);
      return once === undefined ? kept : { ...kept, once };
    },
    giveBack(rooms) {
      for (const room of rooms) {
        if (spare.length === SPARE) return;
        if (room.bytes.length !== ROOM_BYTES) continue;
        room.used = 0;
        room.taken = 0;
        spare.push(room);
      }
    },
  };
}

function makeRoom(size: number): Room {
  const bytes = Buffer.allocUnsafeSlow(size);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { bytes, view, used: 0, messages: [], taken: 0 };
}

function messageOf(room: Room): Kept {
  const known = room.messages[room.taken];
  room.taken += 1;
  if (known !== undefined) return known;
  const made: Kept = {
    bytes: room.bytes,
    topicStart: 0,
    topicEnd: 0,
    payloadStart: 0,
    payloadEnd: 0,
    // A fraction, for which the engine of the language keeps room in the object.
    receivedAt: toEpochMs(0.5),
    isRecord: true,
  };
  room.messages.push(made);
  return made;
}
