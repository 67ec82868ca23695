import { formFactorOf } from './bundleFile.ts';
import type { FormFactor } from './bundleFile.ts';
import type { RecordPage } from './flexiPageFile.ts';
import { InvalidSource, Unsupported } from './schema.ts';
import type { ObjectDef } from './schema.ts';
import { childrenOf, parseXml, refuseUnknown, requiredText } from './xml.ts';
import type { XmlElement } from './xml.ts';

/** A Lightning app: its tabs, and the record pages it has activated. */
export interface LightningApp {
  readonly name: string;
  readonly label: string;
  /** Objects, in the order of the tabs. */
  readonly tabs: readonly string[];
  readonly pages: readonly {
    readonly object: string;
    readonly formFactor: FormFactor;
    /** The name of a record page. */
    readonly page: string;
  }[];
}

const known = new Set([
  'actionOverrides',
  'brand',
  'description',
  'formFactors',
  'isNavAutoTempTabsDisabled',
  'isNavPersonalizationDisabled',
  'isNavTabPersistenceDisabled',
  'label',
  'navType',
  'setupExperience',
  'tabs',
  'uiType',
]);

/** Reads an `.app-meta.xml` of a Lightning app with standard navigation. */
export function readApp(
  file: string,
  name: string,
  xml: string,
  objects: ReadonlyMap<string, ObjectDef>,
  customTabs: ReadonlyMap<string, unknown>,
  pages: ReadonlyMap<string, RecordPage>,
): LightningApp {
  const root = parseXml(file, xml, 'CustomApplication');
  refuseUnknown(file, root, known);
  const uiType = requiredText(file, root, 'uiType');
  if (uiType !== 'Lightning') throw new Unsupported(file, '<uiType>', uiType);
  const navType = requiredText(file, root, 'navType');
  if (navType !== 'Standard') throw new Unsupported(file, '<navType>', navType);
  for (const { text } of childrenOf(root, 'formFactors')) formFactorOf(file, text);
  return {
    name,
    label: requiredText(file, root, 'label'),
    tabs: childrenOf(root, 'tabs').map(({ text }) => tabOf(file, text, objects, customTabs)),
    pages: childrenOf(root, 'actionOverrides').map((one) => overrideOf(file, one, pages)),
  };
}

function tabOf(
  file: string,
  text: string,
  objects: ReadonlyMap<string, ObjectDef>,
  customTabs: ReadonlyMap<string, unknown>,
): string {
  if (customTabs.has(text)) return text;
  const object = /^standard-(.+)$/.exec(text)?.[1];
  if (object === undefined) throw new InvalidSource(file, `no tab ${text} in this org`);
  if (objects.has(object)) return object;
  throw new Unsupported(file, '<tabs>', text);
}

function overrideOf(
  file: string,
  override: XmlElement,
  pages: ReadonlyMap<string, RecordPage>,
): LightningApp['pages'][number] {
  refuseUnknown(
    file,
    override,
    new Set([
      'actionName',
      'comment',
      'content',
      'formFactor',
      'pageOrSobjectType',
      'skipRecordTypeSelect',
      'type',
    ]),
  );
  const action = requiredText(file, override, 'actionName');
  if (action !== 'View') throw new Unsupported(file, '<actionName>', action);
  const type = requiredText(file, override, 'type');
  if (type !== 'Flexipage') throw new Unsupported(file, '<actionOverrides> type', type);
  const page = requiredText(file, override, 'content');
  const object = requiredText(file, override, 'pageOrSobjectType');
  if (pages.get(page)?.object !== object)
    throw new InvalidSource(file, `no record page ${page} for ${object} in this org`);
  return {
    object,
    page,
    formFactor: formFactorOf(file, requiredText(file, override, 'formFactor')),
  };
}
