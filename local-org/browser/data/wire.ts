/** What a wire gives a component. */
export interface WireResult {
  readonly data: unknown;
  readonly error: unknown;
}

export type WireConfig = Readonly<Record<string, unknown>>;

/** LWC's wire protocol: an adapter is made for each component that has the wire. */
export interface WireAdapter {
  connect(): void;
  update(config: WireConfig): void;
  disconnect(): void;
}

/**
 * Gives results for a config until the returned function is called. Returns undefined when the config
 * lacks something: the wire then waits, as Lightning's do for undefined values.
 */
export type Provide<R> = (
  config: WireConfig,
  emit: (result: R) => void,
) => (() => void) | undefined;

/**
 * Makes a wire adapter. It gives `initial` at once, so that templates can read `data` of a wire that has
 * not answered yet, and starts anew when its config has changed.
 */
export function makeAdapter<R>(
  initial: R,
  provide: Provide<R>,
): new (emit: (result: R) => void) => WireAdapter {
  return class implements WireAdapter {
    #emit: (result: R) => void;
    #config: WireConfig | undefined;
    #key = '';
    #stop: (() => void) | undefined;

    constructor(emit: (result: R) => void) {
      this.#emit = emit;
      emit(initial);
    }

    connect(): void {
      this.#start();
    }

    update(config: WireConfig): void {
      const key = JSON.stringify(config);
      if (key === this.#key && this.#stop !== undefined) return;
      this.#key = key;
      this.#config = config;
      this.#start();
    }

    disconnect(): void {
      this.#stop?.();
      this.#stop = undefined;
    }

    #start(): void {
      this.#stop?.();
      this.#stop = this.#config === undefined ? undefined : provide(this.#config, this.#emit);
    }
  };
}
