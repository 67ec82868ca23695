import type { Channel, DeviceType, LoadShape } from './deviceTypes.ts';
import type { Random } from './random.ts';

/** A simulated machine while it is healthy; faults are laid over what it shows. */
export interface Machine {
  /** Lets `seconds` pass (> 0) and reads every sensor once; values in the units of the type. */
  measure(seconds: number): ReadonlyMap<string, number>;
}

/**
 * A machine of its own: same physics as its type, but its own phases and a slightly
 * different working point (±1 % of the base), all from `random`.
 */
export function makeMachine(type: DeviceType, random: Random): Machine {
  const loadPhase = random.uniform();
  const channels = type.channels.map((channel) => makeChannel(channel, random));
  let elapsedS = 0;
  let load = targetLoad(type.load, 0, loadPhase);

  return {
    measure: (seconds) => {
      elapsedS += seconds;
      const target = targetLoad(type.load, elapsedS, loadPhase);
      load = type.load.kind === 'staged' ? lag(load, target, seconds, type.load.lagS) : target;
      return new Map(channels.map(({ metric, read }) => [metric, read(elapsedS, seconds, load)]));
    },
  };
}

function makeChannel(channel: Channel, random: Random) {
  const centre = channel.base * (1 + 0.01 * (2 * random.uniform() - 1));
  const driftPhase = 2 * Math.PI * random.uniform();
  const { wander, drift } = channel;
  let wandered = wander.sigma * random.normal();

  const read = (elapsedS: number, seconds: number, load: number): number => {
    const keep = Math.exp(-seconds / wander.tauS);
    wandered = wandered * keep + wander.sigma * Math.sqrt(1 - keep * keep) * random.normal();
    const drifted =
      drift.amplitude * Math.sin((2 * Math.PI * elapsedS) / drift.periodS + driftPhase);
    const sensor = channel.sensorSigma * random.normal();
    return centre + channel.loadSpan * (load - 0.5) + drifted + wandered + sensor;
  };
  return { metric: channel.metric, read };
}

function targetLoad(shape: LoadShape, elapsedS: number, phase: number): number {
  const cycle = (elapsedS / shape.periodS + phase) % 1;
  switch (shape.kind) {
    case 'demand':
      return 0.5 + 0.5 * Math.sin(2 * Math.PI * cycle);
    case 'staged':
      return cycle < 0.4 ? 0.9 : 0.2;
    case 'fill-and-idle':
      return cycle < shape.fillShare
        ? cycle / shape.fillShare
        : (1 - cycle) / (1 - shape.fillShare);
  }
}

/** First-order lag: moves towards the target by what `seconds` of `tauS` allow. */
const lag = (value: number, target: number, seconds: number, tauS: number): number =>
  target + (value - target) * Math.exp(-seconds / tauS);
