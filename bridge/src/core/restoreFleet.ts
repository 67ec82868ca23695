import { toDeviceKey } from '../model/brand.ts';
import type { Fleet } from './fleet.ts';
import { LAYOUT } from './layout/layout.ts';
import type { Layout } from './layout/layout.ts';
import { moveOf } from './layout/moves.ts';
import type { Move } from './layout/moves.ts';
import type { Described } from './layout/words.ts';
import { moveBlock } from './renewal.ts';

/**
 * At start: brings devices whose memory was loaded under the policies of now. Blocks of a layout that is the same
 * stay as they are. Others are written anew: series and lanes of policies that still exist go on, and a lane whose policy has
 * another detector now begins to learn anew and keeps its episode.
 */
export function restoreFleet(fleet: Fleet, described: readonly Described[]): void {
  const { keys, places, blocks, layouts, rings } = fleet;
  const saved = new Map(described.map((one) => [one.id, one]));
  const same = new Map<number, Layout>();
  for (const one of described) {
    const layout = layouts.adopt(one);
    if (layout !== undefined) same.set(one.id, layout);
  }
  layouts.settle();
  const moves = new Map<string, Move>();
  keys.forEach((index) => {
    const place = places.get(index);
    const id = blocks.page(place)[blocks.offset(place) + LAYOUT] as number;
    const from = saved.get(id);
    if (from === undefined) throw new Error(`the state has no layout ${id}`);
    const scope = layouts.hasScopes() ? layouts.scopeOf(toDeviceKey(keys.keyOf(index))) : undefined;
    const layout = same.get(id);
    if (layout !== undefined && layout.scope === scope) layouts.hold(layout);
    else {
      const name = `${id} ${scope?.name}`;
      const move = moves.get(name) ?? moveOf(layouts, from, scope);
      moves.set(name, move);
      layouts.hold(move.layout);
      moveBlock(fleet, index, move, (lane) => move.lanes[lane]);
    }
    rings.count(index);
  });
  for (const layout of layouts.list()) {
    layouts.hold(layout);
    layouts.release(layout);
  }
}
