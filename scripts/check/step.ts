/** One part of `npm run check`. It answers with what it found; nothing found is a pass. */
export interface Step {
  readonly name: string;
  /** `root` is the project's root. Throws only when the step itself could not be carried out. */
  run(root: string): Promise<readonly string[]>;
}
