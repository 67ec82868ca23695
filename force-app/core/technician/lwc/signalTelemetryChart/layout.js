import { linePath, niceScale, timeTicks } from 'c/signalSeries';
import { severityLooks } from 'c/signalShapes';
import { numberText, shortTimeText, timeText } from 'c/signalText';

/** Room for the numbers of the value axis, and for half a time label at the end, in pixels. */
export const GUTTER = 52;
export const MARGIN = 12;
/** Height of the time axis in pixels. */
export const AXIS_HEIGHT = 22;
const TIME_LABEL_WIDTH = 90;
const VALUE_LABEL_HEIGHT = 36;
/* The fewer charts, the taller each: the whole stays about as high as a screen has room for. */
const HEIGHTS = [220, 150, 120, 100];
const STYLES = 6;

/** Height in pixels of each of `count` charts. */
export function chartHeight(count) {
  return HEIGHTS[Math.min(count, HEIGHTS.length) - 1];
}

/** The style (1 … 6: colour and dashes) of each device, the same in all charts. */
export function deviceStyles(charts) {
  const devices = charts.flatMap(({ series }) => series.map(({ device }) => device));
  const names = [...new Set(devices)].sort();
  return new Map(names.map((name, index) => [name, (index % STYLES) + 1]));
}

/** Everything to draw of one chart in `shown` (ms): lines, value axis, bands and limits of its signals. */
export function layoutChart({ metric, series }, markers, { shown, width, height, styles }) {
  const marks = markers.filter((marker) => !marker.metric || marker.metric === metric);
  const own = marks.filter((marker) => marker.metric && marker.baseline !== undefined);
  const values = series
    .filter(({ min }) => min !== undefined)
    .flatMap(({ min, max }) => [min, max]);
  const all = [...values, ...own.map(({ baseline }) => baseline)];
  const most = Math.max(2, Math.floor(height / VALUE_LABEL_HEIGHT));
  const scale =
    all.length > 0 ? niceScale(Math.min(...all), Math.max(...all), most) : niceScale(0, 1, most);
  const box = { ...shown, low: scale.low, high: scale.high, width, height };
  const toY = (value) => ((scale.high - value) / (scale.high - scale.low)) * height;
  const toX = (at) => ((at - shown.from) / (shown.to - shown.from)) * width;
  const spanOf = ({ from, to }) => {
    const start = clamp(toX(from), -1, width + 1);
    return { x: start, width: Math.max(clamp(toX(to ?? shown.to), -1, width + 1) - start, 1) };
  };
  return {
    metric,
    unit: series.find(({ unit }) => unit)?.unit,
    series,
    toY,
    ticks: scale.ticks.map((value) => ({ key: value, y: toY(value), label: numberText(value) })),
    bands: marks.map((marker) => ({
      key: marker.key,
      className: `band band_${severityLooks(marker.severity).className}`,
      ...spanOf(marker),
    })),
    limits: own.map((marker) => {
      const { x, width: length } = spanOf(marker);
      return { key: marker.key, x1: x, x2: x + length, y: toY(marker.baseline) };
    }),
    lines: series.map((one) => ({
      key: one.key,
      className: `line line_${styles.get(one.device)}`,
      d: linePath(one, box),
    })),
  };
}

/** Labels and grid of the time axis for `shown` (ms) over `width` pixels. */
export function layoutAxis(shown, width) {
  const { ticks, step } = timeTicks(shown.from, shown.to, Math.max(2, width / TIME_LABEL_WIDTH));
  const text = step < 60_000 ? timeText : shortTimeText;
  return ticks.map((at) => ({
    key: at,
    x: ((at - shown.from) / (shown.to - shown.from)) * width,
    label: text(at),
  }));
}

function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}
