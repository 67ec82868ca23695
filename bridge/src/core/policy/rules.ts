import type { RecordId } from '../../model/identity.ts';
import type { Policy } from '../../model/policy.ts';

/** Where a device is and whose that is, for policies of Assets and Accounts. */
export interface DevicePlace {
  readonly assetId?: RecordId;
  readonly accountId?: RecordId;
}

/** Everything detection goes by, and where it came from. */
export interface Rules {
  /** Of the file of the configuration, in their order. */
  readonly file: readonly Policy[];
  /** Of the org: of each policy the last version that made sense. */
  readonly org: readonly Policy[];
  /** Keys that the org has switched off, whoever else names them. */
  readonly off: readonly string[];
  /** By device key, only of devices whose Asset or Account a policy names. */
  readonly places: ReadonlyMap<string, DevicePlace>;
}

/** Raised when the text below changes in a way older logs and states do not fit. */
const VERSION = 1;

/**
 * The policies in force: those of the file in their order, then those that only the org has, by their keys. Of one key
 * the org's version holds, wherever the file has it; a key that the org has switched off holds nowhere.
 */
export function policiesInForce({ file, org, off }: Rules): readonly Policy[] {
  const ofOrg = new Map(org.map((policy) => [policy.key, policy]));
  const inFile = new Set(file.map(({ key }) => key));
  const others = org.filter(({ key }) => !inFile.has(key));
  others.sort((one, other) => (one.key < other.key ? -1 : 1));
  const all = [...file.map((policy) => ofOrg.get(policy.key) ?? policy), ...others];
  return all.filter(({ key }) => !off.includes(key));
}

/** The same text for the same rules, for the log and for states of detection. */
export function writeRules({ file, org, off, places }: Rules): string {
  return JSON.stringify({
    version: VERSION,
    file,
    org: org.toSorted((one, other) => (one.key < other.key ? -1 : 1)),
    off: off.toSorted(),
    places: [...places]
      .map(([device, { assetId = null, accountId = null }]) => [device, assetId, accountId])
      .sort(([one], [other]) => (String(one) < String(other) ? -1 : 1)),
  });
}

/** Reads what `writeRules` wrote and a checksum has vouched for; throws where it is of another version. */
export function readRules(text: string): Rules {
  const written = JSON.parse(text) as Written;
  if (written.version !== VERSION) {
    throw new Error(`the policies have version ${String(written.version)}; ${VERSION} is known`);
  }
  const { file, org, off } = written;
  const places = new Map(
    written.places.map(([device, assetId, accountId]): [string, DevicePlace] => [
      device,
      { ...(assetId !== null && { assetId }), ...(accountId !== null && { accountId }) },
    ]),
  );
  return { file, org, off, places };
}

interface Written extends Omit<Rules, 'places'> {
  readonly version: unknown;
  readonly places: readonly (readonly [string, RecordId | null, RecordId | null])[];
}
