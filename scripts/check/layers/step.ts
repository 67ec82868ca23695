import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Step } from '../step.ts';
import { findCycles } from './cycles.ts';
import { readImports } from './imports.ts';
import { judgeImport, targetOf } from './judge.ts';
import { LAYERS } from './table.ts';

/* Beyond this a file says more than one thing; the aim is 60 to 150. */
const MOST_LINES = 400;

/**
 * The direction of imports, their cycles, barrels, endings, and the length of files.
 * Types are named beside the function that makes them, so two files may name each other's; only imports that are left
 * at run time make a cycle.
 */
export const layersStep: Step = {
  name: 'layers',
  run(root) {
    const files = globSync(['bridge/**/*.ts', 'local-org/**/*.ts', 'scripts/**/*.{ts,mjs}'], {
      cwd: root,
      exclude: ['**/node_modules/**'],
    });
    const sources = files
      .toSorted()
      .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
    return Promise.resolve(judgeSources(sources));
  },
};

/** All findings about a set of sources; paths are from the project's root. */
export function judgeSources(
  sources: readonly { readonly path: string; readonly text: string }[],
): readonly string[] {
  const findings: string[] = [];
  const graph = new Map<string, readonly string[]>();
  for (const { path, text } of sources) {
    const imports = readImports(text);
    for (const entry of imports) {
      const wrong = judgeImport(LAYERS, path, entry);
      if (wrong !== undefined) findings.push(`${path}:${entry.line}: ${wrong}`);
    }
    const lines = text.split('\n').length - 1;
    if (lines > MOST_LINES) findings.push(`${path}: ${lines} lines; split it below ${MOST_LINES}`);
    graph.set(
      path,
      imports
        .filter(({ isTypeOnly }) => !isTypeOnly)
        .map(({ specifier }) => targetOf(path, specifier).name),
    );
  }
  for (const cycle of findCycles(graph)) {
    findings.push(`import cycle: ${[...cycle, cycle[0]].join(' → ')}`);
  }
  return findings;
}
