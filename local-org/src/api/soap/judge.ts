import { compileValidationRules } from '../../automation/validationRules.ts';
import { systemClock } from '../../clock.ts';
import { compileFlows } from '../../flow/compile.ts';
import { FlowLoadError } from '../../flow/errors.ts';
import { makeFormulas } from '../../flow/formulaFields.ts';
import { loadMetadata } from '../../metadata/load.ts';
import { loadPages } from '../../metadata/pages.ts';
import { InvalidSource, Unsupported } from '../../metadata/schema.ts';
import type { OrgMetadata } from '../../metadata/schema.ts';
import type { Component, PackageProblem } from './components.ts';
import { makeJudgeFolder } from './judgeFolder.ts';
import type { JudgeFolder } from './judgeFolder.ts';
import { METADATA_TYPES } from './metadataTypes.ts';
import { lineAt } from './topLevel.ts';

/** More problems than this in one package are not looked for: each costs a load of the whole org. */
const MOST_PROBLEMS = 100;

/**
 * Judges a package by loading the org's own source with the package laid over it: objects, flows and pages, by the same
 * code that loads the org when it starts. After a problem the component is taken away, what it replaced comes back, and
 * the rest is judged, so that one call tells all problems; what needs a new component that was taken away is one too.
 */
export function judgePackage(
  roots: readonly string[],
  components: readonly Component[],
): PackageProblem[] {
  using folder = makeJudgeFolder(roots, components);
  const problems: PackageProblem[] = [];
  while (problems.length < MOST_PROBLEMS) {
    const problem = firstProblem(folder);
    if (problem === undefined) break;
    problems.push(problem.told);
    // What cannot be taken away would be found again for ever.
    if (problem.component === undefined) break;
    folder.drop(problem.component);
  }
  return problems;
}

interface Found {
  readonly told: PackageProblem;
  readonly component: Component | undefined;
}

function firstProblem(folder: JudgeFolder): Found | undefined {
  try {
    const metadata: OrgMetadata = loadMetadata(folder.roots);
    loadPages(folder.roots, metadata.objects);
    compileFlows(metadata);
    compileValidationRules(metadata);
    makeFormulas(metadata, systemClock);
    return undefined;
  } catch (error) {
    if (
      error instanceof InvalidSource ||
      error instanceof Unsupported ||
      error instanceof FlowLoadError
    )
      return tell(folder, error);
    throw error;
  }
}

function tell(folder: JudgeFolder, error: InvalidSource | Unsupported | FlowLoadError): Found {
  const component = folder.componentAt(error.file);
  const text = folder.withoutPaths(
    error.message.startsWith(`${error.file}: `)
      ? error.message.slice(error.file.length + 2)
      : error.message,
  );
  if (component === undefined) {
    const fileName = folder.ownPath(error.file);
    const problem = `${text} (in the org's own source, which does not fit this package)`;
    return { component, told: { ...nameOf(fileName), fileName, problem } };
  }
  const { type, fullName, fileName } = component;
  const line = lineOf(component, error, text);
  const told = { type, fullName, fileName, problem: text };
  return { component, told: line === undefined ? told : { ...told, line } };
}

/** What a file of source format holds, from its name. */
function nameOf(path: string): Pick<PackageProblem, 'type' | 'fullName'> {
  const [, name = path, suffix = ''] = /([^/]+)\.(\w+)-meta\.xml$/.exec(path) ?? [];
  const type = METADATA_TYPES.find((one) => one.suffix === suffix);
  if (type !== undefined) return { type: type.xmlName, fullName: name };
  const children = METADATA_TYPES.flatMap((one) => Object.values(one.children ?? {}));
  const child = children.find((one) => one.suffix === suffix);
  return { type: child?.xmlName ?? '', fullName: `${path.split('/').at(-3) ?? ''}.${name}` };
}

/** The line the error names, else that of the element it names, else that of the component in its file. */
function lineOf(component: Component, error: Error, text: string): number | undefined {
  const source = component.source[0];
  if (source === undefined || component.source.length > 1) return undefined;
  const named = /\bline (\d+)\b/.exec(text)?.[1];
  if (named !== undefined) return source.firstLine + Number(named) - 1;
  const xml = source.content.toString('utf8');
  const element = 'element' in error && typeof error.element === 'string' ? error.element : '';
  const name = element.split(' ').at(-1)?.replace(/^<|>$/g, '') ?? '';
  const offset =
    name === ''
      ? -1
      : [`<name>${name}</name>`, `<fullName>${name}</fullName>`, `<${name}>`]
          .map((mark) => xml.indexOf(mark))
          .find((at) => at >= 0);
  return source.firstLine - 1 + (offset === undefined || offset < 0 ? 1 : lineAt(xml, offset));
}
