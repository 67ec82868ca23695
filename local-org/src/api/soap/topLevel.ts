/** An element directly under the root of an XML file, as it stands in the text. */
export interface TopLevelElement {
  readonly name: string;
  /** From its `<` to behind its closing tag. */
  readonly start: number;
  readonly end: number;
  /** What stands between its tags. */
  readonly inside: string;
}

/**
 * Finds the elements directly under the root without changing a character, so that parts of a file can be cut out and
 * their lines counted. The text must be well-formed.
 */
export function topLevelElements(xml: string): TopLevelElement[] {
  const markup =
    /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<(\/?)([^\s/>]+)[^>]*?(\/?)>/g;
  const found: TopLevelElement[] = [];
  let depth = 0;
  let open: { readonly name: string; readonly start: number; readonly inside: number } | undefined;
  for (const match of xml.matchAll(markup)) {
    const [text, slash, name, selfClosing] = match;
    if (name === undefined) continue;
    const end = match.index + text.length;
    if (slash === '/') {
      depth -= 1;
      if (depth === 1 && open !== undefined) {
        found.push({
          name: open.name,
          start: open.start,
          end,
          inside: xml.slice(open.inside, match.index),
        });
        open = undefined;
      }
    } else if (selfClosing === '/') {
      if (depth === 1) found.push({ name, start: match.index, end, inside: '' });
    } else {
      if (depth === 1) open = { name, start: match.index, inside: end };
      depth += 1;
    }
  }
  return found;
}

/** Lines are counted from 1. */
export const lineAt = (text: string, offset: number): number =>
  text.slice(0, offset).split('\n').length;
