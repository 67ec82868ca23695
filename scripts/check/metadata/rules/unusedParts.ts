import { posix } from 'node:path';
import { componentOfTag, mainScript } from '../components/component.ts';
import type { MetadataFile } from '../file.ts';
import { flowResources } from '../flow.ts';
import type { Context, PackageRule, Rule } from '../rule.ts';
import { mentions } from '../uses/flowUses.ts';
import { childOf, everyElement, textOf } from '../xml.ts';
import { propertiesOf } from './pages.ts';

/** A variable, formula, constant or text of a flow is read somewhere in it, or is handed in or out. */
export const unusedResources: Rule = function* ({ type, root }, { schema }) {
  if (type !== 'Flow') return;
  const reads = [...mentions(root)].filter(({ isWrite }) => !isWrite);
  const named = new Set(reads.map(({ way }) => way.split('.')[0]));
  for (const { text } of [...everyElement(root)].filter(({ name }) => REFERS.includes(name))) {
    named.add(text);
  }
  for (const element of flowResources(root, schema)) {
    const name = textOf(element, 'name');
    const isPassed =
      textOf(element, 'isInput') === 'true' || textOf(element, 'isOutput') === 'true';
    if (!named.has(name) && !isPassed) {
      yield { line: element.line, text: `${element.name} ${name} is read nowhere in the flow` };
    }
  }
};

/* Elements that name a resource by their whole text, besides those that hold a way of fields. */
const REFERS = [
  'choiceReferences',
  'defaultSelectedChoiceReference',
  'targetReference',
  'dataTypeMappings',
];

const CALLS = ['flowName', 'flowDefinition', 'flow'];

/** A flow is started: by a record, an event or a time, by another flow, or by an action. */
export const unusedFlows: PackageRule = function* ({ files }) {
  for (const { path, type, name, root } of files) {
    if (type !== 'Flow') continue;
    const start = childOf(root, 'start');
    const startsItself =
      start !== undefined &&
      ['triggerType', 'schedule'].some((element) => childOf(start, element) !== undefined);
    const isCalled = files.some((other) => other.name !== name && namesIt(other, name, CALLS));
    if (!startsItself && !isCalled) {
      yield { path, line: root.line, text: `nobody starts flow ${name}` };
    }
  }
};

/** A component stands on a page, in a tab or action, in a template, or is imported; what it exports is imported. */
export const unusedComponents: PackageRule = function* (context) {
  const { components } = context;
  const placed = placedNames(context);
  const tags = new Set(
    components.flatMap(({ templates }) =>
      templates.flatMap(({ tags: all }) => all.map(({ name }) => componentOfTag(name))),
    ),
  );
  const imported = new Map<string, Set<string>>();
  for (const { name, scripts } of components) {
    for (const { path, imports } of scripts) {
      for (const { specifier, names } of imports) {
        const key = specifier.startsWith('c/') ? specifier : `${path} ${specifier}`;
        if (specifier === `c/${name}`) continue;
        imported.set(key, new Set([...(imported.get(key) ?? []), ...names.keys()]));
      }
    }
  }
  for (const component of components) {
    const { name, path, meta } = component;
    const uses = imported.get(`c/${name}`);
    if (!placed.has(name) && !tags.has(name) && uses === undefined) {
      yield { path, line: 1, text: `nobody uses component ${name}` };
      continue;
    }
    if (meta !== undefined && textOf(meta.root, 'isExposed') === 'true' && !placed.has(name)) {
      yield { path: meta.path, line: 1, text: `component ${name} is exposed and placed nowhere` };
    }
    const main = mainScript(component);
    for (const { text, line } of main?.exports ?? []) {
      if (text === 'default' || text.startsWith('*') || uses?.has(text) || uses?.has('*')) continue;
      yield { path: main?.path ?? path, line, text: `nobody imports ${text} of c/${name}` };
    }
    for (const [property, element] of meta === undefined ? [] : propertiesOf(meta)) {
      if (main?.isPlain === true && !main.api.has(property)) {
        const text = `component ${name} has no property ${property} (@api)`;
        yield { path: meta?.path ?? path, line: element.line, text };
      }
    }
  }
};

function placedNames({ files }: Context): ReadonlySet<string> {
  const names = ['componentName', 'lightningWebComponent', 'lwcComponent'];
  return new Set(
    files
      .flatMap(({ root }) => [...everyElement(root)])
      .filter(({ name }) => names.includes(name))
      .map(({ text }) => text.replace(/^c:/, '')),
  );
}

