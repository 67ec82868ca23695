import type { DeviceKey, EpochMs, LogPosition } from '../model/brand.ts';
import type { Result } from '../model/result.ts';
import type { StorageFailure } from './log.ts';

/** What a state of detection belongs to, and the words that say how to read its pieces. */
export interface StateHead {
  /** All of the log up to and including this position is in the state. */
  readonly cursor: LogPosition;
  /** The listening clock then (see `pipeline/listening.ts`). */
  readonly listenedAt: EpochMs;
  /** The parts its pieces are of. */
  readonly parts: readonly string[];
  readonly words: string;
}

/** A state that is kept. */
export interface KeptState extends StateHead {
  /** Rises with every draft that was kept. */
  readonly sequence: number;
}

/** Takes one piece of a state; the bytes are only valid until it returns. */
export type LoadPiece = (part: string, index: number, bytes: Uint8Array) => void;

/** A state that is being written down; worth nothing until `commit` answers ok. */
export interface StateDraft {
  /** The sequence it has once it is kept. */
  readonly sequence: number;
  /**
   * Takes a copy of one piece, at once. Memory for copies is bounded: beyond that a piece is written
   * before this returns, so wait for `room` where there is time.
   */
  put(part: string, index: number, bytes: Uint8Array): void;
  /** Resolves when further pieces can be taken without writing at once; also where the disk refuses. */
  room(): Promise<void>;
  /** Answers the bytes on disk. Where it fails, what was kept before stays as it is. */
  commit(): Promise<Result<number, StorageFailure>>;
  /** Gives the draft up; what was kept before stays as it is. */
  discard(): Promise<void>;
}

/**
 * Keeps the state of detection: the newest whole one and the one before, so that a damaged file costs a
 * replay and not what was learned. A state is on disk completely or not at all; what is half written,
 * torn or flipped is found by its checksums, reported and passed over.
 */
export interface StateStore {
  /** Begins a draft, at once. One at a time; throws where one is under way. */
  begin(head: StateHead): StateDraft;
  /** Reads the newest whole state; undefined where there is none. It is checked before the first piece is given. */
  restore(load: LoadPiece): Promise<KeptState | undefined>;
  /** The oldest state that is kept: nothing behind its cursor may be dropped from the log. */
  oldest(): KeptState | undefined;
  /** The newest state that is kept. */
  newest(): KeptState | undefined;
}

/** States as bridges up to 0.1 kept them: device by device, in words. */
export interface OldStates {
  /** Undefined where there are none. */
  load(): OldState | undefined;
  /** To be called once they are in a state that is kept. */
  forget(): void;
}

export interface OldState {
  readonly states: Iterable<readonly [DeviceKey, string]>;
  readonly cursor: LogPosition;
  readonly listenedAt?: EpochMs;
}
