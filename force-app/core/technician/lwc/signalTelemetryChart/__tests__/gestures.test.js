import { Gestures } from '../gestures';

function setup() {
  const act = { pan: jest.fn(), zoom: jest.fn(), hover: jest.fn() };
  return { act, gestures: new Gestures(act) };
}

const pointer = (pointerId) => ({ pointerId, currentTarget: {} });
const wheel = (fields) => ({
  deltaX: 0,
  deltaY: 0,
  deltaMode: 0,
  preventDefault: jest.fn(),
  ...fields,
});

it('reads out under a pointer that is not pressed', () => {
  const { act, gestures } = setup();
  gestures.move(pointer(1), 40);
  expect(act.hover).toHaveBeenCalledWith(40);
  expect(act.pan).not.toHaveBeenCalled();
});

it('drags time along with one pointer, until it is let go', () => {
  const { act, gestures } = setup();
  gestures.down(pointer(1), 100);
  gestures.move(pointer(1), 130);
  expect(act.pan).toHaveBeenCalledWith(-30);
  gestures.up(pointer(1));
  gestures.move(pointer(1), 160);
  expect(act.pan).toHaveBeenCalledTimes(1);
});

it('zooms with two pointers, in when they part', () => {
  const { act, gestures } = setup();
  gestures.down(pointer(1), 100);
  gestures.down(pointer(2), 200);
  gestures.move(pointer(2), 300);
  expect(act.zoom).toHaveBeenCalledWith(0.5, 200);
});

it('leaves a plain wheel to the page', () => {
  const { act, gestures } = setup();
  const event = wheel({ deltaY: 100 });
  gestures.wheel(event, 10, false);
  expect(event.preventDefault).not.toHaveBeenCalled();
  expect(act.zoom).not.toHaveBeenCalled();
});

it.each([
  ['Ctrl', { ctrlKey: true }, false],
  ['Command', { metaKey: true }, false],
  ['the focus', {}, true],
])('zooms by a wheel with %s', (_, keys, hasFocus) => {
  const { act, gestures } = setup();
  const event = wheel({ deltaY: -100, ...keys });
  gestures.wheel(event, 10, hasFocus);
  expect(event.preventDefault).toHaveBeenCalled();
  const [factor, x] = act.zoom.mock.calls[0];
  expect(factor).toBeCloseTo(0.78, 2);
  expect(x).toBe(10);
});

it.each([
  ['a sideways wheel', { deltaX: 30 }, 30],
  ['a wheel with Shift', { deltaY: 50, shiftKey: true }, 50],
  ['a wheel that counts lines', { deltaX: 2, deltaMode: 1 }, 32],
])('moves in time by %s', (_, fields, px) => {
  const { act, gestures } = setup();
  gestures.wheel(wheel(fields), 10, false);
  expect(act.pan).toHaveBeenCalledWith(px);
});
