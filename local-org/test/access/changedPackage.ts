import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One permission, given or taken away. */
export interface Change {
  readonly set: string;
  readonly grant: string;
  readonly permission: string;
  readonly to: boolean;
}

/** A copy of the package with other permissions. */
export function changedPackage(changes: readonly Change[]): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'local-org-package-'));
  cpSync(join(import.meta.dirname, '../../../force-app'), folder, { recursive: true });
  for (const { set, grant, permission, to } of changes) {
    const file = join(folder, `core/access/permissionsets/${set}.permissionset-meta.xml`);
    const whole = readFileSync(file, 'utf8');
    const [list, key] = placeOf(grant);
    const block = `<${list}>(?:(?!</${list}>)[^])*<${key}>${grant}</${key}>[^]*?</${list}>`;
    const changed = whole.replace(new RegExp(block), (found) =>
      found.replace(`<${permission}>${!to}<`, `<${permission}>${to}<`),
    );
    if (changed === whole) throw new Error(`${set}: ${grant} is ${to} for ${permission} already`);
    writeFileSync(file, changed);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}

/** Where permission sets list a grant: a field, an object, or a custom permission. */
function placeOf(grant: string): [list: string, key: string] {
  if (grant.includes('.')) return ['fieldPermissions', 'field'];
  return grant.endsWith('__c') || grant.endsWith('__e')
    ? ['objectPermissions', 'object']
    : ['customPermissions', 'name'];
}
