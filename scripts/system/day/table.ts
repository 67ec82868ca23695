import type { Line } from './line.ts';

/** Of what is wrong in a line, this much is shown; the rest is counted. */
const EXAMPLES = 5;
const whole = (value: number): string => value.toLocaleString('en-US');

/** The accounting as people like to read it: one line each, and under a wrong one what is wrong. */
export function tableOf(lines: readonly Line[]): string {
  const width = Math.max(...lines.map(({ what }) => what.length));
  let part = '';
  return lines
    .flatMap((line) => {
      const head = line.part === part ? [] : ['', heading(line.part, width)];
      part = line.part;
      const { what, expected, counted, wrong } = line;
      const numbers = [expected, counted].map((value) => whole(value).padStart(9)).join('');
      const mark = wrong.length === 0 ? 'ok' : 'WRONG';
      const more = wrong.length - EXAMPLES;
      return [
        ...head,
        `  ${what.padEnd(width)} ${numbers}  ${mark}`,
        ...wrong.slice(0, EXAMPLES).map((one) => `      ${one}`),
        ...(more > 0 ? [`      … and ${more} more`] : []),
      ];
    })
    .join('\n');
}

const heading = (part: string, width: number): string =>
  `${(part.charAt(0).toUpperCase() + part.slice(1)).padEnd(width + 2)} ${'expected'.padStart(9)}${'counted'.padStart(9)}`;
