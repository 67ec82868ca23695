/** See install.mjs. Rejects with an error that is written for people. */
export function ensureInstalled(root: string, what?: string): Promise<void>;
