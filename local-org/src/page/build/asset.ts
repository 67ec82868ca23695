/** A file that pages load from `/assets/NAME`; its name holds a hash of its content. */
export interface Asset {
  readonly name: string;
  readonly content: string;
}

/** Where assets are served. */
export const ASSET_PATH = '/assets/';
