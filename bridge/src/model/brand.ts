declare const brand: unique symbol;
type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** The technical name a device carries in its topic or payload; 1 to 120 characters. */
export type DeviceKey = Brand<string, 'DeviceKey'>;
/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = Brand<number, 'EpochMs'>;
/** Lower-case hex SHA-256; one per event, the same for the same event after any restart. */
export type EventKey = Brand<string, 'EventKey'>;
/** Lower-case hex SHA-256; one per episode, shared by its phases and by its Case. */
export type EpisodeKey = Brand<string, 'EpisodeKey'>;
/** Position of an entry in the durable log; rises by at least one per entry, never reused. */
export type LogPosition = Brand<number, 'LogPosition'>;

export const toEpochMs = (milliseconds: number): EpochMs => milliseconds as EpochMs;
export const toDeviceKey = (text: string): DeviceKey => text as DeviceKey;
export const toLogPosition = (position: number): LogPosition => position as LogPosition;
