import { pino } from 'pino';
import type { DestinationStream } from 'pino';
import type { Logger } from '../../ports/telemetry.ts';

/** Whatever a caller passes under these names is replaced before it is written. */
const redact = {
  paths: [
    'password',
    'privateKey',
    'accessToken',
    'access_token',
    'assertion',
    'authorization',
  ].flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
  censor: '[secret]',
};

/** One JSON line per entry, on standard output unless told otherwise. */
export function makeLogger(destination?: DestinationStream): Logger {
  const options = {
    base: null,
    redact,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    messageKey: 'message',
  };
  // Synchronous: the last line before an exit is the one that matters.
  const log = pino(options, destination ?? pino.destination({ dest: 1, sync: true }));
  return {
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    error: (fields, message) => log.error(fields, message),
  };
}
