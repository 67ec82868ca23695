import type { Result } from '../model/result.ts';
import type { OrgFailure } from '../ports/publisher.ts';
import type { Logger } from '../ports/telemetry.ts';

/** What a stage asks of the org; each can fail while the other works. */
export type OrgUse = 'publish' | 'receipts';

/** Whether the org answers, from what the stages experience; logs a change once. */
export interface OrgState {
  report(use: OrgUse, result: Result<unknown, OrgFailure>): void;
  /** False until the org has answered for the first time. */
  reachable(): boolean;
  /** `ok`, or what is wrong and what to do. */
  reason(): string;
}

/** @param where the org's address, for the log */
export function makeOrgState(where: string, logger: Logger): OrgState {
  const trouble = new Map<OrgUse, string>([['publish', `no answer from ${where} yet`]]);
  const logged = new Map<OrgUse, string>();
  return {
    report(use, result) {
      if (result.ok) {
        trouble.delete(use);
        if (logged.delete(use)) logger.info({ stage: 'org', use }, `${where} answers again`);
        return;
      }
      const { kind, reason, action } = result.error;
      const text = `${reason} ${action}`;
      trouble.set(use, text);
      if (logged.get(use) === text) return;
      logged.set(use, text);
      const level = kind === 'refused' || kind === 'configuration' ? 'error' : 'warn';
      logger[level]({ stage: 'org', use, kind, action }, `${reason} Signals wait in the outbox.`);
    },
    reachable: () => trouble.size === 0,
    reason: () => [...trouble.values()].join(' ') || 'ok',
  };
}
