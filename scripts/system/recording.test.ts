import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';

import { z } from 'zod';

import { startBroker } from './broker.ts';
import { runDemo } from './demo.ts';
import { makeWorld } from './world.ts';

/** Public recordings (Numenta Anomaly Benchmark) that lie beside a developer's checkout, never in it. */
const nab = join(import.meta.dirname, '../../../shared/data/nab');
const name = 'realKnownCause/ambient_temperature_system_failure.csv';
const utc = (text: string): number =>
  Date.parse(
    `${text
      .trim()
      .replace(' ', 'T')
      .replace(/\.\d+$/, '')}Z`,
  );

interface Span {
  readonly from: number;
  readonly to: number;
}

const signal = z.object({
  episodeKey: z.string(),
  phase: z.string(),
  occurredAt: z.number(),
  policyKey: z.string(),
});

/** The default policy that opens Cases; `default-shift` only records. */
const POLICY = 'default-range';

/** Episodes of the default policy by the bridge's outbox; one that was never cleared lasts to the end. */
function readEpisodes(file: string, end: number): Span[] {
  using database = new DatabaseSync(file, { readOnly: true });
  const rows = database
    .prepare(
      'SELECT signal FROM outbox JOIN outbox_signal USING (id) ORDER BY created_at, sequence',
    )
    .all();
  const signals = rows
    .map((row) => signal.parse(JSON.parse(String(row['signal']))))
    .filter(({ policyKey }) => policyKey === POLICY);
  return signals
    .filter(({ phase }) => phase === 'Opened')
    .map((opened) => {
      const last = signals.findLast(
        ({ episodeKey, phase }) => episodeKey === opened.episodeKey && phase === 'Cleared',
      );
      return { from: opened.occurredAt, to: last?.occurredAt ?? end };
    });
}

test('a real recording: the default policy finds a labelled failure and stays quiet outside', async (t) => {
  if (!existsSync(join(nab, 'data', name))) {
    t.skip(`no recordings at ${nab}: this test needs the public benchmark data`);
    return;
  }
  const rows = (await readFile(join(nab, 'data', name), 'utf8')).trim().split('\n').slice(1);
  const labels = z
    .record(z.string(), z.array(z.tuple([z.string(), z.string()])))
    .parse(JSON.parse(await readFile(join(nab, 'labels/combined_windows.json'), 'utf8')));
  const windows = (labels[name] ?? []).map(([from, to]) => ({ from: utc(from), to: utc(to) }));
  const times = rows.map((row) => utc(row.split(',')[0] ?? ''));
  const [start, end] = [Math.min(...times), Math.max(...times)];

  await using run = await runDemo(['--replay', join(nab, 'data', name), '--device', 'ambient-1']);
  assert.equal(run.code, 0, run.output);
  assert.equal(run.counts?.readings, rows.length);
  assert.equal(run.counts.lost, 0);

  const episodes = readEpisodes(join(run.data, 'bridge/bridge.sqlite'), end);
  const inside = (time: number): boolean =>
    windows.some(({ from, to }) => from <= time && time <= to);
  const hit = windows.filter(({ from, to }) =>
    episodes.some((episode) => episode.from >= from && episode.from <= to),
  );
  const outside = episodes.filter(({ from }) => !inside(from));
  const minutes = Array.from(
    { length: Math.floor((end - start) / 60_000) },
    (_, i) => start + i * 60_000,
  );
  const healthy = minutes.filter((time) => !inside(time));
  const covered = healthy.filter((time) =>
    episodes.some(({ from, to }) => from <= time && time <= to),
  );
  t.diagnostic(
    `${hit.length} of ${windows.length} windows hit, ${outside.length} episodes outside, ` +
      `${((100 * covered.length) / healthy.length).toFixed(1)} % of the healthy time covered`,
  );
  assert.ok(hit.length >= 1);
  assert.ok(outside.length <= 5, `${outside.length} Cases outside the windows`);
  assert.ok(covered.length <= 0.15 * healthy.length);
  assert.equal(run.counts.cases, episodes.length, 'each episode is one Case');
});

test('a recording through an existing broker: readings are the rows and nothing is lost', async () => {
  const file = join(tmpdir(), `recording-${process.pid}.csv`);
  const rows = Array.from({ length: 500 }, (_, i) => {
    const time = new Date(Date.UTC(2015, 2, 1) + i * 300_000).toISOString().slice(0, 19);
    return `${time.replace('T', ' ')},${(20 + Math.sin(i / 9)).toFixed(4)}`;
  });
  await writeFile(file, `timestamp,value\n${rows.join('\n')}\n`);
  await using world = await makeWorld();
  await using broker = await startBroker(world.folder);
  await using run = await runDemo([
    '--replay',
    file,
    '--broker',
    broker.url,
    '--metric',
    'level',
    '--assume',
    'duplicate-in-batch=batch',
  ]);
  assert.equal(run.code, 0, run.output);
  assert.equal(run.counts?.readings, rows.length);
  assert.equal(run.counts.lost, 0);
  assert.equal(run.counts.quarantined, 0);
});
