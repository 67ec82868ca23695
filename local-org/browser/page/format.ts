import { recordAddress } from './address.ts';
import { make } from './dom.ts';
import { isRecord } from '../data/record.ts';
import type { UiField, UiRecord } from '../data/record.ts';
import type { FieldInfo } from './objectInfo.ts';

const locale = 'en-US';

/** A field's value as the page shows it: text, a link to a record, or a dash for nothing. */
export function show(field: FieldInfo, value: UiField | undefined, parent?: UiField): Node {
  const raw = value?.value;
  if (raw === null || raw === undefined || raw === '')
    return make('span', { class: 'host-empty' }, '–');
  if (field.dataType === 'Reference' && typeof raw === 'string')
    return referenceLink(raw, isRecord(parent?.value) ? parent.value : undefined);
  return document.createTextNode(textOf(field.dataType, raw, value?.displayValue));
}

function referenceLink(id: string, record: UiRecord | undefined): Node {
  const name = record === undefined ? undefined : nameIn(record);
  if (record === undefined || name === undefined) return document.createTextNode(id);
  const isPage = !['User', 'Group', 'Profile'].includes(record.apiName);
  if (!isPage) return document.createTextNode(name);
  return make('a', { href: recordAddress(record.apiName, id) }, name);
}

/** The text of the only field that was asked for behind a lookup: its name. */
function nameIn(record: UiRecord): string | undefined {
  const [name] = Object.values(record.fields)
    .map(({ value }) => value)
    .filter((value) => typeof value === 'string');
  return name;
}

/** A value in words, by its type in the object's info. */
export function textOf(
  dataType: string,
  value: unknown,
  displayValue: string | null | undefined,
): string {
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (dataType === 'DateTime') return dateText(String(value), true);
  if (dataType === 'Date') return dateText(`${String(value)}T00:00:00`, false);
  if (typeof displayValue === 'string' && displayValue !== '') return displayValue;
  return typeof value === 'number' ? value.toLocaleString(locale) : String(value);
}

function dateText(iso: string, withTime: boolean): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return withTime
    ? date.toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' })
    : date.toLocaleDateString(locale, { dateStyle: 'medium' });
}
