import type { FieldValue, RecordData } from '../../src/store/records.ts';
import { event } from '../flows/packageOrg.ts';
import type { PackageOrg } from '../flows/packageOrg.ts';

/** A policy as far as routing goes by it. */
export interface Policy {
  readonly route: 'Case' | 'Review' | 'Record Only' | 'Engage';
  readonly isActive: boolean;
  /** Confidences, 0 to 1. */
  readonly actAt?: number;
  readonly askAt?: number;
  readonly closes: boolean;
  readonly priority?: string;
}

export interface World {
  readonly policies: ReadonlyMap<string, Policy>;
  /** By the device's key, whether it is on an Asset. */
  readonly devices: ReadonlyMap<string, boolean>;
}

/** An event as far as the model knows of it. */
export interface SignalEvent {
  /** Undefined: it has none, which is bad. */
  readonly key: string | undefined;
  readonly episode: string;
  readonly phase: 'Opened' | 'Updated' | 'Cleared';
  readonly severity: 'Critical' | 'High' | 'Medium' | 'Low';
  /** 0 to 1; undefined: not given. */
  readonly confidence: number | undefined;
  readonly device: string;
  readonly policy: string;
  /** Milliseconds since the epoch, whole minutes. */
  readonly at: number;
  /** The org cannot record it. */
  readonly isBad: boolean;
  /** What is sent otherwise than the fields above say. */
  readonly sent: Readonly<Record<string, FieldValue>>;
}

const active = { isActive: true, closes: false } as const;

export const WORLD: World = {
  policies: new Map<string, Policy>([
    ['plain', { ...active, route: 'Case' }],
    ['closing', { ...active, route: 'Case', closes: true }],
    ['urgent', { ...active, route: 'Case', priority: 'High' }],
    ['banded', { ...active, route: 'Case', actAt: 0.8, askAt: 0.4 }],
    ['careful', { ...active, route: 'Case', actAt: 0.9 }],
    ['asking', { ...active, route: 'Review' }],
    ['recording', { ...active, route: 'Record Only' }],
    ['off', { ...active, route: 'Case', isActive: false }],
  ]),
  devices: new Map([
    ...Array.from({ length: 8 }, (_, index): [string, boolean] => [`pump-10${index}`, true]),
    ['loose', false],
  ]),
};

/** Puts the world's policies and devices into the org. */
export function build(org: PackageOrg, world: World): void {
  for (const [key, policy] of world.policies) {
    org.insert('Signal_Policy__c', {
      Name: key,
      Policy_Key__c: key,
      Route__c: policy.route,
      Active__c: policy.isActive,
      Queue__c: 'Signal_Triage',
      Close_When_Cleared__c: policy.closes,
      Closed_Status__c: policy.closes ? 'Closed' : null,
      Act_At_Confidence__c: policy.actAt ?? null,
      Review_At_Confidence__c: policy.askAt ?? null,
      Case_Priority__c: policy.priority ?? null,
    });
  }
  for (const [key, isOnAsset] of world.devices) {
    const asset = isOnAsset
      ? org.insert('Asset', { Name: `Asset of ${key}`, AccountId: org.ids.account })
      : null;
    org.insert('Signal_Device__c', { Name: key, Device_Key__c: key, Asset__c: asset });
  }
}

/** When the first event of the tests may have happened: more than a day before the org's clock. */
export const START = Date.parse('2026-11-22T00:00:00Z');
const MINUTE = 60_000;

/** @param minutes after START */
export const minute = (minutes: number): number => START + minutes * MINUTE;

/** The event as the bridge sends it. */
export function toSend(one: SignalEvent): RecordData {
  return event(one.phase, 0, {
    Occurred_At__c: new Date(one.at).toISOString(),
    Occurred_At_Ms__c: one.at,
    Event_Key__c: one.key ?? null,
    Episode_Key__c: one.episode,
    Severity__c: one.severity,
    Confidence__c: one.confidence ?? null,
    Device_Key__c: one.device,
    Policy_Key__c: one.policy,
    ...one.sent,
  });
}
