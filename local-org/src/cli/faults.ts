import { FAULT_HELP } from '../events/faults.ts';

/** Throws for a `--fault` that the event bus doesn't know, before anything has started. */
export function checkFaults(faults: readonly string[]): void {
  const known = Object.keys(FAULT_HELP).map((pattern) => pattern.split('=')[0]);
  for (const fault of faults) {
    if (known.includes(fault.split('=')[0])) continue;
    throw new Error(`--fault ${fault}: unknown; allowed: ${Object.keys(FAULT_HELP).join(', ')}`);
  }
}
