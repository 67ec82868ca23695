import type { Step } from '../step.ts';
export const metadataStep: Step = { name: 'metadata', run: () => Promise.resolve([]) };
