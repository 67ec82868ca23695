import { createElement } from 'lwc';
import SignalTelemetryChart from 'c/signalTelemetryChart';

const MINUTE = 60_000;
const TO = Date.UTC(2026, 10, 23, 12);
const FROM = TO - 15 * MINUTE;
const COUNT = 901;

function series(device, valueAt) {
  const t = Float64Array.from({ length: COUNT }, (_, i) => FROM + i * 1000);
  const y = t.map((_, i) => valueAt(i));
  return { key: device, device, metric: 'flow', unit: 'l/min', n: COUNT, t, y, min: 0, max: 900 };
}

const flow = (...devices) => ({
  metric: 'flow',
  series: devices.map((device) => series(device, (i) => i)),
});
const frame = () =>
  new Promise((resolve) => {
    requestAnimationFrame(() => resolve());
  });

let resize;
let observed;

beforeEach(() => {
  observed = 0;
  global.ResizeObserver = class {
    constructor(callback) {
      resize = (width) => callback([{ contentRect: { width } }]);
    }
    observe() {
      observed += 1;
    }
    disconnect() {
      observed -= 1;
    }
  };
});

afterEach(() => {
  document.body.replaceChildren();
  delete global.ResizeObserver;
});

async function show(properties = {}) {
  const element = createElement('c-signal-telemetry-chart', { is: SignalTelemetryChart });
  Object.assign(element, {
    charts: [flow('pump-001')],
    markers: [],
    from: FROM,
    to: TO,
    ...properties,
  });
  document.body.appendChild(element);
  await frame();
  const root = element.shadowRoot;
  const all = (selector) => [...root.querySelectorAll(selector)];
  const plots = root.querySelector('.plots');
  const press = async (key, more = {}) => {
    plots.dispatchEvent(new KeyboardEvent('keydown', { key, cancelable: true, ...more }));
    await frame();
  };
  const readings = () => all('.reading').map(({ textContent }) => textContent);
  return { element, root, all, plots, press, readings };
}

it('draws a line for each device and says its newest value', async () => {
  const { element, all, readings } = await show({ charts: [flow('pump-001', 'pump-002')] });
  const lines = all('.window .line');
  expect(lines.map((line) => line.getAttribute('class'))).toEqual(['line line_1', 'line line_2']);
  expect(lines[0].getAttribute('d')).toMatch(/^M/);
  expect(readings()).toEqual(['900 l/min', '900 l/min']);
  expect(all('.device').map(({ textContent }) => textContent)).toEqual(['pump-001', 'pump-002']);
  await expect(element).toBeAccessible();
});

it('names no device where there is but one', async () => {
  const { all } = await show();
  expect(all('.device')).toEqual([]);
});

it('draws anew when it is given more, once a frame', async () => {
  const { element, all, readings } = await show();
  const before = all('.window .line')[0].getAttribute('d');
  element.to = TO + MINUTE;
  element.charts = [{ metric: 'flow', series: [series('pump-001', (i) => 900 - i)] }];
  await frame();
  expect(all('.window .line')[0].getAttribute('d')).not.toBe(before);
  expect(readings()).toEqual(['0 l/min']);
});

it('fits the width of its container', async () => {
  const { all } = await show();
  resize(1060);
  await frame();
  expect(Number(all('.plot')[0].getAttribute('width'))).toBe(1060);
  resize(300);
  await frame();
  expect(Number(all('.plot')[0].getAttribute('width'))).toBe(300);
});

it('reads out under the pointer and stops when it leaves', async () => {
  const { plots, readings, all } = await show();
  resize(960);
  await frame();
  plots.dispatchEvent(new MouseEvent('pointermove', { clientX: 48 + 450 }));
  await frame();
  expect(readings()).toEqual(['450 l/min']);
  expect(all('.window .dot')).toHaveLength(1);
  expect(all('.cursor-time')).toHaveLength(1);
  plots.dispatchEvent(new MouseEvent('pointerleave'));
  await frame();
  expect(readings()).toEqual(['900 l/min']);
  expect(all('.cursor-time')).toEqual([]);
});

