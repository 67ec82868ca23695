import type { EpochMs } from '../model/brand.ts';
import { toDeviceKey, toEpochMs } from '../model/brand.ts';
import type { Readings } from '../model/readings.ts';
import type { Signal } from '../model/signal.ts';
import { makeInput, makeVerdict } from './detect/detector.ts';
import { advance } from './episode/episode.ts';
import type { Fleet } from './fleet.ts';
import { EPISODES, RECEIVED_AT } from './layout/layout.ts';
import type { Lane, Layout, Series } from './layout/layout.ts';
import { signalOf } from './signal.ts';

/** What readings, and their staying away, come to. */
export interface Judging {
  /** Judges the values of one of these readings, of the device at `place`, whose layout is bound to its metrics. */
  judgeValues(
    index: number,
    place: number,
    layout: Layout,
    readings: Readings,
    one: number,
  ): Signal[] | undefined;
  /** Readings so far of which a value had the very time of the one before: said twice, and judged once. */
  readonly repeats: number;
  /** Judges a device that has been quiet for so long. */
  judgeQuiet(
    index: number,
    place: number,
    layout: Layout,
    quietMs: number,
    noticedAt: EpochMs,
  ): Signal[] | undefined;
}

/**
 * What the bridge's clock judges did not begin before its policy: an episode of an earlier policy of that key may have ended
 * with it, and must not be said a second time.
 */
function sinceOf({ metric, begunAt }: Lane, since: number, at: number): number {
  return metric === undefined && since < begunAt ? Math.min(begunAt, at) : since;
}

/** Judges devices of `fleet`. */
export function makeJudging({ keys, blocks, episodes, rings }: Fleet): Judging {
  const input = makeInput();
  const verdict = makeVerdict();
  /** The numbers of detectors that keep none. */
  const passing = new Float64Array(8);
  let repeats = 0;

  /** What the verdict on the input comes to. The device has been entered. */
  function conclude(
    lane: Lane,
    numbers: Float64Array,
    at: number,
    about: {
      readonly index: number;
      readonly layout: Layout;
      readonly series: Series | undefined;
      readonly unit: string | undefined;
      readonly noticedAt: EpochMs;
    },
  ): Signal | undefined {
    const { policy } = lane;
    const { level, severity = policy.severity, since } = verdict;
    const seen = { at: input.at, level, severity };
    const before = episodes.get(lane.number);
    const begun = Number.isNaN(since) ? seen : { ...seen, since: sinceOf(lane, since, input.at) };
    const { state, event } = advance(before, begun, policy);
    if (state !== before) episodes.put(lane.number, state);
    if (event === undefined) return undefined;
    const { index, layout, series, unit, noticedAt } = about;
    const { deviceType, source } = layout;
    const device = toDeviceKey(keys.keyOf(index));
    const points =
      series === undefined
        ? []
        : (rings.points(index, series.number) ?? [[input.at, input.value] as const]);
    return signalOf({
      ...{ lane, event, before, input, verdict, numbers, at },
      ...{ device, deviceType, unit, source, noticedAt, points },
    });
  }

  return {
    get repeats() {
      return repeats;
    },
    judgeValues(index, place, layout, readings, one) {
      const { times, values } = readings;
      const time = times[one * 2] as number;
      const first = readings.valueAt[one] as number;
      const numbers = blocks.page(place);
      const at = blocks.offset(place);
      const ring = rings.placeOf(index);
      if (ring !== 0) blocks.touch(ring);
      episodes.enter(place);
      input.at = time;
      let signals: Signal[] | undefined;
      let isRepeat = false;
      const { bound } = layout;
      for (let metric = 0; metric < bound.length; metric += 1) {
        const series = bound[metric];
        if (series === undefined) continue;
        const newest = numbers[at + series.at] as number;
        if (time <= newest) {
          if (time === newest) isRepeat = true;
          continue;
        }
        numbers[at + series.at] = time;
        const value = values[first + metric] as number;
        input.value = value;
        if (ring !== 0) rings.add(ring, series.number, time, value);
        const { lanes } = series;
        for (let number = 0; number < lanes.length; number += 1) {
          const lane = lanes[number] as Lane;
          lane.judge.step(numbers, at + lane.at, input, verdict);
          // Where nothing is the matter, what is normal changes nothing.
          if (verdict.level !== 'abnormal' && numbers[at + EPISODES] === 0) continue;
          const unit = readings.kinds[one]?.metrics.units[metric];
          const noticedAt = toEpochMs(times[one * 2 + 1] as number);
          const about = { index, layout, series, unit, noticedAt };
          const signal = conclude(lane, numbers, at + lane.at, about);
          if (signal !== undefined) (signals ??= []).push(signal);
        }
      }
      if (isRepeat) repeats += 1;
      return signals;
    },

    judgeQuiet(index, place, layout, quietMs, noticedAt) {
      // The clock of these lanes is the bridge's: the last message plus the time listened since.
      const receivedAt = blocks.page(place)[blocks.offset(place) + RECEIVED_AT] as number;
      episodes.enter(place);
      input.at = receivedAt + quietMs;
      input.value = quietMs;
      let signals: Signal[] | undefined;
      for (const lane of layout.deviceLanes) {
        lane.judge.step(passing, 0, input, verdict);
        const about = { index, layout, series: undefined, unit: 's', noticedAt };
        const signal = conclude(lane, passing, 0, about);
        if (signal !== undefined) (signals ??= []).push(signal);
      }
      return signals;
    },
  };
}
