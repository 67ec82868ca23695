import { hash } from 'node:crypto';
import type { DeviceKey, EpisodeKey, EpochMs, EventKey } from '../../model/brand.ts';
import type { Phase } from '../../model/signal.ts';

/**
 * The key of an episode: SHA-256 over device, policy, metric (empty where there is none) and the
 * start in milliseconds. The same incident gets the same key after every restart and replay.
 *
 * The parts are hashed as a JSON array, so no two lists of parts read the same.
 */
export function episodeKeyOf(
  device: DeviceKey,
  policyKey: string,
  metric: string | undefined,
  start: EpochMs,
): EpisodeKey {
  return sha256([device, policyKey, metric ?? '', start]) as EpisodeKey;
}

/** The key of one event: SHA-256 over the episode's key, the phase and the sequence. */
export function eventKeyOf(episode: EpisodeKey, phase: Phase, sequence: number): EventKey {
  return sha256([episode, phase, sequence]) as EventKey;
}

function sha256(parts: readonly (string | number)[]): string {
  return hash('sha256', JSON.stringify(parts), 'hex');
}
