import { z } from 'zod';

/** As much of `Asset_Signal__e` as is counted here. */
export const signalEvent = z.object({
  Event_Key__c: z.string(),
  Phase__c: z.string(),
  Device_Key__c: z.string(),
  Occurred_At_Ms__c: z.number(),
});
export type SignalEvent = z.infer<typeof signalEvent>;

/** Device, time of the reading that opened the episode, when the event arrived (monotonic clock); milliseconds. */
export type OpenedArrival = readonly [device: string, occurredAt: number, arrivedAt: number];

/** Events that arrived, each counted once however often it comes. */
export interface Arrivals {
  take(event: SignalEvent, arrivedAt: number): void;
  has(eventKey: string): boolean;
  /** Keys in the order of arrival, from the one with this number on, counted from 0; at most `limit`. */
  from(number: number, limit: number): readonly string[];
  counts(): ArrivalCounts;
  /** Those since the last call, oldest first. */
  takeOpened(): readonly OpenedArrival[];
}

export interface ArrivalCounts {
  readonly opened: number;
  readonly updated: number;
  readonly cleared: number;
  /** Arrivals of an event that had arrived before. */
  readonly repeats: number;
}

export function makeArrivals(): Arrivals {
  const keys = new Set<string>();
  const inOrder: string[] = [];
  const phases = { Opened: 0, Updated: 0, Cleared: 0 };
  let repeats = 0;
  let opened: OpenedArrival[] = [];
  return {
    take({ Event_Key__c: key, Phase__c: phase, ...event }, arrivedAt) {
      if (keys.has(key)) {
        repeats += 1;
        return;
      }
      keys.add(key);
      inOrder.push(key);
      if (phase === 'Opened' || phase === 'Updated' || phase === 'Cleared') phases[phase] += 1;
      else
        throw new Error(`an event has the phase '${phase}'; Opened, Updated or Cleared is allowed`);
      if (phase === 'Opened') {
        opened.push([event.Device_Key__c, event.Occurred_At_Ms__c, arrivedAt]);
      }
    },
    has: (key) => keys.has(key),
    from: (number, limit) => inOrder.slice(number, number + limit),
    counts: () => ({
      opened: phases.Opened,
      updated: phases.Updated,
      cleared: phases.Cleared,
      repeats,
    }),
    takeOpened() {
      const taken = opened;
      opened = [];
      return taken;
    },
  };
}
