import type { Outline } from './outline.ts';
import type { Part, Role } from './shape.ts';

/** What a value is good for; `literal` may never differ: it is part of the shape. */
export type Use = Role | 'literal';

export interface Wanted {
  /** All paths of the mapping. */
  readonly paths: readonly string[];
  /** The values they find. */
  readonly uses: ReadonlyMap<Outline, Use>;
}

export interface Laid {
  readonly parts: readonly Part[];
  /** The slot of each number and each time. */
  readonly slots: ReadonlyMap<Outline, number>;
}

/**
 * Cuts a payload into literal bytes and what stands between them.
 *
 * Literal are all keys that a path leads through or past, so that payloads with the same literals
 * answer every path from the same place; what no path can reach may be anything. Undefined where
 * a path leads to a value that is not the one it finds: then others decide which it is.
 */
export function layOut(payload: Buffer, root: Outline, { paths, uses }: Wanted): Laid | undefined {
  const parts: Part[] = [];
  const slots = new Map<Outline, number>();
  let done = 0;

  function put(role: Role, start: number, end: number): void {
    // A copy: the message's bytes belong to a chunk of many messages.
    parts.push({ literal: Buffer.from(payload.subarray(done, start)), role });
    done = end;
  }

  /** @param ways what is left of the paths that lead here */
  function lay(value: Outline, ways: readonly string[]): boolean {
    const { start, end, kind, members } = value;
    const use = uses.get(value);
    if (use === 'literal') return true;
    if (use === 'number' || use === 'time') slots.set(value, slots.size);
    if (use !== undefined) {
      const inside = kind === 'string' ? 1 : 0;
      put(use, start + inside, end - inside);
      return true;
    }
    if (ways.length === 0) {
      put('value', start, end);
      return true;
    }
    if (kind !== 'object' && kind !== 'array') {
      put('scalar', start, end);
      return true;
    }
    return [...members].every(([key, member]) => layMember(key, member, ways));
  }

  function layMember(key: string, member: Outline, ways: readonly string[]): boolean {
    const further = ways
      .filter((way) => way.startsWith(`${key}.`))
      .map((way) => way.slice(key.length + 1));
    const ends = ways.includes(key) || further.includes('');
    if (ends && !uses.has(member) && !holdsUsed(member)) return false;
    // Where a path ends at an object, its members are metrics.
    return lay(member, ends && !uses.has(member) ? [...further, ''] : further);
  }

  const holdsUsed = ({ members }: Outline): boolean =>
    members.size > 0 && [...members.values()].every((member) => uses.has(member));

  if (!lay(root, paths)) return undefined;
  put('end', payload.length, payload.length);
  return { parts, slots };
}
