import type { Message } from '../../model/message.ts';

/** Where the bytes of a batch lie, used again for another one once they are safe. */
export interface Room {
  readonly bytes: Buffer;
  used: number;
}

export interface Rooms {
  /** The message with bytes of its own, in the last of these rooms or in another that is added to them. */
  keep(message: Message, into: Room[]): Message;
  /** Nobody will look at what lies in them any more. */
  giveBack(rooms: Room[]): void;
}

/** A full batch (`intake.ts`) of usual messages, each some 180 bytes. */
const ROOM_BYTES = 1024 * 1024;
/** A message above this lies alone, in a room that is not used again. */
const LARGE_BYTES = ROOM_BYTES / 8;
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
      const own = { bytes: Buffer.allocUnsafeSlow(size), used: 0 };
      // In front, so that the last one is filled on.
      into.unshift(own);
      return own;
    }
    const last = into.at(-1);
    if (last !== undefined && last.used + size <= last.bytes.length) return last;
    const next = spare.pop() ?? { bytes: Buffer.allocUnsafeSlow(ROOM_BYTES), used: 0 };
    into.push(next);
    return next;
  }

  return {
    keep({ bytes, topicStart, topicEnd, payloadStart, payloadEnd, receivedAt, once }, into) {
      const room = roomFor(payloadEnd - topicStart, into);
      const shift = room.used - topicStart;
      bytes.copy(room.bytes, room.used, topicStart, payloadEnd);
      room.used = payloadEnd + shift;
      const kept = {
        bytes: room.bytes,
        topicStart: topicStart + shift,
        topicEnd: topicEnd + shift,
        payloadStart: payloadStart + shift,
        payloadEnd: payloadEnd + shift,
        receivedAt,
      };
      return once === undefined ? kept : { ...kept, once };
    },
    giveBack(rooms) {
      for (const room of rooms) {
        if (spare.length === SPARE) return;
        if (room.bytes.length !== ROOM_BYTES) continue;
        room.used = 0;
        spare.push(room);
      }
    },
  };
}
