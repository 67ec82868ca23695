import type { DeviceKey } from '../model/brand.ts';
import type { Reading } from '../model/reading.ts';
import { quiet } from './episode/episode.ts';
import { LAYOUT } from './layout/layout.ts';
import type { Layout } from './layout/layout.ts';
import { makeLayouts } from './layout/layouts.ts';
import type { Layouts } from './layout/layouts.ts';
import type { StandingPolicy } from './policy/standing.ts';
import { makeRenewal } from './renewal.ts';
import type { Renewal } from './renewal.ts';
import { makeBlocks } from './state/blocks.ts';
import type { Blocks } from './state/blocks.ts';
import { makeColumn } from './state/column.ts';
import type { Column } from './state/column.ts';
import { makeEpisodes } from './state/episodes.ts';
import type { Episodes } from './state/episodes.ts';
import { makeKeyTable } from './state/keyTable.ts';
import type { KeyTable } from './state/keyTable.ts';
import { makeRings } from './state/rings.ts';
import type { Rings } from './state/rings.ts';

/**
 * What is known of all devices. A device has an index, found by its key; by that the place of its block; and in the
 * block the layout, which says where everything else is.
 */
export interface Fleet {
  readonly keys: KeyTable;
  readonly places: Column;
  readonly ringPlaces: Column;
  readonly blocks: Blocks;
  readonly layouts: Layouts;
  readonly episodes: Episodes;
  readonly rings: Rings;
  readonly renewal: Renewal;
  layoutOf(place: number): Layout;
  /** Adds a device that is not known, by its first reading; answers its index. */
  add(reading: Reading): number;
  /** Takes a block of this layout for a device of which nothing is known; what `like` has too is left to the caller. */
  takeBlock(layout: Layout, like?: Layout): number;
  /** Adds a device that is not known with this layout, all of it 0; answers its index. */
  addOf(device: DeviceKey, layout: Layout): number;
  /** Gives a device the layout that fits its reading and the policies of now, and its block the room for it. */
  fit(index: number, reading: Reading): Layout;
  remove(index: number): void;
}

/** No devices yet. */
export function makeFleet(standing: readonly StandingPolicy[]): Fleet {
  const keys = makeKeyTable();
  const places = makeColumn();
  const ringPlaces = makeColumn();
  const blocks = makeBlocks();
  const layouts = makeLayouts(standing);
  const episodes = makeEpisodes(blocks);
  const rings = makeRings(blocks, ringPlaces);

  const layoutOf = (place: number): Layout =>
    layouts.get(blocks.page(place)[blocks.offset(place) + LAYOUT] as number);

  function takeBlock(layout: Layout, like?: Layout): number {
    const place = blocks.take(layout.width);
    const page = blocks.page(place);
    const at = blocks.offset(place);
    page[at + LAYOUT] = layout.id;
    for (const series of layout.series.slice(like?.series.length ?? 0)) {
      page[at + series.at] = -Infinity;
    }
    return place;
  }

  function addOf(device: DeviceKey, layout: Layout): number {
    const index = keys.add(device);
    places.set(index, takeBlock(layout));
    rings.reserve(index, layout.series.length);
    layouts.hold(layout);
    return index;
  }

  function move(index: number, from: Layout, to: Layout): void {
    const old = places.get(index);
    layouts.hold(to);
    layouts.release(from);
    if (to.width === from.width) {
      blocks.touch(old);
      blocks.page(old)[blocks.offset(old) + LAYOUT] = to.id;
    } else {
      const place = takeBlock(to, from);
      const numbers = blocks.page(place);
      const at = blocks.offset(place);
      numbers.set(
        blocks.page(old).subarray(blocks.offset(old) + LAYOUT + 1, blocks.offset(old) + from.width),
        at + LAYOUT + 1,
      );
      blocks.free(old, from.width);
      places.set(index, place);
    }
    if (to.series.length > from.series.length) rings.reserve(index, to.series.length);
  }

  const parts = { keys, places, ringPlaces, blocks, layouts, episodes, rings };
  const renewal = makeRenewal({ ...parts, layoutOf, takeBlock });

  return {
    ...parts,
    renewal,
    layoutOf,
    takeBlock,
    addOf,
    add: (reading) => addOf(reading.device, layouts.first(reading)),
    fit(index, reading) {
      renewal.renew(index);
      const from = layoutOf(places.get(index));
      const to = layouts.next(from, reading);
      if (to !== from) move(index, from, to);
      return to;
    },
    remove(index) {
      const place = places.get(index);
      const layout = layoutOf(place);
      episodes.enter(place);
      for (const { lane } of episodes.list()) episodes.put(lane, quiet);
      rings.drop(index);
      blocks.free(place, layout.width);
      places.set(index, 0);
      layouts.release(layout);
      keys.remove(index);
    },
  };
}
