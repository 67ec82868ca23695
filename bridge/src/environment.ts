import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from './config/load.ts';
import { judgeOrg, judgeOwner } from './core/environment/judge.ts';
import type { DataOwner, Refusal } from './core/environment/judge.ts';
import { makeOwnerFile } from './edge/environment/ownerFile.ts';
import type { OwnerFile } from './edge/environment/ownerFile.ts';
import type { Admission } from './edge/salesforce/admitted.ts';
import { readOrganization } from './edge/salesforce/organization.ts';
import { makeRest } from './edge/salesforce/rest.ts';
import type { Sessions } from './edge/salesforce/token.ts';

/** The configuration, the data directory and the org do not belong together. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/** Keeps the data of one environment out of every other. */
export interface EnvironmentGuard {
  /** What admits the sessions of an org; nothing reaches one that is foreign. */
  readonly admission: (sessions: Sessions) => Admission;
  /** Aborted when the org that answers is not the one meant: then the bridge may not run. */
  readonly foreign: AbortSignal;
  /** @throws EnvironmentError where it is so */
  throwIfForeign(): void;
  /**
   * Logs in before anything else is done, so that no message is taken for an org that is not the one meant. An org that
   * does not answer holds up nobody: what is configured is taken for true until it does.
   * @throws EnvironmentError
   */
  begin(login: () => Promise<unknown>): Promise<void>;
}

/** An org that is there has answered a login by then. */
const FIRST_LOGIN_MS = 5_000;

/**
 * Compares the data directory with the configuration, before anything is written there, and later each login with both.
 * @throws EnvironmentError where the data directory belongs to another environment
 */
export function makeEnvironmentGuard(
  config: Pick<Config, 'environment' | 'dataDir' | 'salesforce'>,
): EnvironmentGuard {
  const { environment: pins, dataDir, salesforce } = config;
  const { loginUrl, apiVersion, namespace } = salesforce;
  const owner = makeOwnerFile(dataDir);
  const ownerAt = (organizationId: string): DataOwner => ({
    ...(pins !== undefined && { name: pins.name }),
    organizationId,
    namespace,
  });
  const configured = pins === undefined ? undefined : ownerAt(pins.orgId);
  const crossed = configured === undefined ? undefined : compare(owner, configured);
  if (crossed !== undefined) throw toError(crossed);
  const foreign = new AbortController();
  let isAdmitted = false;
  return {
    foreign: foreign.signal,
    throwIfForeign: () => foreign.signal.throwIfAborted(),
    admission(sessions) {
      const rest = makeRest(sessions, apiVersion);
      return async (session) => {
        const { organizationId } = session;
        // Only production has a reason to ask: its id could have been written down from a sandbox.
        const found =
          pins?.name === 'production' ? await readOrganization(rest, session) : { organizationId };
        const refusal = judgeOrg(pins, found, loginUrl) ?? claim(owner, ownerAt(organizationId));
        isAdmitted ||= refusal === undefined;
        if (refusal === undefined) return undefined;
        foreign.abort(toError(refusal));
        return { kind: 'configuration', ...refusal };
      };
    },
    async begin(login) {
      const late = sleep(FIRST_LOGIN_MS, undefined, { ref: false });
      await Promise.race([login(), late]);
      foreign.signal.throwIfAborted();
      // What comes in from now on belongs to this environment, also when the org answers only after a restart.
      if (!isAdmitted && configured !== undefined) claim(owner, configured);
    },
  };
}

/** Whose data lie in the data directory, and whether they are those of the configuration; changes nothing. */
export function checkDataOwner(config: Pick<Config, 'environment' | 'dataDir' | 'salesforce'>): {
  readonly refusal?: Refusal;
  readonly said: string;
} {
  const { environment: pins, dataDir, salesforce } = config;
  const file = makeOwnerFile(dataDir);
  const refusal =
    pins === undefined
      ? undefined
      : compare(file, {
          name: pins.name,
          organizationId: pins.orgId,
          namespace: salesforce.namespace,
        });
  if (refusal !== undefined) return { refusal, said: refusal.reason };
  const owner = file.read();
  if (owner === undefined) return { said: `${dataDir} belongs to no environment yet` };
  return { said: `${dataDir} belongs to ${owner.name ?? 'the org'} (${owner.organizationId})` };
}

/** Whether the data may go where the configuration says. */
function compare(file: OwnerFile, now: DataOwner, isClaimed = false): Refusal | undefined {
  try {
    const known = file.read();
    const { name, ...rest } = known ?? now;
    const refusal = judgeOwner({ ...rest, ...(name !== undefined && { name }) }, now, file.file);
    const isNews = known === undefined || (known.name === undefined && now.name !== undefined);
    if (refusal === undefined && isNews && isClaimed) file.write(now);
    return refusal;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const action = 'The bridge needs to read and write this file.';
    return { reason: `It is not known whose data lie in dataDir (${reason}).`, action };
  }
}

/** Writes down whose data these are, where nobody did yet. */
const claim = (file: OwnerFile, now: DataOwner): Refusal | undefined => compare(file, now, true);

const toError = ({ reason, action }: Refusal): EnvironmentError =>
  new EnvironmentError(`${reason} ${action}`);
