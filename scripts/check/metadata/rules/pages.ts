import type { Component } from '../components/component.ts';
import type { MetadataFile } from '../file.ts';
import type { Context, Rule } from '../rule.ts';
import type { Finding } from '../validate.ts';
import { childOf, childrenOf, everyElement, textOf, type XmlElement } from '../xml.ts';

/* Salesforce's own components and templates of pages; one missing here is added with its first use. */
const STANDARD_COMPONENTS: ReadonlySet<string> = new Set([
  'flexipage:tab',
  'flexipage:tabset',
  'flexipage:richText',
  'force:detailPanel',
  'force:highlightsPanel',
  'force:recordDetail',
  'force:relatedListContainer',
  'force:relatedListSingleContainer',
  'force:reportChart',
  'lst:dynamicRelatedList',
  'runtime_sales_activities:activityPanel',
]);
const TEMPLATES: ReadonlySet<string> = new Set([
  'flexipage:defaultAppHomeTemplate',
  'flexipage:recordHomeTemplateDesktop',
  'flexipage:recordHomeSimpleViewTemplate',
  'flexipage:recordHomeThreeColTemplateDesktop',
  'home:desktopTemplate',
]);

/* Source: Metadata API guide, ActionOverride. */
const OVERRIDDEN: ReadonlySet<string> = new Set(['Delete', 'Edit', 'List', 'New', 'Tab', 'View']);

/** An app names tabs, pages and objects that exist. */
export const appReferences: Rule = function* ({ type, root }, context) {
  if (type !== 'CustomApplication') return;
  const tabs = namesOf('CustomTab', context);
  const pages = namesOf('FlexiPage', context);
  for (const { text, line } of childrenOf(root, 'tabs')) {
    if (!tabs.has(text) && !text.startsWith('standard-')) {
      yield { line, text: `tab ${text} is not in force-app` };
    }
  }
  for (const { text, line } of childrenOf(root, 'utilityBar')) {
    if (!pages.has(text)) yield { line, text: `page ${text} is not in force-app` };
  }
  for (const override of childrenOf(root, 'actionOverrides')) {
    const { line } = override;
    const page = textOf(override, 'content');
    const object = textOf(override, 'pageOrSobjectType');
    const action = textOf(override, 'actionName');
    if (!OVERRIDDEN.has(action))
      yield { line, text: `${action} is no action that can be overridden` };
    if (!pages.has(page)) yield { line, text: `page ${page} is not in force-app` };
    if (!context.org.objects.has(object) && object !== 'standard-home') {
      yield { line, text: `object ${object} is unknown` };
    }
    const about = context.files.find((file) => file.type === 'FlexiPage' && file.name === page);
    const itsObject = about === undefined ? object : textOf(about.root, 'sobjectType');
    if (itsObject !== object) {
      yield { line, text: `page ${page} is about ${itsObject}, not ${object}` };
    }
  }
};

/** A tab shows an object, page or component that exists. */
export const tabReferences: Rule = function* ({ type, name, root }, context) {
  if (type !== 'CustomTab') return;
  const component = childOf(root, 'lwcComponent');
  const page = childOf(root, 'flexiPage');
  if (textOf(root, 'customObject') === 'true' && !context.org.objects.has(name)) {
    yield { line: root.line, text: `object ${name} is unknown` };
  }
  if (component !== undefined) yield* judgePlace(component, 'lightning__Tab', context);
  if (page !== undefined && !namesOf('FlexiPage', context).has(page.text)) {
    yield { line: page.line, text: `page ${page.text} is not in force-app` };
  }
};

/** A page is made of components that exist, take its settings and may be placed on it. */
export const pageReferences: Rule = function* ({ type, root }, context) {
  if (type !== 'FlexiPage') return;
  const object = textOf(root, 'sobjectType');
  if (object !== '' && !context.org.objects.has(object)) {
    yield { line: root.line, text: `object ${object} is unknown` };
  }
  const template = textOf(childOf(root, 'template') ?? root, 'name');
  if (!TEMPLATES.has(template)) {
    yield { line: root.line, text: `page template ${template} is not known to the check` };
  }
  const target = textOf(root, 'type') === 'RecordPage' ? 'lightning__RecordPage' : 'any';
  for (const element of everyElement(root)) {
    if (element.name === 'componentName') yield* judgePlace(element, target, context, object);
    if (element.name === 'componentInstance') yield* judgeProperties(element, context);
    if (element.name === 'fieldItem') {
      const field = element.text.replace(/^Record\./, '');
      if (context.org.objects.get(object)?.has(field) === false) {
        yield { line: element.line, text: `${object} has no field ${field}` };
      }
    }
  }
};

