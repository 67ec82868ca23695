import type { BridgeEvidence, FleetEvidence, MessageId } from './evidence.ts';

const keyOf = ({ topic, ts, seq }: MessageId): string => `${topic} ${ts} ${seq}`;

/**
 * Acknowledged messages that the bridge has neither logged nor quarantined, as a multiset: a
 * message acknowledged twice must be there twice. More copies than acknowledged are fine, as
 * QoS 1 allows.
 */
export function lostReadings(fleet: FleetEvidence, bridge: BridgeEvidence): MessageId[] {
  const found = new Map<string, number>();
  for (const message of [...bridge.kept, ...bridge.quarantined]) {
    const key = keyOf(message);
    found.set(key, (found.get(key) ?? 0) + 1);
  }
  return fleet.acknowledged.filter((message) => {
    const key = keyOf(message);
    const copies = found.get(key) ?? 0;
    if (copies > 0) found.set(key, copies - 1);
    return copies === 0;
  });
}
