import type { Policy } from '../../model/policy.ts';
import { planFor } from '../match.ts';
import { HEADER } from './layout.ts';
import type { Lane, Plan, Scope, Series, Watch } from './layout.ts';
import type { Described } from './words.ts';

/**
 * State is kept for this many metrics of one device, the first that came; further ones are not
 * judged. It bounds what one device that invents names can take: a few hundred KB.
 */
export const MAX_METRICS_PER_DEVICE = 1000;

/** What layouts are by; `scope` only where policies name something of it. */
export interface Kind {
  readonly deviceType: string | undefined;
  readonly source: string;
  readonly scope: Scope | undefined;
}

/** A lane that is there whether or not the policies of now ask for it. */
export interface KeptLane {
  /** Of a policy that exists. */
  readonly policyKey: string;
  readonly metric: string | undefined;
}

/**
 * Plans of layouts. `watches` are the policies, in their order.
 *
 * Lanes and series are only ever added behind what is there, so that a block of the plan before
 * becomes one of the next by growing.
 */
export function makePlanner(watches: readonly Watch[]) {
  const policies = watches.map(({ policy }) => policy);
  const watchOf = new Map(watches.map((watch) => [watch.policy.key, watch]));

  /** A plan of `from` with these metrics too; the rest stays the same. */
  function widen(from: Plan, names: readonly string[]): Plan {
    const plan = planFor(policies, { ...from.scope, deviceType: from.deviceType });
    const draft = makeDraft(from.lanes, from.width);
    const series = [...from.series];
    for (const name of names) {
      const number = series.length;
      if (number >= MAX_METRICS_PER_DEVICE) break;
      const at = draft.room(1);
      const lanes = plan.forMetric(name).map((policy) => draft.add(watchFor(policy.key), name));
      series.push({ number, name, at, lanes });
    }
    return { ...from, series, lanes: draft.lanes, width: draft.width() };
  }

  /** The plan of a device of `kind` that had `from` before. */
  function turn(from: Plan, kind: Kind): Plan {
    const draft = makeDraft(from.lanes, from.width);
    const known = new Map<string, Lane>();
    for (const lane of from.lanes) known.set(laneId(lane.policy, lane.metric), lane);
    const laneFor = (policy: Policy, metric: string | undefined): Lane =>
      known.get(laneId(policy, metric)) ?? draft.add(watchFor(policy.key), metric);

    const plan = planFor(policies, { ...kind.scope, deviceType: kind.deviceType });
    const deviceLanes = plan.device.map((policy) => laneFor(policy, undefined));
    const series = from.series.map((one): Series => ({
      ...one,
      lanes: plan.forMetric(one.name).map((policy) => laneFor(policy, one.name)),
    }));
    const leastSilenceMs = Math.min(...deviceLanes.map(({ policy }) => silenceOf(policy)));
    const { deviceType, source } = kind;
    return {
      ...{ deviceType, source, scope: kind.scope },
      ...{ series, lanes: draft.lanes, deviceLanes, leastSilenceMs, width: draft.width() },
    };
  }

  function watchFor(policyKey: string): Watch {
    const watch = watchOf.get(policyKey);
    if (watch === undefined) throw new Error(`there is no policy "${policyKey}"`);
    return watch;
  }

  /** The plan of a saved layout whose blocks can stay as they are; undefined where the policies of now ask for others. */
  function adopt(saved: Described, kind: Kind): Plan | undefined {
    const lanes: Lane[] = [];
    for (const [number, { policyKey, since, metric, fields, at }] of saved.lanes.entries()) {
      const watch = watchOf.get(policyKey);
      if (watch?.since !== since || !isSame(fields, watch.judge.keptFields)) return undefined;
      lanes.push({ ...watch, number, metric, at });
    }
    const series = saved.series.map((one, number): Series => ({ ...one, number, lanes: [] }));
    const plan = turn(bare(kind, series, lanes, saved.width), kind);
    return plan.width === saved.width ? plan : undefined;
  }

  return {
    turn,
    widen,
    adopt,
    knows: (policyKey: string, since: number): boolean => watchOf.get(policyKey)?.since === since,
    /** The plan of a new device of `kind`. */
    begin(kind: Kind, names: readonly string[], kept: readonly KeptLane[] = []): Plan {
      const draft = makeDraft([], HEADER);
      const series = names.slice(0, MAX_METRICS_PER_DEVICE).map((name, number): Series => ({
        number,
        name,
        at: draft.room(1),
        lanes: [],
      }));
      for (const { policyKey, metric } of kept) draft.add(watchFor(policyKey), metric);
      return turn(bare(kind, series, draft.lanes, draft.width()), kind);
    },
  };
}

function makeDraft(from: readonly Lane[], start: number) {
  const lanes = [...from];
  let end = start;
  const room = (numbers: number): number => {
    end += numbers;
    return end - numbers;
  };
  return {
    lanes,
    room,
    width: () => end,
    add(watch: Watch, metric: string | undefined): Lane {
      const lane: Lane = {
        ...watch,
        number: lanes.length,
        metric,
        at: room(watch.judge.keptFields.length),
      };
      lanes.push(lane);
      return lane;
    },
  };
}

/** Of what is there; nobody is asked to judge it yet. */
function bare(kind: Kind, series: readonly Series[], lanes: readonly Lane[], width: number): Plan {
  return { ...kind, series, lanes, deviceLanes: [], leastSilenceMs: Infinity, width };
}

function silenceOf({ detector }: Policy): number {
  return detector.kind === 'silence' ? detector.afterMs : Infinity;
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, index) => name === other[index]);
}

function laneId(policy: Policy, metric: string | undefined): string {
  return JSON.stringify([policy.key, metric]);
}
