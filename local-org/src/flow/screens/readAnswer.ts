import type { FieldValue } from '../../store/records.ts';
import type { AskedField } from '../screenModel.ts';
import type { Option } from './options.ts';
import { WrongAnswer } from './view.ts';

/** An answer as the flow will know it, or why it is none. */
export type Read =
  | { readonly ok: true; readonly value: FieldValue; readonly chosen: readonly Option[] }
  | { readonly ok: false; readonly error: string };

const accept = (value: FieldValue, chosen: readonly Option[] = []): Read => ({
  ok: true,
  value,
  chosen,
});
const refuse = (error: string): Read => ({ ok: false, error });

/**
 * Takes the answer to one field: text, a number or its digits, true or false, `YYYY-MM-DD`, an ISO 8601
 * time; the value of a choice, or a list of them. Empty text is no answer.
 */
export function readAnswer(field: AskedField, options: readonly Option[], answer: unknown): Read {
  if (answer === null || answer === undefined || answer === '')
    return accept(field.type === 'Boolean' && field.kind === 'input' ? false : null);
  if (field.kind === 'choice') return readChosen(field, options, answer);
  switch (field.type) {
    case 'Boolean':
      return typeof answer === 'boolean' ? accept(answer) : wrong(field, answer);
    case 'Number':
      return readNumber(field, answer);
    case 'String':
      return typeof answer === 'string' ? accept(answer) : wrong(field, answer);
    case 'Date':
      return readDate(field, answer);
    case 'DateTime':
      return readTime(field, answer);
  }
}

function readNumber(field: Extract<AskedField, { kind: 'input' }>, answer: unknown): Read {
  if (typeof answer !== 'number' && typeof answer !== 'string') return wrong(field, answer);
  const value = Number(answer);
  if (!Number.isFinite(value) || String(answer).trim() === '') return refuse('Enter a number.');
  const { scale } = field;
  if (scale === undefined || Number(value.toFixed(scale)) === value) return accept(value);
  return refuse(
    scale === 0 ? 'Enter a whole number.' : `Enter a number with at most ${scale} decimals.`,
  );
}

function readDate(field: AskedField, answer: unknown): Read {
  if (typeof answer !== 'string') return wrong(field, answer);
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(answer) && isTime(`${answer}T00:00:00Z`, answer);
  return isDate ? accept(answer) : refuse('Enter a date.');
}

function readTime(field: AskedField, answer: unknown): Read {
  if (typeof answer !== 'string') return wrong(field, answer);
  const at = Date.parse(answer);
  return Number.isNaN(at) ? refuse('Enter a date and time.') : accept(new Date(at).toISOString());
}

/** Whether the time is one of the calendar: 30 February is not. */
function isTime(iso: string, date: string): boolean {
  const at = Date.parse(iso);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(date);
}

function readChosen(
  field: Extract<AskedField, { kind: 'choice' }>,
  options: readonly Option[],
  answer: unknown,
): Read {
  const several = field.widget === 'MultiSelectCheckboxes';
  const given = several && typeof answer === 'string' ? answer.split(';') : [answer].flat();
  const chosen = given.map((one) => options.find(({ value }) => String(value) === String(one)));
  const missing = chosen.indexOf(undefined);
  if (missing >= 0) {
    const allowed = options.map(({ value }) => String(value)).join(', ') || 'none';
    throw new WrongAnswer(
      `${field.name}: '${String(given[missing])}' is not a choice; there are: ${allowed}`,
    );
  }
  const known = chosen.filter((option) => option !== undefined);
  if (!several && known.length > 1) throw new WrongAnswer(`${field.name} takes one choice`);
  // In the order of the screen, as the platform writes them.
  const ordered = options.filter((option) => known.includes(option));
  const [first] = ordered;
  if (first === undefined) return accept(null);
  return several
    ? accept(ordered.map(({ value }) => String(value)).join(';'), ordered)
    : accept(first.value, ordered);
}

function wrong(field: AskedField, answer: unknown): never {
  throw new WrongAnswer(`${field.name} takes a ${field.type}, not ${JSON.stringify(answer)}`);
}
