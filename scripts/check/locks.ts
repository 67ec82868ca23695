import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Step } from './step.ts';

const lock = z.object({
  packages: z.record(
    z.string(),
    z.object({
      resolved: z.string().optional(),
      link: z.boolean().optional(),
      optionalDependencies: z.record(z.string(), z.string()).optional(),
    }),
  ),
});

/**
 * The locks can be installed elsewhere: none says from which registry its author got a package (that is made so by
 * omit-lockfile-registry-resolved), and a tool's lock lists all packages for other platforms, for npm 11 looks up what
 * is missing there and refuses the lock. In the root's the workspaces stand between, and npm does not look.
 */
export const locksStep: Step = {
  name: 'locks',
  run(root) {
    const paths = globSync(['package-lock.json', 'scripts/tools/*/package-lock.json'], {
      cwd: root,
    });
    return Promise.resolve(
      paths.toSorted().flatMap((path) => judgeLock(path, readFileSync(join(root, path), 'utf8'))),
    );
  },
};

/** What is wrong with the text of one lock. */
export function judgeLock(path: string, text: string): readonly string[] {
  const { packages } = lock.parse(JSON.parse(text));
  const findings: string[] = [];
  const names = Object.keys(packages);
  for (const [name, { resolved = '', link = false, optionalDependencies = {} }] of Object.entries(
    packages,
  )) {
    if (!link && /^https?:/.test(resolved)) {
      findings.push(
        `${path}: ${name} is locked to an address; use omit-lockfile-registry-resolved`,
      );
    }
    if (path === 'package-lock.json') continue;
    for (const optional of Object.keys(optionalDependencies)) {
      if (!names.some((other) => other.endsWith(`node_modules/${optional}`))) {
        findings.push(
          `${path}: ${optional}, optional to ${name}, is missing: npm 11 refuses the lock`,
        );
      }
    }
  }
  return findings;
}
