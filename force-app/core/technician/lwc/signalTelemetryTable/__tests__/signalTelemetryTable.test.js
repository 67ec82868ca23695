import { createElement } from 'lwc';
import SignalTelemetryTable from 'c/signalTelemetryTable';

const MINUTE = 60_000;
const FROM = Date.UTC(2026, 10, 23, 12);

function show() {
  const element = createElement('c-signal-telemetry-table', { is: SignalTelemetryTable });
  const t = [FROM, FROM + 5000, FROM + 14 * MINUTE];
  const one = { key: 'd m', device: 'pump-001', metric: 'flow', unit: 'l/min', t, y: [3, 1, 7] };
  Object.assign(element, {
    charts: [{ metric: 'flow', series: [one] }],
    from: FROM,
    to: FROM + 15 * MINUTE,
  });
  document.body.appendChild(element);
  return element.shadowRoot;
}

afterEach(() => document.body.replaceChildren());

it('lists lowest and highest value of each step, newest first', async () => {
  const root = show();
  const rows = [...root.querySelectorAll('tbody tr')].map(
    (tr) => tr.querySelector('td').textContent,
  );
  expect(rows).toHaveLength(30);
  expect(rows[rows.length - 1]).toBe('1 – 3');
  expect(rows[1]).toBe('7');
  expect(rows[10]).toBe('c.Signal_No_Value');
  await expect(root.host).toBeAccessible();
});

it('names metric, unit and device of a column, and scrolls by keyboard', () => {
  const root = show();
  const [, column] = root.querySelectorAll('thead th');
  expect(column.textContent).toMatch(/flow \(l\/min\)\s*pump-001/);
  expect(root.querySelector('[role="region"]').tabIndex).toBe(0);
});
