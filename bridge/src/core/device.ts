import type { DeviceKey, EpochMs } from '../model/brand.ts';
import { toEpochMs } from '../model/brand.ts';
import type { Policy } from '../model/policy.ts';
import type { Reading } from '../model/reading.ts';
import type { Signal } from '../model/signal.ts';
import type { SavedDevice, SavedLane } from './deviceState.ts';
import { makeLane } from './lane.ts';
import type { Lane } from './lane.ts';
import { planFor } from './match.ts';
import type { PolicyPlan } from './match.ts';
import { makeSeries } from './series.ts';
import type { Series } from './series.ts';

/**
 * State is kept for this many metrics of one device, the first that came; further ones are not
 * judged. It bounds what one device that invents names can take: about 2 MB.
 */
const MAX_METRICS_PER_DEVICE = 1000;

/** All that detection knows of one device; mutable, owned by the engine. */
export interface Device {
  accept(reading: Reading, listenedAt: EpochMs): readonly Signal[];
  /** `changed` says whether the state is another one than before. */
  tick(
    listenedAt: EpochMs,
    now: EpochMs,
  ): { readonly signals: readonly Signal[]; readonly changed: boolean };
  save(): SavedDevice;
}

interface Watched {
  readonly series: Series;
  unit: string | undefined;
  lanes: readonly Lane[];
}

/** The device of `key` under `policies`, continuing from `saved`. */
export function makeDevice(
  key: DeviceKey,
  policies: readonly Policy[],
  saved: SavedDevice | undefined,
): Device {
  let heardAt = saved?.heardAt ?? 0;
  let receivedAt = saved?.receivedAt ?? 0;
  let deviceType = saved?.deviceType;
  let source = saved?.source ?? '';
  let plan: PolicyPlan = planFor(policies, key, deviceType);
  const lanes = new Map<string, Lane>();
  for (const lane of saved?.lanes ?? []) restoreLane(lane);
  const watched = new Map<string, Watched>();
  for (const { name, unit, points } of saved?.metrics ?? []) {
    watched.set(name, { series: makeSeries(points), unit, lanes: lanesFor(name) });
  }
  let deviceLanes = plan.device.map((policy) => laneOf(policy, undefined));

  function restoreLane({ policyKey, metric, judge, episode }: SavedLane): void {
    const policy = policies.find((one) => one.key === policyKey);
    if (policy === undefined) return;
    lanes.set(laneId(policyKey, metric), makeLane(policy, key, metric, { judge, episode }));
  }

  function laneOf(policy: Policy, metric: string | undefined): Lane {
    const id = laneId(policy.key, metric);
    const lane = lanes.get(id) ?? makeLane(policy, key, metric, undefined);
    lanes.set(id, lane);
    return lane;
  }

  function lanesFor(metric: string): readonly Lane[] {
    return plan.forMetric(metric).map((policy) => laneOf(policy, metric));
  }

  function changeType(to: string | undefined): void {
    deviceType = to;
    plan = planFor(policies, key, to);
    deviceLanes = plan.device.map((policy) => laneOf(policy, undefined));
    for (const [metric, entry] of watched) entry.lanes = lanesFor(metric);
  }

  function watch(metric: string): Watched | undefined {
    const known = watched.get(metric);
    if (known !== undefined || watched.size >= MAX_METRICS_PER_DEVICE) return known;
    const entry = { series: makeSeries([]), unit: undefined, lanes: lanesFor(metric) };
    watched.set(metric, entry);
    return entry;
  }

  /** Device lanes run on the bridge's clock: the last message plus the time listened since. */
  function judgeQuiet(quietMs: number, noticedAt: EpochMs): readonly Signal[] {
    const at = toEpochMs(receivedAt + quietMs);
    const scene = { deviceType, unit: undefined, source, noticedAt, points: [] };
    return deviceLanes.flatMap((lane) => lane.observe({ at, value: quietMs }, scene) ?? []);
  }

  return {
    accept(reading, listenedAt) {
      if (reading.deviceType !== deviceType) changeType(reading.deviceType);
      heardAt = listenedAt;
      receivedAt = Math.max(receivedAt, reading.receivedAt);
      source = reading.source;
      const signals = [...judgeQuiet(0, reading.receivedAt)];
      const { names, units } = reading.metrics;
      for (const [index, metric] of names.entries()) {
        const value = reading.values[index] as number;
        const entry = watch(metric);
        if (entry === undefined) continue;
        const { series, lanes: metricLanes } = entry;
        if (series.lastAt !== undefined && reading.at <= series.lastAt) continue;
        series.add(reading.at, value);
        entry.unit = units[index];
        const scene = {
          deviceType,
          unit: entry.unit,
          source,
          noticedAt: reading.receivedAt,
          points: series.points,
        };
        for (const lane of metricLanes) {
          const signal = lane.observe({ at: reading.at, value }, scene);
          if (signal !== undefined) signals.push(signal);
        }
      }
      return signals;
    },
    tick(listenedAt, now) {
      const restarted = listenedAt < heardAt;
      // A clock that went back was restarted: nobody knows how long it was quiet meanwhile.
      if (restarted) heardAt = listenedAt;
      const before = deviceLanes.map(({ episode }) => episode);
      const signals = judgeQuiet(listenedAt - heardAt, now);
      const changed =
        restarted || deviceLanes.some(({ episode }, index) => episode !== before[index]);
      return { signals, changed };
    },
    save: () => ({
      heardAt,
      receivedAt,
      deviceType,
      source,
      metrics: [...watched].map(([name, { series, unit }]) => ({
        name,
        unit,
        points: series.points,
      })),
      lanes: [...lanes.values()].map((lane) => ({
        policyKey: lane.policy.key,
        metric: lane.metric,
        ...lane.save(),
      })),
    }),
  };
}

function laneId(policyKey: string, metric: string | undefined): string {
  return JSON.stringify([policyKey, metric]);
}
