import { isRecord, type FlowValue, type ItemValue, type RecordValue } from '../flow/values.ts';

/** The longest text kept of one value. */
const LONGEST = 200;

/* What must not be shown, by what variables and fields are called. */
const SECRET = /password|passwd|secret|token|credential|session_?id|api_?key|private_?key/i;

/** Whether a variable or field may hold a secret, going by its name. */
export function isSecret(name: string): boolean {
  return SECRET.test(name);
}

/** A value as a short text for people; secrets, known by their names, are left out. */
export function describe(name: string, value: FlowValue): string {
  if (isSecret(name)) return '(not shown)';
  if (Array.isArray(value)) {
    const [first] = value;
    if (first === undefined) return '(empty list)';
    return shorten(`${value.length} × ${ofItem(first)}`);
  }
  return shorten(ofItem(value));
}

function ofItem(value: ItemValue): string {
  if (value === null) return '(empty)';
  return isRecord(value) ? ofRecord(value) : String(value);
}

function ofRecord({ object, fields }: RecordValue): string {
  const shown = Object.entries(fields)
    .filter(([, value]) => value !== null && value !== '')
    .sort(([a], [b]) => (a === 'Id' ? -1 : b === 'Id' ? 1 : 0))
    .map(([name, value]) => `${name}: ${isSecret(name) ? '(not shown)' : String(value)}`);
  return `${object} { ${shown.join(', ')} }`;
}

function shorten(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}

const ID = /^[a-zA-Z0-9]{15}[A-Z0-5]{3}$/;

/** The ids of records that a value names: an id, or the records themselves; not what their fields name. */
export function idsIn(value: FlowValue): string[] {
  return (Array.isArray(value) ? value : [value]).flatMap((item) => {
    const id = isRecord(item) ? item.fields['Id'] : item;
    return typeof id === 'string' && ID.test(id) ? [id] : [];
  });
}
