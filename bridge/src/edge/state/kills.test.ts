import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeRandom } from '../../core/fixtures/random.ts';
import type { DeviceKey } from '../../model/brand.ts';
import { makeFolder } from '../../testing/bridgeProcess.ts';
import { makeLongRunEngine, makeSteps } from '../../testing/longRun.ts';
import { lineOf, openState } from '../../testing/stateProcess.ts';

const KILLS = 20;
const STEPS = 30_000;
const FURTHER = 3_000;
const program = join(import.meta.dirname, '../../testing/stateProcess.ts');

test('killed at any point of a snapshot, the state after a start is that of a replay', async () => {
  using folder = makeFolder();
  const random = makeRandom(Date.now() % 1e6);
  let kills = 0;
  for (let isDone = false; !isDone;) {
    const child = spawn(process.execPath, [program, folder.path, String(STEPS)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    if (kills < KILLS) {
      await Promise.race([once(child.stdout, 'data'), ended]);
      await Promise.race([sleep(random.below(250)), ended]);
      if (child.exitCode === null) {
        child.kill('SIGKILL');
        kills += 1;
      }
    }
    await ended;
    const { exitCode: code, signalCode: signal } = child;
    isDone = code === 0;
    assert.ok(isDone || signal === 'SIGKILL', `it ended with ${code}`);
  }
  assert.ok(kills > 3, `only ${kills} kills hit it`);

  const steps = makeSteps(STEPS + FURTHER);
  const straight = makeLongRunEngine();
  const expected = steps.slice(0, STEPS).flatMap((step) => step(straight).map(lineOf));
  const said = readFileSync(join(folder.path, 'said'), 'utf8').trimEnd().split('\n');
  assert.deepEqual([...new Set(said)].toSorted(), expected.toSorted(), 'the same was said');

  const after = await openState(folder.path);
  assert.deepEqual(after.logger.lines, [], 'no state was damaged');
  assert.equal(after.cursor, STEPS);
  assert.ok(after.attic.size > 100, 'some devices are aside');
  const stateOf = (device: DeviceKey): string | undefined => {
    const aside = after.engine.putAside(device) ?? after.attic.take(device);
    if (aside !== undefined) after.engine.restore(device, aside.state);
    return aside?.state;
  };
  const devices = straight.findIdle(Infinity, Infinity);
  assert.ok(devices.length > 1_000);
  for (const device of devices) {
    const state = straight.putAside(device)?.state ?? '';
    straight.restore(device, state);
    assert.equal(stateOf(device), state);
  }
  const further = (engine: typeof straight) =>
    steps
      .slice(STEPS)
      .flatMap((step) => step(engine).map(lineOf))
      .toSorted();
  assert.deepEqual(further(after.engine), further(straight));
  after.attic[Symbol.dispose]();
});
