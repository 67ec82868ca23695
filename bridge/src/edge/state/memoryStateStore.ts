import { err, ok } from '../../model/result.ts';
import type { StorageFailure } from '../../ports/log.ts';
import type { KeptState, StateStore } from '../../ports/stateStore.ts';

/** States in memory, for tests and trials; gone with the process. */
export interface MemoryStateStore extends StateStore {
  /** Set to have every commit refused, as a full disk does. */
  refuse: StorageFailure | undefined;
}

interface Kept {
  readonly state: KeptState;
  readonly pieces: readonly (readonly [part: string, index: number, bytes: Uint8Array])[];
}

export function makeMemoryStateStore(): MemoryStateStore {
  const kept: Kept[] = [];
  let last = 0;
  let underWay = false;
  return {
    refuse: undefined,
    begin(head) {
      if (underWay) throw new Error('a state is being written already');
      underWay = true;
      const sequence = last + 1;
      const pieces: [string, number, Uint8Array][] = [];
      let bytes = 0;
      return {
        sequence,
        put(part, index, piece) {
          pieces.push([part, index, Uint8Array.from(piece)]);
          bytes += piece.length;
        },
        room: async () => undefined,
        commit: async () => {
          underWay = false;
          if (this.refuse !== undefined) return err(this.refuse);
          last = sequence;
          kept.push({ state: { ...head, sequence }, pieces });
          kept.splice(0, kept.length - 2);
          return ok(bytes);
        },
        discard: async () => {
          underWay = false;
        },
      };
    },
    async restore(load) {
      const newest = kept.at(-1);
      for (const [part, index, bytes] of newest?.pieces ?? []) load(part, index, bytes);
      return newest?.state;
    },
    oldest: () => kept[0]?.state,
    newest: () => kept.at(-1)?.state,
  };
}
