import { UsageError } from '../usageError.ts';

/** What is to be done with policies. */
export type PoliciesCommand = { readonly kind: 'policies' } & (
  | {
      readonly action: 'export';
      readonly json: boolean;
      readonly username: string | undefined;
    }
  | { readonly action: 'diff'; readonly file: string; readonly username: string | undefined }
  | { readonly action: 'import'; readonly file: string; readonly username: string }
  | {
      readonly action: 'test';
      readonly file: string;
      readonly readings: string;
      readonly json: boolean;
    }
  | { readonly action: 'explain'; readonly device: string; readonly deviceType: string | undefined }
);

export const policiesUsage = `policies export [--json]                   the policies of the org, to be kept under version control
policies diff FILE                         what importing the file would change; exit code 1 where it is something
policies import FILE                       write them into the org
                each with --as USERNAME, a user who may change policies: the user of the bridge reads only what it needs
policies test FILE READINGS [--json]       what these policies would say to recorded readings: a file with
                {"topic": …, "payload": …, "receivedAt": …} on each line, or "log" for what the bridge has kept
policies explain DEVICE [--type TYPE]      which policies hold for a device, and why`;

/** @throws UsageError */
export function parsePolicies(
  words: readonly string[],
  options: {
    readonly json?: boolean | undefined;
    readonly as?: string | undefined;
    readonly type?: string | undefined;
  },
): PoliciesCommand {
  const [action, first, second, ...more] = words;
  const { json = false, as: username, type: deviceType } = options;
  const kind = 'policies';
  if (more.length > 0) throw new UsageError(`policies: "${more.join(' ')}" is too much`);
  switch (action) {
    case 'export':
      if (first === undefined) return { kind, action, json, username };
      break;
    case 'diff':
      if (first !== undefined && second === undefined) {
        return { kind, action, file: first, username };
      }
      break;
    case 'import':
      if (first === undefined || second !== undefined) break;
      if (username === undefined) {
        throw new UsageError(
          'policies import needs --as USERNAME: the user of the bridge may not change policies',
        );
      }
      return { kind, action, file: first, username };
    case 'test':
      if (first === undefined || second === undefined) break;
      return { kind, action, file: first, readings: second, json };
    case 'explain':
      if (first === undefined || second !== undefined) break;
      return { kind, action, device: first, deviceType };
    case undefined:
    default:
  }
  throw new UsageError(`policies is used so:\n\n${policiesUsage}`);
}
