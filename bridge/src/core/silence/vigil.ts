import type { EpochMs } from '../../model/brand.ts';
import type { Signal } from '../../model/signal.ts';
import type { Fleet } from '../fleet.ts';
import type { Judging } from '../judging.ts';
import { EPISODES, HEARD_AT, RECEIVED_AT } from '../layout/layout.ts';
import { dueAt } from './due.ts';
import { makeWheel } from './wheel.ts';

/** Watches which devices stay quiet. */
export interface Vigil {
  /** To be told of every message: the listening clock has come to here. */
  listenTo(listenedAt: number): void;
  /**
   * Puts a device where it has to be looked at next; to be called where it is due earlier than was known: where
   * it is new, has another layout, has an episode, or was heard at an earlier listened time.
   */
  schedule(index: number): void;
  /** When the device has to be looked at next, in listened time. */
  dueAt(index: number): number;
  drop(index: number): void;
  /** Judges the devices that are due. */
  tick(listenedAt: number, now: EpochMs): readonly Signal[];
  /** At start: schedules all devices. */
  begin(): void;
  /** Where policies have been replaced: all devices are looked at in the next tick. */
  review(): void;
}

/** Nobody is scheduled yet. */
export function makeVigil(fleet: Fleet, judging: Judging): Vigil {
  const { keys, places, blocks, episodes } = fleet;
  const wheel = makeWheel();
  /** The latest listened time of all calls; a fraction, so that it is kept as one. */
  const clock = { latest: 0.5 };

  const heardAt = (place: number): number =>
    blocks.page(place)[blocks.offset(place) + HEARD_AT] as number;

  function dueOf(index: number, listenedAt: number): number {
    const place = places.get(index);
    const layout = fleet.layoutOf(place);
    if (layout.deviceLanes.length === 0) return Infinity;
    const receivedAt = blocks.page(place)[blocks.offset(place) + RECEIVED_AT] as number;
    episodes.enter(place);
    return dueAt(layout, episodes, heardAt(place), receivedAt, listenedAt);
  }

  function schedule(index: number): void {
    const heard = heardAt(places.get(index));
    const isAhead = heard > clock.latest;
    wheel.put(index, isAhead ? clock.latest : dueOf(index, heard), clock.latest);
  }

  /** A clock that went back was restarted: nobody knows how long it was quiet meanwhile. */
  function restartClock(listenedAt: number): void {
    wheel.clear();
    keys.forEach((index) => wheel.put(index, listenedAt, listenedAt));
  }

  /** When the device was heard, but not after now: where the clock was restarted, counting begins anew. */
  function heardUntil(listenedAt: number, place: number): number {
    const heard = heardAt(place);
    if (heard <= listenedAt) return heard;
    blocks.touch(place);
    blocks.page(place)[blocks.offset(place) + HEARD_AT] = listenedAt;
    return listenedAt;
  }

  return {
    schedule,
    listenTo(listenedAt) {
      if (listenedAt > clock.latest) clock.latest = listenedAt;
    },
    dueAt: (index) => dueOf(index, clock.latest),
    drop: (index) => wheel.put(index, Infinity, clock.latest),
    tick(listenedAt, now) {
      if (listenedAt < clock.latest) restartClock(listenedAt);
      clock.latest = listenedAt;
      const said: { readonly index: number; readonly signals: readonly Signal[] }[] = [];
      wheel.turn(listenedAt, (index) => {
        let place = places.get(index);
        const heard = heardUntil(listenedAt, place);
        const quietMs = listenedAt - heard;
        const layout = fleet.renewal.layoutOf(index);
        const hasEpisodes = blocks.page(place)[blocks.offset(place) + EPISODES] !== 0;
        // Most have spoken since they were put where they are.
        if (quietMs <= layout.leastSilenceMs && !hasEpisodes) return heard + layout.leastSilenceMs;
        fleet.renewal.renew(index);
        place = places.get(index);
        const signals = judging.judgeQuiet(index, place, layout, quietMs, now);
        if (signals !== undefined) said.push({ index, signals });
        return dueOf(index, listenedAt);
      });
      // In the order of the devices, whatever the wheel has been through.
      said.sort((one, other) => one.index - other.index);
      return said.flatMap(({ signals }) => signals);
    },
    begin() {
      keys.forEach((index) => {
        clock.latest = Math.max(clock.latest, heardAt(places.get(index)));
      });
      keys.forEach(schedule);
    },
    review() {
      keys.forEach((index) => wheel.put(index, clock.latest, clock.latest));
    },
  };
}
