import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import type { BasePart } from './basePart.ts';
import { BROWSER_FOLDER, SHARED_MODULES, packageFolder, platformFile } from './modules.ts';

/** Results kept; each has about 4 MB, and a project has few sets of base components. */
const KEPT = 6;

const packages = [
  'lwc',
  '@lwc/rollup-plugin',
  '@lwc/synthetic-shadow',
  'lightning-base-components',
  'rollup',
];

const manifest = z.object({
  addresses: z.record(z.string(), z.string()),
  assets: z.array(z.string()),
});

/** The name under which a base part is kept: all that decides what comes out of its build. */
export function cacheKey(modules: readonly string[], icons: ReadonlySet<string>): string {
  const hash = createHash('sha256');
  for (const name of packages) hash.update(`${name} ${versionOf(name)}\n`);
  hash.update(JSON.stringify([modules.toSorted(), [...icons].toSorted()]));
  for (const file of ['basePart.ts', 'icons.ts', 'plugins.ts'])
    hash.update(readFileSync(join(import.meta.dirname, file)));
  for (const name of SHARED_MODULES)
    hash.update(readFileSync(platformFile(name) ?? BROWSER_FOLDER));
  return hash.digest('hex').slice(0, 32);
}

function versionOf(name: string): string {
  const text = readFileSync(join(packageFolder(name), 'package.json'), 'utf8');
  return z.looseObject({ version: z.string() }).parse(JSON.parse(text)).version;
}

/** The kept part of that key, or undefined. */
export function readCache(folder: string, key: string): BasePart | undefined {
  const place = join(folder, key);
  try {
    const { addresses, assets } = manifest.parse(
      JSON.parse(readFileSync(join(place, 'manifest.json'), 'utf8')),
    );
    const now = new Date();
    utimesSync(place, now, now);
    return {
      addresses,
      assets: assets.map((name) => ({ name, content: readFileSync(join(place, name), 'utf8') })),
    };
  } catch {
    // Missing, or half gone: it is built anew.
    return undefined;
  }
}

/** Keeps a part. Another org may do the same at once: whoever is second finds it done. */
export function writeCache(folder: string, key: string, part: BasePart): void {
  mkdirSync(folder, { recursive: true });
  const draft = mkdtempSync(join(folder, '.draft-'));
  for (const { name, content } of part.assets) writeFileSync(join(draft, name), content);
  const assets = part.assets.map(({ name }) => name);
  writeFileSync(
    join(draft, 'manifest.json'),
    JSON.stringify({ addresses: part.addresses, assets }),
  );
  const place = join(folder, key);
  try {
    rmSync(place, { recursive: true, force: true });
    renameSync(draft, place);
  } catch {
    rmSync(draft, { recursive: true, force: true });
  }
  forgetOld(folder);
}

function forgetOld(folder: string): void {
  const places = readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .map((name) => ({ place: join(folder, name), used: statSync(join(folder, name)).mtimeMs }))
    .toSorted((a, b) => b.used - a.used);
  for (const { place } of places.slice(KEPT)) rmSync(place, { recursive: true, force: true });
}
