/** How one part of the installation was found. */
export interface Finding {
  /** The part: `broker`, `login`, `topic Asset_Signal__e`. */
  readonly name: string;
  /** `skipped`: it could not be tried, because something before it failed. */
  readonly outcome: 'ok' | 'warn' | 'fail' | 'skipped';
  /** What was tried, and how that went. */
  readonly said: string;
  /** What to do; absent where there is nothing to do. */
  readonly action?: string;
}

export const okay = (name: string, said: string): Finding => ({ name, outcome: 'ok', said });
export const warning = (name: string, said: string, action: string): Finding => ({
  ...{ name, outcome: 'warn', said, action },
});
export const failure = (name: string, said: string, action: string): Finding => ({
  ...{ name, outcome: 'fail', said, action },
});
export const skipped = (name: string, because: string): Finding => ({
  ...{ name, outcome: 'skipped', said: `not tried: ${because}` },
});

/** Whether nothing failed; warnings are no failures. */
export const isWell = (findings: readonly Finding[]): boolean =>
  findings.every(({ outcome }) => outcome === 'ok' || outcome === 'warn');

const LABELS = { ok: 'ok  ', warn: 'WARN', fail: 'FAIL', skipped: '--  ' } as const;

/** The findings for a person: a line each, and one below it that says what to do. */
export function describeFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const lines = findings.flatMap(({ name, outcome, said, action }) => [
    `${LABELS[outcome]}  ${name.padEnd(width)}  ${said}`,
    ...(action === undefined ? [] : [`${' '.repeat(width + 6)}  → ${action}`]),
  ]);
  const count = (outcome: Finding['outcome']): number =>
    findings.filter((one) => one.outcome === outcome).length;
  const [failed, warned, left] = [count('fail'), count('warn'), count('skipped')];
  const total = `${findings.length} checks: ${failed} failed, ${warned} with a warning, ${left} not tried`;
  return [...lines, '', total].join('\n');
}
