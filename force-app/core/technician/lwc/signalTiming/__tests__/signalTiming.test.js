import { FramePainter, VisibleTimer } from 'c/signalTiming';

let visibility = 'visible';

function turn(state) {
  visibility = state;
  document.dispatchEvent(new Event('visibilitychange'));
}

beforeEach(() => {
  visibility = 'visible';
  jest.useFakeTimers();
  jest.spyOn(document, 'visibilityState', 'get').mockImplementation(() => visibility);
});

afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

describe('VisibleTimer', () => {
  it('ticks while the page is seen, not at once', () => {
    const onTick = jest.fn();
    const timer = new VisibleTimer(1000, onTick);
    timer.start();
    timer.start();
    expect(onTick).not.toHaveBeenCalled();
    jest.advanceTimersByTime(3000);
    expect(onTick).toHaveBeenCalledTimes(3);
    timer.stop();
  });

  it('rests while the page is hidden and ticks at once when it is seen again', () => {
    const onTick = jest.fn();
    const timer = new VisibleTimer(1000, onTick);
    timer.start();
    turn('hidden');
    jest.advanceTimersByTime(60_000);
    expect(onTick).not.toHaveBeenCalled();
    turn('visible');
    expect(onTick).toHaveBeenCalledTimes(1);
    jest.advanceTimersByTime(1000);
    expect(onTick).toHaveBeenCalledTimes(2);
    timer.stop();
  });

  it('leaves nothing behind when stopped', () => {
    const onTick = jest.fn();
    const timer = new VisibleTimer(1000, onTick);
    timer.start();
    timer.stop();
    turn('hidden');
    turn('visible');
    jest.advanceTimersByTime(60_000);
    expect(onTick).not.toHaveBeenCalled();
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('FramePainter', () => {
  it('paints once a frame however often it is asked', () => {
    const paint = jest.fn();
    const painter = new FramePainter(paint);
    painter.request();
    painter.request();
    jest.advanceTimersByTime(20);
    expect(paint).toHaveBeenCalledTimes(1);
    painter.request();
    jest.advanceTimersByTime(20);
    expect(paint).toHaveBeenCalledTimes(2);
  });

  it('does not paint what was cancelled', () => {
    const paint = jest.fn();
    const painter = new FramePainter(paint);
    painter.request();
    painter.cancel();
    jest.advanceTimersByTime(100);
    expect(paint).not.toHaveBeenCalled();
  });
});
