import { UnknownAssumption } from '../automation/assumptions.ts';
import { UnknownFault } from '../events/faults.ts';
import { FlowLoadError } from '../flow/errors.ts';
import { InvalidSource, Unsupported } from '../metadata/schema.ts';
import { StoreMismatch } from '../store/tables.ts';
import { UsageError } from './arguments.ts';
import { SetupError } from './setup.ts';

/** The org could not start for a reason outside of it; the message says what to do. */
export class StartError extends Error {}

/** What to print for an error: its own text where that explains it; a bug keeps its stack. */
export function explain(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\n--help lists every option.`;
  const kinds = [
    StartError,
    SetupError,
    UnknownAssumption,
    UnknownFault,
    FlowLoadError,
    Unsupported,
    InvalidSource,
    StoreMismatch,
  ];
  if (error instanceof Error && kinds.some((kind) => error instanceof kind)) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
