import type { SourceFile } from '../files.ts';

/** An element of a template with its attributes, in the order of the text. */
export interface Tag {
  readonly name: string;
  readonly line: number;
  /** Name → value without quotes; an expression keeps its braces. */
  readonly attributes: ReadonlyMap<string, string>;
}

/** What the check wants to know of an HTML template of a Lightning web component. */
export interface Template {
  readonly path: string;
  readonly tags: readonly Tag[];
  /** Each expression between braces, without them. */
  readonly expressions: readonly { readonly line: number; readonly text: string }[];
  /** Names that a loop of the template gives. */
  readonly loopNames: ReadonlySet<string>;
}

const COMMENT = /<!--[^]*?-->/g;
const TAG =
  /<([a-zA-Z][\w-]*)((?:\s+[^\s=>/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|\{[^}]*\}|[^\s"'{>]+))?)*)\s*\/?>/g;
const ATTRIBUTE = /([^\s=>/]+)(?:\s*=\s*("[^"]*"|'[^']*'|\{[^}]*\}|[^\s"'{>]+))?/g;
const EXPRESSION = /\{\s*([A-Za-z_$][\w$.[\]]*)\s*\}/g;

/** Reads a template. It is the subset of HTML that the LWC compiler takes; what is none of it, that one refuses. */
export function readTemplate({ path, text }: SourceFile): Template {
  const plain = text.replace(COMMENT, (comment) => comment.replace(/[^\n]/g, ' '));
  const lineAt = (index: number): number => plain.slice(0, index).split('\n').length;
  const tags = [...plain.matchAll(TAG)].map(({ 1: name = '', 2: rest = '', index }) => ({
    name,
    line: lineAt(index),
    attributes: new Map(
      [...rest.matchAll(ATTRIBUTE)].map(([, key = '', value = '']) => [key, unquote(value)]),
    ),
  }));
  const expressions = [...plain.matchAll(EXPRESSION)].map(({ 1: expression = '', index }) => ({
    line: lineAt(index),
    text: expression,
  }));
  return { path, tags, expressions, loopNames: new Set(tags.flatMap(namesOfLoop)) };
}

/* `for:item="row" for:index="i"` and `iterator:it={rows}`. */
function namesOfLoop({ attributes }: Tag): readonly string[] {
  return [...attributes].flatMap(([key, value]) => {
    if (key === 'for:item' || key === 'for:index' || key === 'lwc:slot-data') return [value];
    return key.startsWith('iterator:') ? [key.slice('iterator:'.length)] : [];
  });
}

function unquote(value: string): string {
  return /^["']/.test(value) ? value.slice(1, -1) : value;
}
