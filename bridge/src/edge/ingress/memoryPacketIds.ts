import { ok } from '../../model/result.ts';
import type { OnceKey } from '../../model/message.ts';
import type { PacketIds } from '../../ports/packetIds.ts';

/** Packet ids in memory, for tests and trials; forgets them with the process. */
export interface MemoryPacketIds extends PacketIds {
  /** What a durable log does with the keys of its messages. */
  take(keys: readonly OnceKey[]): void;
}

export function makeMemoryPacketIds(): MemoryPacketIds {
  const sessions = new Map<string, { generation: number; ids: Set<number> }>();
  const of = (name: string) => {
    const session = sessions.get(name) ?? { generation: 0, ids: new Set<number>() };
    sessions.set(name, session);
    return session;
  };
  return {
    open(name) {
      const { generation, ids } = of(name);
      return { generation, packetIds: [...ids] };
    },
    renew(name) {
      const generation = of(name).generation + 1;
      sessions.set(name, { generation, ids: new Set() });
      return ok(generation);
    },
    forget(name, packetIds) {
      for (const id of packetIds) of(name).ids.delete(id);
      return ok(undefined);
    },
    take(keys) {
      for (const { session, generation, packetId } of keys) {
        if (of(session).generation === generation) of(session).ids.add(packetId);
      }
    },
  };
}
