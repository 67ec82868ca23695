import { COLOURS, drawing, line, MUTED, round, text, WIDTH } from './svg.ts';

export interface Bar {
  readonly label: string;
  readonly value: number;
  /** The single measurements; drawn as dots. */
  readonly dots?: readonly number[];
  /** Drawn in grey: something to compare with. */
  readonly muted?: boolean;
  /** As it is written beside the bar. */
  readonly shown: string;
}

const LEFT = 150;
const RIGHT = 110;
/** Of a text of the drawing, rather too much. */
const LETTER = 7.4;
const ROW = 34;
const TOP = 34;

/** Horizontal bars from 0, the longest as wide as the drawing leaves beside its texts; the same label has the same colour. */
export function drawBars(title: string, bars: readonly Bar[]): string {
  const right = Math.max(RIGHT, ...bars.map(({ shown }) => 16 + shown.length * LETTER));
  const most = Math.max(...bars.flatMap(({ value, dots = [] }) => [value, ...dots]), 1e-9);
  const x = (value: number): number => LEFT + (value / most) * (WIDTH - LEFT - right);
  const labels = [...new Set(bars.map(({ label }) => label))];
  const rows = bars.flatMap(({ label, value, dots = [], muted = false, shown }, index) => {
    const y = TOP + index * ROW;
    const colour = muted ? MUTED : COLOURS[labels.indexOf(label) % COLOURS.length];
    return [
      text(LEFT - 8, y + 17, label, 'text-anchor="end"'),
      `<rect x="${LEFT}" y="${y + 3}" width="${round(x(value) - LEFT)}" height="20" fill="${colour}"/>`,
      ...dots.map(
        (dot) =>
          `<circle cx="${round(x(dot))}" cy="${y + 13}" r="3" fill="#fff" stroke="#24292f"/>`,
      ),
      text(Math.max(x(value), ...dots.map(x)) + 8, y + 17, shown),
    ];
  });
  const height = TOP + bars.length * ROW + 8;
  return drawing(title, height, [line(LEFT, TOP, LEFT, height - 8), ...rows]);
}
