import type { MetadataFile } from '../check/metadata/file.ts';
import { childOf, childrenOf, textOf } from '../check/metadata/xml.ts';
import { mermaid, table } from './markdown.ts';

/** The page about the data model: a diagram of the lookups, then every object with its fields and rules. */
export function describeModel(files: readonly MetadataFile[]): string {
  const objects = files.filter(({ type }) => type === 'CustomObject').toSorted(byName);
  const standard = [...new Set(partsOf(files, 'CustomField').map(({ object }) => object ?? ''))]
    .filter((name) => !objects.some((object) => object.name === name))
    .toSorted();
  const [events, records] = [
    objects.filter(({ name }) => name.endsWith('__e')),
    objects.filter(({ name }) => !name.endsWith('__e')),
  ];
  return [
    '# The data model',
    'Made by `node scripts/packageDocs/main.ts` from the metadata in `force-app`; do not edit. Every text here is the description that an admin reads in Setup.',
    diagram(files),
    '## Records',
    ...records.map((object) => section(files, object.name, object)),
    '## Events',
    ...events.map((object) => section(files, object.name, object)),
    '## Fields on standard objects',
    ...standard.map((name) => section(files, name, undefined)),
  ].join('\n\n');
}

function section(
  files: readonly MetadataFile[],
  name: string,
  object: MetadataFile | undefined,
): string {
  const own = (type: string): readonly MetadataFile[] =>
    partsOf(files, type).filter((part) => part.object === name);
  const fields = own('CustomField').map(({ name: field, root }) => [
    `\`${field}\``,
    describeType(root),
    textOf(root, 'description'),
  ]);
  const rules = own('ValidationRule').map(({ name: rule, root }) => [
    `\`${rule}\``,
    textOf(root, 'description'),
    textOf(root, 'errorMessage'),
  ]);
  const title = object === undefined ? name : `${textOf(object.root, 'label')} \`${name}\``;
  return [
    `### ${title}`,
    ...(object === undefined ? [] : [aboutObject(object)]),
    table(['field', 'type', 'what it is'], fields),
    ...(rules.length === 0 ? [] : [table(['rule', 'why', 'what it says'], rules)]),
  ].join('\n\n');
}

/** The words of Setup. */
const SHARING: Readonly<Record<string, string>> = {
  Private: 'Private',
  Read: 'Public Read Only',
  ReadWrite: 'Public Read/Write',
};

function aboutObject({ root, name }: MetadataFile): string {
  const description = textOf(root, 'description');
  if (name.endsWith('__e')) {
    const published = textOf(root, 'publishBehavior').replace('Publish', '').toLowerCase();
    const when = published === 'immediately' ? 'at once' : 'after the commit';
    return `${description} Published ${when}.`;
  }
  const history =
    textOf(root, 'enableHistory') === 'true' ? ' Changes are kept in its history.' : '';
  return `${description} Sharing: ${SHARING[textOf(root, 'sharingModel')] ?? 'unknown'}; external ${textOf(root, 'externalSharingModel')}.${history}`;
}

function describeType(root: MetadataFile['root']): string {
  const type = textOf(root, 'type');
  const marks = [
    ...(textOf(root, 'required') === 'true' ? ['required'] : []),
    ...(textOf(root, 'unique') === 'true' ? ['unique'] : []),
    ...(textOf(root, 'trackHistory') === 'true' ? ['history'] : []),
  ];
  return [sizeOf(root, type), ...marks].join(', ');
}

function sizeOf(root: MetadataFile['root'], type: string): string {
  if (textOf(root, 'formula') !== '') return `Formula (${type})`;
  if (type === 'Lookup') return `Lookup to ${textOf(root, 'referenceTo')}`;
  if (type === 'Number') return `Number(${textOf(root, 'precision')}, ${textOf(root, 'scale')})`;
  if (type !== 'Picklist') {
    const length = textOf(root, 'length');
    return length === '' ? type : `${type}(${length})`;
  }
  const set = childOf(root, 'valueSet');
  const definition = set === undefined ? undefined : childOf(set, 'valueSetDefinition');
  const values = definition === undefined ? [] : childrenOf(definition, 'value');
  return `Picklist: ${values.map((value) => textOf(value, 'fullName')).join(', ')}`;
}

function diagram(files: readonly MetadataFile[]): string {
  const lookups = partsOf(files, 'CustomField').filter(
    ({ root }) => textOf(root, 'type') === 'Lookup' && textOf(root, 'referenceTo') !== 'User',
  );
  const lines = lookups.map(
    ({ object, name, root }) =>
      `  ${textOf(root, 'referenceTo')} ||--o{ ${object ?? ''} : "${name.replace(/__c$/, '')}"`,
  );
  return mermaid(['erDiagram', ...lines]);
}

function partsOf(files: readonly MetadataFile[], type: string): readonly MetadataFile[] {
  return files.filter((file) => file.type === type).toSorted(byName);
}

function byName(a: MetadataFile, b: MetadataFile): number {
  return `${a.object ?? ''}.${a.name}` < `${b.object ?? ''}.${b.name}` ? -1 : 1;
}
