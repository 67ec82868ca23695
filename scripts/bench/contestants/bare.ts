import { join } from 'node:path';

import type { Contestant } from './contestant.ts';
import { startScript } from './script.ts';

/** The baseline: the MQTT library that only counts. */
export const bare: Contestant = {
  name: 'bare',
  signals: 'none',
  clears: false,
  start: ({ url, folder }) =>
    Promise.resolve(startScript([join(import.meta.dirname, 'bareSubscriber.ts'), url], folder)),
};
