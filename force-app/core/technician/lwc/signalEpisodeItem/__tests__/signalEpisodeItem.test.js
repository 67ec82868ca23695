import { createElement } from 'lwc';
import SignalEpisodeItem from 'c/signalEpisodeItem';
import { toEpisodes } from 'c/signalEpisodes';
import { event } from '../../signalEpisodes/__tests__/rows';

const mockNavigate = jest.fn();

// Not virtual: there is a stub, and Jest would tell the two apart by which test of a process came first.
jest.mock('lightning/navigation', () => {
  const Navigate = Symbol('Navigate');
  const GenerateUrl = Symbol('GenerateUrl');
  const NavigationMixin = (Base) =>
    class extends Base {
      [Navigate](page) {
        mockNavigate(page);
      }
      [GenerateUrl]({ attributes }) {
        return Promise.resolve(
          `/lightning/r/${attributes.objectApiName}/${attributes.recordId}/view`,
        );
      }
    };
  return { NavigationMixin: Object.assign(NavigationMixin, { Navigate, GenerateUrl }) };
});

const NOW = Date.UTC(2026, 10, 23, 12);
const MINUTE = 60_000;
const CASE = {
  Id: '500',
  CaseNumber: { value: '00001042' },
  Status: { value: 'New', displayValue: 'New' },
};

async function show(...events) {
  const element = createElement('c-signal-episode-item', { is: SignalEpisodeItem });
  [element.episode] = toEpisodes(events);
  element.now = NOW;
  document.body.appendChild(element);
  await Promise.resolve();
  return element;
}

const textOf = (element, selector) => element.shadowRoot.querySelector(selector)?.textContent;

afterEach(() => {
  document.body.replaceChildren();
  mockNavigate.mockClear();
});

it('names the device alone when a type of its own has no family', async () => {
  const element = await show(event('a', 'Opened', NOW, { Signal_Type__c: 'Odd' }));
  expect(textOf(element, '.family')).toBe('pump-001');
});

it('tells what an open signal is, why, since when, and its value with the limit', async () => {
  const measured = { Value__c: 6.84, Baseline__c: 4.5, Unit__c: 'mm/s' };
  const element = await show(
    event('a', 'Updated', NOW - MINUTE, { ...measured, Explanation__c: 'Vibration is too high.' }),
    event('a', 'Opened', NOW - 5 * MINUTE),
  );
  expect(textOf(element, '.title')).toBe('c.Signal_Type_Vibration_High');
  expect(textOf(element, '.family')).toBe('c.Signal_Family_Fault · pump-001');
  expect(textOf(element, '.state')).toBe('c.Signal_State_Open');
  expect(textOf(element, '.explanation')).toBe('Vibration is too high.');
  expect(textOf(element, '.values')).toContain('6.84 mm/s');
  expect(textOf(element, '.values')).toContain('4.5 mm/s');
  expect(textOf(element, '.times')).toContain('5 minutes ago');
  expect(textOf(element, '.times')).toContain('c.Signal_Updated');
  await expect(element).toBeAccessible();
});

it('tells how long a cleared signal lasted', async () => {
  const element = await show(
    event('a', 'Cleared', NOW - MINUTE),
    event('a', 'Opened', NOW - 31 * MINUTE),
  );
  expect(textOf(element, '.state')).toBe('c.Signal_State_Cleared');
  expect(textOf(element, '.times')).toContain('30 min');
  await expect(element).toBeAccessible();
});

it.each([
  ['Received', 'c.Signal_Disposition_Received'],
  ['Suppressed', 'c.Signal_Disposition_Suppressed: Cleared before.'],
  ['Failed', 'c.Signal_Disposition_Failed: Cleared before.'],
])('gives the reason of the disposition %s', async (disposition, words) => {
  const reason = disposition === 'Received' ? {} : { Disposition_Reason__c: 'Cleared before.' };
  const element = await show(event('a', 'Opened', NOW, { Disposition__c: disposition, ...reason }));
  expect(textOf(element, '.outcome')).toBe(words);
  await expect(element).toBeAccessible();
});

it('says nothing about a disposition that went well', async () => {
  const element = await show(event('a', 'Opened', NOW, { Disposition__c: 'Acted' }));
  expect(element.shadowRoot.querySelector('.outcome')).toBeNull();
});

it('leads to its Case, by a real address and by a click', async () => {
  const element = await show(event('a', 'Opened', NOW, {}, CASE));
  const link = element.shadowRoot.querySelector('a');
  expect(link.getAttribute('href')).toBe('/lightning/r/Case/500/view');
  expect(textOf(element, '.case-status')).toBe('New');
  await expect(element).toBeAccessible();
  link.click();
  expect(mockNavigate).toHaveBeenCalledWith({
    type: 'standard__recordPage',
    attributes: { recordId: '500', objectApiName: 'Case', actionName: 'view' },
  });
});

it('has no link where the Case may not be read', async () => {
  const element = await show(event('a', 'Opened', NOW, {}, { Id: '500', CaseNumber: null }));
  expect(element.shadowRoot.querySelector('a')).toBeNull();
});
