/* eslint-disable no-await-in-loop -- Time passes one step after the other. */
import { createElement } from 'lwc';
import { graphql, refreshGraphQL } from 'lightning/uiGraphQLApi';
import { getObjectInfo } from 'lightning/uiObjectInfoApi';
import {
  createRecord,
  getRecord,
  notifyRecordUpdateAvailable,
  updateRecord,
} from 'lightning/uiRecordApi';
import SignalAssetTelemetry from 'c/signalAssetTelemetry';
import { event } from '../../signalEpisodes/__tests__/rows';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const NOW = Date.UTC(2026, 10, 23, 12);
const ASSET = '02i000000000001AAA';
const FIELDS = {
  Series__c: {},
  Answered_At__c: {},
  Last_Reading_At__c: {},
  Requested_At__c: {},
  Live_Until__c: {},
};
const INFO = { createable: true, updateable: true, fields: FIELDS };

const ofView = ({ variables }) => Boolean(variables?.userId);
const ofSignals = ({ variables }) => Boolean(variables) && !variables.userId;
const iso = (ms) => new Date(ms).toISOString();
const saved = (id) => ({ id, lastModifiedDate: iso(Date.now()) });
let visibility;

function emitView(view) {
  const edges = view ? [{ node: view }] : [];
  graphql.emit({ uiapi: { query: { Telemetry_View__c: { edges } } } }, ofView);
}

const VIEW = { Id: 'a0V', Range_Minutes__c: { value: 5 }, Metrics__c: { value: 'flow' } };

function emitAnswer({ to = Date.now(), metrics = ['flow', 'speed'], ...fields } = {}) {
  const series = metrics.map((metric) => ({ device: 'd', metric, n: 9, t: [0, 1000], y: [1, 2] }));
  const values = {
    Series__c: JSON.stringify({ v: 1, from: to - 5 * MINUTE, to, metrics, series }),
    Answered_At__c: iso(Date.now()),
    Last_Reading_At__c: iso(Date.now() - SECOND),
    Bridge_Message__c: null,
    ...fields,
  };
  const wrapped = Object.entries(values).map(([name, value]) => [name, { value }]);
  getRecord.emit(
    { id: 'a0V', fields: Object.fromEntries(wrapped) },
    ({ recordId }) => recordId === 'a0V',
  );
}

const settle = async () => {
  for (let i = 0; i < 10; i += 1) await Promise.resolve();
};

/* `view` is the person's own; undefined when there is none yet. */
async function open(view, info = INFO) {
  const element = createElement('c-signal-asset-telemetry', { is: SignalAssetTelemetry });
  element.recordId = ASSET;
  document.body.appendChild(element);
  await settle();
  getRecord.emit({ fields: { Name: { value: 'Pump 1' } } }, ({ recordId }) => recordId === ASSET);
  getObjectInfo.emit(info);
  emitView(view);
  const query = {
    Asset_Signal__c: { edges: [event('e', 'Opened', NOW)] },
    Signal_Device__c: { totalCount: 1 },
  };
  graphql.emit({ uiapi: { query } }, ofSignals);
  await settle();
  const root = element.shadowRoot;
  return {
    element,
    panel: () => root.querySelector('c-signal-telemetry-panel'),
    banner: () => root.querySelector('.banner'),
    message: () => root.querySelector('c-signal-state-message:not(.banner)'),
  };
}

async function pass(ms) {
  for (let done = 0; done < ms; done += 5 * SECOND) {
    jest.advanceTimersByTime(5 * SECOND);
    await settle();
  }
}

const notices = () =>
  [...createRecord.mock.calls, ...updateRecord.mock.calls].filter(
    ([{ fields }]) => fields.Requested_At__c,
  ).length;

async function expectAccessible(element) {
  jest.useRealTimers();
  await expect(element).toBeAccessible();
}

beforeEach(() => {
  visibility = 'visible';
  jest.useFakeTimers({ now: NOW });
  jest.spyOn(document, 'visibilityState', 'get').mockImplementation(() => visibility);
  refreshGraphQL.mockResolvedValue(undefined);
  createRecord.mockImplementation(async () => saved('a0V'));
  updateRecord.mockImplementation(async ({ fields }) => saved(fields.Id));
});

afterEach(() => {
  document.body.replaceChildren();
  jest.useRealTimers();
  jest.clearAllMocks();
});

