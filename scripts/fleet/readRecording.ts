import { readFile } from 'node:fs/promises';

import type { RecordedRow } from './recording.ts';
import { parseRecording } from './recording.ts';
import { UsageError } from './usage.ts';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'this is a folder; name the CSV file in it',
  EACCES: 'you may not read this file',
};

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return ('code' in error ? reasons[String(error.code)] : undefined) ?? error.message;
};

/**
 * The rows of the recording an option names.
 *
 * @throws UsageError naming the option, the file, and the line where one is wrong
 */
export async function readRecording(option: string, file: string): Promise<RecordedRow[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(`${option} ${file}: ${reasonOf(error)}`);
  });
  try {
    return parseRecording(text, file);
  } catch (error) {
    throw new UsageError(`${option} ${error instanceof Error ? error.message : String(error)}`);
  }
}
