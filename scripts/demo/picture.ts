import { styleText } from 'node:util';

import type { Snapshot, Surroundings } from './snapshot.ts';

const BARS = '▁▂▃▄▅▆▇█';
const LABEL_WIDTH = 14;
const FAULT_LINES = 6;

/**
 * Draws numbers as a row of bars from 0 up, one character each. The middle value is at most half
 * as high as the picture, so that a steady row is a calm line and a burst stands out.
 */
export function sparkline(values: readonly number[]): string {
  const middle = values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  const top = Math.max(...values, 2 * middle, 1);
  return values
    .map((value) => BARS[Math.round((Math.max(0, value) / top) * (BARS.length - 1))] ?? ' ')
    .join('');
}

/** `1234567` as `1,234,567`. */
export const grouped = (value: number): string => Math.round(value).toLocaleString('en-US');

const clock = (seconds: number): string => {
  const whole = Math.floor(seconds);
  const rest = String(whole % 60).padStart(2, '0');
  return `${Math.floor(whole / 60)}:${rest}`;
};

const heading = (text: string): string => styleText('bold', text);
const quiet = (text: string): string => styleText('dim', text);
const row = (label: string, text: string): string =>
  `  ${styleText('cyan', label.padEnd(LABEL_WIDTH))}${text}`;

/** The whole screen; every line fits into `columns`. */
export function drawPicture(shot: Snapshot, around: Surroundings, columns: number): string {
  const { numbers } = shot;
  const rate = shot.rates.at(-1) ?? 0;
  const bars = sparkline(shot.rates.slice(-Math.max(10, Math.min(40, columns - 44))));
  const quarantined = `${grouped(numbers.quarantined)} quarantined`;
  const failed = `${grouped(numbers.failed)} failed`;
  const lines = [
    `${heading('Asset Signals')}  ${quiet(`${around.title} · ${clock(shot.elapsedSeconds)}`)}`,
    '',
    row('Readings', `${rate.toFixed(0).padStart(5)} /s  ${styleText('green', bars)}`),
    row('', `${grouped(numbers.readings)} in the log · ${alarm(quarantined, numbers.quarantined)}`),
    row(
      'Signals',
      `${grouped(numbers.opened)} opened · ${grouped(numbers.updated)} updated · ` +
        `${grouped(numbers.cleared)} cleared`,
    ),
    row(
      'Salesforce',
      `${grouped(numbers.published)} published · ${grouped(numbers.acted)} acted · ` +
        `${grouped(numbers.suppressed)} suppressed · ${alarm(failed, numbers.failed)}`,
    ),
    row('Service', `${heading(grouped(numbers.cases))} Cases for ${numbers.faults} faults so far`),
    ...shot.cases.map(({ number, priority, subject }) =>
      row('', quiet(`${number}  ${priority.padEnd(6)}  ${subject}`)),
    ),
    '',
    ...drawFaults(shot),
    '',
    row('Org', around.instanceUrl),
    row('Bridge', `${around.bridgeUrl}/metrics  ${around.bridgeUrl}/readyz`),
    row('Broker', around.brokerUrl),
    row('Logs', around.logs),
    '',
    `  ${quiet(around.hint)}`,
  ];
  return lines.map((line) => fit(line, columns)).join('\n');
}

const alarm = (text: string, value: number): string =>
  value === 0 ? text : styleText('yellow', text);

function drawFaults({ faults, storm }: Snapshot): string[] {
  const shown = faults
    .slice(0, FAULT_LINES)
    .map(
      ({ fault, secondsLeft }) =>
        `${fault.fault.padEnd(14)}${fault.device.padEnd(18)}${quiet(`${Math.ceil(secondsLeft)} s left`)}`,
    );
  if (faults.length > FAULT_LINES) shown.push(quiet(`and ${faults.length - FAULT_LINES} more`));
  if (storm !== undefined) {
    shown.push(`${'message storm'.padEnd(14)}${storm.padEnd(18)}${quiet('must open no Case')}`);
  }
  if (shown.length === 0) shown.push(quiet('none'));
  return shown.map((text, index) => row(index === 0 ? 'Faults now' : '', text));
}

// oxlint-disable-next-line no-control-regex -- the escape character begins every colour
const COLOUR = /\u001b\[[0-9;]*m/g;

/** Cuts a line that is too long; such a line loses its colours. */
function fit(line: string, columns: number): string {
  const plain = line.replace(COLOUR, '');
  return plain.length <= columns ? line : `${plain.slice(0, Math.max(1, columns - 1))}…`;
}

/** The same in one line, for a log or a pipe. */
export function drawLine(shot: Snapshot): string {
  const { numbers } = shot;
  const rate = (shot.rates.at(-1) ?? 0).toFixed(0);
  const faults = shot.faults.map(({ fault }) => `${fault.fault} ${fault.device}`);
  if (shot.storm !== undefined) faults.unshift(`storm ${shot.storm}`);
  const more = faults.length > FAULT_LINES ? ` and ${faults.length - FAULT_LINES} more` : '';
  return (
    `[${clock(shot.elapsedSeconds)}] ${rate} readings/s, ${numbers.readings} logged, ` +
    `${numbers.quarantined} quarantined | ${numbers.opened} opened ${numbers.updated} updated ` +
    `${numbers.cleared} cleared | ${numbers.published} published ${numbers.acted} acted ` +
    `${numbers.suppressed} suppressed ${numbers.failed} failed | ${numbers.cases} Cases` +
    (faults.length === 0 ? '' : ` | now: ${faults.slice(0, FAULT_LINES).join(', ')}${more}`)
  );
}
