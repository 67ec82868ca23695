import type { Engine } from '../core/engine.ts';
import { policiesInForce, readRules, writeRules } from '../core/policy/rules.ts';
import type { Rules } from '../core/policy/rules.ts';
import type { Policy } from '../model/policy.ts';
import type { Clock } from '../ports/clock.ts';
import type { IdentityCopy } from '../ports/identity.ts';
import type { DurableLog } from '../ports/log.ts';
import type { Logger } from '../ports/telemetry.ts';
import type { HandOff } from './handOff.ts';
import { placesOf } from './orgRules.ts';
import type { ProcessProgress } from './process.ts';
import { untilStored } from './untilStored.ts';
import { makeWakeup } from './wakeup.ts';
import type { Wakeup } from './wakeup.ts';

export interface RuleKeeperOptions {
  readonly log: DurableLog;
  readonly engine: Pick<Engine, 'rules'>;
  /** Policies of the file of the configuration. */
  readonly file: readonly Policy[];
  readonly copy: Pick<IdentityCopy, 'namesOn' | 'facts' | 'completeAt'>;
  readonly handOff: Pick<HandOff, 'reach'>;
  readonly appended: Wakeup;
  /** How far detection is. */
  readonly progress: ProcessProgress;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Puts the rules into the log wherever they change; they take effect where they stand. */
export interface RuleKeeper {
  /** The org's policies of now. */
  readonly org: readonly Policy[];
  /** Whether an Asset or an Account is named. */
  readonly namesPlaces: boolean;
  /** Resolves when detection goes by the rules with this. What is the same already is not written again. */
  change(changes: Partial<Pick<Rules, 'org' | 'off'>>, signal: AbortSignal): Promise<void>;
}

/** How long a look at how far detection has come is put off. */
const LOOK_MS = 20;

/** To be made when detection has judged all that an earlier process left: it goes on from the rules of then. */
export function makeRuleKeeper(options: RuleKeeperOptions): RuleKeeper {
  const { log, engine, file, copy, handOff, appended, progress, clock, logger } = options;
  const rest = makeWakeup();
  let written = engine.rules;
  const nothing: Rules = { file, org: [], off: [], places: new Map() };
  let rules: Rules = written === undefined ? nothing : { ...readRules(written), file };
  let isChanging: Promise<void> = Promise.resolve();

  const names = ({ match }: Policy): boolean =>
    match.assetId !== undefined || match.accountId !== undefined;

  async function write(
    changes: Partial<Pick<Rules, 'org' | 'off'>>,
    signal: AbortSignal,
  ): Promise<void> {
    const wanted = { ...rules, ...changes };
    const inForce = policiesInForce(wanted);
    const next = { ...wanted, places: placesOf(inForce, copy, clock()) ?? rules.places };
    const text = writeRules(next);
    if (text !== written) {
      const change = { at: clock(), text };
      const store = () => log.changeRules(change);
      const position = await untilStored('policies', store, logger, signal);
      // Detection reads it from the log.
      handOff.reach(position);
      appended.notify();
      written = text;
      logger.info(
        { stage: 'policies', policies: inForce.length, ofOrg: next.org.length, position },
        'other policies are in force from here on',
      );
      while (progress.position < position && !signal.aborted) await rest.wait(LOOK_MS, signal);
    }
    rules = next;
  }

  return {
    get org() {
      return rules.org;
    },
    get namesPlaces() {
      return policiesInForce(rules).some(names);
    },
    change(changes, signal) {
      const changed = isChanging.then(() => write(changes, signal));
      // One that fails must not fail those that follow.
      isChanging = changed.catch(() => undefined);
      return changed;
    },
  };
}
