const SECOND = 1000;

/** How long a view stays live without being renewed; the bridge stops writing it after that. */
export const LEASE_MS = 120 * SECOND;
/* Renewed with a minute to spare, so that one lost update does not end it: one call a minute a page. */
const RENEW_BELOW_MS = 60 * SECOND;
/** How long the bridge may take to answer before the panel says that it is silent. */
export const BRIDGE_SILENT_MS = 60 * SECOND;
/* Devices report every second or every five minutes; five of their own intervals are a silence. */
const MISSED_READINGS = 5;
const DEVICE_SILENT_MS = 60 * SECOND;
/* What the bridge holds of a device, and what it counts the readings of, whatever range is shown. */
const HELD_MS = 3600 * SECOND;

/**
 * What a lease needs at `now`: `none`, `renew` (write Live_Until__c alone, no notice), or `reopen` (it has
 * run out, so the bridge no longer looks at the view and has to be told by a new Requested_At__c).
 */
export function leaseStep(liveUntil, now) {
  const left = liveUntil - now;
  if (left <= 0) return 'reopen';
  return left < RENEW_BELOW_MS ? 'renew' : 'none';
}

/* Moments of saving keep whole seconds and calls take a few; less than this is not a wrong clock. */
const CLOCK_WRONG_MS = 5 * SECOND;

/**
 * How far the server's clock is ahead of this one (ms), from a record it saved between `sentAt` and
 * `receivedAt`; 0 when the clocks agree as far as that can tell.
 */
export function clockOffset(lastModifiedDate, sentAt, receivedAt) {
  const offset = Date.parse(lastModifiedDate) - Math.round((sentAt + receivedAt) / 2);
  return Math.abs(offset) > CLOCK_WRONG_MS ? offset : 0;
}

/** Whether the bridge has been silent for too long; `since` is its last answer or, before one, the request. */
export function isBridgeSilent(since, now) {
  return now - since > BRIDGE_SILENT_MS;
}

/** Whether the newest reading is older than a minute and than five usual distances between readings. */
export function isDeviceSilent(lastReadingAt, now, { series }) {
  const usual = Math.min(...series.map(usualDistance));
  const most = Number.isFinite(usual) ? MISSED_READINGS * usual : 0;
  return now - lastReadingAt > Math.max(DEVICE_SILENT_MS, most);
}

/* By the points drawn, or by what is held where the range is too short to hold two; infinite when unknown. */
function usualDistance({ n, t }) {
  const drawn = t.length > 1 ? (t[t.length - 1] - t[0]) / (t.length - 1) : Infinity;
  return Math.min(drawn, n > 1 ? HELD_MS / n : Infinity);
}
