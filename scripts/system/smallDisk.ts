import { execFileSync } from 'node:child_process';
import { mkdirSync, statfsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';

/** A file system in memory with an end, mounted at a folder; Linux and root only. */
export interface SmallDisk extends Disposable {
  readonly folder: string;
  /** Takes all that is free, to the last block. */
  fill(): Promise<void>;
  /** Makes it larger (or smaller) while it is in use. */
  resize(bytes: number): void;
}

export function mountSmallDisk(folder: string, bytes: number): SmallDisk {
  mkdirSync(folder, { recursive: true });
  const mount = (options: string): void =>
    void execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'pipe' });
  mount(`size=${bytes}`);
  return {
    folder,
    async fill() {
      await using file = await open(join(folder, 'filler'), 'a');
      for (let free = freeBytes(folder); free > 0; free = freeBytes(folder)) {
        await file.write(Buffer.alloc(Math.min(free, 1_000_000)));
      }
    },
    resize: (size) => mount(`remount,size=${size}`),
    [Symbol.dispose]: () => void execFileSync('umount', ['--lazy', folder]),
  };
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** Why a small disk cannot be had here; undefined where it can. */
export function whyNoSmallDisk(folder: string): string | undefined {
  try {
    mountSmallDisk(folder, 65_536)[Symbol.dispose]();
    return undefined;
  } catch {
    return 'this user may not mount a file system';
  }
}
