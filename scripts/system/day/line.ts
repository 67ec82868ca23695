/** One line of the accounting: what had to be, what was counted, and what of it is wrong. */
export interface Line {
  readonly part: 'readings' | 'signals' | 'org' | 'Cases' | 'days';
  readonly what: string;
  readonly expected: number;
  readonly counted: number;
  /** One sentence for each thing that does not add up; empty: it does. */
  readonly wrong: readonly string[];
}

/** A line of which nothing more is to be said than that two numbers have to be the same. */
export function same(part: Line['part'], what: string, expected: number, counted: number): Line {
  const isSame = expected === counted;
  return {
    part,
    what,
    expected,
    counted,
    wrong: isSame ? [] : [`${counted} instead of ${expected}`],
  };
}

/** What one list has and the other has not, each in words. */
export function differences<T>(
  expected: ReadonlySet<T>,
  counted: ReadonlySet<T>,
  name: (one: T) => string,
): readonly string[] {
  return [
    ...[...expected.difference(counted)].map((one) => `missing: ${name(one)}`),
    ...[...counted.difference(expected)].map((one) => `nobody expects: ${name(one)}`),
  ];
}
