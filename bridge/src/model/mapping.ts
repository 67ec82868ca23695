/**
 * How the messages of some topics become readings.
 *
 * `topic` is a template: `plant/{deviceType}/{device}/telemetry`. `{device}` and `{deviceType}`
 * stand for one level each, `+` and `#` are MQTT's own wildcards. Paths are dotted (`data.vib`).
 */
export interface Mapping {
  readonly name: string;
  readonly topic: string;
  readonly qos: 0 | 1 | 2;
  /** Name of the broker connection that brings these messages; absent: the unnamed one. */
  readonly connection?: string;
  /** Path in the payload; absent: `{device}` of the topic. */
  readonly device?: string;
  /** Path in the payload; absent: `{deviceType}` of the topic, or none. */
  readonly deviceType?: string;
  /** Path and format of the time; absent: the time of receipt. A time without a zone is UTC. */
  readonly time?: { readonly path: string; readonly format: 'iso' | 's' | 'ms' };
  /** One path to an object of numbers, or one path per metric. */
  readonly metrics: { readonly path: string } | { readonly each: Readonly<Record<string, string>> };
  /** Unit by metric name. */
  readonly units: Readonly<Record<string, string>>;
  /** Plausible range by metric name; outside is quarantined. */
  readonly ranges: Readonly<Record<string, { readonly min: number; readonly max: number }>>;
  /** A device clock may be this much ahead of ours. */
  readonly maxFutureMs: number;
  /** A reading may be this old. */
  readonly maxAgeMs: number;
  /** A recording that is played back: its times are not compared with the clock. */
  readonly recorded: boolean;
  readonly maxBytes: number;
}
