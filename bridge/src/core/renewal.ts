import { toDeviceKey } from '../model/brand.ts';
import { quiet } from './episode/episode.ts';
import type { EpisodeState } from './episode/episode.ts';
import type { Fleet } from './fleet.ts';
import { LAYOUT } from './layout/layout.ts';
import type { Lane, Layout, Scope } from './layout/layout.ts';
import { moveOf } from './layout/moves.ts';
import type { Move } from './layout/moves.ts';
import { describe } from './layout/words.ts';

/** Told of an episode whose lane judges the device no longer; `lane` is that of before. */
export type OnEnded = (lane: Lane, state: EpisodeState) => void;

/**
 * Brings devices from the layouts of earlier policies to those of now, each when it is looked at next: so replacing the
 * policies of a million devices takes no longer than those of ten. What goes on is found by policy key, metric and kind of
 * detector.
 */
export interface Renewal {
  /** The layout the device will have once it is renewed. */
  layoutOf(index: number): Layout;
  /** Brings the device there. Episodes of lanes that no longer judge it are forgotten, and told. */
  renew(index: number, onEnded?: OnEnded): void;
}

/** For devices of `fleet`. */
export function makeRenewal(
  fleet: Pick<
    Fleet,
    'keys' | 'places' | 'blocks' | 'layouts' | 'episodes' | 'layoutOf' | 'takeBlock'
  >,
): Renewal {
  const { keys, places, layouts } = fleet;
  const known = new WeakMap<Layout, Map<Scope | undefined, Move>>();

  function moveFor(index: number, from: Layout): Move {
    const scope = layouts.hasScopes() ? layouts.scopeOf(toDeviceKey(keys.keyOf(index))) : undefined;
    let moves = known.get(from);
    const found = moves?.get(scope);
    if (found !== undefined && layouts.isCurrent(found.layout)) return found;
    const move = moveOf(layouts, describe(from), scope);
    moves ??= new Map();
    known.set(from, moves);
    moves.set(scope, move);
    return move;
  }

  return {
    layoutOf(index) {
      const from = fleet.layoutOf(places.get(index));
      return layouts.isCurrent(from) ? from : moveFor(index, from).layout;
    },
    renew(index, onEnded) {
      const from = fleet.layoutOf(places.get(index));
      if (layouts.isCurrent(from)) return;
      const move = moveFor(index, from);
      layouts.hold(move.layout);
      moveBlock(fleet, index, move, (number) => {
        const now = move.lanes[number];
        return now !== undefined && move.isJudging[now] === true ? now : undefined;
      }).forEach(({ lane, state }) => onEnded?.(from.lanes[lane] as Lane, state));
      layouts.release(from);
    },
  };
}

/**
 * Gives a device the block of another layout, which has to be held. `laneOf` answers where the episode of a lane goes on;
 * answers those that go on nowhere.
 */
export function moveBlock(
  {
    places,
    blocks,
    episodes,
    takeBlock,
  }: Pick<Fleet, 'places' | 'blocks' | 'episodes' | 'takeBlock'>,
  index: number,
  move: Move,
  laneOf: (lane: number) => number | undefined,
): { readonly lane: number; readonly state: EpisodeState }[] {
  const { layout, copies, width, isInPlace } = move;
  const from = places.get(index);
  episodes.enter(from);
  const live = episodes.list();
  const stays = isInPlace && live.every(({ lane }) => laneOf(lane) === lane);
  if (stays) {
    blocks.touch(from);
    blocks.page(from)[blocks.offset(from) + LAYOUT] = layout.id;
    return [];
  }
  const place = takeBlock(layout);
  places.set(index, place);
  const [old, first] = [blocks.page(from), blocks.offset(from)];
  const [numbers, at] = [blocks.page(place), blocks.offset(place)];
  for (const [was, now, count] of copies) {
    for (let one = 0; one < count; one += 1) {
      numbers[at + now + one] = old[first + was + one] as number;
    }
  }
  for (const { lane } of live) episodes.put(lane, quiet);
  episodes.enter(place);
  const lost = live.filter(({ lane, state }) => {
    const number = laneOf(lane);
    if (number !== undefined) episodes.put(number, state);
    return number === undefined;
  });
  blocks.free(from, width);
  return lost;
}
