import type { Result } from '../model/result.ts';
import type { OrgFailure } from '../ports/publisher.ts';
import type { Logger } from '../ports/telemetry.ts';

/** Whether the org answers, from what the stages experience; logs a change once. */
export interface OrgState {
  report(result: Result<unknown, OrgFailure>): void;
  reachable(): boolean;
  reason(): string;
}

/** @param where the org's address, for the log */
export function makeOrgState(where: string, logger: Logger): OrgState {
  let reachable = false;
  let reason = `no answer from ${where} yet`;
  let logged = '';
  return {
    report(result) {
      if (result.ok) {
        if (logged !== '') logger.info({ stage: 'org' }, `the org answers again (${where})`);
        reachable = true;
        reason = 'ok';
        logged = '';
        return;
      }
      const { kind, action } = result.error;
      reachable = false;
      reason = `${result.error.reason} ${action}`;
      if (logged === reason) return;
      logged = reason;
      const level = kind === 'refused' || kind === 'configuration' ? 'error' : 'warn';
      logger[level](
        { stage: 'org', kind, action },
        `${result.error.reason} Signals wait in the outbox.`,
      );
    },
    reachable: () => reachable,
    reason: () => reason,
  };
}
