import type { DeviceKey, EpochMs } from '../model/brand.ts';
import { toDeviceKey, toEpochMs } from '../model/brand.ts';
import type { Policy } from '../model/policy.ts';
import type { Reading } from '../model/reading.ts';
import { addReading, clearReadings, deviceAt, makeReadings, readingAt } from '../model/readings.ts';
import type { ReadingKind, Readings } from '../model/readings.ts';
import type { Signal } from '../model/signal.ts';
import { readDevice, writeDevice } from './deviceState.ts';
import { makeFleet } from './fleet.ts';
import { FORESEEN, makeForesight } from './foresight.ts';
import { makeJudging } from './judging.ts';
import { EPISODES, HEARD_AT, RECEIVED_AT } from './layout/layout.ts';
import { readLayouts, writeLayouts } from './layout/words.ts';
import { policiesInForce, readRules } from './policy/rules.ts';
import { standingAfter, standingFromStart } from './policy/standing.ts';
import { makePortable } from './portable.ts';
import { FAR, replaceRules } from './replaceRules.ts';
import { restoreFleet } from './restoreFleet.ts';
import { makeVigil } from './silence/vigil.ts';
import type { EngineImage } from './state/engineImage.ts';

/**
 * Detection and episodes of all devices, by the policies it was made with, until the log has others.
 *
 * Deterministic: the same state and the same calls give the same signals with the same keys,
 * so replaying the log after a crash repeats what was said, never says something new. For that
 * the caller keeps, as of one moment: the `image`, the log position up to which it has called `accept` and
 * recorded the signals it got, and the `listenedAt` of its last call.
 *
 * `listenedAt` is a clock of the caller's in milliseconds that only advances while the bridge is
 * connected to its broker and awake. Its zero does not matter, but it must never go back and must
 * go on after a restart from where the kept state left it: then an outage of the bridge or the
 * broker is no device's silence. Where it does go back, quiet time is counted anew from there.
 */
export interface Engine {
  /**
   * One valid reading, in log order. A value that is not newer (device time) than the last of the
   * same device and metric is not judged; it still ends the device's silence.
   * `listenedAt`: the clock above when the message was received; one that is a tick old makes
   * silence noticed that much sooner. Replaying the log, pass that of the last tick before the message.
   * The first 1,000 metrics of a device are judged, further ones are not.
   */
  accept(reading: Reading, listenedAt: EpochMs): readonly Signal[];
  /**
   * The same for the readings from `first` until before `end`, one after the other, in less time: where there are many devices
   * most of it is waiting for memory, and readings that are known ahead wait together.
   */
  acceptAll(readings: Readings, first: number, end: number, listenedAt: EpochMs): readonly Signal[];
  /**
   * Judges silence; call it about once a second while listening. `now` is the bridge's clock (that
   * of `receivedAt`), used only to say when it was noticed. A device that was never heard is not
   * silent. The silence begins with the last `receivedAt`, which is the start in the keys.
   * Looks only at devices for which something is due.
   */
  tick(listenedAt: EpochMs, now: EpochMs): readonly Signal[];
  /**
   * From here on, the position in the log, other policies hold; `rules` as `policy/rules.ts` writes them. What goes on goes
   * on: by policy key, metric and kind of detector. Answers the ends of episodes that nobody watches any more.
   */
  replaceRules(rules: string, position: number, at: EpochMs): readonly Signal[];
  /** The rules in force, where the log or a restored image had some. */
  readonly rules: string | undefined;
  /** The policies in force, in their order. */
  readonly policies: readonly Policy[];
  /** Readings so far that had been there before: of the same device, metric and time. Judging the log again counts them again. */
  readonly repeats: number;
  /** Devices that are known here. */
  devices(): number;
  /** All that the engine knows, for snapshots; to be restored before the first call. */
  readonly image: EngineImage;
  /**
   * Puts back what `putAside` gave; the device must not be there. State of policies that no longer
   * exist is dropped. Throws, naming the device, where the text is not such a state.
   */
  restore(device: DeviceKey, state: string): void;
  /**
   * Devices whose last message came before that listened time, at most `limit`. Each call looks at up to 10,000
   * further ones, round and round.
   */
  findIdle(heardBefore: number, limit: number): readonly DeviceKey[];
  /** Forgets a device and answers what it was; undefined where it is not there. */
  putAside(device: DeviceKey): PutAside | undefined;
}

/** A device that was forgotten, for `restore`. */
export interface PutAside {
  readonly state: string;
  /**
   * Listened time from which on `tick` has to look at it, so it must be back by then. `Infinity`: never by itself, and
   * nothing of it is open. Which devices must be back before policies are replaced says `dueBeforeChange`.
   */
  readonly dueAt: number;
}

export interface EngineOptions {
  /** Asked for the state of every device that is not there when it sends; undefined where it is a new one. */
  readonly recall?: (device: DeviceKey) => string | undefined;
}

const NOTHING: readonly Signal[] = [];
/** Devices one call of `findIdle` looks at: about a millisecond. */
const IDLE_STEP = 10_000;

