import type { MetadataFile } from '../file.ts';
import type { Context, Rule } from '../rule.ts';
import { judgeFieldPath } from '../org.ts';
import { EVENT_FIELDS, SYSTEM_FIELDS } from '../standardFields.ts';
import type { Finding } from '../validate.ts';
import { childrenOf, textOf, type XmlElement } from '../xml.ts';

/** A permission set grants what exists, whole, and nothing that a deployment refuses. */
export const permissionReferences: Rule = function* (file, context) {
  if (file.type !== 'PermissionSet') return;
  const granted = new Set<string>();
  for (const grant of childrenOf(file.root, 'objectPermissions')) {
    const object = textOf(grant, 'object');
    granted.add(object);
    if (!context.org.objects.has(object)) {
      yield { line: grant.line, text: `object ${object} is unknown` };
    }
  }
  for (const grant of childrenOf(file.root, 'fieldPermissions')) {
    yield* judgeFieldGrant(grant, granted, context);
  }
  yield* judgeOthers(file, context);
  yield* doubled(file);
};

function* judgeFieldGrant(
  grant: XmlElement,
  granted: ReadonlySet<string>,
  { org }: Context,
): Generator<Finding> {
  const { line } = grant;
  const name = textOf(grant, 'field');
  const [object = '', field = ''] = name.split('.');
  const wrong = judgeFieldPath(org, object, field);
  if (wrong !== undefined) yield { line, text: wrong };
  else if (!granted.has(object)) {
    yield { line, text: `${name} is granted and its object is not: the grant does nothing` };
  } else if (object.endsWith('__e') || field in EVENT_FIELDS) {
    yield { line, text: `${name} is a field of an event: it has no permission of its own` };
  } else if (field in SYSTEM_FIELDS) {
    yield { line, text: `${name} is a system field: it has no permission of its own` };
  } else if (org.fields.get(name)?.isRequired === true) {
    yield { line, text: `${name} is required: a deployment refuses a permission for it` };
  }
  if (textOf(grant, 'editable') === 'true' && textOf(grant, 'readable') !== 'true') {
    yield { line, text: `${name} may be edited and not be read` };
  }
  if (textOf(grant, 'editable') !== 'true' && textOf(grant, 'readable') !== 'true') {
    yield { line, text: `${name} is listed with nothing granted` };
  }
}

function* judgeOthers({ root }: MetadataFile, { files }: Context): Generator<Finding> {
  const named = (type: string): ReadonlySet<string> =>
    new Set(files.filter((file) => file.type === type).map(({ name }) => name));
  const kinds = [
    ['tabSettings', 'tab', named('CustomTab'), 'tab'],
    ['applicationVisibilities', 'application', named('CustomApplication'), 'app'],
    ['customPermissions', 'name', named('CustomPermission'), 'custom permission'],
    ['flowAccesses', 'flow', named('Flow'), 'flow'],
    ['classAccesses', 'apexClass', new Set<string>(), 'Apex class'],
    ['pageAccesses', 'apexPage', new Set<string>(), 'Visualforce page'],
    ['customMetadataTypeAccesses', 'name', named('CustomObject'), 'custom metadata type'],
  ] as const;
  for (const [list, key, known, what] of kinds) {
    for (const entry of childrenOf(root, list)) {
      const name = textOf(entry, key);
      if (!known.has(name) && !(what === 'tab' && name.startsWith('standard-'))) {
        yield { line: entry.line, text: `${what} ${name} is not in force-app` };
      }
    }
  }
}

function* doubled({ root }: MetadataFile): Generator<Finding> {
  const seen = new Set<string>();
  for (const entry of root.children) {
    const key = ['field', 'object', 'tab', 'application', 'flow', 'name'].find(
      (name) => textOf(entry, name) !== '',
    );
    if (key === undefined) continue;
    const name = `${entry.name} ${textOf(entry, key)}`;
    if (seen.has(name)) yield { line: entry.line, text: `${name} is listed twice` };
    seen.add(name);
  }
}