describe('asking the bridge', () => {
  it('uses the view that is there, with its range and metrics, and gives one notice', async () => {
    const { panel } = await open(VIEW);
    expect(createRecord).not.toHaveBeenCalled();
    expect(updateRecord.mock.calls[0][0].fields).toEqual({
      Id: 'a0V',
      Requested_At__c: iso(NOW),
      Live_Until__c: iso(NOW + 2 * MINUTE),
      Range_Minutes__c: 5,
      Metrics__c: 'flow',
    });
    emitAnswer();
    await settle();
    expect(panel()).toMatchObject({ range: '5', chosen: ['flow'] });
  });

  it('creates the only one when a second look finds none', async () => {
    await open(undefined);
    expect(refreshGraphQL).toHaveBeenCalledTimes(1);
    expect(createRecord).toHaveBeenCalledTimes(1);
    const { apiName, fields } = createRecord.mock.calls[0][0];
    expect(apiName).toBe('Telemetry_View__c');
    expect(fields).toMatchObject({ Asset__c: ASSET, Range_Minutes__c: 15, Metrics__c: '' });
  });

  it('creates none when the second look finds one', async () => {
    refreshGraphQL.mockImplementationOnce(async () => emitView(VIEW));
    await open(undefined);
    expect(createRecord).not.toHaveBeenCalled();
    expect(updateRecord).toHaveBeenCalledTimes(1);
  });

  it('asks once, however often the wires speak, and renews without a notice', async () => {
    await open(VIEW);
    emitView(VIEW);
    getObjectInfo.emit(INFO);
    for (let minute = 0; minute < 10; minute += 1) {
      await pass(MINUTE);
      emitAnswer();
    }
    expect(notices()).toBe(1);
    expect(createRecord).not.toHaveBeenCalled();
    expect(updateRecord.mock.calls.length).toBeLessThanOrEqual(11);
  });

  it('waits with all of it until the page is seen', async () => {
    visibility = 'hidden';
    await open(VIEW);
    await pass(MINUTE);
    expect(updateRecord).not.toHaveBeenCalled();
    visibility = 'visible';
    document.dispatchEvent(new Event('visibilitychange'));
    await settle();
    expect(notices()).toBe(1);
  });

  it('rests while hidden; back within the lease it only reads, back later it asks again', async () => {
    await open(VIEW);
    visibility = 'hidden';
    document.dispatchEvent(new Event('visibilitychange'));
    await pass(MINUTE);
    expect(notifyRecordUpdateAvailable).not.toHaveBeenCalled();
    visibility = 'visible';
    document.dispatchEvent(new Event('visibilitychange'));
    await settle();
    expect([notices(), notifyRecordUpdateAvailable.mock.calls.length]).toEqual([1, 1]);
    visibility = 'hidden';
    document.dispatchEvent(new Event('visibilitychange'));
    await pass(5 * MINUTE);
    visibility = 'visible';
    document.dispatchEvent(new Event('visibilitychange'));
    await settle();
    expect(notices()).toBe(2);
  });

  it('leaves no timer behind', async () => {
    const { element } = await open(VIEW);
    element.remove();
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('showing the answer', () => {
  it('says that it waits, then shows the readings with the signals', async () => {
    const { element, panel, message } = await open(VIEW);
    expect(message()).toMatchObject({ state: 'loading', message: 'c.Signal_Waiting_For_Bridge' });
    emitAnswer();
    await settle();
    expect(panel().answer.telemetry.metrics).toEqual(['flow', 'speed']);
    expect(panel().signals).toHaveLength(1);
    await expectAccessible(element);
  });

  it('reads its own record every five seconds and grows', async () => {
    const { panel } = await open(VIEW);
    emitAnswer();
    await settle();
    await pass(15 * SECOND);
    expect(notifyRecordUpdateAvailable.mock.calls).toEqual(Array(3).fill([[{ recordId: 'a0V' }]]));
    emitAnswer({ to: NOW + 15 * SECOND });
    await settle();
    expect(panel().answer.telemetry.to).toBe(NOW + 15 * SECOND);
  });

  it('stands still while paused and goes on afterwards', async () => {
    const { panel } = await open(VIEW);
    emitAnswer();
    await settle();
    panel().dispatchEvent(new CustomEvent('pause'));
    await pass(20 * SECOND);
    emitAnswer({ to: NOW + 20 * SECOND });
    await settle();
    expect(notifyRecordUpdateAvailable).not.toHaveBeenCalled();
    expect(panel()).toMatchObject({ paused: true });
    expect(panel().answer.telemetry.to).toBe(NOW);
    panel().dispatchEvent(new CustomEvent('pause'));
    await settle();
    expect(notifyRecordUpdateAvailable).toHaveBeenCalledTimes(1);
  });

  it('writes another choice without a notice', async () => {
    const { panel } = await open(VIEW);
    emitAnswer();
    await settle();
    panel().dispatchEvent(
      new CustomEvent('choose', { detail: { range: '60', chosen: ['speed'] } }),
    );
    await settle();
    expect(updateRecord.mock.calls[1][0].fields).toEqual({
      Id: 'a0V',
      Range_Minutes__c: 60,
      Metrics__c: 'speed',
    });
    expect(panel()).toMatchObject({ range: '60', chosen: ['speed'] });
    expect(notices()).toBe(1);
  });

  it('says that the bridge is silent above what it last said, and asks again on demand', async () => {
    const { element, panel, banner } = await open(VIEW);
    emitAnswer();
    await settle();
    await pass(70 * SECOND);
    expect(banner()).toMatchObject({ state: 'stale', heading: 'c.Signal_Bridge_Silent_Heading' });
    expect(panel()).not.toBeNull();
    banner().dispatchEvent(new CustomEvent('action'));
    await settle();
    expect(notices()).toBe(2);
    expect(banner()).toBeNull();
    await expectAccessible(element);
  });

  it('says that the device is silent', async () => {
    const { element, banner } = await open(VIEW);
    emitAnswer({ Last_Reading_At__c: iso(NOW - 10 * MINUTE) });
    await settle();
    expect(banner().heading).toBe('c.Signal_Device_Silent_Heading');
    await expectAccessible(element);
  });

  it('says that the bridge never answered', async () => {
    const { element, message } = await open(undefined);
    await pass(70 * SECOND);
    expect(message()).toMatchObject({ state: 'stale', message: 'c.Signal_Bridge_Never_Text' });
    await expectAccessible(element);
  });

  it('says that there are no readings yet', async () => {
    const { element, message } = await open(VIEW);
    emitAnswer({ metrics: [], Last_Reading_At__c: null });
    await settle();
    expect(message()).toMatchObject({ state: 'empty', heading: 'c.Signal_No_Readings_Heading' });
    await expectAccessible(element);
  });

  it('says that it cannot read a series of another version', async () => {
    const { element, message } = await open(VIEW);
    emitAnswer({ Series__c: '{"v":2}' });
    await settle();
    expect(message()).toMatchObject({ state: 'error', message: 'c.Signal_Unreadable_Series' });
    await expectAccessible(element);
  });
});

describe('failing', () => {
  it('says what went wrong with the request and tries again, once', async () => {
    createRecord.mockRejectedValueOnce({ status: 500, body: { message: 'Out of order.' } });
    const { element, message } = await open(undefined);
    expect(message()).toMatchObject({
      state: 'error',
      message: 'Out of order.',
      actionLabel: 'c.Signal_Retry',
    });
    message().dispatchEvent(new CustomEvent('action'));
    await settle();
    expect(createRecord).toHaveBeenCalledTimes(2);
    expect(message().state).toBe('loading');
    await expectAccessible(element);
  });

  it('keeps showing the chart when a renewal fails', async () => {
    const { panel } = await open(VIEW);
    emitAnswer();
    await settle();
    updateRecord.mockRejectedValue({ status: 503 });
    await pass(65 * SECOND);
    emitAnswer();
    await settle();
    expect(panel()).not.toBeNull();
  });

  it.each([
    ['no view may be created', { ...INFO, createable: false }],
    ['a field may not be read', { ...INFO, fields: {} }],
  ])('says so and asks nothing when %s', async (_, info) => {
    const { element, message } = await open(undefined, info);
    await pass(MINUTE);
    expect(message()).toMatchObject({ state: 'noAccess', message: 'c.Signal_No_View_Access_Text' });
    expect(createRecord).not.toHaveBeenCalled();
    await expectAccessible(element);
  });

  it('says so when saving the view is refused', async () => {
    createRecord.mockRejectedValueOnce({ status: 403, body: { errorCode: 'INSUFFICIENT_ACCESS' } });
    const { message } = await open(undefined);
    expect(message().state).toBe('noAccess');
  });

  it('shows nothing of an asset that may not be read, nor asks for it', async () => {
    const element = createElement('c-signal-asset-telemetry', { is: SignalAssetTelemetry });
    element.recordId = ASSET;
    document.body.appendChild(element);
    await settle();
    getRecord.emitError({
      status: 403,
      body: [{ errorCode: 'INSUFFICIENT_ACCESS', message: 'Pump 1' }],
    });
    getObjectInfo.emit(INFO);
    emitView(undefined);
    await settle();
    const message = element.shadowRoot.querySelector('c-signal-state-message');
    expect(message).toMatchObject({ state: 'noAccess', message: 'c.Signal_No_Access_Text' });
    expect(createRecord).not.toHaveBeenCalled();
    await expectAccessible(element);
  });
});
