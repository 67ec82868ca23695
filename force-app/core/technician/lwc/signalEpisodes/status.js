import { worseOf } from 'c/signalShapes';

/**
 * Overall status of an asset: Critical, NoContact, Attention, Normal or Unknown.
 *
 * The worst that is known decides: an open critical signal comes before silence, silence before other
 * open signals. Silence is what a signal says, or what the bridge said when it last answered
 * (`answeredAt`): an old `lastSeenAt` alone may only mean that nobody has asked since. Normal needs proof:
 * a reading younger than `silentAfterMs`. Times are milliseconds since 1970 UTC, undefined when unknown.
 */
export function overallStatus({ open, lastSeenAt, answeredAt, now, silentAfterMs }) {
  const trouble = open.filter((episode) => !isConnectivity(episode));
  const worst = trouble.map(({ severity }) => severity).reduce(worseOf, undefined);
  if (worst === 'Critical') return 'Critical';
  const wasSilent = answeredAt - lastSeenAt > silentAfterMs;
  if (wasSilent || trouble.length < open.length) return 'NoContact';
  if (worst !== undefined) return 'Attention';
  return now - lastSeenAt <= silentAfterMs ? 'Normal' : 'Unknown';
}

/* About the connection of the device and not about the equipment. */
function isConnectivity({ type }) {
  return type.startsWith('connectivity.');
}
