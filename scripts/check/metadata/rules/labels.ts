import { mainScript } from '../components/component.ts';
import type { Script } from '../components/script.ts';
import type { Context, PackageRule, PlacedFinding, Rule } from '../rule.ts';
import { mentions } from '../uses/flowUses.ts';
import { childrenOf, textOf } from '../xml.ts';

const LABEL = /^@salesforce\/label\/c\.(.*)$/;
const PREFIX = 'Signal_';

/** A label belongs to this package by its name, and says where it stands. */
export const labelWords: Rule = function* ({ type, root }) {
  if (type !== 'CustomLabels') return;
  const seen = new Set<string>();
  for (const label of childrenOf(root, 'labels')) {
    const name = textOf(label, 'fullName');
    const { line } = label;
    if (!name.startsWith(PREFIX)) {
      yield { line, text: `label ${name}: its name begins with ${PREFIX}` };
    }
    for (const element of ['shortDescription', 'value', 'categories']) {
      if (textOf(label, element) === '') yield { line, text: `label ${name} has no <${element}>` };
    }
    if (seen.has(name)) yield { line, text: `label ${name} exists twice` };
    seen.add(name);
  }
};

/** Every label is imported by a component or named by a flow, and every word so imported is shown. */
export const unusedLabels: PackageRule = function* (context) {
  const named = new Set<string>();
  for (const { script, line, label, local } of labelImports(context)) {
    named.add(label);
    if (local !== undefined && !isShown(local, context)) {
      yield {
        path: script.path,
        line,
        text: `label ${label} is imported as ${local} and never shown`,
      };
    }
  }
  for (const { type, root } of context.files) {
    if (type !== 'Flow') continue;
    for (const { way } of mentions(root)) {
      const [first, second = ''] = way.split('.');
      if (first === '$Label') named.add(second);
    }
  }
  for (const { path, root } of context.files) {
    for (const label of childrenOf(root, 'labels')) {
      const name = textOf(label, 'fullName');
      if (!named.has(name)) yield { path, line: label.line, text: `label ${name} is used nowhere` };
    }
  }
  yield* unknownWords(context);
};

function* labelImports({ components }: Context) {
  for (const { scripts } of components) {
    for (const script of scripts) {
      for (const { specifier, line, names } of script.imports) {
        const label = LABEL.exec(specifier)?.[1];
        if (label !== undefined) yield { script, line, label, local: names.get('default') };
      }
    }
  }
}

/* By `.word` in a script, in a template, or by its plain name more often than to import and pass it on. */
function isShown(local: string, { components }: Context): boolean {
  const ofTemplates = components.flatMap(({ templates }) =>
    templates.flatMap(({ expressions }) => expressions.flatMap(({ text }) => text.split('.'))),
  );
  if (ofTemplates.includes(local)) return true;
  const scripts = components.flatMap((component) => component.scripts);
  const isRead = scripts.some(({ accesses }) => accesses.some(({ text }) => text === local));
  return (
    isRead || scripts.flatMap(({ words }) => words).filter(({ text }) => text === local).length > 1
  );
}

/* `labels.retry`, where `labels` are the words of another component: the word is one of them. */
function* unknownWords(context: Context): Generator<PlacedFinding> {
  const wordsOf = new Map<string, Set<string>>();
  for (const { script, local } of labelImports(context)) {
    const module = moduleOf(script);
    wordsOf.set(module, (wordsOf.get(module) ?? new Set()).add(local ?? ''));
  }
  for (const component of context.components) {
    for (const script of component.scripts) {
      const known = importedWords(script, wordsOf);
      if (known === undefined) continue;
      for (const { owner, text, line } of script.accesses) {
        if (owner === 'labels' && !known.has(text)) {
          yield {
            path: script.path,
            line,
            text: `labels.${text}: no label is imported as ${text}`,
          };
        }
      }
    }
    const main = mainScript(component);
    const known = main === undefined ? undefined : importedWords(main, wordsOf);
    if (known === undefined) continue;
    for (const { path, expressions } of component.templates) {
      for (const { line, text } of expressions) {
        const word = /^labels\.(\w+)$/.exec(text)?.[1];
        if (word !== undefined && !known.has(word)) {
          yield { path, line, text: `{${text}}: no label is imported as ${word}` };
        }
      }
    }
  }
}

function importedWords(
  { imports }: Script,
  wordsOf: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlySet<string> | undefined {
  const from = imports.find(({ names }) => names.get('labels') === 'labels');
  return from === undefined ? undefined : wordsOf.get(from.specifier);
}

function moduleOf({ path }: Script): string {
  return `c/${/\/lwc\/([^/]+)\//.exec(path)?.[1] ?? ''}`;
}
