import type { Outline } from './outline.ts';

/**
 * What `valueAt` finds at this path in the value that `root` is the outline of; but not the
 * `length` of a list, which stands nowhere in the bytes.
 */
export function locate(root: Outline, path: string): Outline | undefined {
  if (path === '') return root;
  const whole = root.members.get(path);
  if (whole !== undefined) return whole;
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
    const head = root.members.get(path.slice(0, dot));
    const found = head && locate(head, path.slice(dot + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}
