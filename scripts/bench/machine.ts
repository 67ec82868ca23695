import { cpus, loadavg, totalmem, type, release } from 'node:os';

/** The machine a number was measured on, in one line; to be asked before the measurement, for it says what else the machine did. */
export function describeMachine(): string {
  const [first] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const load = `load before the run ${loadavg()[0]?.toFixed(1)}`;
  return `${cpus().length} × ${first?.model ?? 'unknown CPU'}, ${memory}, ${type()} ${release()}, Node ${process.version}, ${load}`;
}
