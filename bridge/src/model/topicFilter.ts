/**
 * Whether two MQTT topic filters can match the same topic. `+` is one level, `#` the rest, none included
 * [MQTT-4.7.1.2]; a wildcard in the first level does not match what begins with `$` [MQTT-4.7.2-1].
 */
export function filtersOverlap(a: string, b: string): boolean {
  const left = a.split('/');
  const right = b.split('/');
  if (isForeign(left[0], right[0]) || isForeign(right[0], left[0])) return false;
  for (let level = 0; ; level += 1) {
    const one = left[level];
    const other = right[level];
    if (one === '#' || other === '#') return true;
    if (one === undefined || other === undefined) return one === other;
    if (one !== other && one !== '+' && other !== '+') return false;
  }
}

function isForeign(wild: string | undefined, level: string | undefined): boolean {
  return (wild === '+' || wild === '#') && level?.startsWith('$') === true;
}
