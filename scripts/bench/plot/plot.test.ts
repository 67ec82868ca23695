import assert from 'node:assert/strict';
import { test } from 'node:test';

import { XMLParser, XMLValidator } from 'fast-xml-parser';

import { drawBars } from './bars.ts';
import { drawLines } from './lines.ts';

const read = (svg: string) => {
  assert.equal(XMLValidator.validate(svg), true);
  return new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' }).parse(svg) as {
    svg: {
      rect: { width: string }[];
      text: { '#text': string }[];
      polyline: { points: string };
    };
  };
};

test('bars are as long as their values, and texts are escaped', () => {
  const { svg } = read(
    drawBars('a < b & "c"', [
      { label: 'one', value: 10, shown: '10' },
      { label: 'half', value: 5, shown: '5', dots: [4, 6] },
    ]),
  );
  const [one, half] = svg.rect.map(({ width }) => Number(width));
  assert.equal(half, (one ?? 0) / 2);
});

test('a long text beside a bar stays within the drawing, and who comes again has the colour of before', () => {
  const shown = '15.3 % without a Case while the org was away for 6 s';
  const bars = ['ours', 'theirs', 'ours'].map((label) => ({ label, value: 10, shown }));
  const svg = drawBars('t', bars);
  const [, x = ''] = new RegExp(`x="([\\d.]+)"[^>]*>${shown}<`).exec(svg) ?? [];
  const [, width = ''] = /viewBox="0 0 (\d+)/.exec(svg) ?? [];
  assert.ok(Number(x) > 0 && Number(x) + shown.length * 7 <= Number(width), `${x} of ${width}`);
  const [first, second, third] = [...svg.matchAll(/<rect [^>]*fill="([^"]+)"\/>/g)]
    .map(([, fill]) => fill)
    .slice(-3);
  assert.equal(first, third);
  assert.notEqual(first, second);
});

test('ten times as much is one step of the grid', () => {
  const axes = { x: 'x', y: 'ms', marks: [{ label: 'goal', y: 10 }] };
  const { svg } = read(
    drawLines('t', axes, [
      {
        label: 'a',
        points: [
          [10, 1],
          [20, 10],
          [40, 100],
        ],
      },
    ]),
  );
  const ys = svg.polyline.points.split(' ').map((point) => Number(point.split(',')[1]));
  const [first = 0, second = 0, third = 0] = ys;
  assert.ok(Math.abs(first - second - (second - third)) < 0.2);
  assert.ok(first > second);
});

test('labels at the ends of lines that come together are legible, each beside the other', () => {
  const axes = { x: 'x', y: '', marks: [{ label: 'limit', y: 100 }] };
  const lines = ['a', 'b'].map((label, at) => ({ label, points: [[10, 101 + at] as const] }));
  const svg = drawLines('t', axes, lines);
  const ys = ['limit', 'a', 'b'].map((label) =>
    Number(new RegExp(`y="([\\d.]+)"[^>]*>${label}<`).exec(svg)?.[1]),
  );
  const [first = 0, second = 0, third = 0] = ys.toSorted((a, b) => a - b);
  assert.ok(second - first >= 15 && third - second >= 15, String(ys));
});
