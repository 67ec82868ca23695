import { setTimeout as sleep } from 'node:timers/promises';

import type { Device, Message } from './device.ts';
import { DEVICE_PERIOD_MS } from './device.ts';
import type { Director } from './director.ts';
import type { EvidenceLog } from './evidence.ts';
import { faultLine, stormLine } from './evidence.ts';
import type { Storm } from './plan.ts';
import type { Publisher } from './publisher.ts';

export interface FleetRun {
  readonly devices: readonly Device[];
  readonly director: Director;
  readonly publisher: Publisher;
  readonly evidence: EvidenceLog;
  /** List every acknowledged reading; otherwise only their number, once a second. */
  readonly listReadings: boolean;
  /** Go on speaking after the director is done, until `signal` is aborted. */
  readonly linger: boolean;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** Time between two looks at the clock; a device is late by at most this much. */
const STEP_MS = 20;

/**
 * Lets the devices speak, each every 500 ms with a phase of its own, until the director is
 * done (unless it lingers) or `signal` is aborted. A message that could not be sent in time is skipped, as a
 * device's own timer would; a storm is always sent in full.
 */
export async function runFleet(run: FleetRun): Promise<void> {
  const { devices, director, now, signal } = run;
  const startedAt = now();
  const due = devices.map(
    (_, index) => startedAt + Math.round((index * DEVICE_PERIOD_MS) / devices.length),
  );
  const storms = new Map<Storm, number>();
  let countedAt = startedAt;
  let played = false;

  while (!signal.aborted) {
    const time = now();
    if (!played && director.isDone(time)) {
      played = true;
      run.evidence.add({ kind: 'played' });
      if (!run.linger) return;
    }
    report(run, time);
    for (const [index, device] of devices.entries()) {
      const dueAt = due[index] ?? time;
      if (dueAt > time) continue;
      const missed = Math.floor((time - dueAt) / DEVICE_PERIOD_MS);
      due[index] = dueAt + (missed + 1) * DEVICE_PERIOD_MS;
      await publish(run, device.speak(time, director.faultOf(device.key, time)));
    }
    await continueStorm(run, storms, time);
    if (!run.listReadings && time - countedAt >= 1000) {
      countedAt = time;
      run.evidence.add({ kind: 'count', acknowledged: run.publisher.acknowledged() });
    }
    await sleep(STEP_MS);
  }
}

function report({ director, evidence }: FleetRun, time: number): void {
  for (const incident of director.advance(time)) {
    evidence.add(incident.kind === 'fault' ? faultLine(incident.fault) : stormLine(incident.storm));
  }
}

/** Sends as many of the storm's messages as should have been sent by now. */
async function continueStorm(
  run: FleetRun,
  sentOf: Map<Storm, number>,
  time: number,
): Promise<void> {
  const storm = run.director.stormAt(time);
  const device = run.devices.find(({ key }) => key === storm?.device);
  if (storm === undefined || device === undefined) return;
  const share = Math.min(1, (time - storm.from) / (storm.to - storm.from));
  const target = Math.floor(storm.messages * share);
  for (let sent = sentOf.get(storm) ?? 0; sent < target; sent += 1) {
    await publish(run, device.speak(time, undefined));
    sentOf.set(storm, sent + 1);
  }
}

async function publish(run: FleetRun, message: Message | undefined): Promise<void> {
  if (message === undefined) return;
  const { device, topic, ts, seq, payload } = message;
  await run.publisher.send(topic, payload, () => {
    if (run.listReadings) run.evidence.add({ kind: 'reading', device, topic, ts, seq });
  });
}
