import { join } from 'node:path';

import { z } from 'zod';

import { startChild } from '../system/child.ts';
import { ensureTool } from '../tools/ensureTool.ts';
import { salesforceEnvironment } from './salesforceHome.ts';
import type { StrangersOrg } from './strangersOrg.ts';

/** What a command of the CLI came to. */
export interface CliResult {
  readonly code: number | string;
  /** What it printed, both streams. */
  readonly output: string;
}

/** The real `sf`, with a home of its own. */
export interface SalesforceCli {
  run(...args: readonly string[]): Promise<CliResult>;
  /** Runs with `--json` and answers `result`. Throws with the output when the command fails. */
  json(...args: readonly string[]): Promise<unknown>;
}

const answer = z.object({ status: z.number(), result: z.unknown() });

/** @param folder of the project the commands are run in */
export async function startCli(org: StrangersOrg, folder: string): Promise<SalesforceCli> {
  const tool = await ensureTool('sf');
  const program = join(tool, 'node_modules/@salesforce/cli/bin/run.js');
  const environment = await salesforceEnvironment(org.world.folder);
  const run = async (...args: readonly string[]): Promise<CliResult> => {
    await using child = startChild(process.execPath, [program, ...args], {
      cwd: folder,
      env: environment,
    });
    return { code: await child.ended, output: child.output() };
  };
  return {
    run,
    json: async (...args) => {
      const { code, output } = await run(...args, '--json');
      // Warnings go to the other stream, before or after.
      const text = output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1);
      if (code !== 0) throw new Error(`sf ${args.join(' ')} ended with ${code}: ${output}`);
      return answer.parse(JSON.parse(text)).result;
    },
  };
}

/** `sf org login jwt`, as the org's administrator; the org becomes the default one. */
export function logIn(cli: SalesforceCli, { state, login }: StrangersOrg): Promise<CliResult> {
  return cli.run(
    ...['org', 'login', 'jwt'],
    ...['--client-id', login.clientId],
    ...['--jwt-key-file', login.privateKeyFile],
    ...['--username', login.username],
    ...['--instance-url', state.instanceUrl],
    ...['--alias', 'local', '--set-default'],
  );
}
