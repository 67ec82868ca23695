import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { BudgetStore } from '../ports/budgets.ts';

const amount = z.number().min(0);
/** Not finite numbers are no JSON: what has no limit is left out. */
const use = z.object({
  stretch: amount,
  used: z.array(amount).min(2),
  critical: z.array(amount).min(2),
});
const shape = z.object({
  at: z.number(),
  wallMs: z.number(),
  steadyMs: z.number(),
  limits: z.object({
    publishes: amount.optional(),
    apiCalls: amount.optional(),
    deliveries: amount.optional(),
    signalRows: amount.optional(),
  }),
  uses: z.object({ publishes: use, apiCalls: use, deliveries: use, signalRows: use }),
});

/** The budgets in one JSON file of some kilobytes, replaced in one step and forced to the disk. */
export function makeBudgetFile(file: string): BudgetStore {
  return {
    load() {
      let text: string;
      try {
        text = readFileSync(file, 'utf8');
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      }
      const { limits, ...record } = shape.parse(JSON.parse(text));
      const { publishes, apiCalls, deliveries, signalRows } = limits;
      return {
        ...record,
        limits: {
          ...(publishes !== undefined && { publishes }),
          ...(apiCalls !== undefined && { apiCalls }),
          ...(deliveries !== undefined && { deliveries }),
          ...(signalRows !== undefined && { signalRows }),
        },
      };
    },
    save(record) {
      mkdirSync(dirname(file), { recursive: true });
      const descriptor = openSync(`${file}.new`, 'w');
      try {
        writeSync(descriptor, `${JSON.stringify(record)}\n`);
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
      renameSync(`${file}.new`, file);
    },
  };
}
