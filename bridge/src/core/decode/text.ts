const QUOTE_LENGTH = 60;

/** `text` in quotes for a sentence: control characters escaped, cut after 60 characters. */
export function quote(text: string): string {
  const whole = text.length <= QUOTE_LENGTH;
  // A cut may halve a surrogate pair; toWellFormed keeps the result valid text.
  const shown = whole ? text : text.slice(0, QUOTE_LENGTH);
  // JSON leaves DEL and the C1 control characters as they are.
  const quoted = JSON.stringify(shown.toWellFormed()).replaceAll(/\p{Cc}/gu, escaped);
  return whole ? quoted : `${quoted}… (${text.length} characters)`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** A JSON value in a sentence: `the string "12"`, `an object`, `null`. */
export function describeValue(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  switch (typeof value) {
    case 'string':
      return `the string ${quote(value)}`;
    case 'number':
      return Number.isFinite(value) ? `the number ${value}` : 'a number too large to represent';
    case 'boolean':
      return `the boolean ${value}`;
    case 'object':
      return 'an object';
    default:
      return 'nothing';
  }
}
