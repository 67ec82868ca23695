import { SECRET } from './fields.ts';

/** The secret a `${NAME}` of the config file stands for. Throws, naming the variable. */
export function readSecret(reference: string, env: Readonly<NodeJS.ProcessEnv>): string {
  const name = SECRET.exec(reference)?.[1] ?? '';
  const value = env[name];
  if (value === undefined || value === '') {
    throw new Error(`comes from the environment variable ${name}, which is not set: set it`);
  }
  return value;
}
