import { LightningElement, api } from 'lwc';
import { fill, labels } from 'c/signalLabels';
import { timeText } from 'c/signalText';
import { FramePainter } from 'c/signalTiming';
import { Viewport } from './domain';
import { Gestures } from './gestures';
import { commandOf } from './keys';
import { chartHeight, deviceStyles, GUTTER, layoutAxis, layoutChart, MARGIN } from './layout';
import { layoutMarks } from './marks';
import { readAloud, readChart } from './readout';

const FIRST_WIDTH = 640;
const SHORTEST_WIDTH = 80;
const ZOOM_STEP = 0.6;
const PAN_SHARE = 0.25;
/* Presses of an arrow key from one end to the other. */
const READING_STEPS = 60;

/** Time series as small charts one below the other on one time axis; pans, zooms and reads out. */
export default class SignalTelemetryChart extends LightningElement {
  labels = labels;
  gutter = GUTTER;
  labelEnd = GUTTER - 6;
  picture;
  cursor;
  spoken;
  isFocused = false;
  _charts = [];
  _markers = [];
  _width = FIRST_WIDTH;
  _viewport = new Viewport();
  _painter = new FramePainter(() => this.paint());
  _observer;
  _gestures = new Gestures({
    pan: (px) => this.move((viewport) => viewport.pan(px * this.msPerPixel)),
    zoom: (factor, x) => this.move((viewport) => viewport.zoom(factor, this.momentAt(x))),
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
    return this._viewport.from;
  }

  set from(value) {
    this.move((viewport) => Object.assign(viewport, { from: value }));
  }

  /** Last moment of the time axis (ms). */
  @api
  get to() {
    return this._viewport.to;
  }

  set to(value) {
    this.move((viewport) => Object.assign(viewport, { to: value }));
  }

  get rows() {
    return this.picture.charts.map((chart) => {
      const legend = readChart(chart, this.cursor, this.picture);
      return { ...chart, legend, dots: legend.filter(({ hasDot }) => hasDot) };
    });
  }

  get cursorX() {
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
    const { shown } = this.picture;
    const metrics = this._charts.map(({ metric }) => metric).join(', ');
    return fill(labels.chartName, metrics, timeText(shown.from), timeText(shown.to));
  }

  get hasMarks() {
    return this.picture.marks.length > 0;
  }

  get plotWidth() {
    return Math.max(this._width - GUTTER - MARGIN, SHORTEST_WIDTH);
  }

  get msPerPixel() {
    const { from, to } = this._viewport.shown;
    return (to - from) / this.plotWidth;
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
    const { shown, isEverything } = this._viewport;
    const width = this.plotWidth;
    const height = chartHeight(this._charts.length);
    const frame = { shown, width, height, styles: deviceStyles(this._charts) };
    this.picture = {
      ...frame,
      isEverything,
      hasDevices: frame.styles.size > 1,
      fullWidth: width + GUTTER + MARGIN,
      charts: this._charts.map((chart) => layoutChart(chart, this._markers, frame)),
      axis: layoutAxis(shown, width),
      marks: layoutMarks(this._markers, shown, width),
    };
  }

  move(change) {
    change(this._viewport);
    this._painter.request();
  }

  momentAt(x) {
    return this._viewport.shown.from + x * this.msPerPixel;
  }

  pointTo(at) {
    const { from, to } = this._viewport.shown;
    this.cursor = at === undefined ? undefined : Math.min(Math.max(at, from), to);
  }

  command(name, argument) {
    const { from, to } = this._viewport.shown;
    const span = to - from;
    const middle = this.cursor ?? (from + to) / 2;
    const commands = {
      zoomIn: () => this.move((viewport) => viewport.zoom(ZOOM_STEP, middle)),
      zoomOut: () => this.move((viewport) => viewport.zoom(1 / ZOOM_STEP, middle)),
      earlier: () => this.move((viewport) => viewport.pan(-PAN_SHARE * span)),
      later: () => this.move((viewport) => viewport.pan(PAN_SHARE * span)),
      reset: () => this.move((viewport) => viewport.showEverything()),
      leave: () => this.pointTo(undefined),
      read: () => this.read((this.cursor ?? to) + (argument * span) / READING_STEPS),
      readEdge: () => this.read(argument === 'from' ? from : to),
    };
    commands[name]();
  }

  read(at) {
    this.pointTo(at);
    this.spoken = readAloud(this.rows, this.cursor);
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
    const command = commandOf(event);
    if (!command) return;
    event.preventDefault();
    this.command(...command);
  }

  handleTool({ detail }) {
    this.command(detail);
  }

  handlePoint({ detail }) {
    this.pointTo(detail ?? undefined);
  }

  xOf(event) {
    return event.clientX - event.currentTarget.getBoundingClientRect().left - GUTTER;
  }
}
