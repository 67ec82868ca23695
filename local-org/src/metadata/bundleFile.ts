import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { InvalidSource, Unsupported } from './schema.ts';
import { childOf, childrenOf, flagOf, parseXml, refuseUnknown, textOf } from './xml.ts';
import type { XmlElement } from './xml.ts';

/** Where a bundle may be placed, in the words of its `.js-meta.xml`. */
export type BundleTarget = 'lightning__RecordPage' | 'lightning__RecordAction';

export type FormFactor = 'Large' | 'Small';

/** The types of properties that a page may set. */
export type PropertyType = 'Boolean' | 'Integer' | 'String';

/** A bundle of Lightning web component code, with or without a component. */
export interface Bundle {
  /** `signalAssetHealth`: its import is `c/signalAssetHealth`. */
  readonly name: string;
  /** Its folder, absolute. */
  readonly folder: string;
  readonly label: string;
  readonly isExposed: boolean;
  readonly targets: ReadonlySet<BundleTarget>;
  /** For record pages: the objects it may be placed on; absent means all. */
  readonly objects?: readonly string[];
  /** For record pages: where it may be shown. */
  readonly formFactors: readonly FormFactor[];
  /** For record pages: what the page may set. */
  readonly properties: ReadonlyMap<string, PropertyType>;
}

type Places = Pick<Bundle, 'objects' | 'formFactors' | 'properties'>;

const known = new Set([
  'apiVersion',
  'capabilities',
  'description',
  'isExposed',
  'masterLabel',
  'targets',
  'targetConfigs',
]);

/** Of a `targetConfig`, a `property` (its default fills the App Builder's form, not the page) and a form factor. */
const knownAttributes = new Set([
  'targets',
  'name',
  'type',
  'label',
  'description',
  'default',
  'min',
  'max',
  'required',
  'placeholder',
]);

const knownTargets: readonly BundleTarget[] = ['lightning__RecordPage', 'lightning__RecordAction'];

/** Reads `NAME/NAME.js-meta.xml` of a bundle. */
export function readBundle(name: string, folder: string): Bundle {
  const file = join(folder, `${name}.js-meta.xml`);
  if (!existsSync(file)) throw new InvalidSource(folder, `a bundle needs the file ${file}`);
  const root = parseXml(
    file,
    readFileSync(file, 'utf8'),
    'LightningComponentBundle',
    knownAttributes,
  );
  refuseUnknown(file, root, known);
  const targets = new Set(
    childrenOf(childOf(file, root, 'targets') ?? nothing, 'target').map(({ text }) =>
      targetOf(file, text),
    ),
  );
  return {
    name,
    folder,
    label: textOf(file, root, 'masterLabel') ?? name,
    isExposed: flagOf(file, root, 'isExposed', false),
    targets,
    ...placesOf(file, root),
  };
}

const nothing: XmlElement = { name: '', text: '', children: [], attributes: {} };

function targetOf(file: string, text: string): BundleTarget {
  const target = knownTargets.find((one) => one === text);
  if (target === undefined) throw new Unsupported(file, '<target>', text);
  return target;
}

function placesOf(file: string, root: XmlElement): Places {
  const configs = childrenOf(childOf(file, root, 'targetConfigs') ?? nothing, 'targetConfig');
  let places: Places = { formFactors: ['Large', 'Small'], properties: new Map() };
  for (const config of configs) {
    const targets = (config.attributes['targets'] ?? '').split(',').map((one) => one.trim());
    for (const target of targets) targetOf(file, target);
    refuseUnknown(file, config, configElements);
    const action = textOf(file, config, 'actionType') ?? 'ScreenAction';
    if (action !== 'ScreenAction') throw new Unsupported(file, '<actionType>', action);
    if (!targets.includes('lightning__RecordPage')) continue;
    const objects = childrenOf(childOf(file, config, 'objects') ?? nothing, 'object');
    places = {
      formFactors: factorsOf(file, config) ?? places.formFactors,
      properties: new Map(childrenOf(config, 'property').map((one) => propertyOf(file, one))),
      ...(objects.length === 0 ? {} : { objects: objects.map(({ text }) => text) }),
    };
  }
  return places;
}

const configElements = new Set(['actionType', 'objects', 'property', 'supportedFormFactors']);

function propertyOf(file: string, { attributes }: XmlElement): [string, PropertyType] {
  const { name = '', type = '' } = attributes;
  if (name === '') throw new InvalidSource(file, 'a <property> needs a name');
  if (type !== 'Boolean' && type !== 'Integer' && type !== 'String')
    throw new Unsupported(file, `<property> ${name}`, `the type "${type}"`);
  return [name, type];
}

function factorsOf(file: string, config: XmlElement): readonly FormFactor[] | undefined {
  const list = childOf(file, config, 'supportedFormFactors');
  return list?.children.map((one) => formFactorOf(file, one.attributes['type'] ?? ''));
}

/** `Large` (a desktop) or `Small` (a phone). */
export function formFactorOf(file: string, text: string): FormFactor {
  if (text === 'Large' || text === 'Small') return text;
  throw new Unsupported(file, 'form factor', text);
}
