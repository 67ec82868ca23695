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
      ? [
          ...['--recording', task.file, '--device', task.device, '--metric', task.metric],
          ...(task.speed === undefined ? [] : ['--speed', String(task.speed)]),
        ]
      : [
          ...['--scenario', task.kind, '--seed', String(task.seed)],
          ...['--devices', String(task.devices), '--faults', String(task.faults)],
          // Devices that stop speaking are a fault; they go on until everything is settled.
          ...(task.kind === 'once' ? ['--linger'] : []),
        ];
  return children.start({
    name: 'fleet',
    args: [
      join(root, 'scripts', 'fleet', 'main.ts'),
      ...['--broker', brokerUrl, '--log', folder.file('fleet.ndjson'), ...doing],
    ],
    logFile: folder.file('fleet.log'),
    mayEnd: true,
  });
}
