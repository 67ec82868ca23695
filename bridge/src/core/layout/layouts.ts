import type { DeviceKey } from '../../model/brand.ts';
import type { Policy } from '../../model/policy.ts';
import type { MetricSet, Reading } from '../../model/reading.ts';
import { makeJudge } from '../detect/judge.ts';
import type { Layout, Plan } from './layout.ts';
import { makePlanner, MAX_METRICS_PER_DEVICE } from './plan.ts';
import type { KeptLane, Kind } from './plan.ts';
import type { Described } from './words.ts';

/** Kinds of devices that send the same set of metrics; more are planned anew whenever one comes. */
const MOST_KINDS = 16;

/** The layouts in use, each there once. */
export interface Layouts {
  /** The layout of that id. */
  get(id: number): Layout;
  /** For a device that is not known yet, bound to the metrics of `reading`. */
  first(reading: Reading): Layout;
  /** For a device of `layout` that sent `reading`; bound to its metrics. May be the same. */
  next(layout: Layout, reading: Reading): Layout;
  /** For a device that comes from a saved state. */
  of(kind: Kind, names: readonly string[], kept: readonly KeptLane[]): Layout;
  /** One device more uses it. */
  hold(layout: Layout): void;
  /** One device less; a layout nobody uses is forgotten. */
  release(layout: Layout): void;
  /** The name of a device where policies name it. */
  named(device: DeviceKey): DeviceKey | undefined;
  /** Whether policies name devices at all. */
  readonly nameDevices: boolean;
  /** All in use. */
  list(): readonly Layout[];
  /**
   * At start: the saved layout with its id, where the blocks of its devices can stay as they are. After the last one
   * `settle`.
   */
  adopt(saved: Described): Layout | undefined;
  settle(): void;
  /** Whether there is a policy of that key. */
  knows(policyKey: string): boolean;
}

/** No layouts yet. */
export function makeLayouts(policies: readonly Policy[]): Layouts {
  const watches = policies.map((policy) => ({ policy, judge: makeJudge(policy.detector) }));
  const planner = makePlanner(watches);
  const namedDevices = new Set<string>(
    policies.flatMap(({ match }) => (match.device === undefined ? [] : [match.device])),
  );
  const byId: (Layout | undefined)[] = [];
  const unused: number[] = [];
  const byKey = new Map<string, Layout>();
  /** What was found before, as long as it is in use; it can be found again without it. */
  const firsts = new WeakMap<MetricSet, Layout[]>();
  const turns = new WeakMap<Layout, Layout>();
  const bindings = new WeakMap<Layout, WeakMap<MetricSet, Layout['bound']>>();

  const isLive = (layout: Layout): boolean => byId[layout.id] === layout;
  const named = (device: DeviceKey): DeviceKey | undefined =>
    namedDevices.has(device) ? device : undefined;

  /** The layout of a plan, made where there is none. */
  function intern(plan: Plan): Layout {
    const key = keyOf(plan);
    const known = byKey.get(key);
    if (known !== undefined) return known;
    return insert(plan, unused.pop() ?? byId.length);
  }

  function insert(plan: Plan, id: number): Layout {
    const layout: Layout = { ...plan, id, users: 0, set: undefined, bound: [] };
    byId[id] = layout;
    byKey.set(keyOf(plan), layout);
    return layout;
  }

  /** The layout for this set too, with its series bound. */
  function bind(layout: Layout, set: MetricSet): Layout {
    if (layout.set === set) return layout;
    let sets = bindings.get(layout);
    const known = sets?.get(set);
    if (known !== undefined) {
      layout.set = set;
      layout.bound = known;
      return layout;
    }
    const places = new Map(layout.series.map((series) => [series.name, series]));
    const missing = set.names.filter((name) => !places.has(name));
    if (missing.length > 0 && layout.series.length < MAX_METRICS_PER_DEVICE) {
      return bind(intern(planner.widen(layout, missing)), set);
    }
    const bound = set.names.map((name) => places.get(name));
    sets ??= new WeakMap();
    bindings.set(layout, sets);
    sets.set(set, bound);
    layout.set = set;
    layout.bound = bound;
    return layout;
  }

  function turn(layout: Layout, kind: Kind): Layout {
    if (isOf(layout, kind)) return layout;
    const known = turns.get(layout);
    if (known !== undefined && isLive(known) && isOf(known, kind)) return known;
    const next = intern(planner.turn(layout, kind));
    turns.set(layout, next);
    return next;
  }

  function first(reading: Reading): Layout {
    const { deviceType, source, metrics } = reading;
    const device = named(reading.device);
    if (device !== undefined) return begin({ deviceType, source, device }, metrics);
    const known = firsts.get(metrics);
    for (const layout of known ?? []) {
      if (isOf(layout, reading) && isLive(layout)) return bind(layout, metrics);
    }
    const layout = begin({ deviceType, source, device }, metrics);
    firsts.set(metrics, [layout, ...(known ?? []).filter(isLive)].slice(0, MOST_KINDS));
    return layout;
  }

  function begin(kind: Kind, set: MetricSet): Layout {
    return bind(intern(planner.begin(kind, set.names)), set);
  }

  function drop(layout: Layout): void {
    byId[layout.id] = undefined;
    unused.push(layout.id);
    byKey.delete(keyOf(layout));
  }

  return {
    first,
    named,
    nameDevices: namedDevices.size > 0,
    get: (id) => byId[id] as Layout,
    next(layout, { deviceType, source, metrics }) {
      const turned = turn(layout, { deviceType, source, device: layout.device });
      const next = bind(turned, metrics);
      if (turned !== next && turned.users === 0) drop(turned);
      return next;
    },
    of: (kind, names, kept) => intern(planner.begin(kind, names, kept)),
    hold(layout) {
      layout.users += 1;
    },
    release(layout) {
      layout.users -= 1;
      if (layout.users === 0) drop(layout);
    },
    list: () => byId.filter((layout) => layout !== undefined),
    adopt(saved) {
      const { id, deviceType, source } = saved;
      const device = saved.device && named(saved.device);
      const plan = planner.adopt(saved, { deviceType, source, device });
      if (plan === undefined || byKey.has(keyOf(plan)) || byId[id] !== undefined) return undefined;
      return insert(plan, id);
    },
    settle() {
      for (let id = 0; id < byId.length; id += 1) if (byId[id] === undefined) unused.push(id);
    },
    knows: planner.knows,
  };
}

function isOf(
  layout: Layout,
  { deviceType, source }: Pick<Reading, 'deviceType' | 'source'> | Kind,
): boolean {
  return layout.deviceType === deviceType && layout.source === source;
}

/** The same text for the same plan. */
function keyOf({ deviceType, source, device, series, lanes }: Plan): string {
  const places = series.map(({ name, at }) => [name, at]);
  const judged = lanes.map(({ policy, metric, at }) => [policy.key, metric ?? null, at]);
  return JSON.stringify([deviceType ?? null, source, device ?? null, places, judged]);
}
