import { toDeviceKey } from '../model/brand.ts';
import type { DeviceKey } from '../model/brand.ts';
import { quiet } from './episode/episode.ts';
import type { Fleet } from './fleet.ts';
import { HEARD_AT, LAYOUT, RECEIVED_AT } from './layout/layout.ts';
import type { Layout } from './layout/layout.ts';
import type { Layouts } from './layout/layouts.ts';
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
  const moves = new Map<string, Move>();
  keys.forEach((index) => {
    const place = places.get(index);
    const id = blocks.page(place)[blocks.offset(place) + LAYOUT] as number;
    const described = saved.get(id);
    if (described === undefined) throw new Error(`the state has no layout ${id}`);
    const device = layouts.nameDevices ? layouts.named(toDeviceKey(keys.keyOf(index))) : undefined;
    const layout = same.get(id);
    if (layout !== undefined && layout.device === device) layouts.hold(layout);
    else {
      const name = JSON.stringify([id, device]);
      const move = moves.get(name) ?? moveOf(layouts, described, device);
      moves.set(name, move);
      apply(fleet, index, move);
    }
    rings.count(index);
  });
  for (const layout of layouts.list()) {
    layouts.hold(layout);
    layouts.release(layout);
  }
}

/** How the blocks of a saved layout become such of a layout of now. */
interface Move {
  readonly saved: Described;
  readonly layout: Layout;
  /** Numbers that are taken over: where they were, where they come to, and how many. */
  readonly copies: readonly (readonly [from: number, to: number, count: number])[];
  /** By the number of a saved lane: its number now; undefined where its policy is gone. */
  readonly lanes: readonly (number | undefined)[];
}

function moveOf(layouts: Layouts, saved: Described, device: DeviceKey | undefined): Move {
  const { deviceType, source } = saved;
  const kept = saved.lanes.filter(({ policyKey }) => layouts.knows(policyKey));
  const names = saved.series.map(({ name }) => name);
  const layout = layouts.of({ deviceType, source, device }, names, kept);
  const copies: [number, number, number][] = [
    [HEARD_AT, HEARD_AT, 1],
    [RECEIVED_AT, RECEIVED_AT, 1],
  ];
  for (const [number, { at }] of saved.series.entries()) {
    const series = layout.series[number];
    if (series !== undefined) copies.push([at, series.at, 1]);
  }
  // Kept lanes come first in the layout, and in their order.
  const lanes = saved.lanes.map((was) => {
    const number = kept.indexOf(was);
    const lane = layout.lanes[number];
    if (lane === undefined) return undefined;
    const isSame = was.fields.join() === lane.judge.keptFields.join();
    if (isSame) copies.push([was.at, lane.at, was.fields.length]);
    return number;
  });
  return { saved, layout, copies, lanes };
}

function apply(fleet: Fleet, index: number, { saved, layout, copies, lanes }: Move): void {
  const { places, blocks, layouts, episodes } = fleet;
  const from = places.get(index);
  const place = fleet.takeBlock(layout);
  layouts.hold(layout);
  places.set(index, place);
  const [old, first] = [blocks.page(from), blocks.offset(from)];
  const [numbers, at] = [blocks.page(place), blocks.offset(place)];
  for (const [was, now, count] of copies) {
    for (let one = 0; one < count; one += 1) {
      numbers[at + now + one] = old[first + was + one] as number;
    }
  }
  episodes.enter(from);
  const live = episodes.list();
  for (const { lane } of live) episodes.put(lane, quiet);
  episodes.enter(place);
  for (const { lane, state } of live) {
    const number = lanes[lane];
    if (number !== undefined) episodes.put(number, state);
  }
  blocks.free(from, saved.width);
}
