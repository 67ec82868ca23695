import type { Rule } from '../rule.ts';
import { everyElement } from '../xml.ts';

/*
 * A record's id: 15 characters, or 18 with their check, standing alone. The first three name the object; they hold
 * a digit in every key prefix, which no word of a sentence does.
 */
const RECORD_ID =
  /(?<![\w.])(?=[A-Za-z]{0,2}\d)(?=\d*[A-Za-z])[A-Za-z0-9]{15}(?:[A-Z0-5]{3})?(?![\w.])/;

/** An id is another one in every org, so none may be written down. */
export const hardCodedIds: Rule = function* ({ root }) {
  for (const { name, text, line } of everyElement(root)) {
    const id = RECORD_ID.exec(text)?.[0];
    if (id !== undefined) yield { line, text: `<${name}> holds a record id (${id})` };
  }
};
