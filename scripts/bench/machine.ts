import { cpus, totalmem, type, release } from 'node:os';

/** The machine a number was measured on, in one line. */
export function describeMachine(): string {
  const [first] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  return `${cpus().length} × ${first?.model ?? 'unknown CPU'}, ${memory}, ${type()} ${release()}, Node ${process.version}`;
}
