/**
 * Calls `onTick` every `everyMs` milliseconds while the page is visible, and at once when it becomes
 * visible again. Nothing runs before `start` or after `stop`; both may be called twice.
 */
export class VisibleTimer {
  _everyMs;
  _onTick;
  _timer;
  _started = false;
  _handleVisibility = () => this._follow(true);

  constructor(everyMs, onTick) {
    this._everyMs = everyMs;
    this._onTick = onTick;
  }

  start() {
    if (this._started) return;
    this._started = true;
    document.addEventListener('visibilitychange', this._handleVisibility);
    this._follow(false);
  }

  stop() {
    this._started = false;
    document.removeEventListener('visibilitychange', this._handleVisibility);
    clearInterval(this._timer);
    this._timer = undefined;
  }

  _follow(returned) {
    clearInterval(this._timer);
    this._timer = undefined;
    if (document.visibilityState === 'hidden') return;
    if (returned) this._onTick();
    this._timer = setInterval(this._onTick, this._everyMs);
  }
}

/** Calls `paint` once before the browser draws next, however often `request` was called until then. */
export class FramePainter {
  _paint;
  _frame;

  constructor(paint) {
    this._paint = paint;
  }

  request() {
    if (this._frame !== undefined) return;
    this._frame = requestAnimationFrame(() => {
      this._frame = undefined;
      this._paint();
    });
  }

  cancel() {
    if (this._frame !== undefined) cancelAnimationFrame(this._frame);
    this._frame = undefined;
  }
}
