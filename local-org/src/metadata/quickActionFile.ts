import type { Bundle } from './bundleFile.ts';
import { InvalidSource, Unsupported } from './schema.ts';
import type { ObjectDef } from './schema.ts';
import { parseXml, refuseUnknown, requiredText } from './xml.ts';

interface Common {
  /** `Asset.Signal_Overview` */
  readonly name: string;
  readonly object: string;
  readonly label: string;
}

/** A record action that opens a component or a screen flow over the page. */
export type QuickAction =
  | (Common & {
      readonly kind: 'component';
      /** The bundle's name. */
      readonly component: string;
    })
  | (Common & { readonly kind: 'flow'; readonly flow: string });

const elements = new Set([
  'actionSubtype',
  'description',
  'flowDefinition',
  'icon',
  'label',
  'lightningWebComponent',
  'optionsCreateFeedItem',
  'type',
]);

/**
 * Reads an `OBJECT.NAME.quickAction-meta.xml`: a screen of a Lightning web component, or a screen flow.
 * @param flows names of the flows of the org
 */
export function readQuickAction(
  file: string,
  name: string,
  xml: string,
  known: {
    readonly objects: ReadonlyMap<string, ObjectDef>;
    readonly bundles: ReadonlyMap<string, Bundle>;
    readonly flows: ReadonlySet<string>;
  },
): QuickAction {
  const root = parseXml(file, xml, 'QuickAction');
  refuseUnknown(file, root, elements);
  const [object = '', ...rest] = name.split('.');
  if (rest.length !== 1) throw new Unsupported(file, name, 'an action that is not of an object');
  if (!known.objects.has(object)) throw new InvalidSource(file, `no object ${object} in this org`);
  const common = { name, object, label: requiredText(file, root, 'label') };
  const type = requiredText(file, root, 'type');
  if (type === 'Flow') {
    const flow = requiredText(file, root, 'flowDefinition');
    if (!known.flows.has(flow)) throw new InvalidSource(file, `no flow ${flow} in this org`);
    return { ...common, kind: 'flow', flow };
  }
  if (type !== 'LightningWebComponent') throw new Unsupported(file, '<type>', type);
  const subtype = requiredText(file, root, 'actionSubtype');
  if (subtype !== 'ScreenAction') throw new Unsupported(file, '<actionSubtype>', subtype);
  const component = requiredText(file, root, 'lightningWebComponent');
  const bundle = known.bundles.get(component);
  if (bundle === undefined) throw new InvalidSource(file, `no bundle ${component} in this org`);
  if (!bundle.targets.has('lightning__RecordAction'))
    throw new InvalidSource(file, `${component} has no target lightning__RecordAction`);
  return { ...common, kind: 'component', component };
}
