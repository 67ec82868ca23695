import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeArrivals } from './arrivals.ts';
import { answerQuery } from './soql.ts';

const event = (key: string, phase: string) => ({
  Event_Key__c: key,
  Phase__c: phase,
  Device_Key__c: 'pump-1',
  Occurred_At_Ms__c: 5,
});

test('an event counts once however often it comes', () => {
  const arrivals = makeArrivals();
  arrivals.take(event('a', 'Opened'), 10);
  arrivals.take(event('a', 'Opened'), 11);
  arrivals.take(event('b', 'Cleared'), 12);
  assert.deepEqual(arrivals.counts(), { opened: 1, updated: 0, cleared: 1, repeats: 1 });
  assert.deepEqual(arrivals.takeOpened(), [['pump-1', 5, 10]]);
  assert.deepEqual(arrivals.takeOpened(), []);
  assert.throws(() => arrivals.take(event('c', 'Closed'), 13), /Closed/);
});

test('receipts are given for events that arrived, and devices have the same Asset every time', () => {
  const arrivals = makeArrivals();
  arrivals.take(event('a', 'Opened'), 10);
  const signals = "SELECT Event_Key__c FROM Asset_Signal__c WHERE Event_Key__c IN ('a','b')";
  const acted = { Event_Key__c: 'a', Disposition__c: 'Acted', Disposition_Reason__c: null };
  const { records } = answerQuery(signals, arrivals) as { records: { Id: string }[] };
  assert.deepEqual(records, [{ Id: records[0]?.Id, ...acted }]);
  const devices = "SELECT Asset__c FROM Signal_Device__c WHERE Device_Key__c IN ('x', 'y')";
  assert.deepEqual(answerQuery(devices, arrivals), answerQuery(devices, arrivals));
  assert.match(JSON.stringify(answerQuery(devices, arrivals)), /"Asset__c":"02i[0-9A-F]{15}"/);
  const failures = "SELECT Reason__c FROM Signal_Failure__c WHERE Event_Key__c IN ('a')";
  assert.deepEqual(answerQuery(failures, arrivals), { totalSize: 0, done: true, records: [] });
});

test('events are paged in the order of arrival, each once, also where many share a second', () => {
  const arrivals = makeArrivals();
  const ask = (place: string) =>
    answerQuery(
      `SELECT Id FROM Asset_Signal__c WHERE Disposition__c IN ('Acted')${place} ORDER BY SystemModstamp, Id LIMIT 70`,
      arrivals,
    ) as { records: { Id: string; SystemModstamp: string; Event_Key__c: string }[] };
  for (let index = 0; index < 250; index += 1) arrivals.take(event(`e${index}`, 'Opened'), index);
  const keys: string[] = [];
  let place = ' AND (SystemModstamp > 1970-01-01T00:00:00.000Z)';
  for (;;) {
    const { records } = ask(place);
    const last = records.at(-1);
    if (last === undefined) break;
    keys.push(...records.map(({ Event_Key__c: key }) => key));
    const stamp = last.SystemModstamp.replace('+0000', 'Z');
    place = ` AND (SystemModstamp > ${stamp} OR (SystemModstamp = ${stamp} AND Id > '${last.Id}'))`;
  }
  assert.deepEqual(
    keys,
    Array.from({ length: 250 }, (_, index) => `e${index}`),
  );
});
