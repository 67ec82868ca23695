import assert from 'node:assert/strict';
import { test } from 'node:test';

import { UsageError, parseOptions } from './arguments.ts';

test('without arguments the documented defaults apply', () => {
  const options = parseOptions([], {});
  assert.equal(options?.port, 8080);
  assert.equal(options?.pubsubPort, 7443);
  assert.equal(options?.tokenLifetimeMs, 7_200_000);
  assert.equal(options?.edition.organizationType, 'Enterprise Edition');
  assert.match(options?.dataDir ?? '', /\.data\/local-org$/);
  assert.deepEqual([options?.fresh, options?.faults, options?.setupFile], [false, [], undefined]);
});

test("the clock is the machine's and stays put unless asked otherwise", () => {
  const clock = (...args: readonly string[]): unknown[] => {
    const options = parseOptions(args, {});
    return [options?.clockOffsetMs, options?.movableClock];
  };
  assert.deepEqual(clock(), [0, false]);
  assert.deepEqual(clock('--clock-offset', '60', '--movable-clock'), [60_000, true]);
});

test('faults, assumptions and metadata may be repeated', () => {
  const options = parseOptions(
    [
      '--fault',
      'swallow-event',
      '--fault',
      'publish-error=2',
      '--assume',
      'a=b',
      '--metadata',
      '/x',
      '--metadata',
      '/y',
    ],
    {},
  );
  assert.deepEqual(options?.faults, ['swallow-event', 'publish-error=2']);
  assert.deepEqual(options?.assumptions, ['a=b']);
  assert.deepEqual(options?.metadata, ['/x', '/y']);
});

test('readings from the environment are for every org, and the command line wins over them', () => {
  const options = parseOptions(['--assume', 'a=c'], { LOCAL_ORG_ASSUME: ' a=b\nd=e ' });
  assert.deepEqual(options?.assumptions, ['a=b', 'd=e', 'a=c']);
});

test('a wrong argument is refused and named', () => {
  for (const [args, problem] of [
    [['--port', '70000'], /--port is "70000"/],
    [['--port', '-1'], /--port/],
    [['--pubsub-port', 'abc'], /--pubsub-port is "abc"/],
    [['--nope'], /--nope/],
    [['stray'], /stray/],
    [['--token-lifetime', '0'], /--token-lifetime/],
    [['--clock-offset', '-5'], /--clock-offset/],
    [['--edition', 'toString'], /--edition is "toString"; allowed: developer, enterprise/],
  ] as const) {
    assert.throws(
      () => parseOptions(args, {}),
      (error) => error instanceof UsageError && problem.test(error.message),
    );
  }
});

test('help is no run', () => {
  assert.equal(parseOptions(['--help'], {}), undefined);
});
