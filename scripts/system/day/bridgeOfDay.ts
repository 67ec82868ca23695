import { readMetric } from '../bridgeAlone.ts';
import { waitFor } from '../wait.ts';
import type { BridgeConfig } from '../world.ts';
import type { Sent } from './sender.ts';

/** A machine that does much else takes its time. */
const PATIENCE_MS = 60_000;
const LOOK_MS = 20;

/**
 * The configuration of a bridge whose clock leaps: what it does every so often it does by timers, which do not, so it does
 * it more often; and what it keeps for a day it keeps for longer, because the accounting reads it after the day.
 */
export function configOfDay(config: BridgeConfig, brokerUrl: string): BridgeConfig {
  const [fleet] = config['mappings'] as readonly object[];
  const salesforce = config['salesforce'] as { readonly receipts: object };
  return {
    ...config,
    mqtt: { ...(config['mqtt'] as object), url: brokerUrl },
    mappings: [{ ...fleet, ranges: { temperature: { min: -60, max: 400 } } }],
    log: { retention: '4d' },
    salesforce: {
      ...salesforce,
      receipts: { ...salesforce.receipts, every: '200ms', missingAfter: '10m' },
      identity: { every: '2s', trustFor: '12h' },
      heartbeat: { every: '1h', name: 'the plant' },
    },
  };
}

/** What the bridge says of itself, to wait by; nothing is counted by it. */
export interface Watch {
  /** Waits until everything that was sent has been judged. */
  untilJudged(sent: readonly Sent[]): Promise<void>;
  /** Waits until nothing of it is on its way any more. */
  untilTold(): Promise<void>;
  /** Waits until its copy of the org is as new as this, milliseconds since 1970. */
  untilKnown(at: number, now: () => number): Promise<void>;
}

export function watch(httpUrl: string): Watch {
  const read = (name: string) => readMetric(httpUrl, `asset_signals_${name}`);
  const until = (what: string, isSo: () => Promise<boolean>): Promise<true> =>
    waitFor(what, async () => ((await isSo()) ? true : undefined), PATIENCE_MS, LOOK_MS);
  return {
    async untilJudged(sent) {
      await until('all messages are judged', async () => {
        const taken = (await read('readings_total')) + (await read('quarantined_total'));
        if (taken < sent.length) return false;
        return (await read('cursor_position')) >= (await read('log_position'));
      });
    },
    async untilTold() {
      await until('all events have their receipts', async () => {
        const waiting = (await read('outbox_pending')) + (await read('outbox_unreceipted'));
        return waiting === 0;
      });
    },
    async untilKnown(at, now) {
      await until('the bridge knows what has changed', async () => {
        const age = await read('identity_age_seconds');
        return age >= 0 && now() - age * 1_000 > at;
      });
    },
  };
}
