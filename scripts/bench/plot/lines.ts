import { COLOURS, drawing, line, round, text, WIDTH } from './svg.ts';

export interface Series {
  readonly label: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Axes {
  readonly x: string;
  readonly y: string;
  /** A horizontal mark, a goal say. */
  readonly marks?: readonly { readonly label: string; readonly y: number }[];
}

const MARK = '#2e844a';
const LEFT = 60;
const RIGHT = 150;
const TOP = 40;
const HEIGHT = 340;
const BOTTOM = 40;
/** Labels below the axis that would come closer are left out. */
const LABEL_WIDTH = 50;
/** Labels at the ends of lines that would come closer are moved apart. */
const LABEL_HEIGHT = 16;
const inShort = new Intl.NumberFormat('en-US', { notation: 'compact' });

/** Lines over a linear x axis and a logarithmic y axis, for times that span decades. */
export function drawLines(title: string, axes: Axes, series: readonly Series[]): string {
  const points = series.flatMap((one) => one.points);
  const heights = [...points.map(([, y]) => y), ...(axes.marks ?? []).map(({ y }) => y)];
  const low = Math.floor(Math.log10(Math.min(...heights)));
  const high = Math.max(Math.ceil(Math.log10(Math.max(...heights))), low + 1);
  const right = Math.max(...points.map(([x]) => x));
  const toX = (x: number): number => LEFT + (x / right) * (WIDTH - LEFT - RIGHT);
  const toY = (y: number): number =>
    HEIGHT - BOTTOM - ((Math.log10(y) - low) / (high - low)) * (HEIGHT - BOTTOM - TOP);
  const grid: string[] = [];
  for (let power = low; power <= high; power += 1) {
    const y = toY(10 ** power);
    const label = inShort.format(Number((10 ** power).toPrecision(1)));
    grid.push(line(LEFT, y, WIDTH - RIGHT, y), text(LEFT - 8, y + 4, label, 'text-anchor="end"'));
  }
  let labelled = Number.NEGATIVE_INFINITY;
  for (const x of [...new Set(points.map(([at]) => at))].toSorted((a, b) => a - b)) {
    if (toX(x) - labelled < LABEL_WIDTH) continue;
    labelled = toX(x);
    const label = x.toLocaleString('en-US');
    grid.push(text(toX(x), HEIGHT - BOTTOM + 18, label, 'text-anchor="middle"'));
  }
  grid.push(text(LEFT, HEIGHT - 4, axes.x), text(8, HEIGHT - BOTTOM + 18, axes.y));
  const marks = (axes.marks ?? []).map(
    ({ y }) =>
      `<line x1="${LEFT}" y1="${round(toY(y))}" x2="${WIDTH - RIGHT}" y2="${round(toY(y))}" stroke="${MARK}" stroke-dasharray="5 4"/>`,
  );
  const ends: End[] = (axes.marks ?? []).map(({ label, y }) => {
    return { label, x: WIDTH - RIGHT, y: toY(y), colour: MARK };
  });
  const lines = series.map(({ label, points: own }, index) => {
    const colour = COLOURS[index % COLOURS.length] ?? MARK;
    const path = own.map(([x, y]) => `${round(toX(x))},${round(toY(y))}`).join(' ');
    const [lastX, lastY] = own.at(-1) ?? [0, 1];
    ends.push({ label, x: toX(lastX), y: toY(lastY), colour });
    return (
      `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${path}"/>` +
      own
        .map(
          ([x, y]) =>
            `<circle cx="${round(toX(x))}" cy="${round(toY(y))}" r="3" fill="${colour}"/>`,
        )
        .join('')
    );
  });
  const labels = moveApart(ends).map(({ label, x, y, colour }) => {
    return text(x + 8, y + 4, label, `style="fill:${colour}"`);
  });
  return drawing(title, HEIGHT, [...grid, ...marks, ...lines, ...labels]);
}

interface End {
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly colour: string;
}

/** From the top down: each keeps its place where there is room below the one before. */
function moveApart(ends: readonly End[]): End[] {
  let free = Number.NEGATIVE_INFINITY;
  return ends
    .toSorted((a, b) => a.y - b.y)
    .map((end) => {
      const y = Math.max(end.y, free);
      free = y + LABEL_HEIGHT;
      return { ...end, y };
    });
}
