const MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const BYTES: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1_000,
  MB: 1_000_000,
  GB: 1_000_000_000,
};

/** Milliseconds of `500ms`, `2s`, `15m`, `1.5h`, `7d`; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  return parse(text, MS);
}

/** Bytes of `64KB`, `1MB`, `2GB` (powers of 1000); undefined for anything else. */
export function parseBytes(text: string): number | undefined {
  return parse(text, BYTES);
}

function parse(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([A-Za-z]+)$/.exec(text.trim());
  const unit = match?.[2];
  if (unit === undefined || !Object.hasOwn(units, unit)) return undefined;
  const value = Number(match?.[1]) * (units[unit] ?? Number.NaN);
  return Number.isSafeInteger(Math.round(value)) ? Math.round(value) : undefined;
}
