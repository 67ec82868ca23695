import { mkdir, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeptState, StateStore } from '../../ports/stateStore.ts';
import type { Logger } from '../../ports/telemetry.ts';
import { makeDraft } from './draft.ts';
import { diskWrites } from './frameWriter.ts';
import type { DiskWrites } from './frameWriter.ts';
import { DamagedState, readHead, readState } from './readState.ts';
import { toFailure } from './toFailure.ts';

export interface FileStateStoreOptions {
  /** Made where it is missing. */
  readonly folder: string;
  readonly logger: Logger;
  /** How bytes get to the disk; `diskWrites` but in tests. */
  readonly disk?: DiskWrites;
}

const NAME = /^(\d{16})\.state$/;
const DRAFT = 'draft.tmp';
/** The newest, and the one before in case that one is damaged. */
const KEEP = 2;

interface Kept {
  readonly path: string;
  readonly state: KeptState;
}

/** States in files of a folder, one file each. Opens the folder and reads the heads of what is there. */
export async function openFileStateStore(options: FileStateStoreOptions): Promise<StateStore> {
  const { folder, logger, disk = diskWrites } = options;
  const draftPath = join(folder, DRAFT);
  await mkdir(folder, { recursive: true });
  await unlink(draftPath).catch(() => undefined);
  const kept: Kept[] = [];
  /** No sequence is given twice, not even that of a state that turned out to be damaged. */
  let last = 0;
  for (const name of (await readdir(folder)).toSorted()) {
    const sequence = NAME.exec(name)?.[1];
    if (sequence === undefined) continue;
    last = Number(sequence);
    const path = join(folder, name);
    const state = await sound(path, () => readHead(path));
    if (state !== undefined) kept.push({ path, state });
  }
  let underWay = false;

  /** What `read` answers; a damaged file is reported and removed. */
  async function sound(
    path: string,
    read: () => Promise<KeptState>,
  ): Promise<KeptState | undefined> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof DamagedState)) throw error;
      logger.error(
        { stage: 'state', path },
        `the saved state ${path} cannot be used (${error.message}): it is removed, and detection goes on from ` +
          'the state before it and the log; check the disk',
      );
      await unlink(path);
      return undefined;
    }
  }

  return {
    begin(head) {
      if (underWay) throw new Error('a state is being written already');
      underWay = true;
      const sequence = last + 1;
      const path = join(folder, `${String(sequence).padStart(16, '0')}.state`);
      return makeDraft({
        head,
        sequence,
        draftPath,
        path,
        disk,
        toFailure: (error) => toFailure(error, folder),
        async ended(isKept) {
          underWay = false;
          if (!isKept) return;
          last = sequence;
          kept.push({ path, state: { ...head, sequence } });
          // One that cannot be removed takes room until the next start finds it; nothing else.
          for (const old of kept.splice(0, kept.length - KEEP)) {
            await unlink(old.path).catch(() => undefined);
          }
        },
      });
    },
    async restore(load) {
      for (let newest = kept.at(-1); newest !== undefined; newest = kept.at(-1)) {
        const { path } = newest;
        const state = await sound(path, () => readState(path, () => undefined));
        if (state !== undefined) return readState(path, load);
        kept.pop();
      }
      return undefined;
    },
    oldest: () => kept[0]?.state,
    newest: () => kept.at(-1)?.state,
  };
}
