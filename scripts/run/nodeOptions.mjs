/*
 * What V8 may take before it collects garbage. Unless told otherwise it lets the room for new objects grow to 2 x 64 MB,
 * and the heap to several times of what is in use before it looks for garbage in all of it: good for a program that is alone,
 * not for one that runs beside others for months. Neither option limits what can be in use.
 * Smaller ones cost CPU (8 MB: about a tenth a message), larger ones do not hold 256 MB in an outage (`npm run bench -- outage`).
 */
const OPTIONS = ['--max-semi-space-size=14', '--heap-growing-percent=50'];
/*
 * What glibc, where that is the library of C, may keep of memory that was given back to it. Left alone it has an arena for every
 * thread and believes that blocks as large as the largest that was ever given back will be wanted again, up to 32 MB each: 40 MB to
 * 50 MB of a bridge with 200,000 devices (`npm run bench -- memory --quick`). Source: mallopt(3).
 */
const ENVIRONMENT = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072',
};

const isBridge = (file) => file === 'bridge/src/main.ts';

/** Options of Node for a program of this project, by its path from the root. */
export const nodeOptionsFor = (file) => (isBridge(file) ? OPTIONS : []);

/** What stands in the environment of such a program, unless somebody has put something else there. */
export const environmentFor = (file) => (isBridge(file) ? ENVIRONMENT : {});
