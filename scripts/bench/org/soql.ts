import { createHash } from 'node:crypto';

import type { Arrivals } from './arrivals.ts';

/**
 * Answers the queries the bridge makes while it publishes: every device has an Asset and an Account, every event that arrived is
 * Acted, none has failed. Of everything else there are no records.
 */
export function answerQuery(soql: string, arrivals: Pick<Arrivals, 'has'>): object {
  const asked = [...soql.matchAll(/'((?:[^'\\]|\\.)*)'/g)].map(([, text = '']) => text);
  const records = asked.flatMap((key): object[] => {
    if (soql.includes(' FROM Signal_Device__c ') && soql.includes('Device_Key__c IN (')) {
      const Asset__r = { AccountId: idOf('001', key) };
      return [{ Device_Key__c: key, Asset__c: idOf('02i', key), Asset__r }];
    }
    if (soql.includes(' FROM Asset_Signal__c ') && arrivals.has(key)) {
      return [{ Event_Key__c: key, Disposition__c: 'Acted', Disposition_Reason__c: null }];
    }
    return [];
  });
  return { totalSize: records.length, done: true, records };
}

/** An 18-character id that is always the same for the same name. */
const idOf = (prefix: string, name: string): string =>
  prefix + createHash('sha256').update(name).digest('hex').slice(0, 15).toUpperCase();
