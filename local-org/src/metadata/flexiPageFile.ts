import type { Bundle, FormFactor, PropertyType } from './bundleFile.ts';
import { InvalidSource, Unsupported } from './schema.ts';
import type { ObjectDef } from './schema.ts';
import { readVisibilityRule } from './visibilityRule.ts';
import { childOf, childrenOf, parseXml, refuseUnknown, requiredText } from './xml.ts';
import type { XmlElement } from './xml.ts';

/** A record page as the Lightning App Builder keeps it. */
export interface RecordPage {
  readonly name: string;
  readonly object: string;
  /** In the template's order; a region that the file leaves out is empty. */
  readonly regions: readonly Region[];
}

export interface Region {
  readonly name: string;
  readonly components: readonly PlacedComponent[];
}

/** A component on a page: one of the standard ones, or a bundle of the package. */
export type PlacedComponent = (
  | { readonly kind: 'standard'; readonly name: StandardComponent }
  | {
      readonly kind: 'bundle';
      readonly name: string;
      /** Values for its public properties, as the page gives them. */
      readonly properties: Readonly<Record<string, string | number | boolean>>;
    }
) & {
  /** Shown on this form factor alone; absent, on both. */
  readonly only?: FormFactor;
};

/** What of a page comes from the platform, by component name. */
export const STANDARD_COMPONENTS = {
  'force:highlightsPanel': 'the name of the record, its key fields and its record actions',
  'force:detailPanel':
    'the fields that the viewer may read, not editable; of standard objects the usual ones',
  'force:relatedListContainer':
    'for Asset, Case and Account the lists that their standard layouts start with',
} as const;

export type StandardComponent = keyof typeof STANDARD_COMPONENTS;

/** The regions of each template that pages may use. */
export const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  'flexipage:recordHomeTemplateDesktop': ['header', 'main', 'sidebar'],
};

/**
 * Reads a `.flexipage-meta.xml` of type RecordPage. Throws `Unsupported` by name for a template, region
 * or component this org does not draw, and `InvalidSource` for a bundle that is missing or may not stand there.
 */
export function readRecordPage(
  file: string,
  name: string,
  xml: string,
  objects: ReadonlyMap<string, ObjectDef>,
  bundles: ReadonlyMap<string, Bundle>,
): RecordPage {
  const root = parseXml(file, xml, 'FlexiPage');
  refuseUnknown(
    file,
    root,
    new Set(['description', 'flexiPageRegions', 'masterLabel', 'sobjectType', 'template', 'type']),
  );
  const type = requiredText(file, root, 'type');
  if (type !== 'RecordPage') throw new Unsupported(file, '<type>', type);
  const object = requiredText(file, root, 'sobjectType');
  if (!objects.has(object)) throw new InvalidSource(file, `no object ${object} in this org`);
  const template = templateOf(file, root);
  const regions = new Map<string, Region>();
  for (const region of childrenOf(root, 'flexiPageRegions')) {
    const read = readRegion(file, region, object, bundles);
    if (!template.includes(read.name)) throw new Unsupported(file, 'region', read.name);
    if (regions.has(read.name))
      throw new InvalidSource(file, `the region ${read.name} is given twice`);
    regions.set(read.name, read);
  }
  return {
    name,
    object,
    regions: template.map((region) => regions.get(region) ?? { name: region, components: [] }),
  };
}

function templateOf(file: string, root: XmlElement): readonly string[] {
  const template = childOf(file, root, 'template');
  if (template === undefined) throw new InvalidSource(file, 'a page needs a <template>');
  const name = requiredText(file, template, 'name');
  const regions = Object.hasOwn(TEMPLATES, name) ? TEMPLATES[name] : undefined;
  if (regions === undefined) throw new Unsupported(file, '<template>', name);
  return regions;
}

function readRegion(
  file: string,
  region: XmlElement,
  object: string,
  bundles: ReadonlyMap<string, Bundle>,
): Region {
  refuseUnknown(file, region, new Set(['itemInstances', 'name', 'type', 'mode']));
  const type = requiredText(file, region, 'type');
  if (type !== 'Region') throw new Unsupported(file, 'region <type>', type);
  return {
    name: requiredText(file, region, 'name'),
    components: childrenOf(region, 'itemInstances').map((item) => {
      refuseUnknown(file, item, new Set(['componentInstance']));
      const instance = childOf(file, item, 'componentInstance');
      if (instance === undefined)
        throw new InvalidSource(file, '<itemInstances> needs a <componentInstance>');
      return readComponent(file, instance, object, bundles);
    }),
  };
}

function readComponent(
  file: string,
  instance: XmlElement,
  object: string,
  bundles: ReadonlyMap<string, Bundle>,
): PlacedComponent {
  refuseUnknown(
    file,
    instance,
    new Set(['componentInstanceProperties', 'componentName', 'identifier', 'visibilityRule']),
  );
  const full = requiredText(file, instance, 'componentName');
  const properties = readProperties(file, instance);
  const formFactor = readVisibilityRule(file, instance);
  const only = formFactor === undefined ? {} : { only: formFactor };
  if (isStandard(full)) {
    const [property] = Object.keys(properties);
    if (property !== undefined) throw new Unsupported(file, full, `the property ${property}`);
    return { kind: 'standard', name: full, ...only };
  }
  const name = full.replace(/^c:/, '');
  if (name.includes(':')) throw new Unsupported(file, '<componentName>', full);
  const bundle = bundles.get(name);
  if (bundle === undefined) throw new InvalidSource(file, `no bundle ${name} in this org`);
  if (!bundle.isExposed || !bundle.targets.has('lightning__RecordPage'))
    throw new InvalidSource(file, `${name} is not exposed for lightning__RecordPage`);
  if (bundle.objects !== undefined && !bundle.objects.includes(object))
    throw new InvalidSource(
      file,
      `${name} may stand on pages of ${bundle.objects.join(', ')} only`,
    );
  return {
    kind: 'bundle',
    name,
    ...only,
    properties: Object.fromEntries(
      Object.entries(properties).map(([property, value]) => [
        property,
        valueOf(file, `${name}.${property}`, bundle.properties.get(property), value),
      ]),
    ),
  };
}

function valueOf(
  file: string,
  what: string,
  type: PropertyType | undefined,
  text: string,
): string | number | boolean {
  switch (type) {
    case undefined:
      throw new InvalidSource(file, `${what}: the bundle declares no such property`);
    case 'String':
      return text;
    case 'Boolean':
      if (text === 'true' || text === 'false') return text === 'true';
      throw new InvalidSource(file, `${what} is "${text}"; allowed are true and false`);
    case 'Integer':
      if (/^-?\d{1,9}$/.test(text)) return Number(text);
      throw new InvalidSource(file, `${what} is "${text}"; a whole number is needed`);
  }
}

function isStandard(name: string): name is StandardComponent {
  return Object.hasOwn(STANDARD_COMPONENTS, name);
}

function readProperties(file: string, instance: XmlElement): Record<string, string> {
  return Object.fromEntries(
    childrenOf(instance, 'componentInstanceProperties').map((property) => {
      refuseUnknown(file, property, new Set(['name', 'value']));
      return [requiredText(file, property, 'name'), requiredText(file, property, 'value')];
    }),
  );
}
