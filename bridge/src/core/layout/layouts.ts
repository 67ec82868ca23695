import type { DeviceKey } from '../../model/brand.ts';
import type { MetricSet, Reading } from '../../model/reading.ts';
import { makeJudge } from '../detect/judge.ts';
import type { DevicePlace } from '../policy/rules.ts';
import type { StandingPolicy } from '../policy/standing.ts';
import type { Layout, Plan, Scope } from './layout.ts';
import { makePlanner, MAX_METRICS_PER_DEVICE } from './plan.ts';
import type { KeptLane, Kind } from './plan.ts';
import { makeScopes } from './scopes.ts';
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
  /** Undefined for a device of which policies name nothing. */
  scopeOf(device: DeviceKey): Scope | undefined;
  /** Whether policies name anything of any device. */
  hasScopes(): boolean;
  /**
   * Replaces the policies. The layouts in use stay, but are of the past: a device is to be renewed before it is judged,
   * whenever that is. Their sets are unbound, so that no reading goes by them.
   */
  use(standing: readonly StandingPolicy[], places: ReadonlyMap<string, DevicePlace>): void;
  /** Whether it is in use and of the policies of now. */
  isCurrent(layout: Layout): boolean;
  /** All in use. */
  list(): readonly Layout[];
  /**
   * At start: the saved layout with its id, where the blocks of its devices can stay as they are. After the last one
   * `settle`.
   */
  adopt(saved: Described): Layout | undefined;
  settle(): void;
  /** Whether there is a policy of that key, and has been since then. */
  knows(policyKey: string, since: number): boolean;
}

const NOWHERE: ReadonlyMap<string, DevicePlace> = new Map();

/** No layouts yet. */
export function makeLayouts(standing: readonly StandingPolicy[]): Layouts {
  let planner = plannerOf(standing);
  let scopes = makeScopes(policiesOf(standing), NOWHERE);
  let generation = 0;
  const byId: (Layout | undefined)[] = [];
  const unused: number[] = [];
  const byKey = new Map<string, Layout>();
  /** What was found before, as long as it is in use; it can be found again without it. */
  let firsts = new WeakMap<MetricSet, Layout[]>();
  let turns = new WeakMap<Layout, Layout>();
  const bindings = new WeakMap<Layout, WeakMap<MetricSet, Layout['bound']>>();

  const isCurrent = (layout: Layout): boolean =>
    byId[layout.id] === layout && layout.generation === generation;

  /** The layout of a plan, made where there is none. */
  function intern(plan: Plan): Layout {
    const key = keyOf(plan);
    const known = byKey.get(key);
    if (known !== undefined) return known;
    return insert(plan, unused.pop() ?? byId.length);
  }

  function insert(plan: Plan, id: number): Layout {
    const layout: Layout = { ...plan, id, generation, users: 0, set: undefined, bound: [] };
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
    if (known !== undefined && isCurrent(known) && isOf(known, kind)) return known;
    const next = intern(planner.turn(layout, kind));
    turns.set(layout, next);
    return next;
  }

  function first(reading: Reading): Layout {
    const { deviceType, source, metrics } = reading;
    const scope = scopes.of(reading.device);
    if (scope !== undefined) return begin({ deviceType, source, scope }, metrics);
    const known = firsts.get(metrics);
    for (const layout of known ?? []) {
      if (isOf(layout, reading) && isCurrent(layout)) return bind(layout, metrics);
    }
    const layout = begin({ deviceType, source, scope }, metrics);
    firsts.set(metrics, [layout, ...(known ?? []).filter(isCurrent)].slice(0, MOST_KINDS));
    return layout;
  }

  function begin(kind: Kind, set: MetricSet): Layout {
    return bind(intern(planner.begin(kind, set.names)), set);
  }

  function drop(layout: Layout): void {
    byId[layout.id] = undefined;
    unused.push(layout.id);
    const key = keyOf(layout);
    if (byKey.get(key) === layout) byKey.delete(key);
  }

  return {
    first,
    isCurrent,
    scopeOf: (device) => scopes.of(device),
    hasScopes: () => scopes.any,
    use(next, places) {
      generation += 1;
      planner = plannerOf(next);
      scopes = makeScopes(policiesOf(next), places);
      byKey.clear();
      firsts = new WeakMap();
      turns = new WeakMap();
      for (const layout of byId) {
        if (layout === undefined) continue;
        layout.set = undefined;
        if (layout.users === 0) drop(layout);
      }
    },
    get: (id) => byId[id] as Layout,
    next(layout, { deviceType, source, metrics }) {
      const turned = turn(layout, { deviceType, source, scope: layout.scope });
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
      const scope = saved.scope === undefined ? undefined : scopes.named(saved.scope);
      const plan = planner.adopt(saved, { deviceType, source, scope });
      if (plan === undefined || byKey.has(keyOf(plan)) || byId[id] !== undefined) return undefined;
      return insert(plan, id);
    },
    settle() {
      for (let id = 0; id < byId.length; id += 1) if (byId[id] === undefined) unused.push(id);
    },
    knows: (policyKey, since) => planner.knows(policyKey, since),
  };
}

const policiesOf = (standing: readonly StandingPolicy[]) => standing.map(({ policy }) => policy);

function plannerOf(standing: readonly StandingPolicy[]) {
  return makePlanner(standing.map((one) => ({ ...one, judge: makeJudge(one.policy.detector) })));
}

function isOf(
  layout: Layout,
  { deviceType, source }: Pick<Reading, 'deviceType' | 'source'> | Kind,
): boolean {
  return layout.deviceType === deviceType && layout.source === source;
}

/** The same text for the same plan. */
function keyOf({ deviceType, source, scope, series, lanes }: Plan): string {
  const places = series.map(({ name, at }) => [name, at]);
  const judged = lanes.map(({ policy, metric, at }) => [policy.key, metric ?? null, at]);
  return JSON.stringify([deviceType ?? null, source, scope?.name ?? null, places, judged]);
}
