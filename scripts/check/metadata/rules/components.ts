import { posix } from 'node:path';
import { camelCase, type Component, componentOfTag, mainScript } from '../components/component.ts';
import type { Script, ScriptImport } from '../components/script.ts';
import type { Template } from '../components/template.ts';
import { followFields } from '../org.ts';
import type { Context, PackageRule, PlacedFinding } from '../rule.ts';
import { childrenOf, textOf } from '../xml.ts';

/** A component is whole, imports what exists, and its templates name components and properties that exist. */
export const componentReferences: PackageRule = function* (context) {
  const names = new Set<string>();
  const words = allWords(context);
  for (const component of context.components) {
    const { name, path, meta, scripts, templates } = component;
    if (names.has(name)) yield { path, line: 1, text: `component ${name} exists twice` };
    names.add(name);
    if (meta === undefined) yield { path, line: 1, text: `component ${name} has no .js-meta.xml` };
    if (mainScript(component) === undefined) {
      yield { path, line: 1, text: `component ${name} has no ${name}.js` };
    }
    for (const script of scripts) {
      for (const entry of script.imports) {
        const text = judgeImport(entry, script, component, context);
        if (text !== undefined) yield { path: script.path, line: entry.line, text };
      }
      yield* judgeFieldNames(script, context);
    }
    for (const template of templates) yield* judgeTemplate(template, component, context, words);
  }
};

/* Every name any script speaks of; what a template reads of a value is one of them. */
function allWords({ components }: Context): ReadonlySet<string> {
  return new Set(
    components.flatMap(({ scripts }) =>
      scripts.flatMap(({ words, documents }) => [
        ...words.map(({ text }) => text),
        ...documents.flatMap(({ text = '' }) => text.match(/\w+/g) ?? []),
      ]),
    ),
  );
}

/* Values of the page and the person. Source: LWC Developer Guide, "@salesforce Modules". */
const SALESFORCE_VALUES: ReadonlySet<string> = new Set([
  '@salesforce/client/formFactor',
  '@salesforce/i18n/dir',
  '@salesforce/i18n/lang',
  '@salesforce/i18n/locale',
  '@salesforce/i18n/timeZone',
  '@salesforce/user/Id',
]);

function judgeImport(
  { specifier, names }: ScriptImport,
  script: Script,
  component: Component,
  context: Context,
): string | undefined {
  if (specifier === 'lwc' || SALESFORCE_VALUES.has(specifier)) return undefined;
  if (specifier.startsWith('.')) {
    const base = posix.join(posix.dirname(script.path), specifier);
    const file = component.scripts.find(({ path }) => path === base || path === `${base}.js`);
    if (file !== undefined) return judgeNames(names, file.exports, specifier);
    const isTemplate = component.templates.some(({ path }) => path === base);
    return isTemplate || base.endsWith('.css') ? undefined : `'${specifier}' is no file here`;
  }
  const [, family = '', rest = ''] = /^(c|lightning|@salesforce\/\w+)\/(.*)$/.exec(specifier) ?? [];
  if (family === 'c') return judgeModule(rest, names, context.components);
  if (family === 'lightning') {
    if (context.settings.lightning.has(rest)) return undefined;
    return `'${specifier}' is no base component, nor a known module of Salesforce`;
  }
  if (family === '@salesforce/label') {
    const known = context.files.flatMap(({ root }) => childrenOf(root, 'labels'));
    const label = rest.replace(/^c\./, '');
    return known.some((it) => textOf(it, 'fullName') === label)
      ? undefined
      : `label ${label} is not in force-app`;
  }
  if (family === '@salesforce/schema') {
    const [object = '', ...path] = rest.split('.');
    if (path.length > 0) return followFields(context.org, object, path.join('.')).wrong;
    return context.org.objects.has(object) ? undefined : `object ${object} is unknown`;
  }
  if (family === '@salesforce/apex') return `'${specifier}': the package has no Apex`;
  return `'${specifier}' is no module the check knows`;
}

function judgeModule(
  name: string,
  names: ScriptImport['names'],
  components: readonly Component[],
): string | undefined {
  const module = components.find((component) => component.name === name);
  if (module === undefined) return `component c/${name} is not in force-app`;
  const main = mainScript(module);
  return main === undefined ? undefined : judgeNames(names, main.exports, `c/${name}`);
}

function judgeNames(
  names: ScriptImport['names'],
  exported: Script['exports'],
  from: string,
): string | undefined {
  if (exported.some(({ text }) => text.startsWith('*'))) return undefined;
  const missing = [...names.keys()].find(
    (name) => name !== '*' && !exported.some(({ text }) => text === name),
  );
  return missing === undefined ? undefined : `'${from}' does not export ${missing}`;
}

/* Names of fields in strings and as keys: `Asset.Name` with its object, `Phase__c` of any object. */
function* judgeFieldNames(script: Script, { org }: Context): Generator<PlacedFinding> {
  const { path } = script;
  const all = new Set([
    ...org.objects.keys(),
    ...[...org.objects.values()].flatMap((it) => [...it.keys()]),
  ]);
  for (const { line, text } of script.words) {
    const [, object = '', rest = ''] = /^([A-Z]\w*)\.([A-Z][\w.]*)$/.exec(text) ?? [];
    if (org.objects.has(object)) {
      const { wrong } = followFields(org, object, rest);
      if (wrong !== undefined) yield { path, line, text: `'${text}': ${wrong}` };
    } else {
      for (const [name] of text.matchAll(/\b[A-Z]\w*__[cre]\b/g)) {
        if (!all.has(name.replace(/__r$/, '__c'))) {
          yield { path, line, text: `${name} is no object, nor a field of any` };
        }
      }
    }
  }
}

function* judgeTemplate(
  template: Template,
  component: Component,
  { components, settings }: Context,
  words: ReadonlySet<string>,
): Generator<PlacedFinding> {
  const { path, tags, expressions, loopNames } = template;
  for (const { name: tag, line, attributes } of tags) {
    const [family] = tag.split('-');
    if (family === 'lightning' && !settings.lightning.has(camelCase(tag.slice(10)))) {
      yield { path, line, text: `<${tag}> is no base component` };
    }
    const name = componentOfTag(tag);
    if (name === undefined) continue;
    const child = components.find((it) => it.name === name);
    const main = child === undefined ? undefined : mainScript(child);
    if (main === undefined)
      yield { path, line, text: `<${tag}>: component ${name} is not in force-app` };
    else if (main.isPlain) {
      for (const key of attributes.keys()) {
        if (isForProperty(key) && !main.api.has(camelCase(key))) {
          yield { path, line, text: `<${tag}> has no property ${camelCase(key)} (@api)` };
        }
      }
    }
  }
  const main = mainScript(component);
  if (main === undefined || !main.isPlain) return;
  for (const { line, text } of expressions) {
    const [first = '', ...rest] = text.split(/[.[\]]+/);
    if (!main.members.has(first) && !loopNames.has(first)) {
      yield { path, line, text: `{${text}}: ${component.name} has no ${first}` };
    }
    const stranger = rest.find((word) => word !== '' && !/^\d+$/.test(word) && !words.has(word));
    if (stranger !== undefined) {
      yield { path, line, text: `{${text}}: no script names anything ${stranger}` };
    }
  }
}

/* What any element may have: events, directives, and attributes of HTML. */
function isForProperty(key: string): boolean {
  return !/^(on|lwc:|for:|iterator:|data-|aria-)|^(class|hidden|id|key|lang|part|role|slot|style|tabindex|title)$/.test(
    key,
  );
}
