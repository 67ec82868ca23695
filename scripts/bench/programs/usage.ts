import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks a second in /proc; 100 on every Linux of our platforms (sysconf _SC_CLK_TCK). */
const TICK_MS = 10;

/** As much of `/proc/PID/stat` as is used. */
export interface ProcessStat {
  readonly parent: number;
  /** CPU time of all its threads and of its children that have ended, user and system. */
  readonly cpuMs: number;
}

/** Reads `/proc/PID/stat`; a name may hold blanks and brackets. Source: proc_pid_stat(5). */
export function parseStat(text: string): ProcessStat {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { parent: Number(fields[1]), cpuMs: ticks * TICK_MS };
}

/** CPU time of a process and all its descendants since they began, in milliseconds; in steps of 10 ms a process. */
export function treeCpuMs(root: number): number {
  const all = new Map<number, ProcessStat>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      all.set(Number(name), parseStat(readFileSync(`/proc/${name}/stat`, 'utf8')));
    } catch {
      // It has ended since the folder was read.
    }
  }
  const belongs = (pid: number): boolean =>
    pid === root || (all.has(pid) && belongs(all.get(pid)?.parent ?? 0));
  return [...all].reduce((sum, [pid, { cpuMs }]) => sum + (belongs(pid) ? cpuMs : 0), 0);
}

/** Resident memory of a process in bytes. */
export const residentBytes = (pid: number): number => readStatus(pid, 'VmRSS');

/** What the resident memory is made of, in bytes: memory of its own, and pages of files (the program itself, mapped files). */
export const residentParts = (pid: number): { readonly own: number; readonly files: number } => ({
  own: readStatus(pid, 'RssAnon') + readStatus(pid, 'RssShmem'),
  files: readStatus(pid, 'RssFile'),
});

/** The most resident memory a process has had, in bytes. */
export const peakResidentBytes = (pid: number): number => readStatus(pid, 'VmHWM');

function readStatus(pid: number, name: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kib = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
  if (kib === undefined) throw new Error(`process ${pid} has no ${name}: it has ended`);
  return Number(kib) * 1_024;
}
