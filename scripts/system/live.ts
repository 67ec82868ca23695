import { setTimeout as sleep } from 'node:timers/promises';

import type { Feed } from './feed.ts';

/** Devices that keep speaking, healthy until one is broken. */
export interface Fleet extends AsyncDisposable {
  /** From now on this device vibrates far above its limit. */
  break(device: string): void;
}

const VIBRATION = { healthy: 2.4, worn: 9.1 };

/** Sends a reading of each device every `everyMs`, with the time it has; ends with the test. */
export function startFleet(feed: Feed, devices: readonly string[], everyMs: number): Fleet {
  const stop = new AbortController();
  const broken = new Set<string>();
  const running = (async () => {
    for (let tick = 0; !stop.signal.aborted; tick += 1) {
      const ts = new Date().toISOString();
      const sent = devices.map((device, index) => {
        const level = broken.has(device) ? VIBRATION.worn : VIBRATION.healthy;
        const wave = 0.2 * Math.sin((tick + index) / 5);
        const metrics = { vibration: level + wave, pressure: 5 + wave / 2 };
        return feed.send(`plant/pump/${device}/telemetry`, JSON.stringify({ ts, metrics }));
      });
      await Promise.all(sent);
      await sleep(everyMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  })();
  return {
    break: (device) => void broken.add(device),
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running;
    },
  };
}