it('reads out by arrow keys, also aloud, and Escape ends it', async () => {
  const { press, readings, root, element } = await show();
  await press('ArrowLeft');
  await press('ArrowLeft');
  expect(readings()).toEqual(['870 l/min']);
  expect(root.querySelector('[aria-live]').textContent).toContain('flow, pump-001: 870 l/min');
  await press('Home');
  expect(readings()).toEqual(['0 l/min']);
  await expect(element).toBeAccessible();
  await press('Escape');
  expect(readings()).toEqual(['900 l/min']);
});

it('leaves keys of the browser alone', async () => {
  const { plots } = await show();
  const event = new KeyboardEvent('keydown', { key: 'ArrowLeft', altKey: true, cancelable: true });
  plots.dispatchEvent(event);
  expect(event.defaultPrevented).toBe(false);
});

it('zooms and moves by keys, buttons, wheel and drag alike', async () => {
  const { press, all, root, plots } = await show();
  const path = () => all('.window .line')[0].getAttribute('d');
  const seen = [path()];
  await press('+');
  seen.push(path());
  await press('ArrowLeft', { shiftKey: true });
  seen.push(path());
  const tool = (name) =>
    root
      .querySelector('c-signal-chart-tools')
      .dispatchEvent(new CustomEvent('tool', { detail: name }));
  tool('later');
  await frame();
  expect(path()).toBe(seen[1]);
  plots.dispatchEvent(new WheelEvent('wheel', { deltaY: -200, ctrlKey: true, cancelable: true }));
  await frame();
  seen.push(path());
  plots.dispatchEvent(new MouseEvent('pointerdown', { clientX: 100 }));
  plots.dispatchEvent(new MouseEvent('pointermove', { clientX: 180 }));
  plots.dispatchEvent(new MouseEvent('pointerup', { clientX: 180 }));
  await frame();
  seen.push(path());
  expect(new Set(seen).size).toBe(seen.length);
  await press('0');
  expect(path()).toBe(seen[0]);
});

it('says that there is no reading where the line has a gap', async () => {
  const gap = series('pump-001', (i) => (i > 400 && i < 600 ? NaN : i));
  const { plots, readings, all } = await show({ charts: [{ metric: 'flow', series: [gap] }] });
  resize(960);
  await frame();
  expect(all('.window .line')[0].getAttribute('d').match(/M/g)).toHaveLength(2);
  plots.dispatchEvent(new MouseEvent('pointermove', { clientX: 48 + 500 }));
  await frame();
  expect(readings()).toEqual(['c.Signal_No_Value']);
});

it('marks the signals on the time axis and points to one that is looked at', async () => {
  const marker = {
    key: 'e',
    severity: 'High',
    title: 'Too high',
    metric: 'flow',
    baseline: 700,
    from: TO - 5 * MINUTE,
  };
  const { element, root, all, readings } = await show({ markers: [marker] });
  const marks = root.querySelector('c-signal-chart-marks');
  expect(marks.marks.map(({ text }) => text)).toEqual(['c.Signal_Marker_Open']);
  expect(all('.band_high')).toHaveLength(1);
  expect(all('.window .limit')).toHaveLength(1);
  marks.dispatchEvent(new CustomEvent('point', { detail: marker.from }));
  await frame();
  expect(readings()).toEqual(['600 l/min']);
  marks.dispatchEvent(new CustomEvent('point', { detail: null }));
  await frame();
  expect(readings()).toEqual(['900 l/min']);
  await expect(element).toBeAccessible();
});

it('stops watching its width when it is taken away', async () => {
  const { element } = await show();
  expect(observed).toBe(1);
  element.remove();
  expect(observed).toBe(0);
});
