import { join } from 'node:path';
import { describeFindings, isWell } from './check/finding.ts';
import { runCheck } from './check/run.ts';
import { usage } from './cli.ts';
import type { Command } from './cli.ts';
import { loadConfig } from './config/load.ts';
import { runDeadLetters } from './deadLetters.ts';
import { openDeadLetters } from './edge/log/deadLetters.ts';
import { openSuppressedEvents } from './edge/log/suppressedEvents.ts';
import { runPoliciesCommand } from './policies/run.ts';
import { runSuppressed } from './suppressed.ts';

/** Every command but the one that runs the bridge. */
export type Errand = Exclude<Command, { readonly kind: 'run' }>;

/** What to print, and the exit code. */
export interface Answer {
  readonly text: string;
  readonly code: number;
}

const toAnswer = (text: string): Answer => ({ text, code: 0 });

/**
 * Does what the command line asks for, beside a bridge that runs or without one.
 * @throws ConfigError, UsageError, StorageError, EnvironmentError: texts for people
 */
export async function runErrand(command: Errand, env: NodeJS.ProcessEnv): Promise<Answer> {
  if (command.kind === 'help') return toAnswer(usage);
  if (command.kind === 'check') {
    const findings = await runCheck(command.configFile, env);
    const ok = isWell(findings);
    const text = command.json
      ? JSON.stringify({ ok, findings }, null, 2)
      : describeFindings(findings);
    return { text, code: ok ? 0 : 1 };
  }
  const config = loadConfig(command.configFile, env);
  switch (command.kind) {
    case 'check-config':
      return toAnswer(`${command.configFile} is fine`);
    case 'dead-letters': {
      using letters = openDeadLetters(join(config.dataDir, 'bridge.sqlite'));
      return toAnswer(runDeadLetters(command, letters, Date.now()));
    }
    case 'suppressed': {
      using events = openSuppressedEvents(join(config.dataDir, 'bridge.sqlite'));
      return toAnswer(runSuppressed(command, events));
    }
    case 'policies':
      return runPoliciesCommand(command, config);
  }
}