/* What the engine calls or reads by itself. */
const LIFECYCLE: ReadonlySet<string> = new Set([
  'connectedCallback',
  'constructor',
  'disconnectedCallback',
  'errorCallback',
  'render',
  'renderMode',
  'renderedCallback',
  'shadowSupportMode',
]);

/** A script of a component is imported by another, and a member of a component is named by its template or scripts. */
export const unusedMembers: PackageRule = function* ({ components }) {
  for (const component of components) {
    const { name, scripts, templates } = component;
    const main = mainScript(component);
    for (const { path } of scripts) {
      const file = `./${posix.basename(path, '.js')}`;
      const isImported = scripts.some(({ imports }) =>
        imports.some(({ specifier }) => specifier === file || specifier === `${file}.js`),
      );
      if (path !== main?.path && !isImported)
        yield { path, line: 1, text: `nobody imports ${file}` };
    }
    const named = new Set([
      ...scripts.flatMap(({ accesses }) => accesses.map(({ text }) => text)),
      ...templates.flatMap(({ expressions }) =>
        expressions.map(({ text }) => text.split(/[.[]/)[0]),
      ),
      // A wire names its parameters in strings: '$query'.
      ...scripts.flatMap(({ words }) => words.map(({ text }) => /^\$(\w+)/.exec(text)?.[1])),
    ]);
    for (const { text, line } of main?.isPlain === true && main.isElement
      ? main.plainMembers
      : []) {
      if (!named.has(text) && !LIFECYCLE.has(text) && main?.api.has(text) === false) {
        yield { path: main.path, line, text: `${name}.${text} is used nowhere` };
      }
    }
  }
};

/** Tabs, pages, actions, queues and custom permissions are named by something that shows or uses them. */
export const unusedFiles: PackageRule = function* ({ files }) {
  for (const file of files) {
    const wanted = NAMED_BY[file.type];
    if (wanted === undefined) continue;
    const isNamed = files.some((other) => other !== file && namesIt(other, file.name, wanted));
    if (!isNamed) {
      yield {
        path: file.path,
        line: file.root.line,
        text: `nobody uses ${file.type} ${file.name}`,
      };
    }
  }
};

/* Type → the elements of other files that name one. */
const NAMED_BY: Readonly<Record<string, readonly string[]>> = {
  CompactLayout: ['compactLayoutAssignment'],
  CustomPermission: ['name', 'elementReference', 'leftValueReference'],
  CustomTab: ['tabs', 'tab'],
  FlexiPage: ['content', 'flexiPage', 'utilityBar'],
  Queue: ['stringValue'],
  QuickAction: ['quickActionName', 'actionName'],
};

function namesIt({ root }: MetadataFile, wanted: string, elements: readonly string[]): boolean {
  return [...everyElement(root)].some(
    ({ name, text }) => elements.includes(name) && text === wanted,
  );
}

/**
 * Of several flows that start at the same moment for one object each says which comes first; where it can: "You can
 * define a trigger order value only for before-save or after-save flows" (help platform.flow_task_trigger_run_order).
 */
export const flowOrder: PackageRule = function* ({ files }) {
  const flows = files.flatMap((file) => {
    const start = file.type === 'Flow' ? childOf(file.root, 'start') : undefined;
    const trigger = start === undefined ? '' : textOf(start, 'triggerType');
    return start !== undefined && trigger.startsWith('Record') ? [{ file, start, trigger }] : [];
  });
  for (const { file, start, trigger } of flows) {
    const order = childOf(file.root, 'triggerOrder');
    if (trigger === 'RecordBeforeDelete') {
      const text = 'a flow that runs before a record is deleted has no <triggerOrder>';
      if (order !== undefined) yield { path: file.path, line: order.line, text };
      continue;
    }
    if (order !== undefined) continue;
    const rival = flows.find(
      (other) =>
        other.file !== file &&
        other.trigger === trigger &&
        textOf(other.start, 'object') === textOf(start, 'object') &&
        meet(textOf(other.start, 'recordTriggerType'), textOf(start, 'recordTriggerType')),
    );
    if (rival !== undefined) {
      const text = `${file.name} starts together with ${rival.file.name} and has no <triggerOrder>`;
      yield { path: file.path, line: start.line, text };
    }
  }
};

function meet(one: string, other: string): boolean {
  return one === other || one === 'CreateAndUpdate' || other === 'CreateAndUpdate';
}
