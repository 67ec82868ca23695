import type { Result } from '../model/result.ts';
import type { OrgFailure } from '../ports/publisher.ts';
import type { Logger } from '../ports/telemetry.ts';

/** What a stage asks of the org; each can fail while the others work. */
export type OrgUse = keyof typeof uses;

/**
 * What follows from trouble with each use, for the log. Signals are what the bridge is there for;
 * without charts it is still ready.
 */
const uses = {
  publish: { isVital: true, meanwhile: 'Signals wait in the outbox.' },
  receipts: { isVital: true, meanwhile: 'Signals wait in the outbox.' },
  notices: {
    isVital: false,
    meanwhile:
      'Charts on asset pages, and changes of policies, devices and owners, may take 5 minutes until it hears the org again.',
  },
  views: { isVital: false, meanwhile: 'Charts on asset pages stand still.' },
  identity: {
    isVital: false,
    meanwhile: 'Signals go by what was last read of devices and owners.',
  },
  policies: {
    isVital: false,
    meanwhile: 'Devices are judged by the policies that were in force last.',
  },
  reports: { isVital: false, meanwhile: 'The org sees old figures of the bridge.' },
} as const;

/** Whether the org answers, from what the stages experience; logs a change once. */
export interface OrgState {
  report(use: OrgUse, result: Result<unknown, OrgFailure>): void;
  /** Whether signals get there; false until the org has answered for the first time. */
  reachable(): boolean;
  /** `ok`, or what is wrong with it and what to do. */
  reason(): string;
  /** Takes down what holds up nothing and should be mended all the same; undefined: there is nothing any more. */
  readonly note: (text: string | undefined) => void;
  /** For people in the org: what is wrong by its own answers, what holds up signals first; then what was noted. */
  troubles(): readonly string[];
}

/** @param where the org's address, for the log */
export function makeOrgState(where: string, logger: Logger): OrgState {
  const silence = `no answer from ${where} yet`;
  const trouble = new Map<OrgUse, string>([['publish', silence]]);
  let noted: string | undefined;
  const logged = new Map<OrgUse, string>();
  /** An org that is away is away for every use; a person hears of it once. */
  const isLogged = (text: string): boolean => [...logged.values()].includes(text);
  const vital = (isVital = true): readonly string[] =>
    [...trouble].filter(([use]) => uses[use].isVital === isVital).map(([, text]) => text);
  return {
    report(use, result) {
      if (result.ok) {
        trouble.delete(use);
        const text = logged.get(use);
        logged.delete(use);
        if (text !== undefined && !isLogged(text)) {
          logger.info({ stage: 'org', use }, `${where} answers again`);
        }
        return;
      }
      const { kind, reason, action } = result.error;
      const text = `${reason} ${action}`;
      trouble.set(use, text);
      const isKnown = isLogged(text);
      logged.set(use, text);
      if (isKnown) return;
      const level = kind === 'refused' || kind === 'configuration' ? 'error' : 'warn';
      logger[level]({ stage: 'org', use, kind, action }, `${reason} ${uses[use].meanwhile}`);
    },
    reachable: () => vital().length === 0,
    reason: () => vital().join(' ') || 'ok',
    note(text) {
      if (text !== undefined && text !== noted) logger.warn({ stage: 'org' }, text);
      noted = text;
    },
    troubles() {
      const texts = [...vital(), ...vital(false), ...(noted === undefined ? [] : [noted])];
      return [...new Set(texts)].filter((text) => text !== silence);
    },
  };
}
