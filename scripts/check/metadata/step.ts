import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Step } from '../step.ts';
import { readComponents } from './components/component.ts';
import { makeGraphqlSchema } from './components/graphqlSchema.ts';
import type { MetadataFile } from './file.ts';
import { readMetadata, type SourceFile, type Told } from './files.ts';
import { readOrg } from './org.ts';
import type { Context, PackageRule, Rule, Settings } from './rule.ts';
import { componentReferences } from './rules/components.ts';
import { graphqlDocuments } from './rules/documents.ts';
import { flowLogic } from './rules/flowLogic.ts';
import { flowMode } from './rules/flowMode.ts';
import { flowNames } from './rules/flowNames.ts';
import { connections, faultPaths } from './rules/flowPaths.ts';
import { flowTexts, numberScales } from './rules/formulaForms.ts';
import { grantBases } from './rules/grantBases.ts';

import { hardCodedIds } from './rules/hardCodedIds.ts';
import { labelWords, unusedLabels } from './rules/labels.ts';
import { laterPaths } from './rules/laterPaths.ts';
import { layoutBehaviors } from './rules/layouts.ts';
import { textLengths } from './rules/lengths.ts';
import { formulaReferences, listReferences } from './rules/lists.ts';
import { actionReferences, appReferences, pageReferences, tabReferences } from './rules/pages.ts';
import { permissionReferences } from './rules/permissions.ts';
import { flowReferences, lookupTargets, picklistValues } from './rules/references.ts';
import { awaitedUses, missingGrants, unneededGrants, unusedFields } from './rules/unusedFields.ts';
import {
  flowOrder,
  unusedComponents,
  unusedFiles,
  unusedFlows,
  unusedMembers,
  unusedResources,
} from './rules/unusedParts.ts';
import { stylingHooks } from './rules/styles.ts';
import { descriptions, helpTexts, propertyWords } from './rules/words.ts';
import { loadSchema, type Schema } from './schema.ts';
import { loadSettings } from './settings.ts';
import { collectFieldUses } from './uses/fieldUses.ts';

const RULES: readonly Rule[] = [
  descriptions,
  helpTexts,
  propertyWords,
  labelWords,
  connections,
  faultPaths,
  laterPaths,
  flowNames,
  flowLogic,
  flowMode,
  numberScales,
  flowTexts,
  hardCodedIds,
  textLengths,
  flowReferences,
  picklistValues,
  lookupTargets,
  unusedResources,
  permissionReferences,
  grantBases,
  appReferences,
  tabReferences,
  pageReferences,
  actionReferences,
  listReferences,
  layoutBehaviors,
  formulaReferences,
];

const PACKAGE_RULES: readonly PackageRule[] = [
  componentReferences,
  stylingHooks,
  graphqlDocuments,
  unusedLabels,
  unusedFields,
  unneededGrants,
  missingGrants,
  awaitedUses,
  unusedComponents,
  unusedMembers,
  unusedFlows,
  unusedFiles,
  flowOrder,
];

/* What a test says of the org is no use of it, nor is the list of rights that `check` asks for. */
const NO_USE = /\.(test|contract)\.ts$|\/testing\/|\/check\/rights\.ts$/;

/** The files of force-app against Salesforce's schema of API version 66.0, and against this project's own rules. */
export const metadataStep: Step = {
  name: 'metadata',
  run(root) {
    const paths = globSync(
      ['force-app/**/*.xml', 'force-app/**/lwc/**/*.{js,html,css}', 'bridge/src/**/*.ts'],
      { cwd: root },
    );
    const sources = paths
      .toSorted()
      .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
    if (!paths.some((path) => path.endsWith('.xml'))) {
      return Promise.resolve(['force-app holds no metadata at all']);
    }
    return Promise.resolve(judgeMetadata(loadSchema(root), loadSettings(root), sources));
  },
};

/**
 * All findings about a set of files that belong to one package directory, with the sources of the bridge that works with
 * it. Exceptions are left out; an exception that fits no finding is one itself.
 */
export function judgeMetadata(
  schema: Schema,
  settings: Settings,
  sources: readonly SourceFile[],
): readonly Told[] {
  const findings: Told[] = [];
  const files: MetadataFile[] = [];
  for (const source of sources.filter(({ path }) => path.endsWith('.xml'))) {
    const read = readMetadata(schema, source);
    findings.push(...read.findings);
    if (read.file !== undefined) files.push(read.file);
  }
  const context: Context = {
    schema,
    settings,
    org: readOrg(files),
    files,
    components: readComponents(sources, files),
    bridge: sources.filter(({ path }) => path.startsWith('bridge/') && !NO_USE.test(path)),
  };
  const met = new Set<string>();
  const tell = (path: string, line: number, text: string): void => {
    if (text in settings.exceptions) met.add(text);
    else findings.push(`${path}:${line}: ${text}`);
  };
  for (const file of files) {
    for (const rule of RULES) {
      for (const { line, text } of rule(file, context)) tell(file.path, line, text);
    }
  }
  const graphql = makeGraphqlSchema(context.org);
  const whole = { ...context, graphql, uses: collectFieldUses(context, graphql) };
  for (const rule of PACKAGE_RULES) {
    for (const { path, line, text } of rule(whole)) tell(path, line, text);
  }
  for (const text of Object.keys(settings.exceptions).filter((it) => !met.has(it))) {
    findings.push(`scripts/check/metadata/settings.ts:1: the exception '${text}' fits nothing`);
  }
  return findings;
}
