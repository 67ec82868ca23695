import type { Logger } from '../ports/telemetry.ts';

/** Remembers what was logged, one text per entry. */
export function makeTestLogger(): Logger & { readonly lines: string[] } {
  const lines: string[] = [];
  const write =
    (level: string) =>
    (_fields: object, message: string): void => {
      lines.push(`${level} ${message}`);
    };
  return { lines, info: write('info'), warn: write('warn'), error: write('error') };
}

/** Counts nothing. */
export const noCounters = {
  readingAccepted: () => undefined,
  messageQuarantined: () => undefined,
  signalRecorded: () => undefined,
  duplicatesSeen: () => undefined,
  eventPublished: () => undefined,
  publishFailed: () => undefined,
  eventAttributed: () => undefined,
  signalsReattributed: () => undefined,
  receiptSeen: () => undefined,
  eventActed: () => undefined,
  eventsSuppressed: () => undefined,
  listened: () => undefined,
  noticeTaken: () => undefined,
  noticeTrouble: () => undefined,
  noticesReconnected: () => undefined,
  viewWritten: () => undefined,
  telemetryCalls: () => undefined,
  heartbeatSent: () => undefined,
};
