import { stripVTControlCharacters, styleText } from 'node:util';

import type { Snapshot, Surroundings } from './snapshot.ts';
import { counted, grouped } from './wording.ts';

const BARS = '▁▂▃▄▅▆▇█';
const LABEL_WIDTH = 14;
const DEVICE_WIDTH = 16;
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

const clock = (seconds: number): string => {
  const whole = Math.floor(seconds);
  const rest = String(whole % 60).padStart(2, '0');
  return `${Math.floor(whole / 60)}:${rest}`;
};

const heading = (text: string): string => styleText('bold', text);
const quiet = (text: string): string => styleText('dim', text);
const row = (label: string, text: string): string =>
  `  ${styleText('cyan', label.padEnd(LABEL_WIDTH))}${text}`;

/** The whole screen; every line fits into `columns`, and no number is cut off. */
export function drawPicture(shot: Snapshot, around: Surroundings, columns: number): string {
  const { numbers } = shot;
  const rate = shot.rates.at(-1) ?? 0;
  const bars = sparkline(shot.rates.slice(-Math.max(10, Math.min(40, columns - 44))));
  const quarantined = `${grouped(numbers.quarantined)} quarantined`;
  const failed = `${grouped(numbers.failed)} failed`;
  const rows = (label: string, parts: readonly string[], gap = ' · '): string[] =>
    wrap(parts, gap, columns - LABEL_WIDTH - 2).map((line, index) =>
      row(index === 0 ? label : '', line),
    );
  const lines = [
    `${heading('Asset Signals')}  ${quiet(`${around.title} · ${clock(shot.elapsedSeconds)}`)}`,
    '',
    row('Readings', `${rate.toFixed(0).padStart(5)} /s  ${styleText('green', bars)}`),
    ...rows('', [
      `${grouped(numbers.readings)} in the log`,
      alarm(quarantined, numbers.quarantined),
    ]),
    ...rows('Signals', [
      `${grouped(numbers.opened)} opened`,
      `${grouped(numbers.updated)} updated`,
      `${grouped(numbers.cleared)} cleared`,
    ]),
    ...rows('Salesforce', [
      `${grouped(numbers.published)} published`,
      `${grouped(numbers.acted)} acted`,
      `${grouped(numbers.suppressed)} suppressed`,
      alarm(failed, numbers.failed),
    ]),
    row(
      'Service',
      `${heading(counted(numbers.cases, 'Case'))} for ${counted(numbers.faults, 'fault')} so far`,
    ),
    ...shot.cases.map(({ number, priority, subject }) =>
      row('', quiet(`${number}  ${priority.padEnd(6)}  ${subject}`)),
    ),
    '',
    ...drawFaults(shot),
    '',
    row('Org', around.instanceUrl),
    ...rows('Asset page', assetPage(shot, around), '  '),
    ...rows('Bridge', [`${around.bridgeUrl}/metrics`, `${around.bridgeUrl}/readyz`], '  '),
    row('Broker', around.brokerUrl),
    row('Logs', around.logs),
    '',
    ...wrap(around.hints, ' · ', columns - 2).map((line) => `  ${quiet(line)}`),
  ];
  return lines.map((line) => fit(line, columns)).join('\n');
}

/** The parts in as few lines as they fit into, with the gap between the parts of a line. */
function wrap(parts: readonly string[], gap: string, width: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const longer = `${lines.at(-1)}${gap}${part}`;
    if (lines.length > 0 && stripVTControlCharacters(longer).length <= width)
      lines.splice(-1, 1, longer);
    else lines.push(part);
  }
  return lines;
}

const alarm = (text: string, value: number): string =>
  value === 0 ? text : styleText('yellow', text);

/** The page worth opening now: of the equipment that broke last, or else of the first. */
function assetPage({ faults }: Snapshot, { assets, instanceUrl }: Surroundings): string[] {
  const [first] = assets.keys();
  const device = faults.at(-1)?.fault.device ?? first;
  const asset = device === undefined ? undefined : assets.get(device);
  if (device === undefined || asset === undefined) return [];
  return [`${instanceUrl}/${asset}`, quiet(device)];
}

function drawFaults({ faults, storm }: Snapshot): string[] {
  const shown = faults
    .slice(0, FAULT_LINES)
    .map(
      ({ fault, secondsLeft }) =>
        `${fault.fault.padEnd(14)}${fault.device.padEnd(DEVICE_WIDTH)}${quiet(`${Math.ceil(secondsLeft)} s left`)}`,
    );
  if (faults.length > FAULT_LINES) shown.push(quiet(`and ${faults.length - FAULT_LINES} more`));
  if (storm !== undefined) {
    shown.push(
      `${'message storm'.padEnd(14)}${storm.padEnd(DEVICE_WIDTH)}${quiet('opens no Case')}`,
    );
  }
  if (shown.length === 0) shown.push(quiet('none'));
  return shown.map((text, index) => row(index === 0 ? 'Faults now' : '', text));
}

/** Cuts a line that is too long; such a line loses its colours. */
function fit(line: string, columns: number): string {
  const plain = stripVTControlCharacters(line);
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
    `${numbers.suppressed} suppressed ${numbers.failed} failed | ${counted(numbers.cases, 'Case')}` +
    (faults.length === 0 ? '' : ` | now: ${faults.slice(0, FAULT_LINES).join(', ')}${more}`)
  );
}
