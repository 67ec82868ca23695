/** A rule of the platform that no public source settles, with the readings this org can follow. */
export interface AssumptionRule {
  readonly question: string;
  readonly values: Readonly<Record<string, string>>;
  readonly standard: string;
}

/** Every switch of `--assume RULE=VALUE`; `local-org/ASSUMPTIONS.md` is made from this table. */
export const ASSUMPTION_RULES = {
  'duplicate-in-batch': {
    question: 'Two rows of one save carry the same value in a unique field. Which rows fail?',
    values: {
      row: 'Only the later row fails with DUPLICATE_VALUE. The first is saved; a flow that looks the key up on its fault path finds it.',
      batch:
        'Every row of that save (up to 200) fails with DUPLICATE_VALUE and none is saved, also the rows whose key is given once. ' +
        'In a flow every interview waiting at the element takes its fault path, and a look-up of its key finds nothing. ' +
        'The three attempts of a partial save do not help: the platform sets aside rows that failed, and here all did. ' +
        'A row that collides with a record saved earlier still fails alone.',
    },
    standard: 'row',
  },
  'unhandled-fault': {
    question:
      'One interview of a batch fails and no fault path handles it. What happens to the others?',
    values: {
      'retry-others':
        'Everything is undone and the batch runs again without the failed interviews, up to three attempts; then all fail. ' +
        '(Help "Troubleshooting Flow Retries" says so of interviews that make callouts: "the successful flow rolls back and retries, with a maximum of 2 retries"; ' +
        "the Spring '20 release note on partial save, of elements.)",
      'undo-batch': 'Everything is undone and the batch is not tried again.',
    },
    standard: 'retry-others',
  },
  'async-record': {
    question: 'What does $Record hold in an asynchronous path?',
    values: {
      current:
        'The record as it is when the path runs. A record that was deleted meanwhile does not run.',
      'as-saved': 'The record as it was when the path was set off.',
    },
    standard: 'current',
  },
  'past-scheduled-path': {
    question:
      'A record sets a scheduled path off whose time has passed already (a date in the past). Does it run?',
    values: {
      'at-once':
        'Yes, as soon as possible. (The open source Flowdometer has a path 0 minutes after a field that is set to now, and counts on it.)',
      never: 'No.',
    },
    standard: 'at-once',
  },
  'null-filter': {
    question:
      'A Get, Update or Delete Records filters with EqualTo, and the value it compares with is null. What is found?',
    values: {
      'matches-empty': 'Rows whose field is empty, as SOQL finds with `= null`.',
      'matches-nothing': 'Nothing.',
    },
    standard: 'matches-empty',
  },
  'condition-case': {
    question: 'Does EqualTo between two texts in a Decision mind upper and lower case?',
    values: {
      ignore: 'No, as Starts With does not (shown at pmdaddy.cn/tech/50895975.html).',
      exact: 'Yes.',
    },
    standard: 'ignore',
  },
  'created-by': {
    question:
      'Whose id is CreatedById of an event that an API client published, and so the user its flows run as?',
    values: {
      'as-sent': 'The one in the payload; an id that is not a user of the org fails the event.',
      overridden: 'The user of the access token, whatever the payload says.',
    },
    standard: 'as-sent',
  },
  'publish-idle-seconds': {
    question: 'After how many seconds without a request does the server close a PublishStream?',
    values: {
      '70': 'As the description of the RPC says.',
      '1800': 'As the error table says (publish.stream.sweeper.timeout).',
    },
    standard: '70',
  },
} as const satisfies Record<string, AssumptionRule>;

export type AssumptionName = keyof typeof ASSUMPTION_RULES;

export type Assumptions = {
  readonly [Name in AssumptionName]: keyof (typeof ASSUMPTION_RULES)[Name]['values'] & string;
};

/** A rule or a value that `--assume` does not know; the message says what is allowed. */
export class UnknownAssumption extends Error {}

/** Reads `RULE=VALUE` texts; every rule not named keeps its standard reading. Throws with what is allowed. */
export function parseAssumptions(texts: readonly string[]): Assumptions {
  const rules: Readonly<Record<string, AssumptionRule>> = ASSUMPTION_RULES;
  const chosen = Object.fromEntries(
    Object.entries(rules).map(([name, rule]) => [name, rule.standard]),
  );
  for (const text of texts) {
    const [name = '', value = ''] = text.split('=');
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined) {
      throw new UnknownAssumption(
        `--assume ${text}: no such rule; allowed: ${Object.keys(rules).join(', ')}`,
      );
    }
    if (!Object.hasOwn(rule.values, value)) {
      const allowed = Object.keys(rule.values).map((one) => `${name}=${one}`);
      throw new UnknownAssumption(`--assume ${text}: allowed: ${allowed.join(', ')}`);
    }
    chosen[name] = value;
  }
  return chosen as Assumptions;
}

/** After how long the reading chosen closes a silent PublishStream. */
export function publishIdleMs(assumptions: Assumptions): number {
  return Number(assumptions['publish-idle-seconds']) * 1000;
}
