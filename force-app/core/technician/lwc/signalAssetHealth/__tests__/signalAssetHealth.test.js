import { createElement } from 'lwc';
import { graphql, refreshGraphQL } from 'lightning/uiGraphQLApi';
import { getObjectInfo } from 'lightning/uiObjectInfoApi';
import { getRecord, notifyRecordUpdateAvailable } from 'lightning/uiRecordApi';
import SignalAssetHealth from 'c/signalAssetHealth';
import { learnClockOffset } from 'c/signalTiming';
import { event } from '../../signalEpisodes/__tests__/rows';

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 10, 23, 12);
const FIELDS = {
  Episode_Key__c: {},
  Phase__c: {},
  Severity__c: {},
  Signal_Type__c: {},
  Occurred_At_Ms__c: {},
};

const ofView = ({ variables }) => Boolean(variables?.userId);
const ofSignals = ({ variables }) => !variables?.userId;
const iso = (ms) => (ms === null ? null : new Date(ms).toISOString());

function emitSignals(signals, devices = ['pump-001'], hasNextPage = false) {
  const edges = devices.map((key) => ({ node: { Id: key, Device_Key__c: { value: key } } }));
  const query = {
    Asset_Signal__c: { edges: signals, pageInfo: { hasNextPage } },
    Signal_Device__c: { edges, totalCount: edges.length },
  };
  graphql.emit({ uiapi: { query } }, ofSignals);
}

function emitView(lastReadingAt, answeredAt = NOW) {
  const node = {
    Id: 'a0V',
    Last_Reading_At__c: { value: iso(lastReadingAt) },
    Answered_At__c: { value: iso(answeredAt) },
  };
  graphql.emit({ uiapi: { query: { Telemetry_View__c: { edges: [{ node }] } } } }, ofView);
}

async function show({ signals, devices, lastReadingAt = NOW - 5000, answeredAt } = {}) {
  const element = createElement('c-signal-asset-health', { is: SignalAssetHealth });
  element.recordId = '02i000000000001AAA';
  document.body.appendChild(element);
  await Promise.resolve();
  getRecord.emit({ fields: { Name: { value: 'Pump 1' } } });
  getObjectInfo.emit({ fields: FIELDS });
  if (signals) {
    emitSignals(signals, devices);
    emitView(lastReadingAt, answeredAt);
  }
  await Promise.resolve();
  const textOf = (selector) => element.shadowRoot.querySelector(selector)?.textContent;
  const message = () => element.shadowRoot.querySelector('c-signal-state-message');
  return { element, textOf, message };
}

/* axe waits for real time; all else here has a clock of its own. */
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

const critical = event('a', 'Opened', NOW - 3 * MINUTE, { Severity__c: 'Critical' });
const low = event('b', 'Opened', NOW - MINUTE, { Severity__c: 'Low' });
const silent = event('c', 'Opened', NOW - MINUTE, {
  Severity__c: 'Low',
  Signal_Type__c: 'connectivity.silent',
});

it.each([
  ['Normal', { signals: [] }, 'utility:success', 'c.Signal_Sentence_Normal'],
  ['Attention', { signals: [low] }, 'utility:warning', 'c.Signal_Sentence_Open'],
  ['Critical', { signals: [low, critical] }, 'utility:error', 'c.Signal_Sentence_Open'],
  ['No_Contact', { signals: [silent] }, 'utility:offline', 'c.Signal_Sentence_No_Contact'],
  [
    'Unknown',
    { signals: [], lastReadingAt: null },
    'utility:question',
    'c.Signal_Sentence_Unknown',
  ],
  [
    'Unknown',
    { signals: [], devices: [], lastReadingAt: null },
    'utility:question',
    'c.Signal_Sentence_No_Device',
  ],
])('says %s in words, with a shape and a reason', async (status, situation, icon, sentence) => {
  const { element, textOf } = await show(situation);
  expect(textOf('.word')).toBe(`c.Signal_Status_${status}`);
  expect(element.shadowRoot.querySelector('lightning-icon').iconName).toBe(icon);
  expect(textOf('.sentence')).toBe(sentence);
  await expectAccessible(element);
});

it('tells last seen, open signals, the worst of them and the devices', async () => {
  const devices = ['pump-001', 'pump-002', 'pump-003'];
  const { element, textOf } = await show({ signals: [low, critical], devices });
  expect(textOf('.facts')).toContain('5 seconds ago');
  const values = [...element.shadowRoot.querySelectorAll('.value')].map(
    ({ textContent }) => textContent,
  );
  expect(values).toEqual(['5 seconds ago', '2', 'c.Signal_And_More']);
  expect(element.shadowRoot.querySelector('c-signal-severity').severity).toBe('Critical');
});

