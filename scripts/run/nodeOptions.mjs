/*
 * What V8 may take before it collects garbage. Unless told otherwise it lets the room for new objects grow to 2 x 64 MB,
 * and the heap to several times of what is in use before it looks for garbage in all of it: good for a program that is alone,
 * not for one that runs beside others for months. Neither option limits what can be in use.
 */
const BRIDGE = ['--max-semi-space-size=16', '--heap-growing-percent=100'];

/** Options of Node for a program of this project, by its path from the root. */
export const nodeOptionsFor = (file) => (file === 'bridge/src/main.ts' ? BRIDGE : []);
