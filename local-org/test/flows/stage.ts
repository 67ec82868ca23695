import type { CompiledFlow } from '../../src/flow/runtime.ts';
import type { OrgMetadata } from '../../src/metadata/schema.ts';
import type { PackageOrg } from './packageOrg.ts';

/** What the orgs of this process run under, and who looks at them; for tests that run the cases again otherwise. */
export interface Stage {
  /** The package's flows, also bound; left out, as they are. */
  readonly flows?: {
    readonly files: OrgMetadata['flows'];
    readonly bound: ReadonlyMap<string, CompiledFlow>;
  };
  /** Readings of what no source settles, `RULE=VALUE`; what a case assumes itself wins. */
  readonly assume?: readonly string[];
  /** Is told which of those rules an org goes by, each time it does. */
  readonly onAsked?: (rule: string) => void;
  readonly onMade?: (org: PackageOrg) => void;
}

let current: Stage = {};

export const stage = (): Stage => current;

/** From now on orgs are made so. */
export function setStage(next: Stage): void {
  current = next;
}
