import { z } from 'zod';

import type { Org } from './org.ts';

const device = z.object({ Asset__c: z.string() });

/** The test fault `--break case`: opens a second Case on the Asset of a device. */
export async function openSecondCase(org: Org, deviceKey: string): Promise<void> {
  const rows = await org.query(
    `SELECT Asset__c FROM Signal_Device__c WHERE Device_Key__c = '${deviceKey}'`,
  );
  const { Asset__c } = device.parse(rows[0]);
  await org.create('Case', [
    { AssetId: Asset__c, Subject: 'A second Case, opened by --break case' },
  ]);
}
