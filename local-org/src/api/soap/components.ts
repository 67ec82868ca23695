import { XMLValidator } from 'fast-xml-parser';

import { METADATA_TYPES } from './metadataTypes.ts';
import type { MetadataType } from './metadataTypes.ts';
import { lineAt, topLevelElements } from './topLevel.ts';

/** A component of a package in metadata format, with its file as the org's loader wants it. */
export interface Component {
  /** `CustomField` */
  readonly type: string;
  /** `Asset.Status__c` */
  readonly fullName: string;
  /** Its place in the package: `objects/Asset.object`. */
  readonly fileName: string;
  /** Its files in source format, by path, with the line of the package's file that their first line is. */
  readonly source: readonly SourceText[];
}

export interface SourceText {
  readonly path: string;
  readonly content: Buffer;
  readonly firstLine: number;
}

/** Something of a package that is wrong before anything is loaded. */
export interface PackageProblem {
  readonly type: string;
  readonly fullName: string;
  readonly fileName: string;
  readonly problem: string;
  readonly line?: number;
}

export interface PackageContent {
  readonly components: readonly Component[];
  readonly problems: readonly PackageProblem[];
}

const NAMESPACE = 'http://soap.sforce.com/2006/04/metadata';

/** Takes a package apart: one component per file, those inside an object each on its own. */
export function readComponents(files: ReadonlyMap<string, Buffer>): PackageContent {
  const components: Component[] = [];
  const problems: PackageProblem[] = [];
  const bundles = new Map<string, SourceText[]>();
  for (const [path, content] of files) {
    if (path === 'package.xml') continue;
    const [directory = '', ...rest] = path.split('/');
    const type = METADATA_TYPES.find(({ directoryName }) => directoryName === directory);
    if (type === undefined) {
      problems.push(unknownKind(path, directory));
    } else if (type.isBundle === true) {
      const name = `${directory}/${rest[0] ?? ''}`;
      bundles.set(name, [...(bundles.get(name) ?? []), { path, content, firstLine: 1 }]);
    } else {
      readFile(type, path, content, components, problems);
    }
  }
  for (const [fileName, source] of bundles) {
    const fullName = fileName.split('/')[1] ?? '';
    components.push({ type: 'LightningComponentBundle', fullName, fileName, source });
  }
  return { components, problems };
}

function unknownKind(fileName: string, directory: string): PackageProblem {
  const known = METADATA_TYPES.map(({ directoryName }) => directoryName).join(', ');
  const problem = fileName.startsWith('destructiveChanges')
    ? 'the local org takes nothing away: destructive changes are not implemented'
    : `the local org has no metadata of the folder ${directory}; it knows ${known}`;
  return { type: '', fullName: fileName, fileName, problem };
}

function readFile(
  type: MetadataType,
  path: string,
  content: Buffer,
  components: Component[],
  problems: PackageProblem[],
): void {
  const base = path.slice(path.lastIndexOf('/') + 1);
  const fullName = base.slice(0, -type.suffix.length - 1);
  const named = { type: type.xmlName, fullName, fileName: path };
  if (!base.endsWith(`.${type.suffix}`) || path.split('/').length !== 2) {
    problems.push({
      ...named,
      fullName: base,
      problem: `a ${type.xmlName} is ${type.directoryName}/NAME.${type.suffix}`,
    });
    return;
  }
  const xml = content.toString('utf8');
  const verdict = XMLValidator.validate(xml);
  if (verdict !== true) {
    problems.push({ ...named, problem: verdict.err.msg, line: verdict.err.line });
    return;
  }
  if (type.children === undefined) {
    const source = { path: `${path}-meta.xml`, content, firstLine: 1 };
    components.push({ ...named, source: [source] });
  } else {
    components.push(...takeApart(type, type.children, path, fullName, xml));
  }
}

/** The file without its parts, when it says anything besides them, and each part as a file of its own. */
function takeApart(
  type: MetadataType,
  children: NonNullable<MetadataType['children']>,
  fileName: string,
  object: string,
  xml: string,
): Component[] {
  const parts: Component[] = [];
  let shell = '';
  let from = 0;
  let says = false;
  for (const element of topLevelElements(xml)) {
    const child = children[element.name];
    if (child === undefined) {
      says = true;
      continue;
    }
    // The line breaks stay, so that the lines of the shell remain those of the file.
    shell +=
      xml.slice(from, element.start) + xml.slice(element.start, element.end).replace(/[^\n]/g, '');
    from = element.end;
    const name = /<fullName>\s*([^<]*?)\s*<\/fullName>/.exec(element.inside)?.[1] ?? '';
    const open = `<${child.xmlName} xmlns="${NAMESPACE}">`;
    parts.push({
      type: child.xmlName,
      fullName: `${object}.${name}`,
      fileName,
      source: [
        {
          path: `objects/${object}/${child.directory}/${name}.${child.suffix}-meta.xml`,
          content: Buffer.from(`${open}${element.inside}</${child.xmlName}>\n`),
          firstLine: lineAt(xml, element.start),
        },
      ],
    });
  }
  if (!says) return parts;
  const path = `objects/${object}/${object}.${type.suffix}-meta.xml`;
  const content = Buffer.from(shell + xml.slice(from));
  return [
    { type: type.xmlName, fullName: object, fileName, source: [{ path, content, firstLine: 1 }] },
    ...parts,
  ];
}
