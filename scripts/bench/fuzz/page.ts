import type { PageFile } from '../benchmark.ts';
import { drawBars } from '../plot/bars.ts';
import type { FuzzResult } from './run.ts';

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

/** The page and its drawing. */
export function fuzzPage(results: readonly FuzzResult[]): readonly PageFile[] {
  const rows = results.map(
    ({ what, tried, read, refused, seconds, findings, seed }) =>
      `| ${what} | ${whole(tried)} | ${whole(read)} | ${whole(refused)} | **${findings.length}** | ${whole(seconds)} s, ${whole(tried / seconds)}/s | ${seed} |`,
  );
  const findings = results.flatMap((result) => result.findings);
  const text = `# Damaged and made-up bytes

{{run}}

| | tried | read | refused with a reason | crashes, hangs, wrong answers | time | first seed |
| --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
${findings.map((finding) => `\n\`\`\`\n${finding}\n\`\`\`\n`).join('')}
![Read and refused](fuzz.svg)

- **Frames**: streams of 20 MQTT packets (3.1.1 or 5; QoS 0 to 2; properties), cut at random places down to single bytes. A third is sound and has to say the same as to the \`mqtt-packet\` library; in the others
  bytes are changed, cut out, doubled or made up. A stream ends at its first refusal, as its connection would.
- **Payloads**: messages of random mappings, each as it is and damaged in nine ways. Each becomes a sound reading or is refused with a reason fit for people, which sends it to quarantine; the quick
  way of decoding has to give the same answer as the thorough one.
- **Hangs**: both run in threads; a watchdog ends one that says nothing for 20 s and names the seed.
- A bounded part is among the tests: \`edge/ingress/frames.test.ts\`, \`core/decode/decoder.fuzz.test.ts\`, \`core/decode/shapes/shapes.fuzz.test.ts\`.
`;
  const svg = drawBars(
    'Read and refused',
    results.flatMap(({ what, read, refused }) => [
      { label: `${what} read`, value: read, shown: whole(read) },
      { label: `${what} refused`, value: refused, shown: whole(refused) },
    ]),
  );
  return [
    { name: 'fuzz.md', text },
    { name: 'fuzz.svg', text: svg },
  ];
}
