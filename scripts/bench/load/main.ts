/**
 * The load source: a fake broker as a process of its own, never the bottleneck.
 *
 *   node scripts/bench/load/main.ts [--port 21883] [--rate N] [--seconds 20] [--devices 10000]
 *                                   [--signals 0.01] [--window 10000]
 *
 * Whoever connects and subscribes to `plant/+/+/telemetry` (or anything else) is fed: at full speed, or with `--rate`
 * messages a second. Every second it prints how many were acknowledged, and at the end what they should have come to: the limit of
 * `vibration` is 7.1. `--control` is for other programs: it sends when it is told to, see `messages.ts`.
 */
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

import { startFakeBroker } from './fakeBroker.ts';
import type { FakeBroker } from './fakeBroker.ts';
import { request } from './messages.ts';
import type { Report, Said } from './messages.ts';
import { monotonicMs } from './monotonic.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '21883' },
    rate: { type: 'string', default: 'Infinity' },
    seconds: { type: 'string', default: '20' },
    devices: { type: 'string', default: '10000' },
    signals: { type: 'string', default: '0.01' },
    window: { type: 'string', default: '10000' },
    control: { type: 'boolean', default: false },
  },
});

const tell = (message: Said): void => console.log(JSON.stringify(message));

async function main(): Promise<void> {
  let beyond: Report['beyond'] = [];
  let published = 0;
  let ready = (_clientId: string): void => undefined;
  const broker = await startFakeBroker({
    port: Number(values.port),
    rate: values.control ? 0 : Number(values.rate),
    devices: Number(values.devices),
    signals: Number(values.signals),
    window: Number(values.window),
    onPublished: () => (published += 1),
    onReady: (clientId) => ready(clientId),
    ...(values.control && {
      onBeyond: (device, at, sentAt) => beyond.push([device, at, monotonicMs(sentAt)]),
    }),
  });
  if (!values.control) {
    console.log(`a client may connect to mqtt://127.0.0.1:${broker.port}`);
    await new Promise<void>((resolve) => {
      ready = () => resolve();
    });
    await watch(broker, Number(values.seconds));
    process.exit();
  }
  ready = (clientId) => tell({ say: 'ready', clientId });
  tell({ say: 'listening', port: broker.port });
  for await (const line of createInterface({ input: process.stdin })) {
    const asked = request.parse(JSON.parse(line));
    const feed = broker.feed();
    if (asked.ask === 'rate') feed?.setRate(asked.rate ?? Number.POSITIVE_INFINITY);
    else {
      const counts = feed?.counts();
      const at = monotonicMs(performance.now());
      tell({ say: 'report', at, cpuMs: cpuMs(), published, ...(counts && { counts }), beyond });
      if (asked.reset) {
        feed?.resetTimes();
        beyond = [];
      }
    }
  }
  process.exit();
}

/** For people: a line a second, and what it comes to. */
async function watch(broker: FakeBroker, seconds: number): Promise<void> {
  const startedAt = performance.now();
  let before = 0;
  for (let second = 1; second <= seconds; second += 1) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const counts = broker.feed()?.counts();
    if (counts === undefined) return console.log('the client has gone');
    const { acknowledged, ackMs } = counts;
    const times = `ack p50 ${ackMs.p50.toFixed(2)} ms, p99 ${ackMs.p99.toFixed(2)} ms so far`;
    console.log(`${second} s: ${acknowledged - before} acknowledged, ${times}`);
    before = acknowledged;
  }
  broker.feed()?.setRate(0);
  const counts = broker.feed()?.counts();
  if (counts === undefined) return;
  const rate = (counts.acknowledged / (performance.now() - startedAt)) * 1_000;
  console.log(
    `${counts.acknowledged} of ${counts.sent} acknowledged, ${rate.toFixed(0)} a second; own CPU ` +
      `${((cpuMs() / counts.sent) * 1_000).toFixed(2)} µs a message; ` +
      `sent ${counts.beyond} beyond the limit (Opened) and ${counts.back} back (Cleared)`,
  );
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

await main();
