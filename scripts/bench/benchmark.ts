/** What a benchmark is told. */
export interface BenchOptions {
  /** Fewer rounds, for a first look. */
  readonly quick: boolean;
  /** A line of progress. */
  readonly say: (line: string) => void;
}

/** A file of `docs/measurements`, such as `throughput.md` or a drawing of it. */
export interface PageFile {
  readonly name: string;
  readonly text: string;
}

/** What a benchmark found: lines for people, data for programs. */
export interface BenchResult {
  readonly lines: readonly string[];
  readonly data: Readonly<Record<string, unknown>>;
  /** The page about it, for `--page`; a page says with `{{run}}` where date, command and machine go. */
  readonly pages?: readonly PageFile[];
}

export interface Benchmark {
  /** What it measures, in one line. */
  readonly about: string;
  run(options: BenchOptions): Promise<BenchResult>;
}
