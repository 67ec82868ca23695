import type { ReadStream } from 'node:tty';

import type { FaultKind } from '../fleet/faults.ts';

const keys: Readonly<Record<string, { readonly kind: FaultKind; readonly word: string }>> = {
  b: { kind: 'bearing-wear', word: 'bearing wear' },
  l: { kind: 'leak', word: 'leak' },
  s: { kind: 'stuck', word: 'stuck sensor' },
  x: { kind: 'silence', word: 'silence' },
};

/** "b bearing wear, l leak, …" */
export const keyHelp = Object.entries(keys)
  .map(([key, { word }]) => `${key} ${word}`)
  .join(', ');

/** The line for the fleet that a key stands for; undefined for any other key. */
function lineOfKey(key: string): string | undefined {
  const chosen = Object.hasOwn(keys, key) ? keys[key] : undefined;
  return chosen === undefined ? undefined : `fault ${chosen.kind} any 20`;
}

const CTRL_C = '\u0003';

/** Turns single keys into lines for the fleet while undisposed; does nothing without a terminal. */
export function listenForKeys(
  input: ReadStream,
  onLine: (line: string) => void,
  onInterrupt: () => void,
): Disposable {
  if (!input.isTTY) return { [Symbol.dispose]: () => undefined };
  const handleKeys = (data: Buffer): void => {
    for (const key of data.toString('utf8').toLowerCase()) {
      const line = lineOfKey(key);
      if (key === CTRL_C) onInterrupt();
      else if (line !== undefined) onLine(line);
    }
  };
  input.setRawMode(true);
  input.on('data', handleKeys);
  input.resume();
  return {
    [Symbol.dispose]: () => {
      input.off('data', handleKeys);
      input.setRawMode(false);
      input.pause();
    },
  };
}
