/** What of the org this bridge may only use so much of. */
export const budgetNames = ['publishes', 'apiCalls', 'deliveries', 'signalRows'] as const;

export type BudgetName = (typeof budgetNames)[number];

/** What was used of one budget, by stretches of its window; as data, so that it survives a restart. */
export interface BudgetUse {
  /** Number of the newest stretch. */
  readonly stretch: number;
  /** Used in it and in those before it that the window reaches, the newest last. */
  readonly used: readonly number[];
  /** Of them, for Critical. */
  readonly critical: readonly number[];
}

/** Where all budgets stood at one moment. */
export interface BudgetRecord {
  /** Milliseconds of the budgets' own time, which no clock can move. */
  readonly at: number;
  /** The same moment by two clocks of the machine: one that people set, and one that only rises until it is switched off. */
  readonly wallMs: number;
  readonly steadyMs: number;
  /** Limits the org has named. */
  readonly limits: Readonly<Partial<Record<BudgetName, number>>>;
  readonly uses: Readonly<Record<BudgetName, BudgetUse>>;
}
