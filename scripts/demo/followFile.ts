import { open } from 'node:fs/promises';

/** Reads what has been added to a growing text file since the last call, in whole lines. */
export function followFile(path: string): () => Promise<string[]> {
  let position = 0;
  return async () => {
    let file;
    try {
      file = await open(path, 'r');
    } catch {
      return [];
    }
    try {
      const { size } = await file.stat();
      if (size === position) return [];
      const buffer = Buffer.alloc(size - position);
      const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
      // What follows the last line end is read again when its line is whole.
      const end = buffer.subarray(0, bytesRead).lastIndexOf(10) + 1;
      position += end;
      return buffer
        .toString('utf8', 0, end)
        .split('\n')
        .filter((line) => line !== '');
    } finally {
      await file.close();
    }
  };
}
