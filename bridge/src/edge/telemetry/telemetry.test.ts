import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { makeLogger } from './logger.ts';
import { makeMetrics } from './metrics.ts';
import { describeMetrics, metricTable } from './metricTable.ts';

function record() {
  let text = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  return { logger: makeLogger(stream), text: () => text };
}

test('a secret never reaches the log, however deep it is handed in', () => {
  const { logger, text } = record();
  const secrets = { password: 'hunter2', accessToken: 'hunter2', privateKey: 'hunter2' };
  logger.error({ ...secrets, session: secrets, a: { b: secrets } }, 'trouble');
  assert.ok(!text().includes('hunter2'), text());
  assert.ok(text().includes('[secret]'));
});

test('a log line is JSON with level, time, message and the fields given', () => {
  const { logger, text } = record();
  logger.warn({ stage: 'ingress' }, 'trouble');
  const line = JSON.parse(text()) as Record<string, unknown>;
  assert.equal(line['level'], 'warn');
  assert.equal(line['message'], 'trouble');
  assert.equal(line['stage'], 'ingress');
  assert.ok(!Number.isNaN(Date.parse(String(line['time']))));
});

test('an error in a log line keeps its message and its stack', () => {
  const { logger, text } = record();
  logger.error({ err: new Error('the reason') }, 'trouble');
  assert.match(text(), /the reason/);
});

test('two bridges in one process count apart, and the table names every metric', async () => {
  const one = makeMetrics(async () => ({ asset_signals_outbox_pending: 3 }));
  const two = makeMetrics(async () => ({}));
  one.counters.readingAccepted('plant', 1);
  one.counters.listened(1_500);
  const text = await one.expose();
  assert.match(text, /asset_signals_readings_total\{source="plant"\} 1/);
  assert.match(text, /asset_signals_outbox_pending 3/);
  assert.match(text, /asset_signals_listening_seconds_total 1\.5/);
  assert.ok(!(await two.expose()).includes('source="plant"'));
  for (const name of Object.keys(metricTable)) assert.ok(describeMetrics().includes(name));
});
