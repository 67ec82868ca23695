import type { SuppressedCommand } from './cli.ts';
import type { SuppressedEvent, SuppressedEvents } from './edge/log/suppressedEvents.ts';
import { UsageError } from './usageError.ts';

/** More are counted, and found by their keys. */
const NEWEST = 100;

/**
 * Tells what the command line asks of the events that are never published. Event keys may be shortened to any beginning
 * that fits one alone.
 * @throws UsageError where a key fits none or several
 */
export function runSuppressed(command: SuppressedCommand, events: SuppressedEvents): string {
  if (command.action === 'show') {
    return command.keys.map((key) => describe(findOne(events, key))).join('\n\n');
  }
  const counts = events.counts();
  const newest = events.newest(NEWEST);
  if (command.json) return JSON.stringify({ counts, newest }, null, 2);
  if (counts.length === 0) return 'No signal was suppressed.';
  const total = counts.reduce((sum, one) => sum + one.events, 0);
  const told = newest.length === total ? 'The newest first:' : `The newest ${newest.length}:`;
  return [
    `${total} ${total === 1 ? 'signal was' : 'signals were'} never published:`,
    ...counts.map(
      (one) => `${String(one.events).padStart(9)}  ${one.severity.padEnd(8)}  ${one.why}`,
    ),
    '',
    told,
    ...newest.map(
      ({ eventKey, at, phase, severity, device, policy, why }) =>
        `${eventKey.slice(0, 12)}  ${when(at)}  ${phase.padEnd(7)}  ${severity.padEnd(8)}  ${device}  ${policy}  ${why}`,
    ),
  ].join('\n');
}

function findOne(events: SuppressedEvents, key: string): SuppressedEvent {
  const [found, another] = events.find(key);
  if (found === undefined) {
    throw new UsageError(`no suppressed signal has a key that begins with ${key}`);
  }
  if (another !== undefined) {
    throw new UsageError(`several suppressed signals begin with ${key}; give more of it`);
  }
  return found;
}

const when = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

function describe(event: SuppressedEvent): string {
  return [
    `event key   ${event.eventKey}`,
    `device      ${event.device}`,
    `policy      ${event.policy}`,
    `phase       ${event.phase}`,
    `severity    ${event.severity}`,
    `detected    ${when(event.createdAt)}`,
    `suppressed  ${when(event.at)}  ${event.why}: ${event.reason}`,
    ...(event.overtakenBy === undefined ? [] : [`said by     ${event.overtakenBy}`]),
    `signal      ${event.signal}`,
  ].join('\n');
}
