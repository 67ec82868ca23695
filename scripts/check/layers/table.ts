/** A part of the source tree and what it may know about. */
export interface Layer {
  readonly name: string;
  /** A folder (ends in a slash) or one file. The longest path that fits a file decides its layer. */
  readonly path: string;
  /** Other layers, by name; `program/*` is every layer of that program. A layer may always import itself. */
  readonly mayImport: readonly string[];
  /** Packages and `node:` modules; left out, any. */
  readonly packages?: readonly string[];
}

/**
 * The direction of every import, type-only ones included. Folders are the direction: a file's path says what it
 * may know. Tests beside the code and what helps them are the exception: they may import all of their own program, and
 * nothing but tests may import them.
 */
export const LAYERS: readonly Layer[] = [
  { name: 'bridge/model', path: 'bridge/src/model/', mayImport: [], packages: [] },
  {
    name: 'bridge/core',
    path: 'bridge/src/core/',
    mayImport: ['bridge/model'],
    packages: ['node:crypto'],
  },
  // Where payloads come in: the one part of the core that zod judges.
  {
    name: 'bridge/decode',
    path: 'bridge/src/core/decode/',
    mayImport: ['bridge/model', 'bridge/core'],
    packages: ['zod'],
  },
  { name: 'bridge/ports', path: 'bridge/src/ports/', mayImport: ['bridge/model'] },
  { name: 'bridge/config', path: 'bridge/src/config/', mayImport: ['bridge/model'] },
  { name: 'bridge/edge', path: 'bridge/src/edge/', mayImport: ['bridge/model', 'bridge/ports'] },
  {
    name: 'bridge/pipeline',
    path: 'bridge/src/pipeline/',
    mayImport: ['bridge/model', 'bridge/core', 'bridge/decode', 'bridge/ports'],
  },
  { name: 'bridge/testing', path: 'bridge/src/testing/', mayImport: ['bridge/*'] },
  { name: 'bridge/main', path: 'bridge/src/', mayImport: ['bridge/*'] },
  { name: 'bridge/test', path: 'bridge/test/', mayImport: ['bridge/*', 'local-org/*'] },

  { name: 'local-org/clock', path: 'local-org/src/clock.ts', mayImport: [], packages: [] },
  { name: 'local-org/metadata', path: 'local-org/src/metadata/', mayImport: [] },
  {
    name: 'local-org/store',
    path: 'local-org/src/store/',
    mayImport: ['local-org/metadata', 'local-org/clock'],
  },
  // Events are kept in the store's database, so that they are committed with what was saved.
  {
    name: 'local-org/events',
    path: 'local-org/src/events/',
    mayImport: ['local-org/metadata', 'local-org/store', 'local-org/clock'],
  },
  // Two contracts, types only, that the layers below their folder speak through.
  {
    name: 'local-org/dml',
    path: 'local-org/src/automation/dml.ts',
    mayImport: ['local-org/store'],
    packages: [],
  },
  {
    name: 'local-org/access',
    path: 'local-org/src/api/access.ts',
    mayImport: ['local-org/metadata', 'local-org/store'],
    packages: [],
  },
  {
    name: 'local-org/flow',
    path: 'local-org/src/flow/',
    mayImport: [
      'local-org/metadata',
      'local-org/store',
      'local-org/events',
      'local-org/clock',
      'local-org/dml',
    ],
  },
  {
    name: 'local-org/automation',
    path: 'local-org/src/automation/',
    mayImport: [
      'local-org/metadata',
      'local-org/store',
      'local-org/events',
      'local-org/flow',
      'local-org/clock',
      'local-org/dml',
    ],
  },
  {
    name: 'local-org/api',
    path: 'local-org/src/api/',
    mayImport: [
      'local-org/metadata',
      'local-org/store',
      'local-org/events',
      'local-org/flow',
      'local-org/automation',
      'local-org/clock',
      'local-org/dml',
      'local-org/access',
    ],
  },
  // Runs in the browser; the server shares nothing with it but types.
  {
    name: 'local-org/browser',
    path: 'local-org/browser/',
    mayImport: [],
    packages: ['lwc', 'lightning/icon', 'page:bundles'],
  },
  {
    name: 'local-org/page',
    path: 'local-org/src/page/',
    mayImport: [
      'local-org/metadata',
      'local-org/store',
      'local-org/access',
      'local-org/api',
      'local-org/browser',
    ],
  },
  // What flows did, kept for the console; flows know nothing of it.
  {
    name: 'local-org/runs',
    path: 'local-org/src/runs/',
    mayImport: ['local-org/store', 'local-org/flow', 'local-org/clock'],
  },
  {
    name: 'local-org/console',
    path: 'local-org/src/console/',
    mayImport: [
      'local-org/metadata',
      'local-org/store',
      'local-org/events',
      'local-org/flow',
      'local-org/runs',
      'local-org/api',
    ],
  },
  { name: 'local-org/main', path: 'local-org/src/', mayImport: ['local-org/*'] },
  { name: 'local-org/test', path: 'local-org/test/', mayImport: ['local-org/*'] },

  { name: 'scripts', path: 'scripts/', mayImport: ['bridge/*', 'local-org/*'] },
];
