/**
 * Loaded into the bridge with `--import`: writes `process.memoryUsage()` to the file `BENCH_MEMORY_FILE` names whenever the process
 * gets SIGUSR2, or the signal in `BENCH_MEMORY_SIGNAL`. The bridge itself is as it ships.
 */
import { renameSync, writeFileSync } from 'node:fs';

const file = process.env['BENCH_MEMORY_FILE'];
if (file === undefined) throw new Error('BENCH_MEMORY_FILE must name a file');
process.on(process.env['BENCH_MEMORY_SIGNAL'] ?? 'SIGUSR2', () => {
  writeFileSync(`${file}.new`, JSON.stringify(process.memoryUsage()));
  renameSync(`${file}.new`, file);
});
