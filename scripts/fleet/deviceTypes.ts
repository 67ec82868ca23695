/** How hard a machine works, 0 to 1, over time. */
export type LoadShape =
  /** Follows demand: a slow sine. */
  | { readonly kind: 'demand'; readonly periodS: number }
  /** Switched in stages; the machine follows with a first-order lag. */
  | { readonly kind: 'staged'; readonly periodS: number; readonly lagS: number }
  /** Fills and idles: a saw-tooth, quick up and slow down. */
  | { readonly kind: 'fill-and-idle'; readonly periodS: number; readonly fillShare: number };

/** How one metric behaves while the machine is healthy. */
export interface Channel {
  readonly metric: string;
  readonly unit: string;
  /** Middle of the healthy range, in `unit`. */
  readonly base: number;
  /** Change from no load to full load, centred on `base`. */
  readonly loadSpan: number;
  /** Half the height of a slow drift (weather, wear, level), and its period. */
  readonly drift: { readonly amplitude: number; readonly periodS: number };
  /** First-order noise (the process itself): deviation and time constant. */
  readonly wander: { readonly sigma: number; readonly tauS: number };
  /** White noise of the sensor; keeps two samples from being equal. */
  readonly sensorSigma: number;
}

export interface DeviceType {
  readonly name: string;
  readonly load: LoadShape;
  readonly channels: readonly Channel[];
}

const vibration = {
  metric: 'vibration',
  unit: 'mm/s',
  base: 2.5,
  loadSpan: 0.1,
  drift: { amplitude: 0.05, periodS: 300 },
  wander: { sigma: 0.04, tauS: 6 },
  sensorSigma: 0.025,
} satisfies Channel;

const pump: DeviceType = {
  name: 'pump',
  load: { kind: 'demand', periodS: 240 },
  channels: [
    vibration,
    {
      metric: 'pressure',
      unit: 'bar',
      base: 5,
      loadSpan: -0.08,
      drift: { amplitude: 0.02, periodS: 600 },
      wander: { sigma: 0.02, tauS: 4 },
      sensorSigma: 0.01,
    },
    {
      metric: 'flow',
      unit: 'm3/h',
      base: 42,
      loadSpan: 4,
      drift: { amplitude: 0.4, periodS: 900 },
      wander: { sigma: 0.35, tauS: 5 },
      sensorSigma: 0.12,
    },
    {
      metric: 'temperature',
      unit: '°C',
      base: 58,
      loadSpan: 1.6,
      drift: { amplitude: 0.8, periodS: 1200 },
      wander: { sigma: 0.12, tauS: 30 },
      sensorSigma: 0.05,
    },
  ],
};

const chiller: DeviceType = {
  name: 'chiller',
  load: { kind: 'staged', periodS: 90, lagS: 12 },
  channels: [
    { ...vibration, loadSpan: 0.2, drift: { amplitude: 0.03, periodS: 420 } },
    {
      metric: 'pressure',
      unit: 'bar',
      base: 7,
      loadSpan: 0.16,
      drift: { amplitude: 0.03, periodS: 1500 },
      wander: { sigma: 0.02, tauS: 10 },
      sensorSigma: 0.012,
    },
    {
      metric: 'power',
      unit: 'kW',
      base: 85,
      loadSpan: 26,
      drift: { amplitude: 2, periodS: 1800 },
      wander: { sigma: 0.7, tauS: 8 },
      sensorSigma: 0.2,
    },
    {
      metric: 'temperature',
      unit: '°C',
      base: 6.5,
      loadSpan: -0.7,
      drift: { amplitude: 0.3, periodS: 900 },
      wander: { sigma: 0.06, tauS: 20 },
      sensorSigma: 0.03,
    },
  ],
};

const compressor: DeviceType = {
  name: 'compressor',
  load: { kind: 'fill-and-idle', periodS: 24, fillShare: 0.35 },
  channels: [
    { ...vibration, loadSpan: 0.25, drift: { amplitude: 0.02, periodS: 360 } },
    {
      metric: 'pressure',
      unit: 'bar',
      base: 10,
      loadSpan: 0.3,
      drift: { amplitude: 0.01, periodS: 600 },
      wander: { sigma: 0.018, tauS: 3 },
      sensorSigma: 0.012,
    },
    {
      metric: 'current',
      unit: 'A',
      base: 62,
      loadSpan: 18,
      drift: { amplitude: 0.6, periodS: 700 },
      wander: { sigma: 0.5, tauS: 4 },
      sensorSigma: 0.2,
    },
    {
      metric: 'temperature',
      unit: '°C',
      base: 82,
      loadSpan: 2.4,
      drift: { amplitude: 1.2, periodS: 1000 },
      wander: { sigma: 0.2, tauS: 25 },
      sensorSigma: 0.06,
    },
  ],
};

/**
 * The kinds of machine the fleet is made of. Healthy vibration is 2.5 ± 0.3 mm/s; healthy
 * pressure 5 ± 0.15 (pump), 7 ± 0.2 (chiller) and 10 ± 0.25 bar (compressor).
 */
export const deviceTypes = [pump, chiller, compressor] as const;
