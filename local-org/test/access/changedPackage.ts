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
    const list = grant.includes('.') ? 'field' : 'object';
    const block = `<${list}Permissions>(?:(?!</${list}Permissions>)[^])*<${list}>${grant}</${list}>[^]*?</${list}Permissions>`;
    const changed = whole.replace(new RegExp(block), (found) =>
      found.replace(`<${permission}>${!to}<`, `<${permission}>${to}<`),
    );
    if (changed === whole) throw new Error(`${set}: ${grant} is ${to} for ${permission} already`);
    writeFileSync(file, changed);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}
