export { linePath } from './linePath';
export { paddedScale, timeTicks } from './ticks';
export { nearestIndex } from './search';
export { rangesPerStep } from './steps';

const VERSION = 1;

/**
 * Reads `Telemetry_View__c.Series__c`, version 1, into typed arrays.
 *
 * `t` holds milliseconds since 1970 UTC, rising; `y` the values, NaN where the line breaks. `min` and
 * `max` are undefined for a series without a value. Throws an Error for text of another version or form.
 */
export function decodeSeries(text) {
  const { v, from, to, metrics, series } = JSON.parse(text);
  if (v !== VERSION) throw new Error(`Series of version ${v}; this page reads version ${VERSION}.`);
  if (!(from < to)) throw new Error('A series has to end after it begins.');
  return { from, to, metrics, series: series.map((one) => decodeOne(one, from)) };
}

function decodeOne({ device, metric, unit, n, t, y }, from) {
  if (t.length !== y.length) {
    throw new Error(`Series ${metric} of ${device} has ${t.length} times and ${y.length} values.`);
  }
  const times = new Float64Array(t.length);
  const values = new Float64Array(t.length);
  let at = from;
  for (let i = 0; i < t.length; i += 1) {
    at += t[i];
    times[i] = at;
    values[i] = y[i] === null ? NaN : y[i];
  }
  return {
    key: `${device} ${metric}`,
    device,
    metric,
    unit,
    n,
    t: times,
    y: values,
    ...extent(values),
  };
}

function extent(values) {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i];
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min <= max ? { min, max } : { min: undefined, max: undefined };
}
