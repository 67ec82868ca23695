import type { Result } from '../model/result.ts';
import type { IdentityCopy } from '../ports/identity.ts';
import type { OrgPolicies } from '../ports/policies.ts';
import type { OrgFailure } from '../ports/publisher.ts';
import { backoffMs } from './backoff.ts';
import type { BackoffOptions } from './backoff.ts';
import { orgRulesOf } from './orgRules.ts';
import type { OrgState } from './orgState.ts';
import { makeRuleKeeper } from './ruleKeeper.ts';
import type { RuleKeeper, RuleKeeperOptions } from './ruleKeeper.ts';
import { makeWakeup } from './wakeup.ts';
import type { Wakeup } from './wakeup.ts';

export interface PoliciesOptions extends RuleKeeperOptions {
  readonly source: OrgPolicies;
  readonly copy: Pick<IdentityCopy, 'namesOn' | 'facts' | 'completeAt' | 'version'>;
  /** Notified when the org says that a policy has changed. */
  readonly changed: Wakeup;
  /** Resolves when detection has judged all that an earlier process left. */
  readonly caughtUp: Promise<void>;
  readonly org: OrgState;
  readonly backoff: BackoffOptions;
  /** Between two looks when nothing is heard of changes. */
  readonly everyMs: number;
  /** Waiting for company after the first notice; `GATHER_MS` unless a test cannot wait. */
  readonly gatherMs?: number;
}

/** Who imports policies changes many within a second; one look serves them all. */
const GATHER_MS = 500;
/** Where policies name Assets or Accounts: so often it is looked whether the copy of the org has changed. */
const PLACES_MS = 1_000;
/** And so often although it has not: an installation may begin or end at a time that was set before. */
const PLACES_AGAIN_MS = 60_000;

/**
 * Has detection go by the policies of the file and of the org: from the start by those that were in force last, then by
 * what the org has now, when it says so and every few minutes. While the org is away everything stays as it is. What the
 * bridge makes of each policy is written to its record.
 */
export async function runPolicies(options: PoliciesOptions, signal: AbortSignal): Promise<void> {
  await Promise.race([options.caughtUp, aborted(signal)]);
  if (signal.aborted) return;
  const keeper = makeRuleKeeper(options);
  await attempt(options, () => keeper.change({}, signal));
  await Promise.all([followOrg(options, keeper, signal), followPlaces(options, keeper, signal)]);
}

async function followOrg(
  options: PoliciesOptions,
  keeper: RuleKeeper,
  signal: AbortSignal,
): Promise<void> {
  const { source, changed, org, logger, backoff, everyMs, gatherMs = GATHER_MS } = options;
  const rest = makeWakeup();
  let failures = 0;

  async function look(): Promise<Result<unknown, OrgFailure>> {
    const read = await source.read();
    if (!read.ok) return read;
    const { verdicts, ...rules } = orgRulesOf(read.value, keeper.org);
    await keeper.change(rules, signal);
    for (const { status, message, id } of verdicts) {
      if (status !== 'Refused') continue;
      logger.warn({ stage: 'policies', policy: id }, `a policy of the org is refused: ${message}`);
    }
    return source.tell(verdicts);
  }

  while (!signal.aborted) {
    const isDone = await attempt(options, async () => {
      const looked = await look();
      org.report('policies', looked);
      return looked.ok;
    });
    failures = isDone === true ? 0 : failures + 1;
    if (failures > 0) await rest.wait(backoffMs(failures, Math.random(), backoff), signal);
    else {
      await changed.wait(everyMs, signal);
      await rest.wait(gatherMs, signal);
    }
  }
}

async function followPlaces(
  options: PoliciesOptions,
  keeper: RuleKeeper,
  signal: AbortSignal,
): Promise<void> {
  const { copy, clock } = options;
  const rest = makeWakeup();
  let version = copy.version();
  let lookedAt = clock();
  while (!signal.aborted) {
    await rest.wait(PLACES_MS, signal);
    const isSame = copy.version() === version && Math.abs(clock() - lookedAt) < PLACES_AGAIN_MS;
    if (isSame || !keeper.namesPlaces || signal.aborted) continue;
    version = copy.version();
    lookedAt = clock();
    await attempt(options, () => keeper.change({}, signal));
  }
}

/** Undefined where it failed, which is told. */
async function attempt<T>(
  { logger }: PoliciesOptions,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AbortError'))
      logger.error(
        { stage: 'policies', err: error },
        'policies could not be changed; trying again',
      );
    return undefined;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
