/* All timers of a page count from here, so that panels that ask in the same rhythm ask at the same moment. */
const PAGE_OPENED_AT = Date.now();

/**
 * Calls `onTick` every `everyMs` milliseconds while the page is visible, and at once when it becomes
 * visible again. Timers of one interval tick together, whenever they were started, so that what several
 * panels show was read at the same time. Nothing runs before `start` or after `stop`; both may be called twice.
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
    clearTimeout(this._timer);
    this._timer = undefined;
  }

  _follow(returned) {
    clearTimeout(this._timer);
    this._timer = undefined;
    if (document.visibilityState === 'hidden') return;
    if (returned) this._onTick();
    this._wait();
  }

  _wait() {
    const since = Math.max(Date.now() - PAGE_OPENED_AT, 0);
    this._timer = setTimeout(
      () => {
        this._wait();
        this._onTick();
      },
      this._everyMs - (since % this._everyMs),
    );
  }
}

/* Milliseconds the server's clock is ahead of this one, for all panels of the page; 0 until one has learnt it. */
let clockOffsetMs = 0;

/** Tells all panels of the page how far the server's clock is ahead (ms), learnt from a save. */
export function learnClockOffset(offsetMs) {
  clockOffsetMs = offsetMs;
}

/** Milliseconds since 1970 UTC by the server's clock, as far as it is known: moments in records are by that one. */
export function serverNow() {
  return Date.now() + clockOffsetMs;
}

const BRIEF_EVERY_MS = 1000;
const BRIEF_TIMES = 8;

/**
 * Looks every second for what should be there in a moment: calls `look` until `isThere` answers true, eight
 * times at most, not while the page is hidden. `start` begins anew.
 */
export class BriefWatch {
  _look;
  _isThere;
  _timer;

  constructor(look, isThere) {
    this._look = look;
    this._isThere = isThere;
  }

  start() {
    this.stop();
    let left = BRIEF_TIMES;
    this._timer = setInterval(() => {
      if (document.visibilityState === 'hidden') return;
      left -= 1;
      if (left < 0 || this._isThere()) this.stop();
      else this._look();
    }, BRIEF_EVERY_MS);
  }

  stop() {
    clearInterval(this._timer);
    this._timer = undefined;
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
