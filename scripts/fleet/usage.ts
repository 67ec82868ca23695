/** The command line asks for something that cannot be; the text says what is allowed. Exit 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** A whole number within a range, or the fallback when the option is absent. */
export function wholeNumber(
  option: string,
  text: string | undefined,
  fallback: number,
  low: number,
  high: number,
): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < low || value > high) {
    throw new UsageError(`${option} ${text}: expected a whole number from ${low} to ${high}`);
  }
  return value;
}

/** A number above 0, or undefined when the option is absent. */
export function positiveNumber(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) {
    throw new UsageError(`${option} ${text}: expected a number above 0`);
  }
  return value;
}

/** An address of an MQTT broker. */
export function brokerUrl(option: string, text: string): string {
  const schemes = ['mqtt:', 'mqtts:'];
  const parsed = URL.parse(text);
  if (parsed === null || parsed.hostname === '' || !schemes.includes(parsed.protocol)) {
    throw new UsageError(
      `${option} ${text}: expected a URL such as mqtt://127.0.0.1:1883 or mqtts://user@host:8883`,
    );
  }
  return text;
}

/** A device key or metric name: one topic level without wildcards, 1 to 120 characters. */
export function topicLevel(option: string, text: string): string {
  if (text === '' || text.length > 120 || /[/+#\0]/.test(text)) {
    throw new UsageError(
      `${option} ${text}: expected 1 to 120 characters without / + # (it becomes part of a topic)`,
    );
  }
  return text;
}
