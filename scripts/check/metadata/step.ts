import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Step } from '../step.ts';
import type { MetadataFile } from './file.ts';
import { readMetadata, type SourceFile, type Told } from './files.ts';
import { readOrg } from './org.ts';
import type { Rule } from './rule.ts';
import { flowNames } from './rules/flowNames.ts';
import { connections, faultPaths } from './rules/flowPaths.ts';
import { hardCodedIds } from './rules/hardCodedIds.ts';
import { flowReferences, permissionReferences } from './rules/references.ts';
import { descriptions, helpTexts } from './rules/words.ts';
import { loadSchema, type Schema } from './schema.ts';

const RULES: readonly Rule[] = [
  descriptions,
  helpTexts,
  connections,
  faultPaths,
  flowNames,
  hardCodedIds,
  flowReferences,
  permissionReferences,
];

/** The files of force-app against Salesforce's schema of API version 66.0, and against this project's own rules. */
export const metadataStep: Step = {
  name: 'metadata',
  run(root) {
    const sources = globSync('force-app/**/*.xml', { cwd: root })
      .toSorted()
      .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
    if (sources.length === 0) return Promise.resolve(['force-app holds no metadata at all']);
    return Promise.resolve(judgeMetadata(loadSchema(root), sources));
  },
};

/** All findings about a set of files that belong to one package directory. */
export function judgeMetadata(schema: Schema, sources: readonly SourceFile[]): readonly Told[] {
  const findings: Told[] = [];
  const files: MetadataFile[] = [];
  for (const source of sources) {
    const read = readMetadata(schema, source);
    findings.push(...read.findings);
    if (read.file !== undefined) files.push(read.file);
  }
  const context = { schema, org: readOrg(files) };
  for (const file of files) {
    for (const rule of RULES) {
      for (const { line, text } of rule(file, context)) {
        findings.push(`${file.path}:${line}: ${text}`);
      }
    }
  }
  return findings;
}
