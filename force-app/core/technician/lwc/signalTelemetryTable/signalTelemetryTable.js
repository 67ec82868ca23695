import { LightningElement, api } from 'lwc';
import { fill, labels } from 'c/signalLabels';
import { rangesPerStep } from 'c/signalSeries';
import { numberText, timeText } from 'c/signalText';

/* As many rows as one can read: 5 minutes make steps of 10 s, 15 minutes of 30 s, an hour of 2 min. */
const ROWS = 30;

/** The readings of the charts as a table, newest first: lowest to highest value of each step of time. */
export default class SignalTelemetryTable extends LightningElement {
  /** One chart each: `{ metric, series }`, the series as decodeSeries of c/signalSeries gives them. */
  @api charts = [];
  /** First moment (ms). */
  @api from;
  /** Last moment (ms). */
  @api to;

  labels = labels;

  get caption() {
    return fill(labels.tableCaption, timeText(this.from), timeText(this.to));
  }

  get columns() {
    return this.charts
      .flatMap(({ series }) => series)
      .map(({ key, metric, unit, device }) => ({
        key,
        title: unit ? `${metric} (${unit})` : metric,
        device,
      }));
  }

  get rows() {
    const step = (this.to - this.from) / ROWS;
    const series = this.charts.flatMap((chart) => chart.series);
    const ranges = series.map((one) => rangesPerStep(one, this.from, this.to, step));
    return Array.from({ length: ROWS }, (_, row) => {
      const at = this.from + row * step;
      return {
        key: row,
        time: timeText(at),
        cells: series.map(({ key }, column) => ({ key, text: rangeText(ranges[column][row]) })),
      };
    }).reverse();
  }
}

function rangeText(range) {
  if (range === undefined) return labels.noValue;
  const { min, max } = range;
  return min === max ? numberText(min) : `${numberText(min)} – ${numberText(max)}`;
}
