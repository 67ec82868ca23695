import { err, ok } from '../../model/result.ts';
import type { StorageFailure } from '../../ports/log.ts';
import type { PlaceStore } from '../../ports/notices.ts';

/** Places of subscriptions in memory, for tests and trials; gone with the process. */
export interface MemoryPlaces extends PlaceStore {
  readonly places: Map<string, Uint8Array>;
  /** Set to have every save refused, as a full disk does. */
  refuse: StorageFailure | undefined;
}

export function makeMemoryPlaces(): MemoryPlaces {
  const places = new Map<string, Uint8Array>();
  return {
    places,
    refuse: undefined,
    load: async (subscription) => places.get(subscription),
    async save(subscription, place) {
      if (this.refuse !== undefined) return err(this.refuse);
      places.set(subscription, Uint8Array.from(place));
      return ok(undefined);
    },
  };
}
