import { z } from 'zod';

import type { OrgEvidence } from './evidence.ts';

/** Answers all records of a SOQL query. */
export type Query = (soql: string) => Promise<readonly unknown[]>;

const text = z
  .string()
  .nullable()
  .transform((value) => value ?? '');

const signal = z
  .object({
    Event_Key__c: z.string(),
    Episode_Key__c: text,
    Device_Key__c: text,
    Signal_Type__c: text,
    Phase__c: text,
    Disposition__c: text,
    Disposition_Reason__c: text,
  })
  .transform((row) => ({
    eventKey: row.Event_Key__c,
    episodeKey: row.Episode_Key__c,
    device: row.Device_Key__c,
    signalType: row.Signal_Type__c,
    phase: row.Phase__c,
    disposition: row.Disposition__c,
    reason: row.Disposition_Reason__c,
  }));

const failure = z
  .object({ Event_Key__c: text, Reason__c: text })
  .transform((row) => ({ eventKey: row.Event_Key__c, reason: row.Reason__c }));

const caseRow = z.object({
  Id: z.string(),
  CaseNumber: text,
  AssetId: z.string().nullable(),
  CreatedDate: z.string(),
  Signal_Episode_Key__c: z.string().nullable(),
});

const device = z.object({ Device_Key__c: z.string(), Asset__c: z.string().nullable() });

/** Reads what the org holds, over REST. */
export async function readOrg(query: Query): Promise<OrgEvidence> {
  const devices = await query('SELECT Device_Key__c, Asset__c FROM Signal_Device__c');
  const deviceOn = new Map(
    devices.map((row) => {
      const { Asset__c, Device_Key__c } = device.parse(row);
      return [Asset__c ?? '', Device_Key__c] as const;
    }),
  );
  const signals = await query(
    'SELECT Event_Key__c, Episode_Key__c, Device_Key__c, Signal_Type__c, Phase__c, ' +
      'Disposition__c, Disposition_Reason__c FROM Asset_Signal__c',
  );
  const failures = await query('SELECT Event_Key__c, Reason__c FROM Signal_Failure__c');
  const cases = await query(
    'SELECT Id, CaseNumber, AssetId, CreatedDate, Signal_Episode_Key__c FROM Case',
  );
  return {
    signals: signals.map((row) => signal.parse(row)),
    failures: failures.map((row) => failure.parse(row)),
    cases: cases.map((row) => {
      const parsed = caseRow.parse(row);
      return {
        id: parsed.Id,
        number: parsed.CaseNumber,
        device: parsed.AssetId === null ? undefined : deviceOn.get(parsed.AssetId),
        createdAt: parseOrgTime(parsed.CreatedDate),
        episodeKey: parsed.Signal_Episode_Key__c ?? undefined,
      };
    }),
  };
}

/** Salesforce writes `2026-11-23T06:00:00.000+0000`: a zone without the colon of ISO 8601. */
export const parseOrgTime = (time: string): number =>
  Date.parse(time.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
