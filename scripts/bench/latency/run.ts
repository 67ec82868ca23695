import { setTimeout as sleep } from 'node:timers/promises';

import { startLoadedBridge } from '../contestants/loadedBridge.ts';
import type { Probe } from '../probe/messages.ts';
import type { LoadOptions } from '../programs/loadSource.ts';
import { startProbe } from '../programs/probe.ts';
import { treeCpuMs } from '../programs/usage.ts';
import { eventTimes, quantile } from './times.ts';

export interface LatencyOptions extends LoadOptions {
  /** Messages a second. */
  readonly rate: number;
  readonly warmMs: number;
  readonly measureMs: number;
}

interface Times {
  readonly p50: number;
  readonly p99: number;
}

export interface LatencyRun {
  /** Messages a second that were acknowledged. */
  readonly rate: number;
  /** PUBLISH sent to PUBACK received, milliseconds. */
  readonly ackMs: Times;
  /** PUBLISH sent to the event at the org, which answers at once; milliseconds, events of episodes that began. */
  readonly eventMs: Times;
  readonly events: number;
  /** Events that had not arrived five seconds after the last message. */
  readonly missing: number;
  readonly cpuUs: number;
  /** The most the source was behind its rate because the window was full or the CPU taken, milliseconds. */
  readonly heldBackMs: number;
  readonly probe: Probe;
  /** Whether the machine was quiet enough: neither probe exceeds `PROBE_LIMIT_MS`. */
  readonly judged: boolean;
}

/** A round whose probe p99 is above is reported and not judged. */
export const PROBE_LIMIT_MS = 10;
const LAST_EVENTS_MS = 5_000;

/** The bridge at one rate, with the probe beside it. */
export async function runLatency(options: LatencyOptions): Promise<LatencyRun> {
  const { devices, signals, window, rate, warmMs, measureMs } = options;
  const load = { devices, signals, window };
  await using stage = await startLoadedBridge({ name: 'latency', charts: false, ...load });
  const { source, org, bridge, folder } = stage;
  await using probe = startProbe(folder);
  source.setRate(rate);
  await sleep(warmMs);
  const begin = await source.report(true);
  await probe.read();
  const cpuBegin = treeCpuMs(bridge.pid);
  await sleep(measureMs);
  const end = await source.report();
  const probed = await probe.read();
  const cpuMs = treeCpuMs(bridge.pid) - cpuBegin;
  source.setRate(0);
  await sleep(LAST_EVENTS_MS);

  const { times, missing } = eventTimes(end.beyond, (await org.report()).opened);
  const messages = end.counts.acknowledged - begin.counts.acknowledged;
  const { p50, p99 } = end.counts.ackMs;
  return {
    rate: (messages / (end.at - begin.at)) * 1_000,
    ackMs: { p50: p50 ?? Number.NaN, p99: p99 ?? Number.NaN },
    eventMs: { p50: quantile(times, 0.5), p99: quantile(times, 0.99) },
    events: times.length,
    missing,
    cpuUs: (cpuMs / messages) * 1_000,
    heldBackMs: (end.counts.late / rate) * 1_000,
    probe: probed,
    judged: Math.max(probed.flushMs.p99, probed.loopMs.p99) <= PROBE_LIMIT_MS,
  };
}
