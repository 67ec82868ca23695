import type { Message, OnceKey } from '../../model/message.ts';
import type { TakeOver } from '../../ports/ingress.ts';
import type { PacketIds } from '../../ports/packetIds.ts';

/** What a session knows of its QoS 2 messages, in memory and, through the port, on disk. */
export interface OnceSession {
  readonly name: string;
  keyOf(packetId: number): OnceKey;
  /** A message with this key is safe. */
  isTaken(key: OnceKey): boolean;
  taken(key: OnceKey): void;
  /**
   * The broker has answered our CONNECT. Where it has no session of ours any more, ids mean other messages now.
   * @throws when that cannot be written down: nothing may be read from this connection
   */
  connected(isPresent: boolean): void;
  /** Forgets ids the broker has released. @throws when that cannot be written down */
  forget(packetIds: readonly number[]): void;
}

/** Messages of the last two connections may wait to be taken, and those of this one. */
const GENERATIONS = 3;

/** Reads the session from disk. */
export function openOnceSession(name: string, ids: PacketIds): OnceSession {
  const before = ids.open(name);
  let { generation } = before;
  const byGeneration = new Map([[generation, new Set(before.packetIds)]]);
  /* The broker's session is new and that is not on disk yet. */
  let isStale = false;

  return {
    name,
    keyOf: (packetId) => ({ session: name, generation, packetId }),
    isTaken: (key) => byGeneration.get(key.generation)?.has(key.packetId) === true,
    taken(key) {
      byGeneration.get(key.generation)?.add(key.packetId);
    },
    connected(isPresent) {
      isStale ||= !isPresent;
      if (!isStale) return;
      const renewed = ids.renew(name);
      if (!renewed.ok) throw new Error(renewed.error.reason);
      isStale = false;
      generation = renewed.value;
      byGeneration.set(generation, new Set());
      byGeneration.delete(generation - GENERATIONS);
    },
    forget(packetIds) {
      const forgotten = ids.forget(name, packetIds);
      if (!forgotten.ok) throw new Error(forgotten.error.reason);
      for (const packetId of packetIds) byGeneration.get(generation)?.delete(packetId);
    },
  };
}

/**
 * Hands over each QoS 2 message once, however often a broker has sent it: those whose key is safe already, or stands
 * earlier in the batch, are left out, and count as taken over with the rest.
 */
export function takeOnce(takeOver: TakeOver, sessions: readonly OnceSession[]): TakeOver {
  const byName = new Map(sessions.map((session) => [session.name, session]));
  return async (messages) => {
    const keys = new Map<string, OnceKey>();
    const isNew = ({ once }: Message): boolean => {
      if (once === undefined) return true;
      const { session, generation, packetId } = once;
      const text = `${generation} ${packetId} ${session}`;
      if (keys.has(text) || byName.get(session)?.isTaken(once) === true) return false;
      keys.set(text, once);
      return true;
    };
    const fresh = messages.some(({ once }) => once !== undefined)
      ? messages.filter(isNew)
      : messages;
    if (fresh.length > 0) await takeOver(fresh);
    for (const key of keys.values()) byName.get(key.session)?.taken(key);
  };
}
