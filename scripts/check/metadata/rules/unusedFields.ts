import type { CustomField } from '../org.ts';
import { fieldsOfBridge } from '../uses/bridgeUses.ts';
import { grantsOfBridge } from '../uses/fieldUses.ts';
import type { Context, FieldUse, PackageRule, PlacedFinding, UserKind } from '../rule.ts';
import { childrenOf, textOf } from '../xml.ts';

const NOBODY: FieldUse = { reads: new Set(), writes: new Set() };

/* What decides how the package behaves: a person who sets it must not be left to wonder why nothing changes. */
const POLICY = 'Signal_Policy__c';

/**
 * Every field of the package is written by someone and read by someone: a flow, a component, the bridge, a formula,
 * or people on a page. Lists and layouts count as readers, for evidence is kept to be looked at; an option of a policy
 * has to be read by something that acts on it.
 */
export const unusedFields: PackageRule = function* (context) {
  const { uses } = context;
  for (const [key, field] of context.org.fields) {
    const { file, object, isComputed } = field;
    const { reads, writes } = uses.get(key) ?? NOBODY;
    const at = (text: string): PlacedFinding => ({ path: file.path, line: file.root.line, text });
    const isFilled = isComputed || writes.size > 0 || textOf(file.root, 'defaultValue') !== '';
    if (reads.size === 0 && writes.size === 0) yield at(`nobody reads or writes ${key}`);
    else if (reads.size === 0) yield at(`nobody reads ${key}`);
    else if (!isFilled && !mayPeopleWrite(field, context)) yield at(`nobody writes ${key}`);
    else if (object === POLICY && !['flow', 'bridge', 'formula'].some((kind) => has(reads, kind))) {
      yield at(`policy option ${key} is read by no flow and not by the bridge`);
    }
  }
};

/** A permission set grants a field only where someone with its job meets the field. */
export const unneededGrants: PackageRule = function* (context) {
  const { uses } = context;
  for (const { path, type, name, root } of context.files) {
    if (type !== 'PermissionSet') continue;
    const needs: readonly UserKind[] | undefined = context.settings.jobs[name];
    for (const grant of childrenOf(root, 'fieldPermissions')) {
      const field = textOf(grant, 'field');
      const isStandard = !context.org.fields.has(field);
      // Salesforce's own fields are on the customer's own layouts, which people open and a program does not.
      if (isStandard && !isProgram(name, context)) continue;
      const { reads, writes } = uses.get(field) ?? NOBODY;
      const users = [...reads, ...writes];
      const isNeeded =
        needs === undefined ? users.length > 0 : users.some((kind) => needs.includes(kind));
      if (!isNeeded) {
        const whom = needs === undefined ? 'nobody' : `no ${needs.join(' or ')}`;
        yield { path, line: grant.line, text: `${name} grants ${field}, which ${whom} uses` };
      }
    }
  }
};

/** What a program or page needs, its permission set grants: fields the bridge and the components name. */
export const missingGrants: PackageRule = function* (context) {
  const { uses } = context;
  for (const { path, type, name, root } of context.files) {
    const needs = type === 'PermissionSet' ? context.settings.jobs[name] : undefined;
    if (needs === undefined) continue;
    const kinds = needs.filter((kind) => kind === 'bridge' || kind === 'component');
    const granted = new Set(childrenOf(root, 'fieldPermissions').map((it) => textOf(it, 'field')));
    for (const [key, field] of context.org.fields) {
      if (field.object.endsWith('__e') || field.isRequired || granted.has(key)) continue;
      const reads = uses.get(key)?.reads ?? new Set();
      const kind = kinds.find((it) => reads.has(it));
      if (kind !== undefined) {
        yield {
          path,
          line: root.line,
          text: `${name} does not grant ${key}, which a ${kind} reads`,
        };
      }
    }
  }
};

/** What the bridge is awaited to use it does not use yet, and is granted. */
export const awaitedUses: PackageRule = function* (context) {
  const named = [...fieldsOfBridge(context.bridge, context.org)];
  const granted = grantsOfBridge(context).map((grant) => textOf(grant, 'field'));
  for (const awaited of context.settings.awaited) {
    const isNamed = named.some(({ object, field }) =>
      [object, `${object}.${field}`].includes(awaited),
    );
    const isGranted = granted.some((way) => way === awaited || way.startsWith(`${awaited}.`));
    const wrong = isNamed ? 'the bridge names it by now' : 'no permission set grants it to it';
    if (!isNamed && isGranted) continue;
    yield {
      path: 'scripts/check/metadata/settings.ts',
      line: 1,
      text: `${awaited} is awaited of the bridge: ${wrong}`,
    };
  }
};

/*
 * People write what their permission set lets them edit; a required field comes with the object. The sets of programs
 * do not count.
 */
function mayPeopleWrite({ object, name, isRequired }: CustomField, context: Context): boolean {
  return context.files
    .filter(({ type, name: set }) => type === 'PermissionSet' && !isProgram(set, context))
    .some(({ root }) =>
      isRequired
        ? childrenOf(root, 'objectPermissions').some(
            (grant) =>
              textOf(grant, 'object') === object && textOf(grant, 'allowCreate') === 'true',
          )
        : childrenOf(root, 'fieldPermissions').some(
            (grant) =>
              textOf(grant, 'field') === `${object}.${name}` &&
              textOf(grant, 'editable') === 'true',
          ),
    );
}

function isProgram(set: string, { settings }: Context): boolean {
  return settings.jobs[set]?.join() === 'bridge';
}

function has(kinds: ReadonlySet<UserKind>, kind: string): boolean {
  return [...kinds].some((it) => it === kind);
}
