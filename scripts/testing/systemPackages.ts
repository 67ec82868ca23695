import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { showProgress } from '../run/progress.mjs';

/* Debian keeps servers where the PATH of a plain user does not look. */
export const SYSTEM_FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/sbin'];

/* A program, what it is for, and the packages that bring it, under Debian's names. A browser without a font draws boxes. */
const PROGRAMS: Readonly<
  Record<string, { readonly packages: readonly string[]; readonly why: string }>
> = {
  chromium: { packages: ['chromium', 'fonts-dejavu-core'], why: 'a browser for the Asset page' },
  mosquitto: { packages: ['mosquitto'], why: 'an MQTT broker that is not ours, with TLS' },
};

/** What this machine can do about a missing program; handed in, so that tests can say otherwise. */
export interface Machine {
  has(program: string): boolean;
  /** Whether packages can be installed without asking anyone: Debian's tools are there and we are root. */
  readonly mayInstall: boolean;
  /** Runs a command; undefined when it succeeded, else the end of what it said. */
  run(command: string, args: readonly string[]): string | undefined;
}

/**
 * Makes sure the programs are there. On Debian as root it installs what is missing; otherwise, or when that fails, it
 * answers with what a person has to install, in words. undefined: all is there.
 */
export function ensurePrograms(names: readonly string[], machine: Machine): string | undefined {
  const missing = names.filter((name) => !machine.has(name));
  if (missing.length === 0) return undefined;
  const packages = missing.flatMap((name) => PROGRAMS[name]?.packages ?? [name]);
  const failure = machine.mayInstall ? install(packages, machine) : undefined;
  const still = missing.filter((name) => !machine.has(name));
  if (still.length === 0) return undefined;
  return [
    ...still.map(
      (name) => `The tests need ${name}: ${PROGRAMS[name]?.why ?? 'see its documentation'}.`,
    ),
    ...(failure === undefined ? [] : [`Installing it failed:\n${failure}`]),
    'Install it and run npm test again:',
    `  Debian, Ubuntu   sudo apt-get install ${packages.join(' ')}`,
    `  Fedora           sudo dnf install ${packages.join(' ')}`,
    `  macOS            brew install ${packages.join(' ')}`,
  ].join('\n');
}

/* The lists of packages are fetched only when the names are not known yet, as in a fresh container. */
function install(packages: readonly string[], machine: Machine): string | undefined {
  const get = ['install', '--yes', '--quiet', '--no-install-recommends', ...packages];
  if (machine.run('apt-get', get) === undefined) return undefined;
  return machine.run('apt-get', ['update', '--quiet']) ?? machine.run('apt-get', get);
}

export const thisMachine: Machine = {
  has: (program) => folders().some((folder) => isExecutable(join(folder, program))),
  get mayInstall() {
    return process.getuid?.() === 0 && thisMachine.has('apt-get');
  },
  run(command, args) {
    const progress = showProgress(() => `${command} ${args.join(' ')}`);
    const { status, stdout, stderr } = spawnSync(command, args, {
      encoding: 'utf8',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    progress.done(status === 0 ? 'done' : 'failed');
    return status === 0 ? undefined : `${stdout}${stderr}`.trim().split('\n').slice(-10).join('\n');
  },
};

function folders(): readonly string[] {
  return [...(process.env['PATH'] ?? '').split(delimiter), ...SYSTEM_FOLDERS];
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
