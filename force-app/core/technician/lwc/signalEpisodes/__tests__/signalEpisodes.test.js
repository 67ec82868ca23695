import { hasAllOpen, overallStatus, toEpisodes, worstEpisode } from 'c/signalEpisodes';
import { event } from './rows';

const MINUTE = 60_000;
const NOW = 100 * MINUTE;

describe('toEpisodes', () => {
  it('makes one episode of all events with one key, whatever their order', () => {
    const [episode, ...others] = toEpisodes([
      event('a', 'Updated', 200, { Severity__c: 'Critical' }),
      event('a', 'Opened', 100),
    ]);
    expect(others).toEqual([]);
    expect(episode).toMatchObject({ key: 'a', isOpen: true, severity: 'Critical' });
    expect([episode.openedAt, episode.updatedAt, episode.clearedAt]).toEqual([100, 200, undefined]);
  });

  it('closes an episode by its latest event only', () => {
    const [cleared] = toEpisodes([event('a', 'Cleared', 300), event('a', 'Opened', 100)]);
    expect(cleared).toMatchObject({ isOpen: false, clearedAt: 300 });
  });

  it('takes Cleared as later than an Updated of the same millisecond', () => {
    const [episode] = toEpisodes([event('a', 'Cleared', 100), event('a', 'Updated', 100)]);
    expect(episode.isOpen).toBe(false);
  });

  it('keeps the worst severity and the value that decided when it has cleared', () => {
    const [episode] = toEpisodes([
      event('a', 'Cleared', 300, { Severity__c: 'Low', Value__c: 2, Explanation__c: 'back' }),
      event('a', 'Updated', 200, {
        Severity__c: 'Critical',
        Value__c: 9,
        Baseline__c: 4,
        Unit__c: 'mm/s',
      }),
      event('a', 'Opened', 100),
    ]);
    expect(episode).toMatchObject({
      severity: 'Critical',
      measured: 9,
      baseline: 4,
      unit: 'mm/s',
      explanation: 'back',
    });
  });

  it('does not hide that one of its events failed', () => {
    const [episode] = toEpisodes([
      event('a', 'Updated', 200, { Disposition__c: 'Acted' }),
      event('a', 'Opened', 100, { Disposition__c: 'Failed', Disposition_Reason__c: 'no queue' }),
    ]);
    expect(episode).toMatchObject({ disposition: 'Failed', reason: 'no queue' });
  });

  it('knows the Case of any of its events, and none whose fields may not be read', () => {
    const open = {
      Id: '500',
      CaseNumber: { value: '00001' },
      Status: { value: 'New', displayValue: 'Neu' },
    };
    const hidden = { Id: '501', CaseNumber: null, Status: null };
    const [b, a] = toEpisodes([
      event('b', 'Opened', 300, {}, hidden),
      event('a', 'Updated', 200),
      event('a', 'Opened', 100, {}, open),
    ]);
    expect(a.case).toEqual({ id: '500', number: '00001', status: 'Neu' });
    expect(b.case).toBeUndefined();
  });

  it('puts what changed last first', () => {
    const episodes = toEpisodes([event('a', 'Opened', 100), event('b', 'Opened', 300)]);
    expect(episodes.map(({ key }) => key)).toEqual(['b', 'a']);
  });

  it('says a type of the starter policies in words of its own and others in theirs', () => {
    const titles = ['connectivity.silent', 'fault.bearing-worn_out', 'odd'].map(
      (type) => toEpisodes([event('a', 'Opened', 1, { Signal_Type__c: type })])[0],
    );
    expect(titles.map(({ family, title }) => [family, title])).toEqual([
      ['c.Signal_Family_Connectivity', 'c.Signal_Type_Silent'],
      ['c.Signal_Family_Fault', 'Bearing worn out'],
      ['', 'Odd'],
    ]);
  });
});

describe('worstEpisode', () => {
  it('is the worst, and of equals the newest', () => {
    const episodes = toEpisodes([
      event('c', 'Opened', 300, { Severity__c: 'Low' }),
      event('b', 'Opened', 200),
      event('a', 'Opened', 100),
    ]);
    expect(worstEpisode(episodes).key).toBe('b');
    expect(worstEpisode([])).toBeUndefined();
  });
});

describe('overallStatus', () => {
  const open = (Severity__c, Signal_Type__c = 'fault.x') =>
    toEpisodes([event('a', 'Opened', 1, { Severity__c, Signal_Type__c })]);
  const fresh = {
    open: [],
    lastSeenAt: NOW - MINUTE,
    answeredAt: NOW,
    now: NOW,
    silentAfterMs: 10 * MINUTE,
  };

  it.each([
    ['Normal', 'readings arrive and nothing is open', {}],
    ['Critical', 'a critical signal is open', { open: open('Critical') }],
    [
      'Critical',
      'a critical signal is open and the device is silent',
      { open: open('Critical'), lastSeenAt: 0 },
    ],
    ['Attention', 'a lesser signal is open', { open: open('Low') }],
    [
      'NoContact',
      'a signal says that the device is silent',
      { open: open('Critical', 'connectivity.silent') },
    ],
    ['NoContact', 'the bridge had not heard of it for long', { lastSeenAt: NOW - 11 * MINUTE }],
    [
      'Unknown',
      'nobody has asked the bridge for long',
      { lastSeenAt: NOW - 90 * MINUTE, answeredAt: NOW - 89 * MINUTE },
    ],
    ['Unknown', 'the bridge never answered', { lastSeenAt: undefined, answeredAt: undefined }],
    [
      'Attention',
      'a signal is open and the bridge never answered',
      { open: open('Low'), lastSeenAt: undefined, answeredAt: undefined },
    ],
  ])('is %s when %s', (status, _, situation) => {
    expect(overallStatus({ ...fresh, ...situation })).toBe(status);
  });
});

describe('hasAllOpen', () => {
  const ended = event('old', 'Opened', 1, { Episode_Ended_At__c: '2026-11-23T06:00:00.000Z' });
  const lasting = event('new', 'Opened', 2, { Episode_Ended_At__c: null });

  it('is sure when everything was read', () => {
    expect(hasAllOpen({ edges: [lasting], pageInfo: { hasNextPage: false } })).toBe(true);
    expect(hasAllOpen({ edges: [], pageInfo: { hasNextPage: false } })).toBe(true);
  });

  it('is sure when the last of what was read has ended, for open ones come first', () => {
    expect(hasAllOpen({ edges: [lasting, ended], pageInfo: { hasNextPage: true } })).toBe(true);
  });

  it('is not sure when even the last lasts', () => {
    expect(hasAllOpen({ edges: [lasting], pageInfo: { hasNextPage: true } })).toBe(false);
  });
});
