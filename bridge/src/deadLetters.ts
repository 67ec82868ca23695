import { UsageError } from './usageError.ts';
import type { DeadLettersCommand } from './cli.ts';
import type { DeadLetter, DeadLetters } from './edge/log/deadLetters.ts';

/**
 * Does what the command line asks with the dead letters, and answers what to print. Event keys may be shortened
 * to any beginning that fits one alone.
 * @throws UsageError where a key fits none or several; then nothing was changed
 */
export function runDeadLetters(
  command: DeadLettersCommand,
  letters: DeadLetters,
  now: number,
): string {
  switch (command.action) {
    case 'list':
      return command.json ? JSON.stringify(letters.list(), null, 2) : describeList(letters.list());
    case 'show':
      return chosen(command, letters).map(describe).join('\n\n');
    case 'redrive': {
      const count = letters.redrive(
        chosen(command, letters).map(({ eventKey }) => eventKey),
        now,
      );
      return `${events(count)} will be published again; a running bridge begins within a second.`;
    }
    case 'discard': {
      const keys = chosen(command, letters).map(({ eventKey }) => eventKey);
      return `${events(letters.discard(keys, command.reason, now))} discarded: ${command.reason}`;
    }
  }
}

function chosen(command: DeadLettersCommand, letters: DeadLetters): readonly DeadLetter[] {
  if (command.all) return letters.list();
  return command.keys.map((key) => {
    const [found, another] = letters.find(key);
    if (found === undefined)
      throw new UsageError(`no dead letter has a key that begins with ${key}`);
    if (another !== undefined)
      throw new UsageError(`several dead letters begin with ${key}; give more of it`);
    return found;
  });
}

const events = (count: number): string => `${count} ${count === 1 ? 'event' : 'events'}`;
const when = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

function describeList(letters: readonly DeadLetter[]): string {
  if (letters.length === 0) return 'There are no dead letters.';
  const rows = letters.map(
    ({ eventKey, createdAt, phase, device, policy, reason }) =>
      `${eventKey.slice(0, 12)}  ${when(createdAt)}  ${phase.padEnd(7)}  ${device}  ${policy}  ${reason}`,
  );
  return [`${events(letters.length)} given up, oldest first:`, ...rows].join('\n');
}

function describe(letter: DeadLetter): string {
  const { publishedAt } = letter;
  const published = publishedAt === undefined ? 'never' : `last at ${when(publishedAt)}`;
  return [
    `event key   ${letter.eventKey}`,
    `device      ${letter.device}`,
    `policy      ${letter.policy}`,
    `phase       ${letter.phase}`,
    `detected    ${when(letter.createdAt)}`,
    `tries       ${letter.attempts}, taken by the event bus ${letter.publishes} times, ${published}`,
    `given up    ${letter.reason}`,
    `signal      ${letter.signal}`,
    ...letter.history.map(
      ({ at, what, reason }, index) =>
        `${index === 0 ? 'history' : '       '}     ${when(at)}  ${what}: ${reason}`,
    ),
  ].join('\n');
}
