import { LightningElement, api } from 'lwc';
import { fill, labels } from 'c/signalLabels';
import { timeText } from 'c/signalText';
import { FramePainter } from 'c/signalTiming';
import { EVERYTHING, panned, windowOf, zoomed } from './domain';
import { Gestures } from './gestures';
import { keyAction } from './keys';
import {
  AXIS_HEIGHT,
  chartHeight,
  deviceStyles,
  GUTTER,
  layoutAxis,
  layoutChart,
  MARGIN,
} from './layout';
import { layoutMarks } from './marks';
import { readAloud, readChart } from './readout';

const FIRST_WIDTH = 640;
const ZOOM_STEP = 0.6;
const PAN_SHARE = 0.25;
/* Presses of an arrow key from one end to the other. */
const READING_STEPS = 60;

/** Time series as small charts one below the other on one time axis; pans, zooms and reads out. */
export default class SignalTelemetryChart extends LightningElement {
  labels = labels;
  gutter = GUTTER;
  labelEnd = GUTTER - 6;
  axisHeight = AXIS_HEIGHT;
  picture;
  cursor;
  spoken;
  note;
  isFocused = false;
  _charts = [];
  _markers = [];
  _from = 0;
  _to = 1;
  _width = FIRST_WIDTH;
  _look = EVERYTHING;
  _painter = new FramePainter(() => this.paint());
  _observer;
  _gestures = new Gestures({
    pan: (px) => this.look(panned(this._look, this._from, this._to, px * this.msPerPixel)),
    zoom: (factor, x) => this.zoomBy(factor, this.momentAt(x)),
    hover: (x) => this.pointTo(this.momentAt(x)),
  });

  /** One chart each: `{ metric, series }`, the series as decodeSeries of c/signalSeries gives them. */
  @api
  get charts() {
    return this._charts;
  }

  set charts(value) {
    this._charts = value ?? [];
    this._painter.request();
  }

  /** Signals: `{ key, severity, title, metric, baseline, from, to }` in ms; `to` undefined while open. */
  @api
  get markers() {
    return this._markers;
  }

  set markers(value) {
    this._markers = value ?? [];
    this._painter.request();
  }

  /** First moment of the time axis (ms). */
  @api
  get from() {
    return this._from;
  }

  set from(value) {
    this._from = value;
    this._painter.request();
  }

  /** Last moment of the time axis (ms). */
  @api
  get to() {
    return this._to;
  }

  set to(value) {
    this._to = value;
    this._painter.request();
  }

  get shown() {
    return windowOf(this._look, this._from, this._to);
  }

  get msPerPixel() {
    return (this.shown.to - this.shown.from) / this.plotWidth;
  }

  get plotWidth() {
    return Math.max(this._width - GUTTER - MARGIN, 50);
  }

  get isEverything() {
    return this._look === EVERYTHING;
  }

  get rows() {
    return this.picture.charts.map((chart) => {
      const legend = readChart(chart, this.cursor, this.picture);
      return { ...chart, legend, dots: legend.filter(({ hasDot }) => hasDot) };
    });
  }

  get hasMarks() {
    return this.picture.marks.length > 0;
  }

  get cursorX() {
    if (this.cursor === undefined) return undefined;
    const { shown, width } = this.picture;
    return ((this.cursor - shown.from) / (shown.to - shown.from)) * width;
  }

  get hasCursor() {
    return this.cursorX >= 0 && this.cursorX <= this.picture.width;
  }

  get cursorText() {
    return timeText(this.cursor);
  }

  get cursorStyle() {
    return `left: ${Math.round(this.cursorX)}px`;
  }

  get name() {
    const metrics = this._charts.map(({ metric }) => metric).join(', ');
    return fill(labels.chartName, metrics, timeText(this.shown.from), timeText(this.shown.to));
  }

  renderedCallback() {
    if (this._observer || typeof ResizeObserver === 'undefined') return;
    this._observer = new ResizeObserver(([{ contentRect }]) => {
      this._width = contentRect.width;
      this._painter.request();
    });
    this._observer.observe(this.refs.frame);
  }

  disconnectedCallback() {
    this._painter.cancel();
    this._observer?.disconnect();
    this._observer = undefined;
  }

  paint() {
    const { shown, plotWidth: width } = this;
    const height = chartHeight(this._charts.length);
    const frame = { shown, width, height, styles: deviceStyles(this._charts) };
    this.picture = {
      ...frame,
      fullWidth: width + GUTTER + MARGIN,
      charts: this._charts.map((chart) => layoutChart(chart, this._markers, frame)),
      axis: layoutAxis(shown, width),
      marks: layoutMarks(this._markers, shown, width),
    };
  }

  look(look) {
    this._look = look;
    this._painter.request();
  }

  zoomBy(factor, at) {
    this.look(zoomed(this._look, this._from, this._to, factor, at));
  }

  panBy(share) {
    const { from, to } = this.shown;
    this.look(panned(this._look, this._from, this._to, (to - from) * share));
  }

  momentAt(x) {
    return this.shown.from + x * this.msPerPixel;
  }

  pointTo(at) {
    const { from, to } = this.shown;
    this.cursor = at === undefined ? undefined : Math.min(Math.max(at, from), to);
  }

  handlePointerDown(event) {
    this._gestures.down(event, this.xOf(event));
  }

  handlePointerMove(event) {
    this._gestures.move(event, this.xOf(event));
  }

  handlePointerUp(event) {
    this._gestures.up(event);
  }

  handlePointerLeave() {
    this.pointTo(undefined);
  }

  handleWheel(event) {
    this._gestures.wheel(event, this.xOf(event), this.isFocused);
  }

  handleFocus() {
    this.isFocused = true;
  }

  handleBlur() {
    this.isFocused = false;
    this.spoken = undefined;
    this.pointTo(undefined);
  }

  handleKey(event) {
    const act = keyAction(event);
    if (!act) return;
    event.preventDefault();
    act(this);
  }

  handleZoomIn() {
    this.zoomIn();
  }

  handleZoomOut() {
    this.zoomOut();
  }

  handleEarlier() {
    this.panBy(-PAN_SHARE);
  }

  handleLater() {
    this.panBy(PAN_SHARE);
  }

  handleReset() {
    this.look(EVERYTHING);
  }

  handleMark({ currentTarget }) {
    const mark = this.picture.marks.find(({ key }) => key === currentTarget.dataset.key);
    this.note = mark.text;
    this.pointTo(mark.at);
  }

  handleMarkLeave() {
    this.note = undefined;
    this.pointTo(undefined);
  }

  zoomIn() {
    this.zoomBy(ZOOM_STEP, this.middle);
  }

  zoomOut() {
    this.zoomBy(1 / ZOOM_STEP, this.middle);
  }

  readNext(steps) {
    const { from, to } = this.shown;
    const at = this.cursor ?? to;
    this.pointTo(at + ((to - from) / READING_STEPS) * steps);
    this.speak();
  }

  readEdge(edge) {
    this.pointTo(this.shown[edge]);
    this.speak();
  }

  speak() {
    this.spoken = readAloud(this.rows, this.cursor);
  }

  get middle() {
    const { from, to } = this.shown;
    return this.cursor ?? (from + to) / 2;
  }

  xOf(event) {
    return event.clientX - event.currentTarget.getBoundingClientRect().left - GUTTER;
  }
}
