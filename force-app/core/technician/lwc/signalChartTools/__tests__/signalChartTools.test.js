import { createElement } from 'lwc';
import SignalChartTools from 'c/signalChartTools';

function show(everything) {
  const element = createElement('c-signal-chart-tools', { is: SignalChartTools });
  element.everything = everything;
  document.body.appendChild(element);
  return element;
}

const buttonsOf = (element) => [...element.shadowRoot.querySelectorAll('lightning-button-icon')];

afterEach(() => document.body.replaceChildren());

it('offers only to zoom in while everything is shown', async () => {
  const element = show(true);
  const enabled = buttonsOf(element).filter(({ disabled }) => !disabled);
  expect(enabled.map(({ name }) => name)).toEqual(['zoomIn']);
  await expect(element).toBeAccessible();
});

it('names the tool that was pressed', () => {
  const element = show(false);
  const pressed = [];
  element.addEventListener('tool', ({ detail }) => pressed.push(detail));
  for (const button of buttonsOf(element)) button.click();
  expect(pressed).toEqual(['earlier', 'later', 'zoomOut', 'zoomIn', 'reset']);
});

it('gives every button a word', () => {
  expect(buttonsOf(show(false)).every(({ alternativeText }) => alternativeText)).toBe(true);
});
