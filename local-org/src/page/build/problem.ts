import { relative } from 'node:path';

import { z } from 'zod';

/** Why pages cannot be built, for people. */
export interface BuildProblem {
  readonly message: string;
  /** Absolute. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** The piece of the file that is meant. */
  readonly frame?: string;
}

/** The fields that rollup and the LWC compiler put on their errors. */
const shape = z.looseObject({
  message: z.string(),
  id: z.string().optional(),
  filename: z.string().optional(),
  frame: z.string().optional(),
  loc: z
    .looseObject({
      file: z.string().optional(),
      line: z.number().optional(),
      column: z.number().optional(),
    })
    .optional(),
  location: z
    .looseObject({ line: z.number().optional(), column: z.number().optional() })
    .optional(),
});

/** What went wrong in a build, whoever threw it. */
export function toProblem(error: unknown): BuildProblem {
  const parsed = shape.safeParse(error);
  if (!parsed.success) return { message: String(error) };
  const { message, id, filename, frame, loc, location } = parsed.data;
  const file = (loc?.file ?? filename ?? id)?.split('?')[0];
  const line = loc?.line ?? location?.line;
  const column = loc?.column ?? location?.column;
  return {
    message: plain(message, file),
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
    ...(frame === undefined ? {} : { frame }),
  };
}

/** Without the prefixes that plugins put before a message; file and line stand apart. */
function plain(message: string, file: string | undefined): string {
  const text = message.replace(/^\[plugin [^\]]+\]\s*/, '');
  const own =
    file === undefined
      ? text
      : text.replace(new RegExp(`^${RegExp.escape(file)}(?:\\s\\(\\d+:\\d+\\))?:\\s*`), '');
  return own.replace(/^(?:SyntaxError: )?@lwc\/rollup-plugin:\s*/, '').trim();
}

/** One line for the log: `force-app/…/x.html:12:4: message`. */
export function describeProblem(problem: BuildProblem): string {
  return `${placeOf(problem)}${problem.message}`;
}

/** Where, relative to the working folder, with a colon and a space behind it; empty when unknown. */
export function placeOf({ file, line, column }: BuildProblem): string {
  if (file === undefined) return '';
  const path = relative(process.cwd(), file);
  const where = path.startsWith('..') ? file : path;
  return line === undefined ? `${where}: ` : `${where}:${line}:${(column ?? 0) + 1}: `;
}
