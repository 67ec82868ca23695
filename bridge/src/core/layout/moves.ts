import { HEARD_AT, RECEIVED_AT } from './layout.ts';
import type { Lane, Layout, Scope } from './layout.ts';
import type { Layouts } from './layouts.ts';
import type { Described } from './words.ts';

/** How the blocks of a layout of other policies become such of a layout of now. */
export interface Move {
  readonly width: number;
  readonly layout: Layout;
  /** Numbers that are taken over: where they were, where they come to, and how many. */
  readonly copies: readonly (readonly [from: number, to: number, count: number])[];
  /** By the number of a lane before: its number now; undefined where its policy is gone. */
  readonly lanes: readonly (number | undefined)[];
  /** By the number of a lane now: whether it judges the device, and does not only wait. */
  readonly isJudging: readonly boolean[];
  /** Everything stands where it stood. */
  readonly isInPlace: boolean;
}

/** The way from `from`, of whatever policies, to the layout that devices of this scope have now. */
export function moveOf(layouts: Layouts, from: Described, scope: Scope | undefined): Move {
  const { deviceType, source } = from;
  const kept = from.lanes.filter(({ policyKey, since }) => layouts.knows(policyKey, since));
  const names = from.series.map(({ name }) => name);
  const layout = layouts.of({ deviceType, source, scope }, names, kept);
  const copies: [number, number, number][] = [
    [HEARD_AT, HEARD_AT, 1],
    [RECEIVED_AT, RECEIVED_AT, 1],
  ];
  for (const [number, { at }] of from.series.entries()) {
    const series = layout.series[number];
    if (series !== undefined) copies.push([at, series.at, 1]);
  }
  // Kept lanes come first in the layout, and in their order.
  for (const [number, was] of kept.entries()) {
    const lane = layout.lanes[number];
    const isSame = was.fields.join() === lane?.judge.keptFields.join();
    if (lane !== undefined && isSame) copies.push([was.at, lane.at, was.fields.length]);
  }
  const numbers = new Map(
    layout.lanes.map(({ policy, metric, number }) => [laneName(policy.key, metric), number]),
  );
  const lanes = from.lanes.map((was) => numbers.get(laneName(was.policyKey, was.metric)));
  const judging = new Set<Lane>(layout.deviceLanes);
  for (const series of layout.series) for (const lane of series.lanes) judging.add(lane);
  const isInPlace =
    from.width === layout.width &&
    kept.length === from.lanes.length &&
    copies.every(([was, now]) => was === now) &&
    copies.length === 2 + from.series.length + kept.length;
  return {
    ...{ width: from.width, layout, copies, lanes, isInPlace },
    isJudging: layout.lanes.map((lane) => judging.has(lane)),
  };
}

function laneName(policyKey: string, metric: string | undefined): string {
  return JSON.stringify([policyKey, metric]);
}
