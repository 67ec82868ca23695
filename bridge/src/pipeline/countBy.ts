/** How many of `items` have each label; cheap where neighbours have the same one. */
export function countBy<T>(
  items: readonly T[],
  labelOf: (item: T) => string,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  let label: string | undefined;
  let count = 0;
  for (const item of items) {
    const next = labelOf(item);
    if (next !== label) {
      if (label !== undefined) counts.set(label, (counts.get(label) ?? 0) + count);
      label = next;
      count = 0;
    }
    count += 1;
  }
  if (label !== undefined) counts.set(label, (counts.get(label) ?? 0) + count);
  return counts;
}
