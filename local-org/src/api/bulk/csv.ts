/** The text is no CSV; the message names the line. */
export class CsvError extends Error {}

/**
 * Reads CSV as RFC 4180 has it: quotes around a cell may hold delimiters and line breaks, two quotes stand for one.
 * Lines end in LF or CRLF; an empty last line is no row. Throws `CsvError` for a quote out of place.
 */
export function readCsv(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const cell = text[at] === '"' ? quoted(text, at, line) : plain(text, at, delimiter);
    row.push(cell.value);
    line += cell.value.split('\n').length - 1;
    at = cell.end;
    if (text[at] === delimiter) {
      at += 1;
      if (at < text.length && !isLineEnd(text, at)) continue;
      row.push('');
    } else if (at < text.length && !isLineEnd(text, at)) {
      throw new CsvError(
        `line ${line}: a delimiter or the end of the line must follow a quoted value`,
      );
    }
    rows.push(row);
    row = [];
    line += 1;
    at += text[at] === '\r' ? 2 : 1;
  }
  return rows;
}

interface Cell {
  readonly value: string;
  /** Where the next character stands. */
  readonly end: number;
}

function quoted(text: string, start: number, line: number): Cell {
  let value = '';
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) throw new CsvError(`line ${line}: a quoted value has no end`);
    value += text.slice(at, quote);
    if (text[quote + 1] !== '"') return { value, end: quote + 1 };
    value += '"';
    at = quote + 2;
  }
}

function plain(text: string, start: number, delimiter: string): Cell {
  let end = start;
  while (end < text.length && text[end] !== delimiter && !isLineEnd(text, end)) end += 1;
  return { value: text.slice(start, end), end };
}

const isLineEnd = (text: string, at: number): boolean =>
  text[at] === '\n' || (text[at] === '\r' && text[at + 1] === '\n');

/** Writes rows with every cell in quotes. */
export function writeCsv(
  rows: readonly (readonly string[])[],
  delimiter: string,
  lineEnd: string,
): string {
  const cell = (value: string): string => `"${value.replaceAll('"', '""')}"`;
  return rows.map((row) => `${row.map(cell).join(delimiter)}${lineEnd}`).join('');
}
