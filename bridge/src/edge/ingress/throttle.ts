/** Messages that are not safe yet, of all connections. */
export interface Backlog {
  readonly messages: number;
  readonly bytes: number;
}

/**
 * Keeps messages of QoS 0, which nobody acknowledges, from filling memory where the disk or detection cannot keep up.
 *
 * Two steps. First the socket is not read for a while: the broker keeps what comes meanwhile, as far as it keeps any of
 * QoS 0. But the answers to our pings queue behind the messages, so that must end well before the keep-alive does; from
 * then on all is read, and messages of QoS 0 that find the backlog full are dropped and counted. QoS 1 and 2 are never
 * dropped: withholding their acknowledgements is what holds the broker back.
 */
export interface Throttle {
  /** Whether a message of QoS 0 may be taken on. */
  admits(): boolean;
  /** One read of the socket is done that brought such messages, admitted or not. */
  read(): void;
  /** The connection is closed. */
  close(): void;
}

export interface ThrottleOptions {
  readonly backlog: () => Backlog;
  /** Stops reading the socket, or goes on. */
  readonly pause: (isPaused: boolean) => void;
  readonly onDropped: () => void;
  readonly keepaliveMs: number;
  /** A clock in milliseconds that does not go back. */
  readonly now: () => number;
  readonly limits?: Backlog;
}

/**
 * At usual sizes the count is reached first, at some 40 MB. It is well above the largest window of one broker (65,535),
 * so that messages of QoS 1 waiting for a slow disk do not crowd those of QoS 0 out.
 */
const LIMITS: Backlog = { messages: 100_000, bytes: 64_000_000 };
/**
 * Of the keep-alive, what reading may pause for, in one piece or several; each two milliseconds of reading give one back.
 * The library gives a ping half of the keep-alive: in any such time at least a fifth of it is left to read the answer.
 */
const PAUSED_SHARE = 1 / 3;
const GIVEN_BACK = 0.5;
/** How often a paused connection looks whether there is room again. */
const LOOK_MS = 10;

export function makeThrottle(options: ThrottleOptions): Throttle {
  const { backlog, pause, now, limits = LIMITS } = options;
  const mostMs = options.keepaliveMs * PAUSED_SHARE;
  let leftMs = mostMs;
  /* When the socket was paused, or read again. */
  let changedAt = now();
  let timer: NodeJS.Timeout | undefined;
  /* The pauses are used up: what finds no room is dropped. */
  let mustRead = false;

  /** @param share of the limits */
  const isAbove = (share: number): boolean => {
    const { messages, bytes } = backlog();
    return messages >= limits.messages * share || bytes >= limits.bytes * share;
  };

  function look(): void {
    const pausedMs = now() - changedAt;
    if (isAbove(0.5) && pausedMs < leftMs) {
      timer = setTimeout(look, LOOK_MS).unref();
      return;
    }
    timer = undefined;
    changedAt += pausedMs;
    leftMs = Math.max(0, leftMs - pausedMs);
    mustRead = leftMs === 0;
    pause(false);
  }

  function giveBack(): void {
    const at = now();
    leftMs = Math.min(mostMs, leftMs + (at - changedAt) * GIVEN_BACK);
    changedAt = at;
    if (leftMs >= mostMs / 2) mustRead = false;
  }

  return {
    admits() {
      if (!mustRead || !isAbove(1)) return true;
      options.onDropped();
      return false;
    },
    read() {
      if (timer !== undefined || !isAbove(1)) return;
      giveBack();
      if (mustRead) return;
      pause(true);
      timer = setTimeout(look, LOOK_MS).unref();
    },
    close() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
