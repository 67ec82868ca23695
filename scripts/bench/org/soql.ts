import { createHash } from 'node:crypto';

import type { Arrivals } from './arrivals.ts';

/**
 * Answers the queries the bridge makes while it publishes: every device has an Asset and an Account, every event that arrived is
 * Acted, none has failed. Of everything else there are no records.
 */
export function answerQuery(soql: string, arrivals: Pick<Arrivals, 'has' | 'from'>): object {
  if (soql.includes(' FROM Asset_Signal__c ') && soql.includes(' ORDER BY SystemModstamp')) {
    return answerPage(soql, arrivals);
  }
  const asked = [...soql.matchAll(/'((?:[^'\\]|\\.)*)'/g)].map(([, text = '']) => text);
  const records = asked.flatMap((key): object[] => {
    if (soql.includes(' FROM Signal_Device__c ') && soql.includes('Device_Key__c IN (')) {
      const Asset__r = { AccountId: idOf('001', key) };
      return [{ Device_Key__c: key, Asset__c: idOf('02i', key), Asset__r }];
    }
    if (soql.includes(' FROM Asset_Signal__c ') && arrivals.has(key)) {
      return [{ Id: idOf('a0S', key), ...acted(key) }];
    }
    return [];
  });
  return { totalSize: records.length, done: true, records };
}

const acted = (key: string) => {
  return { Event_Key__c: key, Disposition__c: 'Acted', Disposition_Reason__c: null };
};

/** Events by their modification stamp: a second for each hundred, so that several share one. */
function answerPage(soql: string, { from }: Pick<Arrivals, 'from'>): object {
  const { stamp, id } =
    /SystemModstamp > (?<stamp>\S+?Z)(?:.* AND Id > 'a0S(?<id>\d+)')?/.exec(soql)?.groups ?? {};
  const limit = Number(/ LIMIT (\d+)$/.exec(soql)?.[1] ?? 0);
  const second = stamp === undefined ? 0 : (Date.parse(stamp) - FIRST_STAMP) / 1_000 + 1;
  const first = id === undefined ? Math.max(0, second * 100) : Number(id) + 1;
  const records = (stamp === undefined ? [] : from(first, limit)).map((key, index) => ({
    Id: `a0S${String(first + index).padStart(15, '0')}`,
    SystemModstamp: stampOf(first + index),
    ...acted(key),
  }));
  return { totalSize: records.length, done: true, records };
}

const FIRST_STAMP = Date.parse('2026-01-01T00:00:00.000Z');
const stampOf = (number: number): string =>
  new Date(FIRST_STAMP + Math.floor(number / 100) * 1_000).toISOString().replace('Z', '+0000');

/** An 18-character id that is always the same for the same name. */
const idOf = (prefix: string, name: string): string =>
  prefix + createHash('sha256').update(name).digest('hex').slice(0, 15).toUpperCase();
