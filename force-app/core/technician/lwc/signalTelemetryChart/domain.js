/* Below this a screen shows a few readings only; there is nothing more to see. */
const SHORTEST_MS = 5000;

/**
 * What a chart shows of the time between `from` and `to` (ms): everything at first. A window that ends at
 * the newest moment keeps following what comes in; one that was moved away from it stays where it is.
 */
export class Viewport {
  from = 0;
  to = 1;
  _span;
  _end;

  get isEverything() {
    return this._span === undefined;
  }

  /** The window as `{ from, to }`, always within what there is. */
  get shown() {
    const span = Math.min(this._span ?? this._whole, this._whole);
    const end = Math.min(Math.max(this._end ?? this.to, this.from + span), this.to);
    return { from: end - span, to: end };
  }

  showEverything() {
    this._span = undefined;
    this._end = undefined;
  }

  /** Makes the window `factor` times as long, the moment `at` staying where it is on the screen. */
  zoom(factor, at) {
    const { from, to } = this.shown;
    const span = Math.max((to - from) * factor, SHORTEST_MS);
    const share = (at - from) / (to - from);
    if (span >= this._whole) this.showEverything();
    else this._show(span, at + (1 - share) * span);
  }

  /** Moves the window by `ms`, later when positive, as far as there is something to see. */
  pan(ms) {
    if (this.isEverything) return;
    const { from, to } = this.shown;
    this._show(to - from, to + ms);
  }

  get _whole() {
    return this.to - this.from;
  }

  _show(span, end) {
    this._span = span;
    this._end = end >= this.to ? undefined : Math.max(end, this.from + span);
  }
}
