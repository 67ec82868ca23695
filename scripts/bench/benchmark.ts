/** What a benchmark is told. */
export interface BenchOptions {
  /** Fewer rounds, for a first look. */
  readonly quick: boolean;
  /** A line of progress. */
  readonly say: (line: string) => void;
}

/** What a benchmark found: lines for people, data for programs. */
export interface BenchResult {
  readonly lines: readonly string[];
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Benchmark {
  /** What it measures, in one line. */
  readonly about: string;
  run(options: BenchOptions): Promise<BenchResult>;
}
