import scanner from '@flow-scanner/lightning-flow-scanner-core';
import { XMLParser } from 'fast-xml-parser';
import type { SourceFile } from '../metadata/files.ts';
import type { Schema } from '../metadata/schema.ts';
import { everyElement, readXml, textOf, type XmlElement } from '../metadata/xml.ts';

/** What the scanner is not to say, and why. */
export interface Exceptions {
  /** Rule → reason. */
  readonly rulesOff: Readonly<Record<string, string>>;
  /** `Flow Rule` → reason; one that fits nothing is a finding. */
  readonly flows: Readonly<Record<string, string>>;
}

/**
 * What the Flow Scanner of the Salesforce community says of flows, in this project's form: file, line, rule, name.
 *
 * The scanner's own reader makes a list only of what stands twice, and its rules then stumble over single elements
 * (AutoLayout throws, GetRecordAllFields sees no queried field); here the schema says what is a list. A rule that could
 * not be carried out is a finding.
 */
export function scanFlows(
  schema: Schema,
  flows: readonly SourceFile[],
  { rulesOff, flows: excused }: Exceptions,
): readonly string[] {
  const findings: string[] = [];
  const met = new Set<string>();
  const rules = Object.fromEntries(
    scanner
      .getRules()
      .filter(({ name }) => !(name in rulesOff))
      .map(({ name }) => [name, {}]),
  );
  for (const { path, text } of flows) {
    const xml = readXml(text);
    if (!xml.ok) continue;
    const parsed: unknown = parserFor(schema).parse(text);
    const flow = new scanner.Flow(path, asRecord(parsed)['Flow']);
    const results = scanner.scan([new scanner.ParsedFlow(path, flow)], { rules });
    const name = /([^/]+)\.flow-meta\.xml$/.exec(path)?.[1] ?? path;
    for (const { ruleName, details, errorMessage } of results.flatMap((it) => it.ruleResults)) {
      if (errorMessage !== undefined) findings.push(`${path}:1: ${ruleName}: ${errorMessage}`);
      for (const violation of details) {
        const excuse = `${name} ${ruleName}`;
        if (excuse in excused) met.add(excuse);
        else
          findings.push(
            `${path}:${lineOf(xml.root, violation.name)}: ${ruleName}: ${violation.name}`,
          );
      }
    }
  }
  const stale = Object.keys(excused).filter((excuse) => !met.has(excuse));
  const unknown = Object.keys(rulesOff).filter(
    (rule) => !scanner.getRules().some((it) => it.name === rule),
  );
  return [
    ...findings,
    ...stale.map((excuse) => `the exception '${excuse}' fits nothing`),
    ...unknown.map((rule) => `the rule '${rule}' that is switched off does not exist`),
  ];
}

function parserFor(schema: Schema): XMLParser {
  return new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@_',
    parseTagValue: false,
    isArray: (_name, path) => typeof path === 'string' && isList(schema, path.split('.')),
  });
}

/* `Flow.recordLookups.queriedFields`, from the type Flow down. */
function isList(schema: Schema, path: readonly string[]): boolean {
  let type = path[0] ?? '';
  let last = false;
  for (const name of path.slice(1)) {
    const declared = schema.get(type);
    const element = declared?.kind === 'struct' ? declared.elements.get(name) : undefined;
    if (element === undefined) return false;
    type = element.type;
    last = element.isList;
  }
  return last;
}

/* The scanner counts lines in a text it writes itself, so the line is looked up by the name. */
function lineOf(root: XmlElement, name: string): number {
  const named = [...everyElement(root)].find((element) => textOf(element, 'name') === name);
  return named?.line ?? root.line;
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
