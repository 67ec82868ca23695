import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { parseFleetOptions } from './options.ts';

const base = ['--broker', 'mqtt://127.0.0.1:1883', '--log', 'f.ndjson'];

describe('fleet options', () => {
  it('have defaults', () => {
    assert.deepEqual(parseFleetOptions(base).task, {
      kind: 'once',
      linger: false,
      seed: 1,
      devices: 12,
      faults: 6,
    });
  });

  it('that cannot be are refused with the value and what is allowed', () => {
    const refused: [string[], RegExp][] = [
      [['--log', 'f'], /--broker URL is missing/],
      [['--broker', 'http://x', '--log', 'f'], /--broker http:\/\/x: expected a URL such as mqtt/],
      [[...base, '--devices', '1'], /--devices 1: expected a whole number from 2 to 2000/],
      [[...base, '--devices', '6', '--faults', '6'], /--faults 6: .* from 0 to 5/],
      [[...base, '--seed', 'x'], /--seed x: expected a whole number/],
      [[...base, '--scenario', 'twice'], /--scenario twice: expected once or live/],
      [[...base, '--recording', 'f', '--device', 'a/b'], /--device a\/b: expected 1 to 120/],
      [[...base, '--recording', 'f', '--speed', '0'], /--speed 0: expected a number above 0/],
      [[...base, '--sed', '1'], /--sed/],
    ];
    for (const [args, message] of refused) assert.throws(() => parseFleetOptions(args), message);
  });
});
