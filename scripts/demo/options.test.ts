import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { parseDemoOptions } from './options.ts';

describe('demo options', () => {
  it('have defaults: a live demo of 12 devices, seed 1', () => {
    assert.deepEqual(parseDemoOptions([]), {
      task: { kind: 'live', seed: 1, devices: 12, faults: 6 },
      assume: [],
    });
  });

  it('take a scenario, a broker, a folder and assumptions', () => {
    const args = '--once --seed 7 --devices 30 --faults 12 --json r.json --data d';
    const more = '--broker mqtt://127.0.0.1:1883 --assume a=1 --assume b=2 --break case';
    assert.deepEqual(parseDemoOptions([...args.split(' '), ...more.split(' ')]), {
      task: { kind: 'once', seed: 7, devices: 30, faults: 12 },
      assume: ['a=1', 'b=2'],
      broker: 'mqtt://127.0.0.1:1883',
      data: 'd',
      json: 'r.json',
      break: 'case',
    });
  });

  it('take a recording, whose device is the name of its file unless said otherwise', () => {
    assert.deepEqual(parseDemoOptions(['--replay', 'a/b/room.temp.csv'])?.task, {
      kind: 'recording',
      file: 'a/b/room.temp.csv',
      device: 'room.temp',
      metric: 'value',
    });
    const args = ['--replay', 'x.csv', '--device', 'pump-7', '--metric', 'm', '--speed', '3600'];
    assert.deepEqual(parseDemoOptions(args)?.task, {
      kind: 'recording',
      file: 'x.csv',
      device: 'pump-7',
      metric: 'm',
      speed: 3600,
    });
  });

  it('that only ask for help start nothing', () => {
    assert.equal(parseDemoOptions(['--help']), undefined);
  });

  it('that cannot be are refused with the value and what is allowed', () => {
    const refused: [string, RegExp][] = [
      ['--onec', /--onec/],
      ['--once extra', /extra/],
      ['--devices 0', /--devices 0: expected a whole number from 2 to 2000/],
      [
        '--once --devices 5 --faults 5',
        /--faults 5: expected a whole number from 0 to 4, fewer than the 5 devices/,
      ],
      ['--seed -1', /seed/],
      ['--seed 1.5', /--seed 1.5: expected a whole number/],
      ['--json f', /--json needs --once or --replay/],
      ['--speed 2', /--speed needs --replay/],
      ['--replay f --seed 2', /--seed is for the simulated devices/],
      ['--replay f --speed nine', /--speed nine: expected a number above 0/],
      ['--broker 127.0.0.1', /--broker 127.0.0.1: expected a URL such as mqtt:/],
      ['--assume x', /--assume x: expected RULE=VALUE/],
      ['--once --break it', /--break it: expected reading, publish or case/],
      ['--break case', /--break needs --once/],
      ['--once --break reading --broker mqtt://h', /needs the embedded broker/],
    ];
    for (const [args, message] of refused) {
      assert.throws(() => parseDemoOptions(args.split(' ')), { name: 'UsageError', message });
    }
  });
});
