import { labels } from 'c/signalLabels';
import { nearestIndex } from 'c/signalSeries';
import { valueText, timeText } from 'c/signalText';

/* How far from the pointer, as a share of what is shown, a reading still counts as being there. */
const REACH = 0.02;

/**
 * What the lines of one laid out chart say at `at` (ms), or with their newest values when that is
 * undefined: for each line its words, and where it has a value the point to mark.
 */
export function readChart(chart, at, { shown, width, styles }) {
  const reach = (shown.to - shown.from) * REACH;
  return chart.series.map((series) => {
    const index = at === undefined ? newest(series) : nearestIndex(series, at, reach);
    const has = index >= 0;
    const style = styles.get(series.device);
    return {
      key: series.key,
      device: series.device,
      textClass: has ? 'reading' : 'reading reading_none',
      text: has ? valueText(series.y[index], series.unit) : labels.noValue,
      swatchClass: `line line_${style}`,
      dotClass: `dot dot_${style}`,
      hasDot: has && at !== undefined,
      x: has ? ((series.t[index] - shown.from) / (shown.to - shown.from)) * width : undefined,
      y: has ? chart.toY(series.y[index]) : undefined,
    };
  });
}

/** The same in one sentence for screen readers. */
export function readAloud(rows, at) {
  const parts = rows.flatMap(({ metric, legend }) =>
    legend.map(({ device, text }) => `${metric}, ${device}: ${text}`),
  );
  return `${timeText(at)}. ${parts.join('. ')}`;
}

function newest({ y }) {
  let index = y.length - 1;
  while (index >= 0 && Number.isNaN(y[index])) index -= 1;
  return index;
}
