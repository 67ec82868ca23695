import { z } from 'zod';
import { parseBytes, parseDuration } from './units.ts';

/** The kinds of values a config file holds. Each error is the end of "KEY is VALUE; …". */

export const text = (maxLength: number) =>
  z
    .string({ error: 'a text is required' })
    .min(1, { error: 'it may not be empty' })
    .max(maxLength, { error: `at most ${maxLength} characters are allowed` })
    .refine((value) => !SECRET.test(value), {
      error: 'only secrets come from the environment; write the value itself',
    });

export const flag = () => z.boolean({ error: 'allowed are true and false' });

export const number = () => z.number({ error: 'a number is required' });

export const integer = (min: number, max: number) => {
  const error = `a whole number from ${min} to ${max} is required`;
  return z.int({ error }).min(min, { error }).max(max, { error });
};

/** From 0 to 1. */
export const part = () => {
  const error = 'a number from 0 to 1 is required';
  return z.number({ error }).min(0, { error }).max(1, { error });
};

/** Above 0, at most 1. */
export const fraction = () => {
  const error = 'a number above 0 and at most 1 is required';
  return z.number({ error }).gt(0, { error }).max(1, { error });
};

export const choice = <const T extends readonly [string | number, ...(string | number)[]]>(
  values: T,
) => z.literal(values, { error: `allowed are ${values.join(', ')}` });

/** Milliseconds, written as `500ms`, `2s`, `15m`, `12h` or `7d`. */
export const duration = (minMs = 0) => {
  const error = 'a duration is required, such as 500ms, 2s, 15m, 12h or 7d';
  return z.string({ error }).transform((value, context) => {
    const ms = parseDuration(value);
    if (ms === undefined) context.issues.push({ code: 'custom', input: value, message: error });
    else if (ms < minMs) {
      const message = `at least ${minMs}ms is required`;
      context.issues.push({ code: 'custom', input: value, message });
    }
    return ms ?? 0;
  });
};

/** Bytes, as a whole number or written as `64KB`, `1MB` or `2GB`. */
export const bytes = (min: number) => {
  const error = 'a number of bytes is required, such as 65536, 64KB, 1MB or 2GB';
  return z.union([z.int(), z.string()], { error }).transform((value, context) => {
    const size = typeof value === 'number' ? value : parseBytes(value);
    if (size === undefined) context.issues.push({ code: 'custom', input: value, message: error });
    else if (size < min) {
      const message = `at least ${min} bytes are required`;
      context.issues.push({ code: 'custom', input: value, message });
    }
    return size ?? 0;
  });
};

/** A URL with one of the schemes; without user, password, query or fragment. */
export const url = (schemes: readonly string[], example: string) =>
  z.string({ error: `a URL is required, such as ${example}` }).check((context) => {
    const problem = urlProblem(context.value, schemes, example);
    if (problem !== undefined) {
      context.issues.push({ code: 'custom', input: context.value, message: problem });
    }
  });

function urlProblem(value: string, schemes: readonly string[], example: string) {
  if (!URL.canParse(value)) return `a URL is required, such as ${example}`;
  const { protocol, username, password, search, hash } = new URL(value);
  if (!schemes.includes(protocol.slice(0, -1))) {
    return `it must begin with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`;
  }
  if (username !== '' || password !== '') {
    return 'user and password do not belong into the URL: use the keys username and password beside it';
  }
  return search === '' && hash === ''
    ? undefined
    : `nothing may follow the address, as in ${example}`;
}

/** A whole value of the form `${NAME}`: the environment variable that holds the secret. */
export const SECRET = /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/;

/** A secret, by the name of its environment variable only: it never stands in the file. */
export const secret = () => {
  const error = 'secrets stay out of the file: write ${NAME} and set the environment variable NAME';
  return z.string({ error }).regex(SECRET, { error });
};
