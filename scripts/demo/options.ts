import { parseArgs } from 'node:util';

import type { Playback, Scenario } from '../fleet/tasks.ts';
import { parsePlayback, parseScenario } from '../fleet/tasks.ts';
import { brokerUrl, UsageError } from '../fleet/usage.ts';

/** A fault of our own machinery that a test asks for, to see it found. */
export type Break = 'reading' | 'publish' | 'case';

export interface DemoOptions {
  readonly task:
    (Scenario & { readonly kind: 'once' | 'live' }) | (Playback & { readonly kind: 'recording' });
  readonly json?: string;
  /** An existing broker; absent: the demo brings its own. */
  readonly broker?: string;
  /** Where everything is written; absent: a free folder under `.data`. */
  readonly data?: string;
  /** `RULE=VALUE` for the local org, as often as given. */
  readonly assume: readonly string[];
  readonly break?: Break;
}

export const demoUsage = `npm start -- [options]
  --once              run one scenario to its end, check it, exit 0 or 1 (else: live until Ctrl-C)
  --seed N            what goes wrong and when (default 1)
  --devices M         2 to 2000 simulated devices (default 12)
  --faults K          faults in a scenario, at most M-1 (default 6)
  --replay FILE.csv   send a recording (timestamp,value) instead of the simulated devices
    --device KEY      its device key (default: the file's name)
    --metric NAME     its metric (default: value)
    --speed N         times real time (default: as fast as it goes)
  --json FILE         write the result of --once or --replay as JSON
  --broker URL        use an existing MQTT broker, e.g. mqtt://user:password@host:1883
  --data DIR          where state and logs go (default .data/demo)
  --assume RULE=VALUE pass an assumption to the local org (see local-org/ASSUMPTIONS.md)
  --help              show this`;

/** Undefined when only help is asked for. @throws UsageError in plain words */
export function parseDemoOptions(args: readonly string[]): DemoOptions | undefined {
  const values = readArguments(args);
  if (values.help === true) return undefined;
  const { broker, data, json, assume = [] } = values;
  for (const rule of assume) {
    if (!/^[^=]+=.+$/.test(rule)) throw new UsageError(`--assume ${rule}: expected RULE=VALUE`);
  }
  if (data === '' || json === '') throw new UsageError('--data and --json need a name');
  const broken = parseBreak(values.break, broker);
  const task = values.replay === undefined ? scenario(values) : recording(values, values.replay);
  if (json !== undefined && task.kind === 'live') {
    throw new UsageError('--json needs --once or --replay: a live demo has no result');
  }
  if (broken !== undefined && task.kind !== 'once') throw new UsageError('--break needs --once');
  return {
    task,
    assume,
    ...(broker === undefined ? {} : { broker: brokerUrl('--broker', broker) }),
    ...(data === undefined ? {} : { data }),
    ...(json === undefined ? {} : { json }),
    ...(broken === undefined ? {} : { break: broken }),
  };
}

type Values = ReturnType<typeof readArguments>;

function scenario(values: Values): DemoOptions['task'] {
  for (const name of ['device', 'metric', 'speed'] as const) {
    if (values[name] !== undefined) throw new UsageError(`--${name} needs --replay FILE.csv`);
  }
  return { kind: values.once === true ? 'once' : 'live', ...parseScenario(values) };
}

function recording(values: Values, file: string): DemoOptions['task'] {
  for (const name of ['seed', 'devices', 'faults'] as const) {
    if (values[name] !== undefined) {
      throw new UsageError(`--${name} is for the simulated devices; it has no use with --replay`);
    }
  }
  return { kind: 'recording', ...parsePlayback(file, values, deviceFromFile(file)) };
}

/** The file's name without folder and ending, made fit for a topic. */
const deviceFromFile = (file: string): string =>
  (file.split(/[\\/]/).at(-1) ?? '')
    .replace(/\.[^.]*$/, '')
    .replace(/[+#\0]/g, '-')
    .slice(0, 120) || 'recording';

function parseBreak(text: string | undefined, broker: string | undefined): Break | undefined {
  if (text === undefined) return undefined;
  if (text !== 'reading' && text !== 'publish' && text !== 'case') {
    throw new UsageError(`--break ${text}: expected reading, publish or case`);
  }
  if (text === 'reading' && broker !== undefined) {
    throw new UsageError('--break reading needs the embedded broker; leave --broker out');
  }
  return text;
}

function readArguments(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        once: flag,
        seed: text,
        devices: text,
        faults: text,
        json: text,
        replay: text,
        device: text,
        metric: text,
        speed: text,
        broker: text,
        data: text,
        assume: { type: 'string', multiple: true },
        break: text,
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
