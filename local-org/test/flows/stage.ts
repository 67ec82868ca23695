import type { OrgMetadata } from '../../src/metadata/schema.ts';
import type { PackageOrg } from './packageOrg.ts';

/** What the orgs of this process run under, and who looks at them; for tests that run the cases again otherwise. */
export interface Stage {
  /** The package's flows; left out, as they are. */
  readonly flows?: OrgMetadata['flows'];
  /** Readings of what no source settles, `RULE=VALUE`; what a case assumes itself wins. */
  readonly assume?: readonly string[];
  readonly onMade?: (org: PackageOrg) => void;
}

let current: Stage = {};

export const stage = (): Stage => current;

/** From now on orgs are made so. */
export function setStage(next: Stage): void {
  current = next;
}
