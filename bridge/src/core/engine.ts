import type { DeviceKey, EpochMs } from '../model/brand.ts';
import { toDeviceKey } from '../model/brand.ts';
import type { Policy } from '../model/policy.ts';
import type { Reading } from '../model/reading.ts';
import type { Signal } from '../model/signal.ts';
import { makeInput, makeVerdict } from './detect/detector.ts';
import { readDevice, writeDevice } from './deviceState.ts';
import { advance } from './episode/episode.ts';
import { makeFleet } from './fleet.ts';
import { EPISODES, HEARD_AT, RECEIVED_AT } from './layout/layout.ts';
import type { Lane, Layout } from './layout/layout.ts';
import { writeLayouts } from './layout/words.ts';
import { makePortable } from './portable.ts';
import { restoreFleet } from './restoreFleet.ts';
import { signalOf } from './signal.ts';
import { dueAt } from './silence/due.ts';
import { makeWheel } from './silence/wheel.ts';
import type { EngineImage } from './state/engineImage.ts';
import type { Point } from './state/rings.ts';

/**
 * Detection and episodes of all devices, by the policies it was made with.
 *
 * Deterministic: the same state and the same calls give the same signals with the same keys,
 * so replaying the log after a crash repeats what was said, never says something new. For that
 * the caller commits, in one transaction: the log position up to which it has called `accept`,
 * the signals it got, what `takeDirty` gave, and the `listenedAt` of its last call.
 *
 * `listenedAt` is a clock of the caller's in milliseconds that only advances while the bridge is
 * connected to its broker and awake. Its zero does not matter, but it must never go back and must
 * go on after a restart from where the last commit left it: then an outage of the bridge or the
 * broker is no device's silence. Where it does go back, quiet time is counted anew from there.
 */
export interface Engine {
  /**
   * One valid reading, in log order. A value that is not newer (device time) than the last of the
   * same device and metric is not judged; it still ends the device's silence.
   * `listenedAt`: the clock above when the message was received; one that is a tick old makes
   * silence noticed that much sooner. Replaying the log, pass the committed one for every message.
   * The first 1,000 metrics of a device are judged, further ones are not.
   */
  accept(reading: Reading, listenedAt: EpochMs): readonly Signal[];
  /**
   * Judges silence; call it about once a second while listening. `now` is the bridge's clock (that
   * of `receivedAt`), used only to say when it was noticed. A device that was never heard is not
   * silent. The silence begins with the last `receivedAt`, which is the start in the keys.
   * Looks only at devices for which something is due.
   */
  tick(listenedAt: EpochMs, now: EpochMs): readonly Signal[];
  /** All that the engine knows, for snapshots; to be restored before the first call. */
  readonly image: EngineImage;
  /** State changed since the last call, as JSON by device; empties the set. */
  takeDirty(): ReadonlyMap<DeviceKey, string>;
  /**
   * Puts back what `takeDirty` gave; at start only. State of policies that no longer exist is
   * dropped. Throws, naming the device, where the text is not such a state.
   */
  restore(device: DeviceKey, state: string): void;
}

const NOTHING: readonly Signal[] = [];

