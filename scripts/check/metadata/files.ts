import { type MetadataFile, readPath } from './file.ts';
import type { Schema } from './schema.ts';
import { validate } from './validate.ts';
import { readXml, type XmlElement, textOf } from './xml.ts';

/** A file before it is known to be XML. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** A finding with its place, ready to be shown. */
export type Told = string;

/** Everything wrong with one file taken by itself, and the file when the rules may look at it. */
export function readMetadata(
  schema: Schema,
  { path, text }: SourceFile,
): { readonly file: MetadataFile | undefined; readonly findings: readonly Told[] } {
  const tell = (line: number, what: string): Told => `${path}:${line}: ${what}`;
  const { name, suffix, type, object } = readPath(path);
  if (type === undefined) {
    const what = `the suffix '${suffix}' is unknown; name its type in scripts/check/metadata/file.ts`;
    return { file: undefined, findings: [tell(1, what)] };
  }
  const xml = readXml(text);
  if (!xml.ok) {
    return { file: undefined, findings: [tell(xml.line, `no well-formed XML: ${xml.problem}`)] };
  }
  const { root } = xml;
  if (root.name !== type) {
    const what = `the root is <${root.name}>; a .${suffix} file holds <${type}>`;
    return { file: undefined, findings: [tell(root.line, what)] };
  }
  const findings = [
    ...validate(schema, type, root).map((finding) => tell(finding.line, finding.text)),
    ...judgeAttributes(root).map((what) => tell(root.line, what)),
    ...judgeFullName(root, name, object).map((what) => tell(root.line, what)),
  ];
  return { file: { path, type, name, object, root }, findings };
}

function judgeAttributes(root: XmlElement): readonly string[] {
  if (root.attributes.has('xmlns')) return [];
  return [`<${root.name}> lacks xmlns="http://soap.sforce.com/2006/04/metadata"`];
}

/* Parts of an object repeat their name inside; a deployment believes that one, people believe the file's. */
function judgeFullName(
  root: XmlElement,
  name: string,
  object: string | undefined,
): readonly string[] {
  if (object === undefined) return [];
  const fullName = textOf(root, 'fullName');
  return fullName === name ? [] : [`<fullName> is '${fullName}'; the file is called '${name}'`];
}
