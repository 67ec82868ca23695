import { parseArgs } from 'node:util';
import { parsePolicies, policiesUsage } from './policies/command.ts';
import type { PoliciesCommand } from './policies/command.ts';
import { UsageError } from './usageError.ts';

/** What the command line asks for. */
export type Command =
  | { readonly kind: 'run'; readonly configFile: string }
  | { readonly kind: 'check-config'; readonly configFile: string }
  | { readonly kind: 'check'; readonly configFile: string; readonly json: boolean }
  | (DeadLettersCommand & { readonly configFile: string })
  | (SuppressedCommand & { readonly configFile: string })
  | (PoliciesCommand & { readonly configFile: string })
  | { readonly kind: 'help' };

/** What is to be done with the dead letters. */
export interface DeadLettersCommand {
  readonly kind: 'dead-letters';
  readonly action: (typeof ACTIONS)[number];
  /** Event keys, or beginnings of them. */
  readonly keys: readonly string[];
  readonly all: boolean;
  readonly json: boolean;
  /** Why they are discarded; empty for the other actions. */
  readonly reason: string;
}

/** What is to be told of events that are never published. */
export interface SuppressedCommand {
  readonly kind: 'suppressed';
  readonly action: 'list' | 'show';
  /** Event keys, or beginnings of them. */
  readonly keys: readonly string[];
  readonly json: boolean;
}

const ACTIONS = ['list', 'show', 'redrive', 'discard'] as const;

export const usage = `usage: node bridge/src/main.ts --config FILE.yaml [--check]

  --config FILE   the bridge's configuration; every key is explained in config/bridge.example.yaml
  --check         read and check the configuration, then stop
  --help          this text

check [--json]                             try broker, login, rights, event and policies, and say what
                                           is wrong and what to do; changes nothing

dead-letters list [--json]                 events that were given up, oldest first
dead-letters show KEY …                    all that is known of them
dead-letters redrive KEY … | --all         publish them again, also while the bridge runs
dead-letters discard KEY … | --all --reason TEXT   give them up for good
                a KEY may be the beginning of an event key

suppressed list [--json]                   signals that are never published, by reason, and the newest 100
suppressed show KEY …                      all that is known of them

${policiesUsage}

Each with --config FILE.

Exit codes: 0 stopped in order or all is well, 1 could not start, was broken or a check failed, 2 the configuration
is wrong.`;

/** @throws UsageError */
export function parseCommand(args: readonly string[]): Command {
  const { values, positionals } = parse(args);
  if (values.help === true) return { kind: 'help' };
  const [name, action, ...keys] = positionals;
  const isAboutDeadLetters = name === 'dead-letters';
  const isAboutPolicies = name === 'policies';
  const isKnown = isAboutDeadLetters || isAboutPolicies || name === 'suppressed';
  if (name !== undefined && name !== 'check' && !isKnown) {
    throw wrong(`${name} is no command`);
  }
  if (values.config === undefined) throw wrong('--config FILE.yaml is missing');
  if (isAboutDeadLetters) {
    return { ...toDeadLetters(action, keys, values), configFile: values.config };
  }
  for (const option of ['as', 'type'] as const) {
    if (values[option] !== undefined && !isAboutPolicies)
      throw wrong(`--${option} belongs to policies`);
  }
  if (isAboutPolicies) {
    return { ...parsePolicies(positionals.slice(1), values), configFile: values.config };
  }
  for (const option of ['all', 'reason'] as const) {
    if (values[option] !== undefined) throw wrong(`--${option} belongs to dead-letters`);
  }
  if (name === 'suppressed') {
    return { ...toSuppressed(action, keys, values.json === true), configFile: values.config };
  }
  if (name === 'check') {
    if (action !== undefined) throw wrong('check takes no further words');
    return { kind: 'check', configFile: values.config, json: values.json === true };
  }
  if (values.json !== undefined)
    throw wrong('--json belongs to check, policies, suppressed list and dead-letters list');
  return { kind: values.check === true ? 'check-config' : 'run', configFile: values.config };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        config: { type: 'string' },
        check: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        all: { type: 'boolean' },
        json: { type: 'boolean' },
        reason: { type: 'string' },
        as: { type: 'string' },
        type: { type: 'string' },
      },
      allowPositionals: true,
    });
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
}

function toDeadLetters(
  name: string | undefined,
  keys: readonly string[],
  { all = false, json = false, reason = '' }: ReturnType<typeof parse>['values'],
): DeadLettersCommand {
  const action = ACTIONS.find((one) => one === name);
  if (action === undefined) throw wrong(`dead-letters needs one of: ${ACTIONS.join(', ')}`);
  if (action === 'list' && (all || keys.length > 0)) throw wrong('list takes no keys');
  if (action === 'show' && all) throw wrong('show takes keys; list shows all');
  if (action !== 'list' && all === keys.length > 0) {
    throw wrong(`${action} needs event keys${action === 'show' ? '' : ', or --all'}`);
  }
  if ((action === 'discard') !== (reason.trim() !== '')) {
    throw wrong('discard, and nothing else, needs --reason TEXT: why nobody will miss them');
  }
  if (json && action !== 'list') throw wrong('--json belongs to list');
  return { kind: 'dead-letters', action, keys, all, json, reason };
}

function toSuppressed(
  action: string | undefined,
  keys: readonly string[],
  json: boolean,
): SuppressedCommand {
  if (action !== 'list' && action !== 'show') throw wrong('suppressed needs one of: list, show');
  if (action === 'list' && keys.length > 0) throw wrong('list takes no keys');
  if (action === 'show' && keys.length === 0) throw wrong('show needs event keys');
  if (json && action !== 'list') throw wrong('--json belongs to list');
  return { kind: 'suppressed', action, keys, json };
}

const wrong = (what: string): UsageError => new UsageError(`${what}\n\n${usage}`);