/** An engine that knows nothing yet. Policy keys must be unique; throws where they are not. */
export function makeEngine(policies: readonly Policy[], options: EngineOptions = {}): Engine {
  let standing = standingFromStart(policies);
  let rules: string | undefined;
  const fleet = makeFleet(standing);
  const { keys, places, blocks } = fleet;
  const judging = makeJudging(fleet);
  const vigil = makeVigil(fleet, judging);
  const foresight = makeForesight(fleet);
  const portable = makePortable(fleet);
  const alone = makeReadings();
  /** Where `findIdle` goes on. */
  let nextIdle = 0;

  /** Adds the device of a reading, as it was where it was there before; answers its index. */
  function welcome(reading: Reading): number {
    const { device } = reading;
    const state = options.recall?.(device);
    return state === undefined ? fleet.add(reading) : restore(device, state);
  }

  function restore(device: DeviceKey, state: string): number {
    try {
      const index = portable.load(device, readDevice(state));
      vigil.schedule(index);
      return index;
    } catch (cause) {
      throw new Error(`the saved state of device "${device}" cannot be read`, { cause });
    }
  }

  /** @param found the index of its device, -1 where it is not known */
  function acceptOf(
    found: number,
    readings: Readings,
    one: number,
    listenedAt: EpochMs,
  ): readonly Signal[] {
    const { metrics, source, deviceType } = readings.kinds[one] as ReadingKind;
    const receivedAt = toEpochMs(readings.times[one * 2 + 1] as number);
    const index = found < 0 ? welcome(readingAt(readings, one)) : found;
    let place = places.get(index);
    let layout = fleet.layoutOf(place);
    // Whether it may be due earlier than the vigil knows.
    let isMoved = found < 0;
    if (layout.set !== metrics || layout.source !== source || layout.deviceType !== deviceType) {
      const next = fleet.fit(index, readingAt(readings, one));
      if (next !== layout) isMoved = true;
      layout = next;
      place = places.get(index);
    }
    blocks.touch(place);
    const numbers = blocks.page(place);
    const at = blocks.offset(place);
    vigil.listenTo(listenedAt);
    if (listenedAt < (numbers[at + HEARD_AT] as number)) isMoved = true;
    numbers[at + HEARD_AT] = listenedAt;
    if (receivedAt > (numbers[at + RECEIVED_AT] as number)) {
      numbers[at + RECEIVED_AT] = receivedAt;
    }
    let signals: Signal[] | undefined;
    if (numbers[at + EPISODES] !== 0) {
      isMoved = true;
      signals = judging.judgeQuiet(index, place, layout, 0, receivedAt);
    }
    const ofValues = judging.judgeValues(index, place, layout, readings, one);
    if (isMoved) vigil.schedule(index);
    if (signals === undefined || ofValues === undefined) return signals ?? ofValues ?? NOTHING;
    return [...signals, ...ofValues];
  }

  return {
    accept(reading, listenedAt) {
      clearReadings(alone);
      addReading(alone, reading);
      return acceptOf(keys.find(reading.device), alone, 0, listenedAt);
    },

    acceptAll(readings, first, end, listenedAt) {
      let all: Signal[] | undefined;
      for (let from = first; from < end; from += FORESEEN) {
        const until = Math.min(from + FORESEEN, end);
        foresight.look(readings, from, until);
        for (let at = from; at < until; at += 1) {
          const foreseen = foresight.indices[at - from] as number;
          // It may have come with one of the readings just before.
          const found = foreseen < 0 ? keys.find(deviceAt(readings, at)) : foreseen;
          const signals = acceptOf(found, readings, at, listenedAt);
          if (signals !== NOTHING) (all ??= []).push(...signals);
        }
      }
      return all ?? NOTHING;
    },

    tick: (listenedAt, now) => vigil.tick(listenedAt, now),

    replaceRules(text, position, at) {
      const next = readRules(text);
      standing = standingAfter(standing, policiesInForce(next), position, at);
      rules = text;
      return replaceRules({ fleet, vigil }, standing, next.places, at);
    },
    get rules() {
      return rules;
    },
    get policies() {
      return standing.map(({ policy }) => policy);
    },

    image: {
      parts: { keys, places, rings: fleet.ringPlaces, blocks },
      words: () =>
        writeLayouts(fleet.layouts.list(), rules === undefined ? rules : { text: rules, standing }),
      restore(words) {
        const saved = readLayouts(words);
        if (saved.rules !== undefined) {
          rules = saved.rules.text;
          const told = readRules(rules);
          const since = new Map(saved.rules.standing.map(([key, ...times]) => [key, times]));
          standing = policiesInForce(told).map((policy) => {
            const [from = 0, begunAt = 0] = since.get(policy.key) ?? [];
            return { policy, since: from, begunAt };
          });
          fleet.layouts.use(standing, told.places);
        }
        restoreFleet(fleet, saved.layouts);
        vigil.begin();
      },
    },

    get repeats() {
      return judging.repeats;
    },
    devices: () => keys.size(),
    restore,

    findIdle(heardBefore, limit) {
      const found: DeviceKey[] = [];
      const most = Math.min(IDLE_STEP, keys.end());
      for (let looked = 0; looked < most && found.length < limit; looked += 1) {
        if (nextIdle >= keys.end()) nextIdle = 0;
        const place = places.get(nextIdle);
        const isIdle =
          place !== 0 &&
          (blocks.page(place)[blocks.offset(place) + HEARD_AT] as number) < heardBefore;
        if (isIdle) found.push(toDeviceKey(keys.keyOf(nextIdle)));
        nextIdle += 1;
      }
      return found;
    },

    putAside(device) {
      const index = keys.find(device);
      if (index < 0) return undefined;
      fleet.renewal.renew(index);
      const place = places.get(index);
      const hasEpisodes = blocks.page(place)[blocks.offset(place) + EPISODES] !== 0;
      const state = writeDevice(portable.save(index));
      const dueAt = Math.min(vigil.dueAt(index), hasEpisodes ? FAR : Infinity);
      vigil.drop(index);
      fleet.remove(index);
      return { state, dueAt };
    },
  };
}
