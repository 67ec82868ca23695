/** One series of a Prometheus text page. */
export interface Sample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

const SERIES = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/;
const LABEL = /([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** Reads the Prometheus text format (exposition format 0.0.4); comments are left out. */
export function parseMetrics(page: string): Sample[] {
  const samples: Sample[] = [];
  for (const line of page.split('\n')) {
    const match = SERIES.exec(line);
    if (line.startsWith('#') || match === null) continue;
    const [, name = '', labels = '', value = ''] = match;
    samples.push({
      name,
      labels: new Map([...labels.matchAll(LABEL)].map(([, key = '', text = '']) => [key, text])),
      value: Number(value),
    });
  }
  return samples;
}

/** The sum of a metric's series that carry the label; 0 where there is none yet. */
export function sumOf(
  samples: readonly Sample[],
  name: string,
  label?: readonly [string, string],
): number {
  return samples
    .filter((sample) => sample.name === name)
    .filter(({ labels }) => label === undefined || labels.get(label[0]) === label[1])
    .reduce((sum, { value }) => sum + value, 0);
}
