import type { Bundle } from './bundleFile.ts';
import { InvalidSource, Unsupported } from './schema.ts';
import type { ObjectDef } from './schema.ts';
import { parseXml, refuseUnknown, requiredText } from './xml.ts';

/** A record action that opens a component over the page. */
export interface QuickAction {
  /** `Asset.Signal_Overview` */
  readonly name: string;
  readonly object: string;
  readonly label: string;
  /** The bundle's name. */
  readonly component: string;
}

const known = new Set([
  'actionSubtype',
  'description',
  'icon',
  'label',
  'lightningWebComponent',
  'optionsCreateFeedItem',
  'type',
]);

/** Reads an `OBJECT.NAME.quickAction-meta.xml`; only screens of Lightning web components are supported. */
export function readQuickAction(
  file: string,
  name: string,
  xml: string,
  objects: ReadonlyMap<string, ObjectDef>,
  bundles: ReadonlyMap<string, Bundle>,
): QuickAction {
  const root = parseXml(file, xml, 'QuickAction');
  refuseUnknown(file, root, known);
  const type = requiredText(file, root, 'type');
  if (type !== 'LightningWebComponent') throw new Unsupported(file, '<type>', type);
  const subtype = requiredText(file, root, 'actionSubtype');
  if (subtype !== 'ScreenAction') throw new Unsupported(file, '<actionSubtype>', subtype);
  const [object = '', ...rest] = name.split('.');
  if (rest.length !== 1) throw new Unsupported(file, name, 'an action that is not of an object');
  if (!objects.has(object)) throw new InvalidSource(file, `no object ${object} in this org`);
  const component = requiredText(file, root, 'lightningWebComponent');
  const bundle = bundles.get(component);
  if (bundle === undefined) throw new InvalidSource(file, `no bundle ${component} in this org`);
  if (!bundle.targets.has('lightning__RecordAction'))
    throw new InvalidSource(file, `${component} has no target lightning__RecordAction`);
  return { name, object, label: requiredText(file, root, 'label'), component };
}
