import { InvalidSource, Unsupported } from './schema.ts';
import type { FieldDef, ObjectDef } from './schema.ts';
import { makeField } from './systemFields.ts';
import { flagOf, wholeOf } from './xml.ts';
import type { XmlElement } from './xml.ts';

/** What a number holds at most (Object Reference, "Primitive Data Types"). */
const DIGITS = 18;

/**
 * Reads a geolocation: the compound field, which can be read only. Latitude and longitude are
 * fields of their own, see `componentsOf`.
 */
export function locationField(
  file: string,
  root: XmlElement,
  name: string,
  label: string,
): FieldDef {
  for (const flag of ['externalId', 'unique', 'trackHistory']) {
    if (flagOf(file, root, flag, false)) throw new Unsupported(file, flag, 'it on a Location');
  }
  const scale = wholeOf(file, root, 'scale');
  if (scale === undefined || scale > 15)
    throw new InvalidSource(file, 'a Location needs a <scale> from 0 to 15');
  const required = flagOf(file, root, 'required', false);
  return makeField(name, label, 'Location', { scale, system: true, required });
}

/**
 * The latitude and the longitude of a Location, and the compound field as rows know it, by name.
 * "Latitude values must be within -90 and 90. Longitude values must be within -180 and 180" (help
 * platform.custom_field_geolocate_overview). A required Location needs both; the compound field itself has no value.
 */
export function withComponents(field: FieldDef): [string, FieldDef][] {
  if (field.type !== 'Location') return [[field.name, field]];
  const { name, label, scale = 0, required } = field;
  const component = (part: 'Latitude' | 'Longitude', most: number): [string, FieldDef] => {
    const own = name.replace(/__c$/, `__${part}__s`);
    const range = [-most, most] as const;
    const extras = { precision: DIGITS, scale, required, range, compound: name };
    return [own, makeField(own, `${label} (${part})`, 'Number', extras)];
  };
  return [
    component('Latitude', 90),
    component('Longitude', 180),
    [name, { ...field, required: false }],
  ];
}

/** The fields that hold the two numbers of a Location. */
export function componentsOf(object: ObjectDef, compound: string): FieldDef[] {
  return [...object.fields.values()].filter((field) => field.compound === compound);
}
