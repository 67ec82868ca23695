import { createHash } from 'node:crypto';

import * as plan from './plan.ts';
import type { Fault, Metric } from './plan.ts';
import { keyOf, measuredAt } from './telemetry.ts';
import { HOUR, STEP } from './times.ts';

/**
 * What must come of the day, said by nothing of the product: from the script of the day alone.
 * Assets and customers are numbers here; Asset n is the one device n is on when the day begins.
 */
export interface ExpectedEvent {
  readonly eventKey: string;
  readonly episodeKey: string;
  readonly phase: 'Opened' | 'Updated' | 'Cleared';
  readonly severity: 'Critical' | 'High' | 'Medium';
  readonly device: string;
  readonly policy: string;
  readonly policyVersion: number;
  /** Milliseconds since 1970. */
  readonly occurredAt: number;
  /** Undefined: nobody can know. */
  readonly asset: number | undefined;
  readonly customer: number | undefined;
}

export interface ExpectedEpisode {
  readonly key: string;
  readonly device: string;
  /** Where and whose the device was when it began; undefined: there is no Case. */
  readonly asset: number | undefined;
  readonly customer: number | undefined;
  /** Where the budget is short nobody may ever be told of it. */
  readonly isExpendable: boolean;
  readonly events: readonly ExpectedEvent[];
}

export const POLICY_OF: Readonly<Record<Metric, string>> = {
  vibration: 'vibration-high',
  pressure: 'pressure-low',
  temperature: 'temperature-high',
};
/** The Asset the steward puts the unknown device on. */
export const SPARE_ASSET = plan.DEVICES;
/** Hours between two updates of a vibration that goes on; the others are told when they begin and end. */
export const UPDATE_EVERY = 0.5;

const sha256 = (parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');

/** Where a device is at a time, in hours since the day began. */
export function assetAt(device: Fault['device'], hour: number): number | undefined {
  if (typeof device === 'string') {
    return device === plan.UNKNOWN.mapped && hour >= 0 ? SPARE_ASSET : undefined;
  }
  const place = plan.SWAPPED.indexOf(device);
  if (place < 0 || hour < plan.AT.swap) return device;
  return plan.SWAPPED[place % 2 === 0 ? place + 1 : place - 1];
}

/** Who owns an Asset at a time. */
export function customerAt(asset: number, hour: number): number {
  const first = asset % plan.CUSTOMERS;
  const isSold = plan.SOLD.includes(asset) && hour >= plan.AT.sale;
  return isSold ? (first + plan.CUSTOMERS / 2) % plan.CUSTOMERS : first;
}

/** One episode for each fault of the script. */
export const expectedEpisodes = (start: number): readonly ExpectedEpisode[] =>
  plan.FAULTS.flatMap((fault) => episodeOf(fault, start) ?? []);

function episodeOf(fault: Fault, start: number): ExpectedEpisode | undefined {
  const { device, metric, from, value } = fault;
  const isWarm = metric === 'temperature' && value === plan.WARM;
  if (isWarm && from >= plan.AT.policy) return undefined;
  // Where the limit is raised above the value, that is the end of it.
  const to = isWarm ? Math.min(fault.to, Math.max(from, plan.AT.policy)) : fault.to;
  const isRaised = (hour: number): boolean => metric === 'temperature' && hour >= plan.AT.policy;
  const key = keyOf(device);
  const policy = POLICY_OF[metric];
  const began = measuredAt(start, device, from);
  const episodeKey = sha256([key, policy, metric, began]);

  const events: ExpectedEvent[] = [];
  let severity: ExpectedEvent['severity'] = 'High';
  /** @param hour of the reading that made it known @param at of the time it is about */
  const say = (phase: ExpectedEvent['phase'], hour: number, at = hour): void => {
    const occurredAt = measuredAt(start, device, at);
    const about = (occurredAt - start) / HOUR;
    const asset = assetAt(device, about);
    events.push({
      eventKey: sha256([episodeKey, phase, events.length]),
      ...{ episodeKey, phase, severity, device: key, policy, occurredAt, asset },
      policyVersion: isRaised(hour) ? 2 : 1,
      customer: asset === undefined ? undefined : customerAt(asset, about),
    });
  };
  const severityAt = (hour: number): ExpectedEvent['severity'] => {
    if (metric !== 'vibration') return 'Medium';
    const { worseAt = Infinity } = fault;
    return value >= plan.CRITICAL || hour >= worseAt ? 'Critical' : 'High';
  };
  // The second reading in trouble opens it, the second healthy one ends it.
  const openedBy = from + STEP;
  severity = severityAt(openedBy);
  say('Opened', openedBy, from);
  let saidAt = openedBy;
  for (let hour = openedBy + STEP; hour < to; hour += STEP) {
    const now = severityAt(hour);
    const isWorse = now === 'Critical' && severity !== 'Critical';
    const isDue = metric === 'vibration' && hour - saidAt >= UPDATE_EVERY;
    if (!isWorse && !isDue) continue;
    severity = isWorse ? now : severity;
    say('Updated', hour);
    saidAt = hour;
  }
  say('Cleared', to + STEP);
  const [opened] = events;
  const { asset, customer } = opened ?? {};
  const isExpendable = metric === 'pressure' && from === plan.AT.short;
  return { key: episodeKey, device: key, asset, customer, isExpendable, events };
}
