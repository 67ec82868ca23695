import type { FieldDef, ObjectDef } from '../../local-org/src/metadata/schema.ts';
import {
  auditFields,
  eventFields,
  makeField,
  ownerField,
} from '../../local-org/src/metadata/systemFields.ts';

/** Fields of an object; one that is asked for and missing is made up as a text field. */
class MadeUpFields extends Map<string, FieldDef> {
  override get(name: string): FieldDef | undefined {
    const known = super.get(name);
    if (known !== undefined || !/^\w+$/.test(name)) return known;
    const made = makeField(name, name, 'Text', { length: 255 });
    this.set(name, made);
    return made;
  }
}

/**
 * The objects of an org, and any other that is asked for: made up, with a text field for every name. So a flow from
 * somewhere else is read to its end without the metadata it came with.
 */
export class MadeUpObjects extends Map<string, ObjectDef> {
  constructor(known: Iterable<readonly [string, ObjectDef]>) {
    super();
    for (const [name, object] of known) {
      this.set(name, { ...object, fields: new MadeUpFields(object.fields) });
    }
  }

  override get(name: string): ObjectDef | undefined {
    const known = super.get(name);
    if (known !== undefined || !/^\w+$/.test(name)) return known;
    const isEvent = name.endsWith('__e');
    const fields = isEvent ? eventFields : [...auditFields, ownerField];
    const made: ObjectDef = {
      name,
      label: name,
      pluralLabel: name,
      kind: isEvent ? 'event' : 'custom',
      keyPrefix: 'aZZ',
      fields: new MadeUpFields(fields.map((field) => [field.name, field])),
    };
    this.set(name, made);
    return made;
  }
}
