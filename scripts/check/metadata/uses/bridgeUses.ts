import ts from 'typescript-api';
import type { SourceFile } from '../files.ts';
import type { FieldStep, Org } from '../org.ts';

/**
 * The fields the bridge names in code (not in a comment), in a file that names their object as well. The fields of an
 * event are one table, so its object may be named in another file.
 */
export function* fieldsOfBridge(bridge: readonly SourceFile[], org: Org): Generator<FieldStep> {
  const wordsOf = bridge.map(({ text }) => codeWords(text));
  const all = new Set(wordsOf.flatMap((words) => [...words]));
  for (const words of wordsOf) {
    for (const [object, fields] of org.objects) {
      const named = object.endsWith('__e') ? all : words;
      if (!named.has(object) && !isReached(object, words, org)) continue;
      for (const field of fields.keys()) {
        if (words.has(field) || words.has(field.replace(/__c$/, '__r'))) yield { object, field };
      }
    }
  }
}

/* An object whose records are read through a lookup, `Asset__r`. */
function isReached(object: string, words: ReadonlySet<string>, org: Org): boolean {
  return [...org.fields.values()].some(
    ({ object: from, name }) =>
      org.objects.get(from)?.get(name) === object &&
      words.has(from) &&
      words.has(name.replace(/__c$/, '__r')),
  );
}

/** The words of a TypeScript source, comments left out; a name right behind a namespace's `${prefix}` is whole. */
export function codeWords(text: string): ReadonlySet<string> {
  const source = ts.createSourceFile('bridge.ts', text, ts.ScriptTarget.ESNext);
  const words = new Set<string>();
  const see = (node: ts.Node): void => {
    if (isText(node)) for (const [word] of node.text.matchAll(/[A-Za-z]\w*/g)) words.add(word);
    ts.forEachChild(node, see);
  };
  see(source);
  return words;
}

function isText(node: ts.Node): node is ts.Identifier | ts.LiteralLikeNode {
  return (
    ts.isIdentifier(node) ||
    ts.isStringLiteralLike(node) ||
    ts.isTemplateHead(node) ||
    ts.isTemplateMiddle(node) ||
    ts.isTemplateTail(node)
  );
}
