import { z } from 'zod';

const profile = z.object({
  nodes: z.array(
    z.object({
      id: z.number(),
      callFrame: z.object({ functionName: z.string(), url: z.string(), lineNumber: z.number() }),
    }),
  ),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});

/** The functions with the largest share of their own in a `.cpuprofile`, the idle time left out, as lines. */
export function summariseProfile(text: string, most = 45): readonly string[] {
  const { nodes, samples, timeDeltas } = profile.parse(JSON.parse(text));
  const names = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => {
      const file = url.split('/').slice(-3).join('/');
      return [id, `${functionName || '(anonymous)'} ${file}:${lineNumber + 1}`];
    }),
  );
  const own = new Map<string, number>();
  let total = 0;
  for (const [index, id] of samples.entries()) {
    const name = names.get(id) ?? '?';
    if (name.startsWith('(idle)')) continue;
    const time = timeDeltas[index] ?? 0;
    own.set(name, (own.get(name) ?? 0) + time);
    total += time;
  }
  return [...own]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, most)
    .map(([name, time]) => `${((time / total) * 100).toFixed(1).padStart(5)} %  ${name}`);
}
