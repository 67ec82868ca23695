import { toDeviceKey } from '../model/brand.ts';
import type { DeviceKey } from '../model/brand.ts';
import { quiet } from './episode/episode.ts';
import type { Fleet } from './fleet.ts';
import { HEARD_AT, LAYOUT, RECEIVED_AT } from './layout/layout.ts';
import type { Layout } from './layout/layout.ts';
import { readLayouts } from './layout/words.ts';
import type { Described } from './layout/words.ts';

/**
 * At start: brings devices whose memory was loaded under the policies of now. Blocks of a layout that is the same
 * stay as they are. Others are written anew: series and lanes of policies that still exist go on, and a lane whose policy has
 * another detector now begins to learn anew and keeps its episode. Throws where the words cannot be read.
 */
export function restoreFleet(fleet: Fleet, words: string): void {
  const { keys, places, blocks, layouts, rings } = fleet;
  const saved = new Map(readLayouts(words).map((described) => [described.id, described]));
  const same = new Map<number, Layout>();
  for (const described of saved.values()) {
    const layout = layouts.adopt(described);
    if (layout !== undefined) same.set(described.id, layout);
  }
  layouts.settle();
  keys.forEach((index) => {
    const place = places.get(index);
    const id = blocks.page(place)[blocks.offset(place) + LAYOUT] as number;
    const described = saved.get(id);
    if (described === undefined) throw new Error(`the state has no layout ${id}`);
    const device = layouts.nameDevices ? layouts.named(toDeviceKey(keys.keyOf(index))) : undefined;
    const layout = same.get(id);
    if (layout?.device === device && layout !== undefined) layouts.hold(layout);
    else rewrite(fleet, index, described, device);
    rings.count(index);
  });
  for (const layout of layouts.list()) {
    layouts.hold(layout);
    layouts.release(layout);
  }
}

function rewrite(
  fleet: Fleet,
  index: number,
  saved: Described,
  device: DeviceKey | undefined,
): void {
  const { places, blocks, layouts, episodes } = fleet;
  const { deviceType, source } = saved;
  const kept = saved.lanes.filter(({ policyKey }) => layouts.knows(policyKey));
  const names = saved.series.map(({ name }) => name);
  const layout = layouts.of({ deviceType, source, device }, names, kept);
  layouts.hold(layout);

  const from = places.get(index);
  episodes.enter(from);
  const live = episodes.list();
  for (const { lane } of live) episodes.put(lane, quiet);

  const place = fleet.takeBlock(layout);
  places.set(index, place);
  const [old, first] = [blocks.page(from), blocks.offset(from)];
  const [numbers, at] = [blocks.page(place), blocks.offset(place)];
  for (const field of [HEARD_AT, RECEIVED_AT]) numbers[at + field] = old[first + field] as number;
  for (const [number, series] of layout.series.entries()) {
    const { at: lastAt } = saved.series[number] as Described['series'][number];
    numbers[at + series.at] = old[first + lastAt] as number;
  }
  episodes.enter(place);
  for (const [number, lane] of layout.lanes.entries()) {
    const was = kept[number];
    // Kept lanes come first; those behind them are new.
    if (was === undefined) break;
    if (was.fields.join() === lane.judge.keptFields.join()) {
      const values = old.subarray(first + was.at, first + was.at + was.fields.length);
      numbers.set(values, at + lane.at);
    }
    const episode = live.find(({ lane: one }) => saved.lanes[one] === was);
    if (episode !== undefined) episodes.put(number, episode.state);
  }
  blocks.free(from, saved.width);
}
