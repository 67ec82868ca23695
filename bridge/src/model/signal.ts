import type { DeviceKey, EpisodeKey, EpochMs, EventKey } from './brand.ts';
import type { LatencyClass } from './policy.ts';

/** Phase of an episode; one event each. */
export type Phase = 'Opened' | 'Updated' | 'Cleared';

export type Severity = 'Critical' | 'High' | 'Medium' | 'Low';

/** From most to least severe. */
export const severities = ['Critical', 'High', 'Medium', 'Low'] as const satisfies Severity[];

/**
 * One event of an episode as detection knows it: everything but the identity
 * (Asset, Account), which enrichment adds just before publishing.
 * Field for field what `Asset_Signal__e` carries (contract version 1), and how soon it has to be there.
 */
export interface Signal {
  readonly eventKey: EventKey;
  readonly episodeKey: EpisodeKey;
  readonly phase: Phase;
  /** 0 for Opened, then rising by one within the episode. */
  readonly sequence: number;
  /** From the taxonomy, e.g. `fault.vibration-high`, `anomaly.range`, `connectivity.silent`. */
  readonly signalType: string;
  readonly severity: Severity;
  /** 0 to 1. */
  readonly confidence: number;
  readonly device: DeviceKey;
  readonly deviceType?: string;
  /** When it happened, by the device's clock. */
  readonly occurredAt: EpochMs;
  /** When the bridge noticed, by its own clock. */
  readonly detectedAt: EpochMs;
  readonly metric?: string;
  readonly value?: number;
  readonly baseline?: number;
  readonly unit?: string;
  /** JSON evidence, at most 32,000 characters. */
  readonly snapshot: string;
  /** Plain words for a technician; at most 2,000 characters. */
  readonly explanation: string;
  readonly policyKey: string;
  readonly policyVersion: number;
  readonly detector: string;
  readonly source: string;
  /** Of its policy; absent: Immediate. */
  readonly latencyClass?: Exclude<LatencyClass, 'Immediate'>;
}