it('counts what has cleared as over', async () => {
  const { textOf } = await show({ signals: [event('a', 'Cleared', NOW), critical] });
  expect(textOf('.word')).toBe('c.Signal_Status_Normal');
});

it('does not claim that nothing is open when older events were left out', async () => {
  const { textOf } = await show({ signals: [] });
  emitSignals([low, event('b', 'Cleared', NOW)], undefined, true);
  await Promise.resolve();
  expect(textOf('.word')).toBe('c.Signal_Status_Normal');
  expect(textOf('.sentence')).toBe('c.Signal_Sentence_Normal_Latest');
  expect(textOf('.facts')).toContain('c.Signal_At_Least');
});

it('says no contact after as many minutes as the administrator chose', async () => {
  const { element, textOf } = await show({ signals: [], lastReadingAt: NOW - 20 * MINUTE });
  expect(textOf('.word')).toBe('c.Signal_Status_No_Contact');
  element.silentAfterMinutes = 30;
  await Promise.resolve();
  expect(textOf('.word')).toBe('c.Signal_Status_Normal');
});

it('judges by the clock of the server where the one of the browser is wrong', async () => {
  const ahead = 20 * MINUTE;
  jest.setSystemTime(NOW + ahead);
  learnClockOffset(-ahead);
  const { textOf } = await show({ signals: [] });
  learnClockOffset(0);
  expect(textOf('.word')).toBe('c.Signal_Status_Normal');
  expect(textOf('.value')).toContain('5');
});

it('does without the telemetry view where the person has none', async () => {
  const { textOf } = await show();
  emitSignals([critical]);
  graphql.emitErrors([{ message: 'No such object.' }], ofView);
  await Promise.resolve();
  expect(textOf('.word')).toBe('c.Signal_Status_Critical');
  expect(textOf('.value')).toBe('c.Signal_Unknown_Value');
});

it('shows bones until it knows', async () => {
  const { element, message } = await show();
  expect(message().state).toBe('loading');
  await expectAccessible(element);
});

it.each([
  [
    'the asset may not be read',
    () => getRecord.emitError({ status: 403, body: [{ errorCode: 'INSUFFICIENT_ACCESS' }] }),
  ],
  [
    'the signals may not be read',
    () => getObjectInfo.emitError({ status: 403, body: [{ errorCode: 'INSUFFICIENT_ACCESS' }] }),
  ],
  ['a field may not be read', () => getObjectInfo.emit({ fields: { Phase__c: {} } })],
  [
    'a query names what may not be read',
    () =>
      graphql.emitErrors(
        [{ message: 'x', extensions: { ErrorType: 'ValidationError' } }],
        ofSignals,
      ),
  ],
])('says that there is no access and shows nothing when %s', async (_, emit) => {
  const { element, textOf, message } = await show({ signals: [critical] });
  emit();
  await Promise.resolve();
  expect(message().state).toBe('noAccess');
  expect(textOf('.panel')).toBeUndefined();
  expect(element.shadowRoot.textContent).not.toContain('pump-001');
  await expectAccessible(element);
});

it('says what went wrong and tries again', async () => {
  const { element, message } = await show();
  graphql.emitErrors([{ message: 'The server is busy.' }], ofSignals);
  await Promise.resolve();
  expect(message()).toMatchObject({
    state: 'error',
    message: 'The server is busy.',
    actionLabel: 'c.Signal_Retry',
  });
  message().dispatchEvent(new CustomEvent('action'));
  expect(notifyRecordUpdateAvailable).toHaveBeenCalledWith([{ recordId: element.recordId }]);
  expect(refreshGraphQL).toHaveBeenCalledTimes(1);
  await expectAccessible(element);
});

it('asks sooner at first while it does not know when the asset was last seen', async () => {
  const { textOf } = await show({ signals: [], lastReadingAt: null });
  jest.advanceTimersByTime(5000);
  expect(refreshGraphQL).toHaveBeenCalledTimes(2);
  emitView(NOW);
  await Promise.resolve();
  expect(textOf('.word')).toBe('c.Signal_Status_Normal');
  jest.advanceTimersByTime(5000);
  expect(refreshGraphQL).toHaveBeenCalledTimes(2);
});

it('asks four times a minute while it is seen, and no more when it is gone', async () => {
  const { element } = await show({ signals: [] });
  jest.advanceTimersByTime(MINUTE);
  expect(refreshGraphQL).toHaveBeenCalledTimes(8);
  element.remove();
  jest.advanceTimersByTime(10 * MINUTE);
  expect(refreshGraphQL).toHaveBeenCalledTimes(8);
  expect(jest.getTimerCount()).toBe(0);
});
