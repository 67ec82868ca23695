import { createHash } from 'node:crypto';
import { toDeviceKey, toEpochMs } from '../model/brand.ts';
import type { EpisodeKey, EventKey } from '../model/brand.ts';
import type { Phase, Signal } from '../model/signal.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const phases = ['Opened', 'Updated', 'Cleared'] as const satisfies readonly Phase[];

/**
 * A complete signal of the episode with this name; the same name and sequence, the same keys.
 *
 * @param sequence 0 is Opened, 1 Updated, 2 Cleared, more is Updated (it returned) unless changed
 */
export function makeSignal(episode: string, sequence = 0, changes: Partial<Signal> = {}): Signal {
  return {
    eventKey: sha256(`${episode} ${sequence}`) as EventKey,
    episodeKey: sha256(episode) as EpisodeKey,
    phase: phases[sequence] ?? 'Updated',
    sequence,
    signalType: 'fault.vibration-high',
    severity: 'High',
    confidence: 1,
    device: toDeviceKey('pump-001'),
    deviceType: 'pump',
    occurredAt: toEpochMs(1_790_000_000_123 + sequence),
    detectedAt: toEpochMs(1_790_000_000_500 + sequence),
    metric: 'vibration',
    value: 9.5,
    baseline: 7.1,
    unit: 'mm/s',
    snapshot: '{}',
    explanation: 'vibration is 9.5 mm/s, above 7.1 mm/s',
    policyKey: 'pump-vibration-high',
    policyVersion: 1,
    detector: 'threshold',
    source: 'plant',
    ...changes,
  };
}
