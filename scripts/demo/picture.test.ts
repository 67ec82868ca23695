import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stripVTControlCharacters } from 'node:util';

import { metricTable } from '../../bridge/src/edge/telemetry/metricTable.ts';
import { parseMetrics, sumOf } from './metrics.ts';
import type { NumberSource } from './numbers.ts';
import { describeNumbers, numberTable } from './numbers.ts';
import { drawLine, drawPicture, sparkline } from './picture.ts';
import type { Snapshot, Surroundings } from './snapshot.ts';

const shot: Snapshot = {
  elapsedSeconds: 83.4,
  numbers: {
    readings: 12_345,
    quarantined: 0,
    opened: 6,
    updated: 2,
    cleared: 3,
    published: 11,
    acted: 10,
    suppressed: 1,
    failed: 0,
    faults: 6,
    cases: 5,
  },
  rates: [24, 24, 600, 24.4],
  faults: [{ fault: { device: 'pump-003', fault: 'leak', from: 0, to: 1 }, secondsLeft: 11.2 }],
  storm: 'chiller-001',
  cases: [{ number: '00001004', priority: 'High', subject: 'Pump pressure too low' }],
};
const around: Surroundings = {
  title: 'seed 1 · 12 devices',
  instanceUrl: 'http://127.0.0.1:8080',
  assets: new Map([
    ['pump-001', '02i000000000001AAA'],
    ['pump-003', '02i000000000003AAA'],
  ]),
  bridgeUrl: 'http://127.0.0.1:9400',
  brokerUrl: 'mqtt://127.0.0.1:1883',
  logs: '.data/demo/*.log',
  hints: ['Press b bearing wear, l leak', 'Ctrl-C ends everything'],
};

describe('the live picture', () => {
  it('shows the page of the first equipment while none is broken', () => {
    const calm = stripVTControlCharacters(drawPicture({ ...shot, faults: [] }, around, 100));
    assert.ok(calm.includes('http://127.0.0.1:8080/02i000000000001AAA  pump-001'), calm);
  });

  it('shows every number, the faults, the newest Cases and the addresses', () => {
    const picture = stripVTControlCharacters(drawPicture(shot, around, 100));
    for (const text of [
      'seed 1 · 12 devices · 1:23',
      '24 /s  ▁▁█▁',
      '12,345 in the log · 0 quarantined',
      '6 opened · 2 updated · 3 cleared',
      '11 published · 10 acted · 1 suppressed · 0 failed',
      '5 Cases for 6 faults so far',
      '00001004  High    Pump pressure too low',
      'leak          pump-003        12 s left',
      'message storm chiller-001',
      'http://127.0.0.1:8080',
      'http://127.0.0.1:8080/02i000000000003AAA  pump-003',
      'http://127.0.0.1:9400/metrics  http://127.0.0.1:9400/readyz',
    ]) {
      assert.ok(picture.includes(text), `${text} is not in\n${picture}`);
    }
  });

  it('keeps every line within a narrow terminal', () => {
    for (const columns of [20, 40, 79]) {
      const lines = stripVTControlCharacters(drawPicture(shot, around, columns)).split('\n');
      for (const line of lines) assert.ok(line.length <= columns, `${columns}: ${line}`);
    }
  });

  it('cuts no number, address or hint off in 60 columns', () => {
    const picture = stripVTControlCharacters(drawPicture(shot, around, 59));
    for (const text of ['0 failed', '9400/readyz', 'l leak', 'Ctrl-C ends everything']) {
      assert.ok(picture.includes(text), `${text} is not in\n${picture}`);
    }
    assert.ok(!picture.includes('…'), picture);
  });

  it('is one line where there is no terminal', () => {
    assert.equal(
      drawLine(shot),
      '[1:23] 24 readings/s, 12345 logged, 0 quarantined | 6 opened 2 updated 3 cleared | ' +
        '11 published 10 acted 1 suppressed 0 failed | 5 Cases | now: storm chiller-001, leak pump-003',
    );
  });

  it('names a few of many faults and counts the rest', () => {
    const faults = Array.from({ length: 60 }, () => shot.faults[0]).filter(
      (fault) => fault !== undefined,
    );
    assert.match(drawLine({ ...shot, faults }), /and 55 more$/);
  });

  it('draws a calm fleet as a calm line and a burst above it', () => {
    assert.equal(sparkline([0, 0, 0]), '▁▁▁');
    assert.equal(sparkline([24, 23, 24, 25]), '▅▄▅▅');
    assert.equal(sparkline([24, 24, 600, 24, 24]), '▁▁█▁▁');
    assert.equal(sparkline([]), '');
  });
});

describe('the numbers', () => {
  it('come from metrics that the bridge has', () => {
    for (const [name, { live }] of Object.entries<NumberSource>(numberTable)) {
      if (live.kind !== 'metric') continue;
      const known: Record<string, { labels: readonly string[] }> = metricTable;
      const metric = known[live.metric];
      assert.ok(metric, `${name}: the bridge has no metric ${live.metric}`);
      if (live.label !== undefined) assert.ok(metric.labels.includes(live.label[0]), name);
    }
  });

  it('are described one row each', () => {
    assert.equal(describeNumbers().split('\n').length, Object.keys(numberTable).length + 2);
    assert.match(
      describeNumbers(),
      /\| opened \| `asset_signals_signals_total\{phase="Opened"\}` \|/,
    );
  });

  it('are sums over series, filtered by a label', () => {
    const page =
      '# HELP x_total "help" {a="b"} 3\n# TYPE x_total counter\n' +
      'x_total{phase="Opened",of="a \\"b\\", c"} 3\nx_total{phase="Cleared"} 2e1\ny 1.5 1700000000\n';
    const samples = parseMetrics(page);
    assert.equal(sumOf(samples, 'x_total'), 23);
    assert.equal(sumOf(samples, 'x_total', ['phase', 'Opened']), 3);
    assert.equal(samples[0]?.labels.get('of'), 'a \\"b\\", c');
    assert.equal(sumOf(samples, 'y'), 1.5);
    assert.equal(sumOf(samples, 'absent'), 0);
  });
});
