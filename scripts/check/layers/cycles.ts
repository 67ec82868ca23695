/**
 * The import cycles of a graph (file → files it imports), each once, as the shortest way round from its
 * alphabetically first file. Files that only lead into a cycle are not part of it.
 */
export function findCycles(
  graph: ReadonlyMap<string, readonly string[]>,
): readonly (readonly string[])[] {
  const told = new Set<string>();
  const cycles: (readonly string[])[] = [];
  for (const file of [...graph.keys()].toSorted()) {
    if (told.has(file)) continue;
    const cycle = shortestWayBack(graph, file);
    if (cycle === undefined) continue;
    for (const member of cycle) told.add(member);
    cycles.push(cycle);
  }
  return cycles;
}

function shortestWayBack(
  graph: ReadonlyMap<string, readonly string[]>,
  start: string,
): readonly string[] | undefined {
  const cameFrom = new Map<string, string>();
  const waiting = [start];
  for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
    for (const next of graph.get(at) ?? []) {
      if (next === start) return wayTo(cameFrom, start, at);
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, at);
      waiting.push(next);
    }
  }
  return undefined;
}

function wayTo(
  cameFrom: ReadonlyMap<string, string>,
  start: string,
  end: string,
): readonly string[] {
  const way = [end];
  for (let at = end; at !== start;) {
    at = cameFrom.get(at) ?? start;
    way.unshift(at);
  }
  return way;
}
