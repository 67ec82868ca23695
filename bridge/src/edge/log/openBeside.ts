import { DatabaseSync } from 'node:sqlite';
import { requireLayout, StorageError } from './database.ts';

/**
 * Opens the file of a bridge for a command, also while the bridge runs.
 * @throws StorageError where there is no such file, or another version has written it
 */
export function openBeside(file: string): DatabaseSync {
  try {
    // Not made here: a typing error in the configuration would look like an empty list.
    new DatabaseSync(file, { timeout: 5_000, readOnly: true }).close();
    const database = new DatabaseSync(file, { timeout: 5_000 });
    requireLayout(database, file);
    return database;
  } catch (error) {
    if (error instanceof StorageError) throw error;
    throw new StorageError(
      `${file} cannot be opened (${error instanceof Error ? error.message : String(error)}): ` +
        'has a bridge ever run with this dataDir?',
      { cause: error },
    );
  }
}
