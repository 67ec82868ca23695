import { posix } from 'node:path';
import type { Import } from './imports.ts';
import type { Layer } from './table.ts';

const PACKAGE_OF_THIS_PROJECT = '@asset-signals/';

/** Where an import leads: a file of this project, or a package. */
export type Target = { readonly kind: 'file' | 'package'; readonly name: string };

/** `specifier` as written in `file`; paths are from the project's root, with slashes. */
export function targetOf(file: string, specifier: string): Target {
  if (specifier.startsWith('.')) {
    return { kind: 'file', name: posix.join(posix.dirname(file), specifier) };
  }
  if (specifier.startsWith(PACKAGE_OF_THIS_PROJECT)) {
    const [program, ...rest] = specifier.slice(PACKAGE_OF_THIS_PROJECT.length).split('/');
    return { kind: 'file', name: posix.join(program ?? '', 'src', ...rest) };
  }
  return { kind: 'package', name: specifier };
}

/** What is wrong with one import of a file, in words; undefined when nothing is. */
export function judgeImport(
  layers: readonly Layer[],
  file: string,
  { specifier, isBarrel }: Import,
): string | undefined {
  if (isBarrel) return `export * from '${specifier}': name what is exported, or import the file`;
  const from = layerOf(layers, file);
  if (from === undefined) return 'the file is in no layer of scripts/check/layers/table.ts';
  const target = targetOf(file, specifier);
  if (target.kind === 'package') return judgePackage(from, file, target.name);
  if (!/\.(ts|mjs|json)$/.test(target.name)) return `'${specifier}' needs its ending, .ts`;
  const to = layerOf(layers, target.name);
  if (to === undefined) return `'${specifier}' leads to ${target.name}, which is in no layer`;
  const mayKnow = allows(from, to) || (isForTests(file) && programOf(from) === programOf(to));
  if (mayKnow) {
    return isForTests(target.name) && !isForTests(file)
      ? `'${specifier}' is for tests; the program may not need it`
      : undefined;
  }
  const allowed = from.mayImport.length === 0 ? 'nothing' : from.mayImport.join(', ');
  return `${from.name} may not import ${to.name} ('${specifier}'); it may import ${allowed}`;
}

function judgePackage(from: Layer, file: string, name: string): string | undefined {
  if (from.packages === undefined || from.packages.includes(name) || isForTests(file))
    return undefined;
  const allowed = from.packages.length === 0 ? 'no package' : from.packages.join(', ');
  return `${from.name} may not import '${name}'; it may import ${allowed}`;
}

function layerOf(layers: readonly Layer[], file: string): Layer | undefined {
  return layers
    .filter(({ path }) => (path.endsWith('/') ? file.startsWith(path) : file === path))
    .toSorted((a, b) => b.path.length - a.path.length)[0];
}

function allows(from: Layer, to: Layer): boolean {
  return (
    from.name === to.name ||
    from.mayImport.includes(to.name) ||
    from.mayImport.includes(`${programOf(to)}/*`)
  );
}

function programOf(layer: Layer): string {
  return layer.name.split('/')[0] ?? layer.name;
}

/*
 * `x.test.ts`, `x.contract.ts` (a test of every implementation), `testX.ts` and `xTestY.ts`, all of a folder `testing` or `test`; and
 * scripts, of which none is part of a program.
 */
function isForTests(file: string): boolean {
  return (
    /\.(test|contract)\.(ts|mjs)$/.test(file) ||
    /(\/test|Test)[A-Z]\w*\.ts$/.test(file) ||
    /\/(test|testing)\//.test(file) ||
    file.startsWith('scripts/')
  );
}
