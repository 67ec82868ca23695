import { z } from 'zod';

import type { Org } from '../../demo/org.ts';

const caseRow = z.object({ AssetId: z.string().nullable() });

/**
 * How many Cases there are on the asset of each device; devices without one are left out.
 *
 * @param assets the asset of each device
 */
export async function countCases(
  org: Org,
  assets: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, number>> {
  const deviceOn = new Map([...assets].map(([device, asset]) => [asset, device]));
  const counts = new Map<string, number>();
  for (const found of await org.query('SELECT AssetId FROM Case')) {
    const device = deviceOn.get(caseRow.parse(found).AssetId ?? '') ?? 'on no asset';
    counts.set(device, (counts.get(device) ?? 0) + 1);
  }
  return counts;
}