/** An engine that knows nothing yet. Policy keys must be unique; throws where they are not. */
export function makeEngine(policies: readonly Policy[]): Engine {
  const doubled = policies.find(
    ({ key }, index) => policies.findIndex((other) => other.key === key) !== index,
  );
  if (doubled !== undefined) throw new Error(`the policy key "${doubled.key}" is used twice`);
  const fleet = makeFleet(policies);
  const { keys, places, blocks, episodes, rings } = fleet;
  const portable = makePortable(fleet, policies);
  const wheel = makeWheel();
  const input = makeInput();
  const verdict = makeVerdict();
  /** The numbers of detectors that keep none. */
  const passing = new Float64Array(8);
  /** The latest listened time of all calls. */
  const clock = { latest: 0.5 };
  const dirty = new Set<number>();

  /** What the verdict on the input comes to. The device has been entered. */
  function conclude(
    lane: Lane,
    numbers: Float64Array,
    at: number,
    index: number,
    layout: Layout,
    unit: string | undefined,
    noticedAt: EpochMs,
    series: number,
  ): Signal | undefined {
    const { policy } = lane;
    const { level, severity = policy.severity, since } = verdict;
    const seen = { at: input.at, level, severity };
    const before = episodes.get(lane.number);
    const { state, event } = advance(
      before,
      Number.isNaN(since) ? seen : { ...seen, since },
      policy,
    );
    if (state !== before) {
      episodes.put(lane.number, state);
      dirty.add(index);
    }
    if (event === undefined) return undefined;
    return signalOf({
      lane,
      event,
      before,
      input,
      verdict,
      numbers,
      at,
      device: toDeviceKey(keys.keyOf(index)),
      deviceType: layout.deviceType,
      unit: policy.detector.kind === 'silence' ? 's' : unit,
      source: layout.source,
      noticedAt,
      points: series < 0 ? [] : pointsOf(index, series),
    });
  }

  function pointsOf(index: number, series: number): readonly Point[] {
    return rings.points(index, series) ?? [[input.at, input.value]];
  }

  /** Device lanes run on the bridge's clock: the last message plus the time listened since. */
  function judgeQuiet(
    index: number,
    layout: Layout,
    receivedAt: number,
    quietMs: number,
    noticedAt: EpochMs,
    signals: Signal[],
  ): void {
    input.at = receivedAt + quietMs;
    input.value = quietMs;
    for (const lane of layout.deviceLanes) {
      lane.judge.step(passing, 0, input, verdict);
      const signal = conclude(lane, passing, 0, index, layout, undefined, noticedAt, -1);
      if (signal !== undefined) signals.push(signal);
    }
  }

  /** Looks at a device that may be silent; answers when to look again. */
  function look(index: number, listenedAt: number, now: EpochMs, signals: Signal[]): number {
    const place = places.get(index);
    const numbers = blocks.page(place);
    const at = blocks.offset(place);
    const layout = fleet.layoutOf(place);
    const heardAt = numbers[at + HEARD_AT] as number;
    const receivedAt = numbers[at + RECEIVED_AT] as number;
    episodes.enter(place);
    judgeQuiet(index, layout, receivedAt, listenedAt - heardAt, now, signals);
    return dueAt(layout, episodes, heardAt, receivedAt, listenedAt);
  }

  /** Puts a device where it has to be looked at next, as far as is known at `since`. */
  function schedule(index: number, since: number, listenedAt: number): void {
    const place = places.get(index);
    const layout = fleet.layoutOf(place);
    if (layout.deviceLanes.length === 0) return;
    const numbers = blocks.page(place);
    const at = blocks.offset(place);
    const heardAt = numbers[at + HEARD_AT] as number;
    episodes.enter(place);
    const due = dueAt(layout, episodes, heardAt, numbers[at + RECEIVED_AT] as number, since);
    wheel.put(index, due, listenedAt);
  }

  /** A clock that went back was restarted: nobody knows how long it was quiet meanwhile. */
  function restartClock(listenedAt: number): void {
    wheel.clear();
    keys.forEach((index) => {
      const place = places.get(index);
      const numbers = blocks.page(place);
      const at = blocks.offset(place) + HEARD_AT;
      if (listenedAt < (numbers[at] as number)) {
        blocks.touch(place);
        numbers[at] = listenedAt;
        dirty.add(index);
      }
      wheel.put(index, listenedAt, listenedAt);
    });
  }

  function restoreImage(words: string): void {
    restoreFleet(fleet, words);
    const heardAt = (place: number) =>
      blocks.page(place)[blocks.offset(place) + HEARD_AT] as number;
    keys.forEach((index) => {
      clock.latest = Math.max(clock.latest, heardAt(places.get(index)));
    });
    keys.forEach((index) => schedule(index, heardAt(places.get(index)), clock.latest));
  }

  return {
    image: {
      parts: { keys, places, rings: fleet.ringPlaces, blocks },
      words: () => writeLayouts(fleet.layouts.list()),
      restore: restoreImage,
    },

    accept(reading, listenedAt) {
      const { device, at: time, receivedAt, metrics, values } = reading;
      const found = keys.find(device);
      const index = found < 0 ? fleet.add(reading) : found;
      let place = places.get(index);
      let layout = fleet.layoutOf(place);
      // Where the wheel may not know when this device is due.
      let isMoved = found < 0;
      if (
        layout.set !== metrics ||
        layout.source !== reading.source ||
        layout.deviceType !== reading.deviceType
      ) {
        const next = fleet.fit(index, reading);
        if (next !== layout) isMoved = true;
        layout = next;
        place = places.get(index);
      }
      blocks.touch(place);
      dirty.add(index);
      const numbers = blocks.page(place);
      const at = blocks.offset(place);
      if (listenedAt < (numbers[at + HEARD_AT] as number)) isMoved = true;
      numbers[at + HEARD_AT] = listenedAt;
      if (listenedAt > clock.latest) clock.latest = listenedAt;
      if (receivedAt > (numbers[at + RECEIVED_AT] as number))
        numbers[at + RECEIVED_AT] = receivedAt;

      let signals: Signal[] | undefined;
      episodes.enter(place);
      if (numbers[at + EPISODES] !== 0) {
        isMoved = true;
        signals = [];
        const last = numbers[at + RECEIVED_AT] as number;
        judgeQuiet(index, layout, last, 0, receivedAt, signals);
      }
      const ring = rings.placeOf(index);
      if (ring !== 0) blocks.touch(ring);
      input.at = time;
      const { bound } = layout;
      for (let metric = 0; metric < bound.length; metric += 1) {
        const series = bound[metric];
        if (series === undefined || time <= (numbers[at + series.at] as number)) continue;
        numbers[at + series.at] = time;
        const value = values[metric] as number;
        input.value = value;
        if (ring !== 0) rings.add(ring, series.number, time, value);
        const { lanes } = series;
        for (let one = 0; one < lanes.length; one += 1) {
          const lane = lanes[one] as Lane;
          lane.judge.step(numbers, at + lane.at, input, verdict);
          // A lane where nothing is the matter has nothing to do with what is normal.
          if (verdict.level !== 'abnormal' && numbers[at + EPISODES] === 0) continue;
          const signal = conclude(
            lane,
            numbers,
            at + lane.at,
            index,
            layout,
            metrics.units[metric],
            receivedAt,
            series.number,
          );
          if (signal !== undefined) (signals ??= []).push(signal);
        }
      }
      if (isMoved) schedule(index, listenedAt, listenedAt);
      return signals ?? NOTHING;
    },

    tick(listenedAt, now) {
      if (listenedAt < clock.latest) restartClock(listenedAt);
      clock.latest = listenedAt;
      const said: { readonly index: number; readonly signal: Signal }[] = [];
      const signals: Signal[] = [];
      wheel.turn(listenedAt, (index) => {
        const due = look(index, listenedAt, now, signals);
        for (const signal of signals) said.push({ index, signal });
        signals.length = 0;
        return due;
      });
      // In the order of the devices, whatever the wheel has been through.
      return said.toSorted((one, other) => one.index - other.index).map(({ signal }) => signal);
    },

    takeDirty() {
      const states = new Map<DeviceKey, string>();
      for (const index of dirty) {
        states.set(toDeviceKey(keys.keyOf(index)), writeDevice(portable.save(index)));
      }
      dirty.clear();
      return states;
    },

    restore(key, state) {
      try {
        const saved = readDevice(state);
        const index = portable.load(key, saved);
        const { heardAt } = saved;
        clock.latest = Math.max(clock.latest, heardAt);
        wheel.put(index, heardAt, heardAt);
      } catch (cause) {
        throw new Error(`the saved state of device "${key}" cannot be read`, { cause });
      }
    },
  };
}
