import type { OrgMetadata } from '../metadata/schema.ts';
import { hasCustomPermission } from '../store/permissions.ts';
import type { FieldValue, RecordStore } from '../store/records.ts';
import { fieldScalar, type ScalarType } from './values.ts';

/** Who runs the flow or saves the record, and where the org's rows are. */
export interface GlobalScope {
  readonly userId: string;
  readonly read: RecordStore['read'];
  readonly select: RecordStore['select'];
}

export interface GlobalValue {
  readonly type: ScalarType;
  readonly evaluate: (scope: GlobalScope) => FieldValue;
}

/** The global values of `orgGlobal`, for SUPPORT.md. */
export const ORG_GLOBALS = ['$User', '$Profile', '$Organization', '$Permission', '$Label'] as const;

/**
 * A global value about the running user, the org or its source, for flows and validation rules
 * alike: `$User` and `$Organization` with any of their fields, `$Profile.Id` and `$Profile.Name`,
 * `$Permission.NAME`, `$Label.NAME`. In a flow that an event set off the running user is the one who
 * published it. A text says what is wrong with the name; undefined: it is no such global value.
 * Source: Apex Reference, "FormulaGlobal"; help "Global Variables" and "$Permission".
 */
export function orgGlobal(metadata: OrgMetadata, path: string): GlobalValue | string | undefined {
  const [head = '', name = '', ...rest] = path.split('.');
  if (!isOrgGlobal(head)) return undefined;
  if (name === '' || rest.length > 0) return `${path}: ${head} takes one name`;
  switch (head) {
    case '$User':
      return fieldOf(metadata, 'User', path, name, ({ userId, read }) => read('User', userId));
    case '$Profile':
      if (name !== 'Id' && name !== 'Name') return `${path}: $Profile has Id and Name`;
      return fieldOf(metadata, 'Profile', path, name, ({ userId, read }) => {
        const id = read('User', userId)?.['ProfileId'];
        return typeof id === 'string' ? read('Profile', id) : undefined;
      });
    case '$Organization':
      return fieldOf(metadata, 'Organization', path, name, ({ select }) =>
        select({ object: 'Organization', limit: 1 }).at(0),
      );
    case '$Permission':
      if (metadata.customPermissions?.has(name) !== true)
        return `${path}: no custom permission ${name} in this org`;
      return {
        type: 'boolean',
        evaluate: ({ userId, select }) => hasCustomPermission({ select }, metadata, userId, name),
      };
    case '$Label': {
      const text = metadata.labels?.get(name);
      if (text === undefined) return `${path}: no label ${name} in this org`;
      return { type: 'text', evaluate: () => text };
    }
  }
}

function isOrgGlobal(head: string): head is (typeof ORG_GLOBALS)[number] {
  return ORG_GLOBALS.some((known) => known === head);
}

function fieldOf(
  metadata: OrgMetadata,
  objectName: string,
  path: string,
  name: string,
  row: (scope: GlobalScope) => ReturnType<RecordStore['read']>,
): GlobalValue | string {
  const field = metadata.objects.get(objectName)?.fields.get(name);
  if (field === undefined) return `${path}: ${objectName} has no field ${name}`;
  const isFlag = field.type === 'Checkbox';
  return {
    type: fieldScalar(field),
    evaluate: (scope) => row(scope)?.[name] ?? (isFlag ? false : null),
  };
}
