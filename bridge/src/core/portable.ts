import type { DeviceKey } from '../model/brand.ts';
import type { SavedDevice, SavedLane } from './deviceState.ts';
import { quiet } from './episode/episode.ts';
import type { Fleet } from './fleet.ts';
import { HEARD_AT, RECEIVED_AT } from './layout/layout.ts';

/** One device apart from all others, in names: slow, and of any version of the policies. */
export interface Portable {
  save(index: number): SavedDevice;
  /**
   * Adds a device that is not known; answers its index. Lanes of policies that no longer exist are dropped; one
   * whose policy has another detector now begins to learn anew and keeps its episode.
   */
  load(key: DeviceKey, saved: SavedDevice): number;
}

/** The devices of `fleet` one by one. */
export function makePortable(fleet: Fleet): Portable {
  const { places, blocks, layouts, episodes, rings } = fleet;
  return {
    save(index) {
      const place = places.get(index);
      const numbers = blocks.page(place);
      const at = blocks.offset(place);
      const layout = fleet.layoutOf(place);
      episodes.enter(place);
      return {
        heardAt: numbers[at + HEARD_AT] as number,
        receivedAt: numbers[at + RECEIVED_AT] as number,
        deviceType: layout.deviceType,
        source: layout.source,
        metrics: layout.series.map(({ name, number, at: lastAt }) => ({
          name,
          lastAt: numbers[at + lastAt] as number,
          points: rings.points(index, number) ?? [],
        })),
        lanes: layout.lanes.map((lane): SavedLane => {
          const { policy, since, metric, judge, number } = lane;
          const values = numbers.subarray(at + lane.at, at + lane.at + judge.keptFields.length);
          const state = judge.keptFields.length === 0 ? {} : judge.evidence(values, 0);
          const episode = episodes.get(number);
          return { policyKey: policy.key, since, metric, judge: state, episode };
        }),
      };
    },

    load(key, saved) {
      const { deviceType, source, metrics } = saved;
      const lanes = saved.lanes.filter(({ policyKey, since }) => layouts.knows(policyKey, since));
      const kind = { deviceType, source, scope: layouts.scopeOf(key) };
      const names = metrics.map(({ name }) => name);
      const layout = layouts.of(kind, names, lanes);
      const index = fleet.addOf(key, layout);
      const place = places.get(index);
      const numbers = blocks.page(place);
      const at = blocks.offset(place);
      numbers[at + HEARD_AT] = saved.heardAt;
      numbers[at + RECEIVED_AT] = saved.receivedAt;
      const ring = rings.placeOf(index);
      for (const [number, { lastAt, points }] of metrics.entries()) {
        const series = layout.series[number];
        if (series !== undefined) numbers[at + series.at] = lastAt;
        if (ring === 0) continue;
        for (const [time, value] of points) rings.add(ring, number, time, value);
      }
      episodes.enter(place);
      for (const [number, { judge, episode }] of lanes.entries()) {
        const lane = layout.lanes[number];
        if (lane === undefined) continue;
        const state = statesOf(judge, lane.judge.fields);
        if (state !== undefined && lane.judge.keptFields.length > 0)
          numbers.set(state, at + lane.at);
        if (episode !== quiet) episodes.put(number, episode);
      }
      return index;
    },
  };
}

/** The numbers of a saved detector; undefined where it was another one. */
function statesOf(saved: unknown, fields: readonly string[]): readonly number[] | undefined {
  if (typeof saved !== 'object' || saved === null) return undefined;
  const entries = new Map<string, unknown>(Object.entries(saved));
  const values = fields.map((name) => entries.get(name));
  const isSame = entries.size === fields.length && values.every(Number.isFinite);
  return isSame ? (values as readonly number[]) : undefined;
}
