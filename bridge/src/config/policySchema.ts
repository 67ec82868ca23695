import { z } from 'zod';
import { latencyClasses } from '../model/policy.ts';
import { choice, duration, flag, integer, number, text } from './fields.ts';

const severity = () => choice(['Critical', 'High', 'Medium', 'Low']);
const positive = () => number().positive({ error: 'a number above 0 is required' });
const learn = () => integer(10, 1_000_000);

const threshold = z
  .strictObject({
    kind: z.literal('threshold'),
    direction: choice(['above', 'below']),
    limit: number(),
    clear: number(),
    escalate: z.strictObject({ limit: number(), severity: severity() }).optional(),
  })
  .check(({ value, issues }) => {
    const { direction, limit, clear, escalate } = value;
    const sign = direction === 'above' ? 1 : -1;
    const side = direction === 'above' ? ['at most', 'greater than'] : ['at least', 'less than'];
    const problem = (path: string[], message: string) =>
      issues.push({ code: 'custom', input: value, path, message });
    if ((limit - clear) * sign < 0) {
      problem(['clear'], `with direction ${direction} it must be ${side[0]} limit (${limit})`);
    }
    if (escalate !== undefined && (escalate.limit - limit) * sign <= 0) {
      problem(
        ['escalate', 'limit'],
        `with direction ${direction} it must be ${side[1]} limit (${limit})`,
      );
    }
  });

const detector = z.discriminatedUnion('kind', [
  threshold,
  z.strictObject({ kind: z.literal('range-novelty'), learn: learn(), margin: positive() }),
  z.strictObject({ kind: z.literal('level-shift'), learn: learn(), factor: positive() }),
  z.strictObject({ kind: z.literal('silence'), after: duration(1_000) }),
  z.strictObject({ kind: z.literal('stuck'), repeats: integer(3, 1_000_000) }),
]);

/** The half of a policy that the org reads (`Signal_Policy__c`); the bridge only checks it. */
const service = z.strictObject({
  route: choice(['Case', 'Record Only']).default('Case'),
  queue: text(80).default('Signal_Triage'),
  priority: z.string({ error: 'a text is required' }).max(40).default(''),
  closedStatus: text(40).default('Closed'),
  closeWhenCleared: flag().default(false),
});

const policy = z
  .strictObject({
    key: text(80),
    name: text(80),
    version: integer(1, 999_999_999).default(1),
    match: z.strictObject({
      deviceType: text(80).optional(),
      device: text(120).optional(),
      metric: text(80).optional(),
    }),
    signalType: text(80).regex(
      /^(fault|anomaly|prediction|connectivity|usage|sla|drift|security)\.[a-z0-9-]+$/,
      { error: 'a type of the taxonomy is required, such as fault.vibration-high' },
    ),
    severity: severity(),
    detector,
    openAfter: duration().default(0),
    clearAfter: duration().default(0),
    updateEvery: duration(1_000).default(15 * 60_000),
    latencyClass: choice(latencyClasses).default('Immediate'),
    service: service.prefault({}),
  })
  .check(({ value, issues }) => {
    if (value.detector.kind === 'silence' && value.match.metric !== undefined) {
      issues.push({
        code: 'custom',
        input: value,
        path: ['match', 'metric'],
        message: 'silence is about a device, not about a metric: leave it out',
      });
    }
  });

/** What a policies file may contain. */
export const policiesSchema = z
  .array(policy, { error: 'a list of policies is required' })
  .check(({ value, issues }) => {
    value.forEach(({ key }, index) => {
      if (value.findIndex((other) => other.key === key) === index) return;
      const message = 'the key is used twice';
      issues.push({ code: 'custom', input: value, path: [index, 'key'], message });
    });
  });

export type PolicyEntry = z.output<typeof policiesSchema>[number];
