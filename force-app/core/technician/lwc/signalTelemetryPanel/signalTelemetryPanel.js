import { LightningElement, api } from 'lwc';
import { toEpisodes } from 'c/signalEpisodes';
import { fill, labels } from 'c/signalLabels';
import { relativeText, zoneText } from 'c/signalText';
import { firstMetrics, RANGES } from './choices';

let panels = 0;

/** The readings of an answer as a chart or a table, with the choice of range and metrics and a pause. */
export default class SignalTelemetryPanel extends LightningElement {
  /** The bridge's answer: `telemetry` as decodeSeries reads it, `lastReadingAt` in ms. */
  @api answer;
  /** Edges of the asset's signal rows; undefined while unknown. */
  @api signals = [];
  /** Minutes shown, as text: 5, 15 or 60. */
  @api range;
  /** Names of the metrics the person chose; empty before they chose any. */
  @api chosen = [];
  /** Whether the chart stands still. */
  @api paused = false;
  /** Whether nothing new has come for so long that the chart cannot be called live. */
  @api stale = false;
  /** Milliseconds since 1970 UTC that relative times are counted from. */
  @api now;

  labels = labels;
  ranges = RANGES;
  /* Radio buttons of one name are one group on the whole page, which the record action shows a second panel on. */
  rangeName = `range-${(panels += 1)}`;
  isTable = false;
  isNoneChosen = false;

  get telemetry() {
    return this.answer.telemetry;
  }

  /* No earlier than the answer reaches: before the answer to a wider range, or after another tab of the same
     person chose a narrower one, there would seem to be no readings where nobody has looked for them. */
  get from() {
    return Math.max(this.telemetry.from, this.to - Number(this.range) * 60_000);
  }

  get to() {
    return this.telemetry.to;
  }

  get episodes() {
    return toEpisodes(this.signals ?? []);
  }

  get shownMetrics() {
    if (this.isNoneChosen) return [];
    const { metrics } = this.telemetry;
    const chosen = metrics.filter((name) => this.chosen.includes(name));
    if (chosen.length > 0) return chosen;
    return firstMetrics(metrics, this.signalled);
  }

  /* Metrics that an open signal is about. */
  get signalled() {
    return new Set(this.episodes.filter(({ isOpen }) => isOpen).map(({ metric }) => metric));
  }

  get metricOptions() {
    const shown = new Set(this.shownMetrics);
    return this.telemetry.metrics.map((name) => ({
      name,
      isOn: shown.has(name),
      pressed: String(shown.has(name)),
      className: shown.has(name) ? 'chip chip_on' : 'chip',
    }));
  }

  get hasMetricChoice() {
    return this.telemetry.metrics.length > 1;
  }

  get charts() {
    const signalled = this.signalled;
    const others = this.shownMetrics.filter((metric) => !signalled.has(metric));
    const troubled = this.shownMetrics.filter((metric) => signalled.has(metric));
    // Trouble first: on a phone only the first chart is in view.
    return [...troubled, ...others].map((metric) => ({
      metric,
      series: this.telemetry.series.filter((one) => one.metric === metric),
    }));
  }

  get hasCharts() {
    return this.shownMetrics.length > 0;
  }

  get markers() {
    return this.episodes
      .filter(({ firstAt, clearedAt }) => firstAt <= this.to && (clearedAt ?? this.to) >= this.from)
      .map(({ key, severity, title, metric, baseline, firstAt, clearedAt, isOpen }) => ({
        key,
        severity,
        title,
        metric,
        baseline,
        from: firstAt,
        to: clearedAt,
        isOpen,
      }));
  }

  get hasLiveWord() {
    return this.paused || !this.stale;
  }

  get liveWord() {
    return this.paused ? labels.paused : labels.live;
  }

  get liveClass() {
    return this.paused ? 'live live_paused' : 'live';
  }

  get pauseLabel() {
    return this.paused ? labels.resume : labels.pause;
  }

  get pauseIcon() {
    return this.paused ? 'utility:play' : 'utility:pause';
  }

  get viewLabel() {
    return this.isTable ? labels.showChart : labels.showTable;
  }

  get viewIcon() {
    return this.isTable ? 'utility:line_chart' : 'utility:table';
  }

  get lastReading() {
    const at = this.answer.lastReadingAt;
    return at === undefined
      ? undefined
      : fill(labels.lastReading, relativeText(Math.min(at, this.now), this.now));
  }

  get zone() {
    return fill(labels.timesIn, zoneText(this.to));
  }

  handleRange({ detail }) {
    this.choose(detail.value, this.chosen);
  }

  handleMetric({ currentTarget }) {
    const { name } = currentTarget.dataset;
    const shown = new Set(this.shownMetrics);
    if (!shown.delete(name)) shown.add(name);
    this.isNoneChosen = shown.size === 0;
    const chosen = this.telemetry.metrics.filter((metric) => shown.has(metric));
    if (!this.isNoneChosen) this.choose(this.range, chosen);
  }

  handlePause() {
    this.dispatchEvent(new CustomEvent('pause'));
  }

  handleView() {
    this.isTable = !this.isTable;
  }

  choose(range, chosen) {
    this.dispatchEvent(new CustomEvent('choose', { detail: { range, chosen } }));
  }
}
