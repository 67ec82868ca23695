import { createElement } from 'lwc';
import SignalChartMarks from 'c/signalChartMarks';

const MARKS = [
  {
    key: 'a',
    at: 1000,
    path: 'M0 0H1',
    className: 'mark mark_high',
    style: 'left: 10px',
    text: 'High: one',
  },
  {
    key: 'b',
    at: 2000,
    path: 'M0 0H1',
    className: 'mark',
    style: 'left: 60px',
    text: 'Two here',
    count: 2,
  },
];

function show() {
  const element = createElement('c-signal-chart-marks', { is: SignalChartMarks });
  element.marks = MARKS;
  document.body.appendChild(element);
  const points = [];
  element.addEventListener('point', ({ detail }) => points.push(detail));
  return { element, points, buttons: [...element.shadowRoot.querySelectorAll('button')] };
}

afterEach(() => document.body.replaceChildren());

it('is a row of buttons, each a signal in words', async () => {
  const { element, buttons } = show();
  expect(buttons.map((button) => button.getAttribute('aria-label'))).toEqual([
    'High: one',
    'Two here',
  ]);
  expect(buttons[1].textContent).toBe('2');
  await expect(element).toBeAccessible();
});

it.each([
  ['the keyboard', 'focus', 'blur'],
  ['the mouse', 'pointerenter', 'pointerleave'],
])('shows the words and points to the moment by %s', async (_, enter, leave) => {
  const { element, points, buttons } = show();
  buttons[0].dispatchEvent(new CustomEvent(enter));
  await Promise.resolve();
  expect(element.shadowRoot.querySelector('.note').textContent).toBe('High: one');
  buttons[0].dispatchEvent(new CustomEvent(leave));
  await Promise.resolve();
  expect(element.shadowRoot.querySelector('.note')).toBeNull();
  expect(points).toEqual([1000, null]);
});
