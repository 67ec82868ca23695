import { createElement } from 'lwc';
import SignalTelemetryPanel from 'c/signalTelemetryPanel';
import { event } from '../../signalEpisodes/__tests__/rows';
import { firstMetrics } from '../choices';

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 10, 23, 12);
const METRICS = ['current', 'flow', 'pressure', 'speed', 'temperature', 'vibration'];

const seriesOf = (metric) => ({
  key: metric,
  device: 'd',
  metric,
  unit: 'x',
  n: 1,
  t: [NOW - 1000],
  y: [1],
  min: 1,
  max: 1,
});

async function show(properties = {}) {
  const element = createElement('c-signal-telemetry-panel', { is: SignalTelemetryPanel });
  const telemetry = {
    from: NOW - 15 * MINUTE,
    to: NOW,
    metrics: METRICS,
    series: METRICS.map(seriesOf),
  };
  const answer = { telemetry, lastReadingAt: NOW - 5000 };
  Object.assign(element, { answer, signals: [], range: '15', chosen: [], now: NOW, ...properties });
  const chosen = [];
  element.addEventListener('choose', ({ detail }) => chosen.push(detail));
  document.body.appendChild(element);
  await Promise.resolve();
  const root = element.shadowRoot;
  const chart = () => root.querySelector('c-signal-telemetry-chart');
  const chip = (name) => root.querySelector(`button[data-name="${name}"]`);
  return { element, root, chart, chip, chosen };
}

const metricsOf = ({ charts }) => charts.map(({ metric }) => metric);

afterEach(() => document.body.replaceChildren());

it('shows a handful of metrics before any are chosen, those with open signals among them and above the others', async () => {
  const signals = [event('a', 'Opened', NOW - MINUTE, { Metric__c: 'vibration' })];
  const { element, chart, chip } = await show({ signals });
  expect(metricsOf(chart())).toEqual(['vibration', 'current', 'flow', 'pressure']);
  expect(chip('vibration').getAttribute('aria-pressed')).toBe('true');
  expect(chip('speed').getAttribute('aria-pressed')).toBe('false');
  await expect(element).toBeAccessible();
});

it('shows the metrics that were chosen', async () => {
  const { chart } = await show({ chosen: ['speed', 'gone'] });
  expect(metricsOf(chart())).toEqual(['speed']);
});

it('tells which metrics are chosen then, sorted, whatever was pressed first', async () => {
  const { chip, chosen } = await show({ chosen: ['speed'] });
  chip('flow').click();
  expect(chosen).toEqual([{ range: '15', chosen: ['flow', 'speed'] }]);
});

it('asks to choose a metric when the last one is taken away, and tells nobody', async () => {
  const { element, root, chip, chart, chosen } = await show({ chosen: ['speed'] });
  chip('speed').click();
  await Promise.resolve();
  expect(chart()).toBeNull();
  expect(root.querySelector('.nothing').textContent).toBe('c.Signal_No_Metric_Chosen');
  expect(chosen).toEqual([]);
  await expect(element).toBeAccessible();
  chip('flow').click();
  expect(chosen).toEqual([{ range: '15', chosen: ['flow'] }]);
});

it('shows no choice where there is but one metric', async () => {
  const telemetry = { from: NOW - MINUTE, to: NOW, metrics: ['flow'], series: [seriesOf('flow')] };
  const { root } = await show({ answer: { telemetry } });
  expect(root.querySelector('.chips')).toBeNull();
});

it('narrows the time axis at once when another range is chosen, and tells', async () => {
  const { element, root, chart, chosen } = await show({ chosen: ['flow'] });
  root
    .querySelector('lightning-radio-group')
    .dispatchEvent(new CustomEvent('change', { detail: { value: '5' } }));
  expect(chosen).toEqual([{ range: '5', chosen: ['flow'] }]);
  element.range = '5';
  await Promise.resolve();
  expect([chart().from, chart().to]).toEqual([NOW - 5 * MINUTE, NOW]);
});

it('keeps its choice of range apart from that of another panel on the page', async () => {
  const name = ({ root }) => root.querySelector('lightning-radio-group').name;
  expect(name(await show())).not.toBe(name(await show()));
});

it('does not call itself live while nothing new comes', async () => {
  const { root } = await show({ stale: true });
  expect(root.querySelector('.live')).toBeNull();
});

it('draws no empty time before that of an answer to a narrower range', async () => {
  const { chart } = await show({ range: '60' });
  expect([chart().from, chart().to]).toEqual([NOW - 15 * MINUTE, NOW]);
});

it('gives the chart the signals that touch its time only', async () => {
  const signals = [
    event('open', 'Opened', NOW - 90 * MINUTE),
    event('over', 'Cleared', NOW - 20 * MINUTE),
    event('over', 'Opened', NOW - 30 * MINUTE),
  ];
  const { chart } = await show({ signals });
  expect(chart().markers.map(({ key }) => key)).toEqual(['open']);
});

it('shows the same as a table and back', async () => {
  const { element, root, chart } = await show();
  const button = () => root.querySelectorAll('lightning-button-icon')[1];
  expect(button().alternativeText).toBe('c.Signal_Show_Table');
  button().click();
  await Promise.resolve();
  expect(chart()).toBeNull();
  expect(metricsOf(root.querySelector('c-signal-telemetry-table'))).toHaveLength(4);
  await expect(element).toBeAccessible();
  button().click();
  await Promise.resolve();
  expect(chart()).not.toBeNull();
});

it.each([
  [false, 'c.Signal_Live', 'c.Signal_Pause'],
  [true, 'c.Signal_Paused', 'c.Signal_Resume'],
])('says whether it grows (paused: %s) and offers the other', async (paused, word, label) => {
  const { element, root } = await show({ paused });
  const handlePause = jest.fn();
  element.addEventListener('pause', handlePause);
  expect(root.querySelector('.live').textContent).toBe(word);
  const [button] = root.querySelectorAll('lightning-button-icon');
  expect(button.alternativeText).toBe(label);
  button.click();
  expect(handlePause).toHaveBeenCalledTimes(1);
  await expect(element).toBeAccessible();
});

it('takes metrics with signals first, four at most, in their order', () => {
  expect(firstMetrics(METRICS, new Set(['vibration', 'gone']))).toEqual([
    'current',
    'flow',
    'pressure',
    'vibration',
  ]);
  expect(firstMetrics(['flow'], new Set())).toEqual(['flow']);
});
