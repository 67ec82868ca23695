import { bannerOf, stateOf } from '../states';

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 10, 23, 12);
const FIELDS = {
  Series__c: {},
  Answered_At__c: {},
  Last_Reading_At__c: {},
  Requested_At__c: {},
  Live_Until__c: {},
};
const INFO = { createable: true, updateable: true, fields: FIELDS };
const TELEMETRY = {
  from: NOW - 15 * MINUTE,
  to: NOW,
  metrics: ['flow'],
  series: [{ n: 900, t: [] }],
};
const ANSWER = { answeredAt: NOW - 2000, lastReadingAt: NOW - 3000, telemetry: TELEMETRY };
const FINE = {
  errors: [],
  info: INFO,
  answer: ANSWER,
  requestedAt: NOW - 10_000,
  deviceCount: 1,
  now: NOW,
};
const NOTHING = { ...ANSWER, telemetry: { ...TELEMETRY, metrics: [], series: [] } };
const denied = { status: 403, body: [{ errorCode: 'INSUFFICIENT_ACCESS', message: 'no' }] };

it.each([
  ['ready', 'all is well', {}],
  [
    'ready',
    'an answer of this visit is old, with a banner to say so',
    { answer: { ...ANSWER, answeredAt: NOW - 9 * MINUTE }, requestedAt: NOW - 10 * MINUTE },
  ],
  [
    'ready',
    'an earlier answer is all there is',
    { answer: { ...ANSWER, answeredAt: NOW - 90 * MINUTE }, requestedAt: NOW - 2 * MINUTE },
  ],
  ['loading', 'nothing was asked yet', { answer: undefined, requestedAt: undefined }],
  [
    'loading',
    'an answer is due and the last is from an earlier visit',
    { answer: { ...ANSWER, answeredAt: NOW - 90 * MINUTE } },
  ],
  [
    'stale',
    'the bridge has not answered at all',
    { answer: undefined, requestedAt: NOW - 2 * MINUTE },
  ],
  ['empty', 'there are no readings', { answer: NOTHING }],
  ['empty', 'there is no device', { answer: NOTHING, deviceCount: 0 }],
  ['error', 'the series cannot be read', { answer: { ...ANSWER, isUnreadable: true } }],
  ['error', 'something failed', { errors: [new Error('Broken.')] }],
  ['noAccess', 'the asset may not be read', { errors: [denied] }],
  ['noAccess', 'no view may be created', { info: { ...INFO, createable: false } }],
  ['noAccess', 'no view may be changed', { info: { ...INFO, updateable: false } }],
  [
    'noAccess',
    'a field of the view may not be read',
    { info: { ...INFO, fields: { Series__c: {} } } },
  ],
])('is %s when %s', (state, _, situation) => {
  expect(stateOf({ ...FINE, ...situation }).state).toBe(state);
});

it('says which of the two is missing: the device, or its readings', () => {
  expect(stateOf({ ...FINE, answer: NOTHING, deviceCount: 0 }).heading).toBe(
    'c.Signal_No_Device_Heading',
  );
  expect(stateOf({ ...FINE, answer: NOTHING }).heading).toBe('c.Signal_No_Readings_Heading');
});

it("gives the bridge's own reason for having no readings", () => {
  const answer = { ...NOTHING, message: 'No device of this asset is known here.' };
  expect(stateOf({ ...FINE, answer }).message).toBe('No device of this asset is known here.');
});

it('reveals nothing in words of what may not be seen', () => {
  const { message } = stateOf({ ...FINE, errors: [denied, new Error('Pump 1 is secret.')] });
  expect(message).toBe('c.Signal_No_Access_Text');
});

describe('bannerOf', () => {
  it('is none while answers and readings come', () => {
    expect(bannerOf(FINE)).toBeUndefined();
  });

  it('tells of a silent bridge before a silent device, and offers to ask again', () => {
    const answer = { ...ANSWER, answeredAt: NOW - 2 * MINUTE, lastReadingAt: NOW - 5 * MINUTE };
    const banner = bannerOf({ ...FINE, answer, requestedAt: NOW - 3 * MINUTE });
    expect(banner).toMatchObject({
      heading: 'c.Signal_Bridge_Silent_Heading',
      actionLabel: 'c.Signal_Ask_Again',
    });
  });

  it('gives the bridge a minute to answer a new request', () => {
    const answer = { ...ANSWER, answeredAt: NOW - 2 * MINUTE };
    expect(bannerOf({ ...FINE, answer })).toBeUndefined();
  });

  it('tells of a silent device, without a button that could not help', () => {
    const answer = { ...ANSWER, lastReadingAt: NOW - 5 * MINUTE };
    const banner = bannerOf({ ...FINE, answer });
    expect(banner.heading).toBe('c.Signal_Device_Silent_Heading');
    expect(banner.actionLabel).toBeUndefined();
  });

  it('passes on what the bridge says is missing from the chart', () => {
    const message = '34 of 360 lines fit; choose fewer metrics to see the others.';
    expect(bannerOf({ ...FINE, answer: { ...ANSWER, message } })).toEqual({
      heading: 'c.Signal_Partial_Heading',
      message,
    });
  });
});
