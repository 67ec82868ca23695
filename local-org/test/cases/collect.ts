/** A test of the package's flows, to be run again and again. */
export interface FlowCase {
  readonly name: string;
  run(): Promise<void> | void;
}

/** The cases that were declared so far. */
export const collected: FlowCase[] = [];

/** Stands in for `test` of `node:test` in the case files of the flow tests. */
export function test(name: string, run: () => Promise<void> | void): void {
  collected.push({ name, run });
}
