import type { MetadataFile } from '../check/metadata/file.ts';
import { childOf, childrenOf, textOf } from '../check/metadata/xml.ts';
import type { XmlElement } from '../check/metadata/xml.ts';
import { mermaid, table } from './markdown.ts';

/** The page about the flows: who calls whom, then each with when it starts and what it is for. */
export function describeFlows(files: readonly MetadataFile[]): string {
  const flows = files
    .filter(({ type }) => type === 'Flow')
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const rows = flows.map(({ name, root }) => [
    `\`${name}\``,
    describeStart(root),
    textOf(root, 'description'),
  ]);
  return [
    '# The flows',
    'Made by `node scripts/packageDocs/main.ts` from the metadata in `force-app`; do not edit. Each text is the description that an admin reads in Flow Builder; inside, every element has one too.',
    'Who calls whom, and which events come in and go out:',
    mermaid(['flowchart LR', ...new Set(flows.flatMap(edgesOf))]),
    table(['flow', 'starts', 'needs, does, gives'], rows),
  ].join('\n\n');
}

function describeStart(root: XmlElement): string {
  const start = childOf(root, 'start');
  const object = start === undefined ? '' : textOf(start, 'object');
  const trigger = start === undefined ? '' : textOf(start, 'triggerType');
  if (textOf(root, 'processType') === 'Flow') return 'by a person, as screens';
  if (start === undefined || trigger === '') return 'by other flows';
  if (trigger === 'PlatformEvent') return `for each event ${object}`;
  if (trigger === 'Scheduled') {
    const schedule = childOf(start, 'schedule');
    const often = schedule === undefined ? '' : textOf(schedule, 'frequency').toLowerCase();
    return `${often}${object === '' ? '' : `, for each ${object} it is about`}`;
  }
  const timing = trigger === 'RecordAfterSave' ? 'after' : 'before';
  const kind = textOf(start, 'recordTriggerType');
  const change = { Create: 'creating', Update: 'changing', Delete: 'deleting' }[kind] ?? 'saving';
  const paths = childrenOf(start, 'scheduledPaths').map((path) => {
    if (textOf(path, 'pathType') === 'AsyncAfterCommit') return 'asynchronously';
    const field = textOf(path, 'recordField');
    return field === '' ? 'at a time after it' : `when ${field} is reached`;
  });
  return [`${timing} ${change} ${object}`, ...paths].join(', ');
}

function edgesOf({ name, root }: MetadataFile): readonly string[] {
  const start = childOf(root, 'start');
  const object = start === undefined ? '' : textOf(start, 'object');
  const calls = childrenOf(root, 'subflows').map(
    (call) => `  ${name} --> ${textOf(call, 'flowName')}`,
  );
  const published = childrenOf(root, 'recordCreates')
    .map((element) => textOf(element, 'object'))
    .filter((created) => created.endsWith('__e'));
  return [
    ...(object === '' ? [] : [`  ${object}([${object}]) -.-> ${name}`]),
    ...calls,
    ...published.map((event) => `  ${name} -.-> ${event}([${event}])`),
  ];
}
