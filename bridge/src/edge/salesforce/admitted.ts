import type { OrgFailure } from '../../ports/publisher.ts';
import { OrgError } from './orgError.ts';
import type { Session, Sessions } from './token.ts';

/** Says why a session may not be used, or undefined. It may throw an OrgError where that cannot be found out now. */
export type Admission = (session: Session) => Promise<OrgFailure | undefined>;

/**
 * Sessions that were looked at before anybody uses them: every request needs one, so nothing reaches an org that was
 * not admitted. Each is judged once; one that could not be judged is judged again when it is asked for.
 */
export function admitSessions(sessions: Sessions, admit: Admission): Sessions {
  const judged = new WeakMap<Session, Promise<void>>();

  async function judge(session: Session): Promise<void> {
    const refusal = await admit(session);
    if (refusal !== undefined) throw new OrgError(refusal);
  }
  async function admitted(session: Session): Promise<Session> {
    let verdict = judged.get(session);
    if (verdict === undefined) {
      verdict = judge(session);
      judged.set(session, verdict);
      verdict.catch(() => judged.delete(session));
    }
    await verdict;
    return session;
  }

  return {
    current: async () => admitted(await sessions.current()),
    renew: async (stale) => admitted(await sessions.renew(stale)),
  };
}
