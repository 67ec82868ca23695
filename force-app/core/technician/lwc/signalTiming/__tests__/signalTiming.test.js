import {
  BriefWatch,
  FramePainter,
  learnClockOffset,
  serverNow,
  VisibleTimer,
} from 'c/signalTiming';

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

  it('ticks together with every other timer of its interval', () => {
    const moments = [];
    const first = new VisibleTimer(5000, () => moments.push(Date.now()));
    const second = new VisibleTimer(5000, () => moments.push(Date.now()));
    first.start();
    jest.advanceTimersByTime(1700);
    second.start();
    jest.advanceTimersByTime(10_000);
    first.stop();
    second.stop();
    expect(moments).toHaveLength(4);
    expect(moments[0]).toBe(moments[1]);
    expect(moments[2]).toBe(moments[3]);
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

describe('BriefWatch', () => {
  it('looks every second until it is there', () => {
    let isThere = false;
    const look = jest.fn();
    const watch = new BriefWatch(look, () => isThere);
    watch.start();
    jest.advanceTimersByTime(3000);
    expect(look).toHaveBeenCalledTimes(3);
    isThere = true;
    jest.advanceTimersByTime(10_000);
    expect(look).toHaveBeenCalledTimes(3);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('gives up after eight looks, and begins anew when started again', () => {
    const look = jest.fn();
    const watch = new BriefWatch(look, () => false);
    watch.start();
    jest.advanceTimersByTime(60_000);
    expect(look).toHaveBeenCalledTimes(8);
    watch.start();
    jest.advanceTimersByTime(2000);
    expect(look).toHaveBeenCalledTimes(10);
    watch.stop();
    expect(jest.getTimerCount()).toBe(0);
  });
});

it('counts moments by the clock of the server once a panel has learnt how far it is ahead', () => {
  expect(serverNow()).toBe(Date.now());
  learnClockOffset(-600_000);
  expect(serverNow()).toBe(Date.now() - 600_000);
  learnClockOffset(0);
  expect(serverNow()).toBe(Date.now());
});
