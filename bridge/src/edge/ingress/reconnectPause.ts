/** Before the first try to connect again. */
export const FIRST_RECONNECT_MS = 500;
const MAX_RECONNECT_MS = 30_000;
/**
 * A broker that let us in is there: it was we who dropped the connection, for the disk was full, or it that let nobody stay. Room on the disk
 * shall be noticed soon; measured with pauses of half a minute: up to 20 s after there was room.
 */
const MAX_LET_IN_MS = 5_000;

/**
 * The pause before the next try, in milliseconds: twice as long each time, up to half a minute.
 *
 * @param wasLetIn whether the broker accepted the connection of the last try
 */
export const nextReconnectPause = (beforeMs: number, wasLetIn: boolean): number =>
  Math.min(beforeMs * 2, wasLetIn ? MAX_LET_IN_MS : MAX_RECONNECT_MS);
