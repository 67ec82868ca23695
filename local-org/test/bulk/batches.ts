import type { FieldValue } from '../../src/store/records.ts';
import { minute, WORLD } from './world.ts';
import type { SignalEvent } from './world.ts';

const LONG_KEY = 'a key that is too long';

/** What the org cannot record, by what is wrong with it. */
export const BAD: Readonly<Record<string, Readonly<Record<string, FieldValue>>>> = {
  'a confidence that is no share': { Confidence__c: 2 },
  'a negative confidence': { Confidence__c: -0.1 },
  'no key': { Event_Key__c: null },
  'no episode': { Episode_Key__c: null },
  'no time': { Occurred_At__c: null, Occurred_At_Ms__c: null },
  'no device': { Device_Key__c: null },
  'no policy': { Policy_Key__c: '' },
  'a severity nobody knows': { Severity__c: 'Terrible' },
  'a phase nobody knows': { Phase__c: 'Exploded' },
  [LONG_KEY]: { Event_Key__c: 'k'.repeat(65) },
  'an episode that is too long': { Episode_Key__c: 'e'.repeat(65) },
  'a device that is too long': { Device_Key__c: 'd'.repeat(121) },
  'a unit that is too long': { Unit__c: 'u'.repeat(21) },
  'a window that ends before it begins': {
    Window_Start__c: '2026-11-25T00:00:00.000Z',
    Window_End__c: '2026-11-24T00:00:00.000Z',
  },
};

/** What looks wrong, and has to be recorded nevertheless. */
export const ODD: readonly Readonly<Record<string, FieldValue>>[] = [
  {},
  { Asset_Id__c: 'nonsense', Account_Id__c: '02i000000000ABCAAA' },
  { Installation_Id__c: '0' },
  { Explanation__c: null, Detector__c: null, Source__c: null, Policy_Version__c: null },
  { Explanation__c: 'x'.repeat(2000), Snapshot__c: `{"v":"${'9'.repeat(31_990)}"}` },
  { Confidence__c: 0 },
  { Confidence__c: 1, Value__c: 999_999_999_999, Baseline__c: -0.000_001 },
  { Explanation__c: 'Ölstand < ½ & \'außer\' "Betrieb" 油圧 🔧\nsecond line' },
];

const DEVICES = [...WORLD.devices.keys(), 'unheard-of'];
const POLICIES = [...WORLD.policies.keys(), 'unheard-of'];
const SEVERITIES = ['Critical', 'High', 'Medium', 'Low'] as const;
const CONFIDENCES = [undefined, 0, 0.39, 0.4, 0.6, 0.8, 0.899, 0.9, 1];

/** Makes up batches of events of so many episodes; the same for the same numbers by chance. */
export function makeBatches(random: () => number, episodes: number): () => SignalEvent[] {
  const pick = <Item>(items: readonly Item[]): Item =>
    items[Math.floor(random() * items.length)] as Item;
  const isRare = (share: number): boolean => random() < share;
  const sent: SignalEvent[] = [];
  const times = new Set<number>();
  let count = 0;

  /** A time that no other event has; even minutes go on, odd ones are of the past. */
  function timeOf(number: number): number {
    let time = isRare(0.2) ? 2 * Math.floor(random() * number) + 1 : 2 * number;
    while (times.has(time)) time += 2;
    times.add(time);
    return minute(time);
  }

  function invent(episode: number): SignalEvent {
    count += 1;
    const bad = isRare(0.1) ? pick(Object.values(BAD)) : undefined;
    const odd = bad === undefined ? pick(ODD) : {};
    const { Confidence__c: oddConfidence } = odd;
    const isKeyed = bad === undefined || !('Event_Key__c' in bad);
    return {
      key: isKeyed ? `event ${count}` : undefined,
      episode: `episode ${episode}`,
      phase: pick(['Opened', 'Opened', 'Updated', 'Updated', 'Cleared'] as const),
      severity: pick(SEVERITIES),
      confidence: typeof oddConfidence === 'number' ? oddConfidence : pick(CONFIDENCES),
      // An episode is of one device and one policy; devices have several.
      device: DEVICES[episode % DEVICES.length] ?? '',
      policy: POLICIES[Math.floor(episode / 3) % POLICIES.length] ?? '',
      at: timeOf(count),
      isBad: bad !== undefined,
      // No two events have the same key, not even a bad one.
      sent: bad === BAD[LONG_KEY] ? { Event_Key__c: `${'k'.repeat(65)}${count}` } : (bad ?? odd),
    };
  }

  return () => {
    // As the bridge promises: of an episode there is never more than one event without a receipt.
    const chosen = Array.from({ length: episodes }, (_, episode) => episode);
    const batch = chosen.filter(() => isRare(0.4)).map(invent);
    const others = sent.filter(
      ({ key, episode }) => key !== undefined && batch.every((one) => one.episode !== episode),
    );
    const again = others.filter(() => isRare(2 / others.length));
    for (const one of again)
      if (batch.every(({ episode }) => episode !== one.episode)) batch.push(one);
    const twice = batch.find(({ key }) => key !== undefined);
    if (twice !== undefined && isRare(0.15)) batch.push(twice);
    sent.push(...batch);
    return shuffle(batch, random);
  };
}

/** The items in an order by chance. */
export function shuffle<Item>(items: readonly Item[], random: () => number): Item[] {
  const drawn = items.map((item) => ({ item, lot: random() }));
  return drawn.toSorted((a, b) => a.lot - b.lot).map(({ item }) => item);
}
