import { parseArgs } from 'node:util';

/** What the command line asks for. */
export type Command =
  | { readonly kind: 'run'; readonly configFile: string }
  | { readonly kind: 'check'; readonly configFile: string }
  | { readonly kind: 'help' };

/** A command line that makes no sense; the text says what is allowed. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const usage = `usage: node bridge/src/main.ts --config FILE.yaml [--check]

  --config FILE   the bridge's configuration; every key is explained in config/bridge.example.yaml
  --check         read and check the configuration, then stop
  --help          this text

Exit codes: 0 stopped in order, 1 could not start or was broken, 2 the configuration is wrong.`;

/** @throws UsageError */
export function parseCommand(args: readonly string[]): Command {
  const values = parse(args);
  if (values.help === true) return { kind: 'help' };
  if (values.config === undefined)
    throw new UsageError(`--config FILE.yaml is missing\n\n${usage}`);
  return { kind: values.check === true ? 'check' : 'run', configFile: values.config };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        config: { type: 'string' },
        check: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}
