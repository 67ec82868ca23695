import { makeBenchFolder } from '../programs/folder.ts';
import { startLoadSource } from '../programs/loadSource.ts';
import type { LoadOptions, LoadSource } from '../programs/loadSource.ts';
import { startOrg } from '../programs/org.ts';
import type { Org } from '../programs/org.ts';
import { startBridge } from './ours.ts';
import type { RunningBridge } from './ours.ts';

/** The bridge with a load source that is ready to feed it and the org it tells. */
export interface LoadedBridge extends AsyncDisposable {
  readonly folder: string;
  readonly org: Org;
  readonly source: LoadSource;
  readonly bridge: RunningBridge;
}

export interface LoadedBridgeOptions extends LoadOptions {
  /** Names the folder. */
  readonly name: string;
  readonly charts: boolean;
  /** Options of Node for the bridge. */
  readonly nodeArgs?: (folder: string) => readonly string[];
  readonly env?: (folder: string) => Readonly<Record<string, string>>;
}

/** Every program fresh; disposing ends them and removes the folder. */
export async function startLoadedBridge(options: LoadedBridgeOptions): Promise<LoadedBridge> {
  const { name, charts, devices, signals, window, nodeArgs = () => [], env } = options;
  await using stack = new AsyncDisposableStack();
  const { path: folder } = stack.use(await makeBenchFolder(name));
  const org = stack.use(await startOrg(folder));
  const source = stack.use(await startLoadSource({ devices, signals, window }, folder));
  const places = { url: source.url, org, folder };
  const bridge = stack.use(await startBridge(places, { charts }, nodeArgs(folder), env?.(folder)));
  await source.ready();
  const kept = stack.move();
  return {
    folder,
    org,
    source,
    bridge,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
