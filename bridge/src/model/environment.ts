/** What an installation is for. The data of one must never reach another. */
export const ENVIRONMENTS = ['development', 'test', 'production'] as const;
export type EnvironmentName = (typeof ENVIRONMENTS)[number];

/** What belongs together: one org, the brokers its devices publish to, and the package's prefix there. */
export interface Environment {
  readonly name: EnvironmentName;
  /** 15 or 18 characters. */
  readonly orgId: string;
  /** `host:port` of every broker that may be read. */
  readonly brokers: readonly string[];
  readonly namespace: string;
}

/** An org as it says it is. */
export interface FoundOrg {
  /** 18 characters. */
  readonly organizationId: string;
  /** Absent where the org did not say. */
  readonly isSandbox?: boolean;
}

/** Short ids differ from long ones by a checksum of upper case only; the first 15 characters name the org. */
const SHORT = 15;
const CHECKSUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** Whether both ids, of 15 or 18 characters, name the same record. */
export const isSameId = (a: string, b: string): boolean => a.slice(0, SHORT) === b.slice(0, SHORT);

/**
 * The id with the three characters that make 18 of 15.
 * Source: Salesforce help, "Check Case-Sensitive IDs": each stands for which of five characters are upper case.
 */
export function toLongId(id: string): string {
  const short = id.slice(0, SHORT);
  const checksum = [0, 5, 10].map((start) => {
    const five = [...short.slice(start, start + 5)];
    const bits = five.reduce((sum, one, bit) => sum + (/[A-Z]/.test(one) ? 1 << bit : 0), 0);
    return CHECKSUM[bits] ?? '';
  });
  return short + checksum.join('');
}
