import type { FieldDef } from '../metadata/schema.ts';
import type { FieldValue, RecordData } from './records.ts';

/** The value of a compound Location (Object Reference, "Geolocation Compound Field"). */
export interface Geolocation {
  readonly latitude: FieldValue;
  readonly longitude: FieldValue;
}

/** The two numbers of a Location together, or null when there is neither. */
export function geolocationOf({ name }: FieldDef, row: RecordData): Geolocation | null {
  const latitude = row[name.replace(/__c$/, '__Latitude__s')] ?? null;
  const longitude = row[name.replace(/__c$/, '__Longitude__s')] ?? null;
  return latitude === null && longitude === null ? null : { latitude, longitude };
}
