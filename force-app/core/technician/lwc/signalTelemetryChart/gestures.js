/* One notch of a mouse wheel (100 px) zooms by a quarter; trackpads send many small steps. */
const ZOOM_PER_PIXEL = 1.0025;
const LINE_PX = 16;

/**
 * Turns pointers and wheels over a plot into `pan(px)`, `zoom(factor, x)` and `hover(x)`; x in pixels from
 * the left edge of the plot. One pointer drags, two pinch. A wheel zooms with Ctrl or Command (so does a
 * pinch on a trackpad) or while the chart has the focus; else the page scrolls as everywhere.
 */
export class Gestures {
  _act;
  _pointers = new Map();

  constructor(act) {
    this._act = act;
  }

  down(event, x) {
    this._pointers.set(event.pointerId, x);
    event.currentTarget.setPointerCapture?.(event.pointerId);
    this._act.hover(x);
  }

  move(event, x) {
    const before = this._pointers.get(event.pointerId);
    if (before === undefined) {
      this._act.hover(x);
      return;
    }
    const others = [...this._pointers].filter(([id]) => id !== event.pointerId);
    this._pointers.set(event.pointerId, x);
    if (others.length === 0) this._act.pan(before - x);
    else this._pinch(before, x, others[0][1]);
  }

  up(event) {
    this._pointers.delete(event.pointerId);
  }

  wheel(event, x, hasFocus) {
    const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (!isSideways && !hasFocus && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const unit = event.deltaMode === 1 ? LINE_PX : 1;
    if (isSideways) this._act.pan((event.deltaX || event.deltaY) * unit);
    else this._act.zoom(ZOOM_PER_PIXEL ** (event.deltaY * unit), x);
  }

  _pinch(before, after, other) {
    const apart = Math.abs(after - other);
    if (apart < 1) return;
    this._act.zoom(Math.abs(before - other) / apart, (after + other) / 2);
  }
}
