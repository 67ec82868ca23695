/**
 * `npm run bench -- NAME [--quick] [--json FILE] [--page]`: measures one thing against a named baseline, in interleaved rounds of one
 * run, and prints what came out with the machine it was measured on. Nothing here is a test: a slow machine fails nothing.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

import type { Benchmark } from './benchmark.ts';
import { chart } from './chart.ts';
import { fuzz } from './fuzz.ts';
import { identity } from './identity.ts';
import { kills } from './kills.ts';
import { latency } from './latency.ts';
import { loss } from './loss.ts';
import { describeMachine } from './machine.ts';
import { memory } from './memory.ts';
import { outage } from './outage.ts';
import { overload } from './overload.ts';
import { writePages } from './pages.ts';
import { throughput } from './throughput.ts';

const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  chart,
  fuzz,
  identity,
  kills,
  latency,
  loss,
  memory,
  outage,
  overload,
  throughput,
};

const usage = [
  'Usage: npm run bench -- NAME [--quick] [--json FILE] [--page]',
  '',
  ...Object.entries(BENCHMARKS).map(([name, { about }]) => `  ${name.padEnd(10)} ${about}`),
  '',
  '  --quick      fewer rounds, for a first look',
  '  --json FILE  the result as JSON',
  '  --page       writes the page about it in docs/measurements anew',
].join('\n');

async function main(): Promise<number> {
  const { name, quick, json, page } = readArguments(process.argv.slice(2));
  const benchmark = Object.hasOwn(BENCHMARKS, name ?? '') ? BENCHMARKS[name ?? ''] : undefined;
  if (benchmark === undefined) {
    if (name !== undefined) console.error(`There is no benchmark '${name}'.\n`);
    console.error(usage);
    return 2;
  }
  const machine = describeMachine();
  const result = await benchmark.run({ quick, say: (line) => console.log(line) });
  console.log(`\n${result.lines.join('\n')}\n\n${machine}`);
  if (json !== undefined) {
    const report = { benchmark: name, quick, machine, ...result.data };
    await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
  }
  if (page) {
    const command = `npm run bench -- ${name}${quick ? ' --quick' : ''} --page`;
    const written = await writePages(result.pages ?? [], { command, machine, date: new Date() });
    console.log(written.map((file) => `wrote ${file}`).join('\n') || 'it has no page of this kind');
  }
  return 0;
}

function readArguments(args: readonly string[]): {
  readonly name: string | undefined;
  readonly quick: boolean;
  readonly json: string | undefined;
  readonly page: boolean;
} {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      page: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  return { name: positionals[0], quick: values.quick, json: values.json, page: values.page };
}

// What was started ends with us: see `programs/lineProcess.ts`.
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit(130));
try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
