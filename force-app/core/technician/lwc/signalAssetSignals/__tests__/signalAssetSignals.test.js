import { createElement } from 'lwc';
import { graphql, refreshGraphQL } from 'lightning/uiGraphQLApi';
import { getObjectInfo } from 'lightning/uiObjectInfoApi';
import { getRecord, notifyRecordUpdateAvailable } from 'lightning/uiRecordApi';
import SignalAssetSignals from 'c/signalAssetSignals';
import { event } from '../../signalEpisodes/__tests__/rows';

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 10, 23, 12);
const FIELDS = {
  Explanation__c: {},
  Value__c: {},
  Baseline__c: {},
  Unit__c: {},
  Disposition__c: {},
  Case__c: {},
};

function emitSignals(edges, hasNextPage = false) {
  graphql.emit({ uiapi: { query: { Asset_Signal__c: { edges, pageInfo: { hasNextPage } } } } });
}

async function show(edges, hasNextPage) {
  const element = createElement('c-signal-asset-signals', { is: SignalAssetSignals });
  element.recordId = '02i000000000001AAA';
  document.body.appendChild(element);
  await Promise.resolve();
  getRecord.emit({ fields: { Name: { value: 'Pump 1' } } });
  getObjectInfo.emit({ fields: FIELDS });
  if (edges) emitSignals(edges, hasNextPage);
  await Promise.resolve();
  const root = element.shadowRoot;
  const keys = () =>
    [...root.querySelectorAll('c-signal-episode-item')].map(({ episode }) => episode.key);
  const filter = () => root.querySelector('lightning-radio-group');
  const choose = async (value) => {
    filter().dispatchEvent(new CustomEvent('change', { detail: { value } }));
    await Promise.resolve();
  };
  const message = () => root.querySelector('c-signal-state-message');
  return { element, root, keys, filter, choose, message };
}

async function expectAccessible(element) {
  jest.useRealTimers();
  await expect(element).toBeAccessible();
}

beforeEach(() => {
  jest.useFakeTimers({ now: NOW });
  refreshGraphQL.mockResolvedValue(undefined);
});

afterEach(() => {
  document.body.replaceChildren();
  jest.useRealTimers();
  jest.clearAllMocks();
});

const open = event('open', 'Opened', NOW - 5 * MINUTE, { Severity__c: 'Critical' });
const newer = event('newer', 'Opened', NOW - MINUTE, { Severity__c: 'Low' });
const cleared = [
  event('over', 'Cleared', NOW - 2 * MINUTE),
  event('over', 'Opened', NOW - 9 * MINUTE),
];

it('lists what is open, the worst first', async () => {
  const { element, keys } = await show([newer, open, ...cleared]);
  expect(keys()).toEqual(['open', 'newer']);
  await expectAccessible(element);
});

it('lists all, newest first, when that is chosen', async () => {
  const { element, keys, filter, choose } = await show([newer, open, ...cleared]);
  expect(filter().options.map(({ value }) => value)).toEqual(['open', 'all']);
  await choose('all');
  expect(keys()).toEqual(['newer', 'over', 'open']);
  await expectAccessible(element);
});

it('shows ten of a storm and further ones on demand', async () => {
  const storm = Array.from({ length: 25 }, (_, i) => event(`e${i}`, 'Opened', NOW - i * 1000));
  const { element, root, keys, choose } = await show(storm);
  const more = () => root.querySelector('lightning-button');
  expect(keys()).toHaveLength(10);
  more().click();
  await Promise.resolve();
  expect(keys()).toHaveLength(20);
  more().click();
  await Promise.resolve();
  expect(keys()).toHaveLength(25);
  expect(more()).toBeNull();
  await choose('all');
  expect(keys()).toHaveLength(10);
  await expectAccessible(element);
});

it('says when older events were left out', async () => {
  const { root } = await show([open], true);
  expect(root.querySelector('.note').textContent).toBe('c.Signal_Only_Latest');
});

it('has no doubt about what is open when all left out has ended', async () => {
  const ended = event('z', 'Opened', 1, { Episode_Ended_At__c: '2026-11-23T06:00:00.000Z' });
  const { root, choose } = await show([open, ended], true);
  expect(root.querySelector('.note')).toBeNull();
  await choose('all');
  expect(root.querySelector('.note').textContent).toBe('c.Signal_Only_Latest');
});

it('does not claim that all has cleared when older events were left out', async () => {
  const { message } = await show(cleared, true);
  expect(message()).toMatchObject({ state: 'fine', message: 'c.Signal_Only_Latest' });
});

it('says that nothing is open while there is something to look back at', async () => {
  const { element, message, choose, keys } = await show(cleared);
  const nothing = { heading: 'c.Signal_No_Open_Heading', message: 'c.Signal_No_Open_Text' };
  expect(message()).toMatchObject({ state: 'fine', ...nothing });
  await choose('all');
  expect(keys()).toEqual(['over']);
  await expectAccessible(element);
});

it('says that there were no signals at all, without a choice of none', async () => {
  const { element, message, filter } = await show([]);
  expect(message()).toMatchObject({ state: 'fine', heading: 'c.Signal_No_Signals_Heading' });
  expect(filter()).toBeNull();
  await expectAccessible(element);
});

it('shows bones until it knows', async () => {
  const { element, message } = await show();
  expect(message().state).toBe('loading');
  await expectAccessible(element);
});

it.each([
  [
    'the asset may not be read',
    () => getRecord.emitError({ status: 404, body: [{ errorCode: 'NOT_FOUND' }] }),
  ],
  [
    'the signals may not be read',
    () => getObjectInfo.emitError({ status: 403, body: [{ errorCode: 'INSUFFICIENT_ACCESS' }] }),
  ],
  ['a field may not be read', () => getObjectInfo.emit({ fields: {} })],
])('says that there is no access and shows nothing when %s', async (_, emit) => {
  const { element, keys, message } = await show([open]);
  emit();
  await Promise.resolve();
  expect(message()).toMatchObject({ state: 'noAccess', message: 'c.Signal_No_Access_Text' });
  expect(keys()).toEqual([]);
  await expectAccessible(element);
});

it('says what went wrong and tries again', async () => {
  const { element, message, keys } = await show();
  graphql.emitErrors([{ message: 'The server is busy.' }]);
  await Promise.resolve();
  expect(message()).toMatchObject({ state: 'error', message: 'The server is busy.' });
  message().dispatchEvent(new CustomEvent('action'));
  expect(notifyRecordUpdateAvailable).toHaveBeenCalledWith([{ recordId: element.recordId }]);
  expect(refreshGraphQL).toHaveBeenCalledTimes(1);
  emitSignals([open]);
  await Promise.resolve();
  expect(keys()).toEqual(['open']);
  await expectAccessible(element);
});

it('asks four times a minute while it is seen, and no more when it is gone', async () => {
  const { element } = await show([open]);
  jest.advanceTimersByTime(MINUTE);
  expect(refreshGraphQL).toHaveBeenCalledTimes(4);
  element.remove();
  jest.advanceTimersByTime(10 * MINUTE);
  expect(refreshGraphQL).toHaveBeenCalledTimes(4);
  expect(jest.getTimerCount()).toBe(0);
});
