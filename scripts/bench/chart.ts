import type { Page } from 'playwright-core';
import { z } from 'zod';

import { startBrowser } from '../../local-org/test/page/chromium.ts';
import { ADMIN } from '../demo/orgSetup.ts';
import { visit } from '../system/browser.ts';
import { makeWorld } from '../system/world.ts';
import type { Benchmark } from './benchmark.ts';
import { median, worst } from './numbers.ts';

const POINTS = 100_000;
const ROUNDS = { full: 15, quick: 5 };
const BUILD_MS = 180_000;

/** Milliseconds of one round: until the first picture is painted, and of each frame while panning. */
const round = z.object({ paint: z.number(), frames: z.array(z.number()) });
type Round = z.infer<typeof round>;

/**
 * How long the chart of the Asset page takes to paint 100,000 points and to move them, against the plain
 * way: one SVG polyline with every point. Both in the same page of the same browser, round by round.
 */
export const chart: Benchmark = {
  about: `the chart of the Asset page with ${POINTS.toLocaleString('en-US')} points, against one plain SVG polyline`,
  run: async ({ quick, say }) => {
    await using world = await makeWorld();
    const org = await world.startOrg(['--prepare-pages']);
    const admin = await world.admin(org.state);
    const assets = await world.seed(admin, [{ key: 'pump-001', type: 'pump' }]);
    const asset = assets.get('pump-001') ?? '';
    await admin.create('Telemetry_View__c', [answeredView(asset, Date.now())]);
    await using browser = await startBrowser();
    say('compiling the components, if they have changed');
    const { page } = await visit(browser, org.state, ADMIN, `/${asset}`, 'desktop');
    await page.locator('c-signal-telemetry-chart').waitFor({ timeout: BUILD_MS });
    await page.evaluate(prepare(POINTS));

    const rounds = quick ? ROUNDS.quick : ROUNDS.full;
    const ours: Round[] = [];
    const plain: Round[] = [];
    for (let index = 0; index < rounds; index += 1) {
      ours.push(await measure(page, 'ours'));
      plain.push(await measure(page, 'plain'));
      say(`round ${index + 1} of ${rounds}: painted in ${ours.at(-1)?.paint.toFixed(0)} ms`);
    }
    return report(ours, plain);
  },
};

/** A view the bridge has answered a moment ago, so that the panel draws its chart. */
function answeredView(asset: string, now: number) {
  const series = {
    v: 1,
    from: now - 900_000,
    to: now,
    metrics: ['vibration'],
    series: [{ device: 'pump-001', metric: 'vibration', n: 2, t: [0, 900_000], y: [1, 2] }],
  };
  const at = new Date(now).toISOString();
  const times = { Answered_At__c: at, Last_Reading_At__c: at, Requested_At__c: at };
  return { Asset__c: asset, Range_Minutes__c: 15, Series__c: JSON.stringify(series), ...times };
}

const measure = async (page: Page, which: 'ours' | 'plain'): Promise<Round> =>
  round.parse(await page.evaluate(`window.chartBench.${which}()`));

function report(ours: readonly Round[], plain: readonly Round[]) {
  const of = (rounds: readonly Round[]) => ({
    paintMs: median(rounds.map(({ paint }) => paint)),
    worstPaintMs: worst(rounds.map(({ paint }) => paint)),
    frameMs: median(rounds.flatMap(({ frames }) => frames)),
    worstFrameMs: worst(rounds.map(({ frames }) => worst(frames))),
  });
  const data = { points: POINTS, rounds: ours.length, ours: of(ours), plain: of(plain) };
  const line = (name: string, { paintMs, worstPaintMs, frameMs, worstFrameMs }: typeof data.ours) =>
    `${name.padEnd(15)} paint ${paintMs.toFixed(0).padStart(5)} ms (worst ${worstPaintMs.toFixed(0)})   ` +
    `frame while panning ${frameMs.toFixed(1).padStart(6)} ms (worst ${worstFrameMs.toFixed(0)})`;
  return {
    lines: [
      line('chart', data.ours),
      line('plain polyline', data.plain),
      `ratio           paint ${(data.plain.paintMs / data.ours.paintMs).toFixed(1)}x, frame ${(data.plain.frameMs / data.ours.frameMs).toFixed(1)}x`,
    ],
    data,
  };
}

/** The page's part, as text: it runs in the browser, in the page's own world. */
function prepare(points: number): string {
  return `(() => {
    const inside = (element, tag) => element.shadowRoot.querySelector(tag);
    const panel = inside(document.querySelector('c-signal-asset-telemetry'), 'c-signal-telemetry-panel');
    const chart = inside(panel, 'c-signal-telemetry-chart');
    const box = chart.getBoundingClientRect();
    const to = Date.now(), span = 3600000, from = to - span;
    const t = Float64Array.from({ length: ${points} }, (_, i) => from + (i * span) / ${points});
    const y = Float64Array.from({ length: ${points} }, (_, i) => Math.sin(i / 900) + Math.random() / 5);
    const series = { key: 'p v', device: 'pump-001', metric: 'vibration', unit: 'mm/s', n: ${points}, t, y, min: -1, max: 1.2 };
    const painted = () => new Promise((resolve) => requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => resolve(performance.now());
      channel.port2.postMessage(0);
    }));
    const two = async () => { await painted(); return painted(); };
    async function pan(step) {
      const frames = [];
      let before = performance.now();
      for (let i = 0; i < 30; i += 1) {
        step(i);
        const now = await painted();
        frames.push(now - before);
        before = now;
      }
      return frames;
    }
    window.chartBench = {
      async ours() {
        const start = performance.now();
        Object.assign(chart, { charts: [{ metric: 'vibration', series: [series] }], from, to });
        const paint = (await two()) - start;
        const drawn = inside(chart, 'svg.plot path.line')?.getAttribute('d')?.length ?? 0;
        if (drawn < 10 * box.width) throw new Error('the chart has drawn ' + drawn + ' characters of a line; nothing was measured');
        const frames = await pan((i) => Object.assign(chart, { from: from + i * 20000, to: to + i * 20000 }));
        Object.assign(chart, { charts: [] });
        await two();
        return { paint, frames };
      },
      async plain() {
        const start = performance.now();
        const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
        svg.setAttribute('width', box.width);
        svg.setAttribute('height', 240);
        const line = document.createElementNS('http://www.w3.org/2000/svg', 'polyline');
        const points = [];
        for (let i = 0; i < t.length; i += 1) points.push(((t[i] - from) / span) * box.width + ',' + (120 - y[i] * 90));
        line.setAttribute('points', points.join(' '));
        line.setAttribute('fill', 'none');
        line.setAttribute('stroke', '#0176d3');
        svg.append(line);
        document.body.prepend(svg);
        const paint = (await two()) - start;
        const frames = await pan((i) => svg.setAttribute('viewBox', [i * 5, 0, box.width, 240].join(' ')));
        svg.remove();
        await two();
        return { paint, frames };
      },
    };
  })()`;
}
