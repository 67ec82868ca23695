import type { MetadataFile } from '../file.ts';
import type { Context, Rule } from '../rule.ts';
import { childOf, everyElement, textOf } from '../xml.ts';

/**
 * A layout says of each field what an org takes: a universally required field, and a name that people type, can be
 * neither read-only nor left to choice there ("Field:… must be Required", github.com SFDO-Tooling/CumulusCI pull 2407;
 * help fields_universally_required_field_considerations), and a running number is read-only.
 */
export const layoutBehaviors: Rule = function* ({ type, name, root }, context) {
  if (type !== 'Layout') return;
  const object = name.split('-')[0] ?? '';
  const shown = new Set<string>();
  for (const item of everyElement(root)) {
    if (item.name !== 'layoutItems') continue;
    const field = textOf(item, 'field');
    const behavior = textOf(item, 'behavior');
    shown.add(field);
    const wanted = behaviorOf(object, field, context);
    if (wanted !== undefined && behavior !== wanted) {
      yield { line: item.line, text: `${field} has to be ${wanted} on a layout, not ${behavior}` };
    }
  }
  for (const field of context.org.fields.values()) {
    if (field.object === object && field.isRequired && !shown.has(field.name)) {
      yield { line: root.line, text: `${field.name} is required and not on the layout` };
    }
  }
};

function behaviorOf(object: string, field: string, { org, files }: Context): string | undefined {
  if (field === 'Name') {
    const file = files.find((one) => one.type === 'CustomObject' && one.name === object);
    return file === undefined ? undefined : behaviorOfName(file);
  }
  return org.fields.get(`${object}.${field}`)?.isRequired === true ? 'Required' : undefined;
}

function behaviorOfName({ root }: MetadataFile): string {
  return textOf(childOf(root, 'nameField') ?? root, 'type') === 'AutoNumber'
    ? 'Readonly'
    : 'Required';
}
