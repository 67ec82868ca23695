import { join } from 'node:path';

import type { DataFolder } from './dataFolder.ts';
import type { DemoOptions } from './options.ts';
import type { Child, Children } from './processes.ts';

/** Starts the simulated devices, or the player of a recording. */
export function startFleet(
  root: string,
  { task }: DemoOptions,
  brokerUrl: string,
  folder: DataFolder,
  children: Children,
): Promise<Child> {
  const doing =
    task.kind === 'recording'
      ? { recording: task.file, device: task.device, metric: task.metric, speed: task.speed }
      : { scenario: task.kind, seed: task.seed, devices: task.devices, faults: task.faults };
  const args = toArguments({ broker: brokerUrl, log: folder.file('fleet.ndjson'), ...doing });
  // Devices that stop speaking are a fault; they go on until everything is settled.
  if (task.kind === 'once') args.push('--linger');
  return children.start({
    name: 'fleet',
    args: [join(root, 'scripts', 'fleet', 'main.ts'), ...args],
    logFile: folder.file('fleet.log'),
    mayEnd: true,
    listens: task.kind === 'live',
  });
}

const toArguments = (options: Readonly<Record<string, string | number | undefined>>): string[] =>
  Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, String(value)],
  );
