import { attribute } from '../core/identity/attribute.ts';
import type { DeviceKey } from '../model/brand.ts';
import type { RecordId } from '../model/identity.ts';
import { ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import type {
  IdentityCopy,
  LateAttribution,
  UnmatchedSignal,
  UnmatchedSignals,
} from '../ports/identity.ts';
import type { OrgFailure } from '../ports/publisher.ts';

/** Device keys of one question: 120 characters each stay below the 16 KB of a request line. */
const KEYS = 50;
/** More devices than this are looked for among all signals that lack something: fewer calls. */
const MOST_DEVICES = 500;
/** Pages of all those signals at most, the newest first: 50,000 of them for 25 API calls. */
const MOST_PAGES = 25;

/**
 * Gives earlier signals the Asset and the Account they lacked, as of their own time; the package then routes them anew.
 * What is still not certain stays as it is. Answers how many were written.
 *
 * @param devices those that something has been learnt of, or 'all' where that is not known
 */
export async function reattribute(
  { copy, unmatched }: { readonly copy: IdentityCopy; readonly unmatched: UnmatchedSignals },
  devices: ReadonlySet<DeviceKey> | 'all',
  signal: AbortSignal,
): Promise<Result<number, OrgFailure>> {
  let written = 0;
  const isForAll = devices === 'all' || devices.size > MOST_DEVICES;
  for (const some of isForAll ? (['all'] as const) : chunksOf([...devices])) {
    let before: RecordId | undefined;
    let pages = 0;
    do {
      const found = await unmatched.find(before, some);
      if (!found.ok) return found;
      const late = found.value.flatMap((one) => lateAttributionOf(copy, one) ?? []);
      if (late.length > 0) {
        const taken = await unmatched.write(late);
        if (!taken.ok) return taken;
        written += taken.value;
      }
      before = found.value.at(-1)?.id;
      pages += 1;
    } while (before !== undefined && pages < MOST_PAGES && !signal.aborted);
  }
  return ok(written);
}

/** What can be added to a signal; undefined where nothing can. What it has already stays. */
function lateAttributionOf(
  copy: IdentityCopy,
  { id, device, occurredAt, assetId, accountId }: UnmatchedSignal,
): LateAttribution | undefined {
  const found = attribute(copy.facts(device), device, occurredAt);
  // The place it was given differs from what is known now: a person decides about that, not the bridge.
  if (assetId !== undefined && found.assetId !== assetId) return undefined;
  if (accountId !== undefined && found.accountId !== accountId) return undefined;
  const isNew = found.assetId !== assetId || found.accountId !== accountId;
  if (!isNew) return undefined;
  const { doubts: _, ...known } = found;
  return { id, ...known };
}

function chunksOf(keys: readonly DeviceKey[]): readonly (readonly DeviceKey[])[] {
  const chunks: DeviceKey[][] = [];
  for (let from = 0; from < keys.length; from += KEYS) chunks.push(keys.slice(from, from + KEYS));
  return chunks;
}