/** A quick action opens a component that exists and is meant to be one. */
export const actionReferences: Rule = function* ({ type, name, root }, context) {
  if (type !== 'QuickAction') return;
  const [object = ''] = name.includes('.') ? name.split('.') : [''];
  if (object !== '' && !context.org.objects.has(object)) {
    yield { line: root.line, text: `object ${object} is unknown` };
  }
  const component = childOf(root, 'lightningWebComponent');
  if (component !== undefined) yield* judgePlace(component, 'lightning__RecordAction', context);
  const flow = childOf(root, 'flowDefinition');
  if (flow !== undefined) yield* judgeOpenedFlow(flow, context);
  const target = textOf(root, 'targetObject');
  if (target !== '' && !context.org.objects.has(target)) {
    yield { line: root.line, text: `object ${target} is unknown` };
  }
};

/* A flow that an action opens has screens, and takes the record that the platform hands it. */
function* judgeOpenedFlow(
  { text: name, line }: XmlElement,
  { files }: Context,
): Generator<Finding> {
  const flow = files.find((file) => file.type === 'Flow' && file.name === name);
  if (flow === undefined) {
    yield { line, text: `flow ${name} is not in force-app` };
    return;
  }
  if (textOf(flow.root, 'processType') !== 'Flow') {
    yield { line, text: `flow ${name} is no screen flow` };
  }
  const record = childrenOf(flow.root, 'variables').find((it) => textOf(it, 'name') === 'recordId');
  if (record === undefined || textOf(record, 'isInput') !== 'true') {
    yield { line, text: `flow ${name} has no variable recordId that is available for input` };
  }
}

/* Whether the component an element names exists, is exposed, and may stand there. */
function* judgePlace(
  { text: name, line }: XmlElement,
  target: string,
  { components }: Context,
  object = '',
): Generator<Finding> {
  if (STANDARD_COMPONENTS.has(name)) return;
  const component = ownComponent(name, components);
  if (component === undefined) {
    yield { line, text: `component ${name} is not in force-app, nor a known standard one` };
    return;
  }
  const meta = component.meta?.root;
  if (meta === undefined) return;
  if (textOf(meta, 'isExposed') !== 'true') {
    yield { line, text: `component ${name} is not exposed` };
  }
  const targets = [...everyElement(meta)].filter((it) => it.name === 'target');
  if (target !== 'any' && !targets.some(({ text }) => text === target)) {
    yield { line, text: `component ${name} lacks the target ${target}` };
  }
  const objects = [...everyElement(meta)].filter((it) => it.name === 'object');
  if (object !== '' && objects.length > 0 && !objects.some(({ text }) => text === object)) {
    yield { line, text: `component ${name} is not for ${object}` };
  }
}

function* judgeProperties(instance: XmlElement, { components }: Context): Generator<Finding> {
  const component = ownComponent(textOf(instance, 'componentName'), components);
  if (component?.meta === undefined) return;
  const known = propertiesOf(component.meta);
  for (const property of childrenOf(instance, 'componentInstanceProperties')) {
    const name = textOf(property, 'name');
    if (!known.has(name)) {
      yield { line: property.line, text: `component ${component.name} has no property ${name}` };
    }
  }
}

/** The properties a page may set, as `.js-meta.xml` lists them. */
export function propertiesOf(meta: MetadataFile): ReadonlyMap<string, XmlElement> {
  const properties = [...everyElement(meta.root)].filter(({ name }) => name === 'property');
  return new Map(properties.map((it) => [it.attributes.get('name') ?? '', it]));
}

/** `signalHealth` and `c:signalHealth` name a component of this package. */
export function ownComponent(
  name: string,
  components: readonly Component[],
): Component | undefined {
  const own = name.startsWith('c:') ? name.slice(2) : name;
  return components.find((component) => component.name === own);
}

function namesOf(type: string, { files }: Context): ReadonlySet<string> {
  return new Set(files.filter((file) => file.type === type).map(({ name }) => name));
}
