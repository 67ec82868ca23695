import { fill, labels } from 'c/signalLabels';
import { linePath, paddedScale, timeTicks } from 'c/signalSeries';
import { severityLooks } from 'c/signalShapes';
import { axisTexts, numberText, shortTimeText, timeText } from 'c/signalText';

/** Room for the numbers of the value axis, and for half a time label at the end, in pixels. */
export const GUTTER = 48;
export const MARGIN = 12;
/* Width of a time label with air: hours and minutes, and with seconds. */
const TIME_LABEL_WIDTH = 76;
const SECONDS_LABEL_WIDTH = 104;
const VALUE_LABEL_HEIGHT = 30;
/* The fewer charts, the taller each: the whole stays about as high as a screen has room for. */
const HEIGHTS = [220, 150, 112, 92];
const STYLES = 6;
const MINUTE_MS = 60_000;
/* More values than this beside the name of a metric say nothing. */
const LIMIT_VALUES = 2;

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
  const limits = marks.filter(({ metric: own, baseline }) => own && baseline !== undefined);
  const scale = scaleOf(series, limits, height);
  const toY = (value) => ((scale.high - value) / (scale.high - scale.low)) * height;
  const toX = (at) => ((at - shown.from) / (shown.to - shown.from)) * width;
  const texts = axisTexts(scale.ticks);
  const box = { ...shown, ...scale, width, height };
  return {
    metric,
    series,
    toY,
    ticks: scale.ticks.map((value, index) => ({ key: value, y: toY(value), label: texts[index] })),
    bands: [...marks].sort(worstLast).map((marker) => ({
      key: marker.key,
      className: `band band_${severityLooks(marker.severity).className}`,
      ...stretch(marker, toX, width),
    })),
    limits: limitLines(limits, toX, width).map(({ baseline, ...line }) => ({
      key: baseline,
      y: toY(baseline),
      ...line,
    })),
    limitText: limitText(limits),
    lines: series.map((one) => ({
      key: one.key,
      className: `line line_${styles.get(one.device)}`,
      d: linePath(one, box),
    })),
  };
}

/** Labels and grid of the time axis for `shown` (ms) over `width` pixels. */
export function layoutAxis(shown, width) {
  const axisOf = (labelWidth) => timeTicks(shown.from, shown.to, Math.max(2, width / labelWidth));
  const minutes = axisOf(TIME_LABEL_WIDTH);
  const isFine = minutes.step < MINUTE_MS;
  const { ticks } = isFine ? axisOf(SECONDS_LABEL_WIDTH) : minutes;
  const text = isFine ? timeText : shortTimeText;
  const half = (isFine ? SECONDS_LABEL_WIDTH : TIME_LABEL_WIDTH) / 2;
  return ticks.map((at) => {
    const x = ((at - shown.from) / (shown.to - shown.from)) * width;
    // A label that would be cut off says less than none.
    const fits = x >= half - GUTTER && x <= width + MARGIN - half;
    return { key: at, x, label: fits ? text(at) : '' };
  });
}

function scaleOf(series, limits, height) {
  const values = series.flatMap(({ min, max }) => [min, max]);
  const all = [...values, ...limits.map(({ baseline }) => baseline)].filter((v) => v !== undefined);
  const most = Math.max(2, Math.floor(height / VALUE_LABEL_HEIGHT));
  if (all.length === 0) return { ...paddedScale(0, 1, most), ticks: [] };
  return paddedScale(Math.min(...all), Math.max(...all), most);
}

function worstLast(a, b) {
  return severityLooks(b.severity).rank - severityLooks(a.severity).rank;
}

/* From where to where a signal lasts, drawn a little over the edges when it began or ends out of sight. */
function stretch({ from, to }, toX, width) {
  const clamp = (x) => Math.min(Math.max(x, -2), width + 2);
  const x = clamp(toX(from));
  const end = to === undefined ? width + 2 : clamp(toX(to));
  return { x, end, width: Math.max(end - x, 1) };
}

/* One line for all signals with the same limit, as long as the longest of them together. */
function limitLines(limits, toX, width) {
  const lines = new Map();
  for (const marker of limits) {
    const { x, end } = stretch(marker, toX, width);
    const line = lines.get(marker.baseline) ?? { baseline: marker.baseline, x, end };
    line.x = Math.min(line.x, x);
    line.end = Math.max(line.end, end);
    lines.set(marker.baseline, line);
  }
  return [...lines.values()];
}

function limitText(limits) {
  const values = [...new Set(limits.map(({ baseline }) => numberText(baseline)))];
  if (values.length === 0 || values.length > LIMIT_VALUES) return undefined;
  return fill(labels.limit, values.join(', '));
}
