import { createElement } from 'lwc';
import SignalAssetAction from 'c/signalAssetAction';

afterEach(() => document.body.replaceChildren());

function show() {
  const element = createElement('c-signal-asset-action', { is: SignalAssetAction });
  document.body.appendChild(element);
  return element;
}

it('waits for the asset, which an action is given late', async () => {
  const element = show();
  expect(element.shadowRoot.querySelector('c-signal-state-message').state).toBe('loading');
  await expect(element).toBeAccessible();
});

it('shows health, signals and telemetry of the asset one below the other', async () => {
  const element = show();
  element.recordId = '02i000000000001AAA';
  await Promise.resolve();
  const panels = [...element.shadowRoot.querySelector('.column').children];
  expect(panels.map(({ tagName }) => tagName)).toEqual([
    'C-SIGNAL-ASSET-HEALTH',
    'C-SIGNAL-ASSET-SIGNALS',
    'C-SIGNAL-ASSET-TELEMETRY',
  ]);
  expect(panels.every(({ recordId }) => recordId === '02i000000000001AAA')).toBe(true);
  await expect(element).toBeAccessible();
});
