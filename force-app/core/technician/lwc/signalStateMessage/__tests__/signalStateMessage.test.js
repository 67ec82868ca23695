import { createElement } from 'lwc';
import SignalStateMessage from 'c/signalStateMessage';

function show(properties) {
  const element = createElement('c-signal-state-message', { is: SignalStateMessage });
  Object.assign(element, properties);
  document.body.appendChild(element);
  return element;
}

afterEach(() => document.body.replaceChildren());

it('says what it waits for while the bones of the page stand in for it', async () => {
  const element = show({ state: 'loading', message: 'Waiting for the bridge.' });
  expect(element.shadowRoot.querySelector('[role="status"]').textContent).toContain(
    'Waiting for the bridge.',
  );
  expect(element.shadowRoot.querySelectorAll('.bone').length).toBe(3);
  await expect(element).toBeAccessible();
});

it.each([
  ['empty', 'status', 'utility:line_chart'],
  ['fine', 'status', 'utility:success'],
  ['noAccess', 'status', 'utility:lock'],
  ['stale', 'status', 'utility:warning'],
  ['error', 'alert', 'utility:error'],
])('draws the state %s with words, an icon and a role', async (state, role, icon) => {
  const element = show({ state, heading: 'Heading', message: 'Why and what to do.' });
  const box = element.shadowRoot.querySelector(`[role="${role}"]`);
  expect(box.textContent).toContain('Heading');
  expect(box.textContent).toContain('Why and what to do.');
  expect(element.shadowRoot.querySelector('lightning-icon').iconName).toBe(icon);
  expect(element.shadowRoot.querySelector('lightning-button')).toBeNull();
  await expect(element).toBeAccessible();
});

it('tells when its button was pressed', () => {
  const element = show({ state: 'error', heading: 'Heading', actionLabel: 'Try again' });
  const handleAction = jest.fn();
  element.addEventListener('action', handleAction);
  const button = element.shadowRoot.querySelector('lightning-button');
  expect(button.label).toBe('Try again');
  button.click();
  expect(handleAction).toHaveBeenCalledTimes(1);
});
