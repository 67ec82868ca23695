import { readMetric } from '../bridgeAlone.ts';
import { waitFor } from '../wait.ts';
import type { BridgeConfig } from '../world.ts';

/** A machine that does much else takes its time. */
const PATIENCE_MS = 60_000;
const LOOK_MS = 20;

/** What may be published in an hour, more than all of the day takes but for an hour at noon. */
const PUBLISHES_PER_HOUR = 150;
/** The bridge looks once a second whether something may go that may not yet. */
const LOOKED_MS = 1_500;

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
      budget: { publishesPerHour: { share: 1, limit: PUBLISHES_PER_HOUR } },
      shedding: { beyond: '1h' },
      heartbeat: { every: '1h', name: 'the plant' },
    },
  };
}

/** What the bridge says of itself, to wait by; nothing is counted by it. */
export interface Watch {
  /** Waits until so many more messages have been judged. */
  untilJudged(sent: number): Promise<void>;
  /** Waits until the log has so many more messages than when that was waited for last. */
  untilTaken(messages: number): Promise<void>;
  /** Waits until no more messages come, however many they are. */
  untilQuiet(): Promise<void>;
  /** Waits until nothing is on its way any more but what the budget does not allow yet. */
  untilTold(): Promise<void>;
  /** Waits until its copy of the org is as new as this, milliseconds since 1970. */
  untilKnown(at: number, now: () => number): Promise<void>;
}

export function watch(httpUrl: string): Watch {
  const read = (name: string) => readMetric(httpUrl, `asset_signals_${name}`);
  const until = (what: string, isSo: () => Promise<boolean>): Promise<true> =>
    waitFor(what, async () => ((await isSo()) ? true : undefined), PATIENCE_MS, LOOK_MS);
  const readTaken = async (): Promise<number> =>
    (await read('readings_total')) + (await read('quarantined_total'));
  let taken = 0;
  return {
    async untilJudged(sent) {
      const wanted = taken + sent;
      await until('all messages are judged', async () => {
        taken = await readTaken();
        if (taken < wanted) return false;
        return (await read('cursor_position')) >= (await read('log_position'));
      });
    },
    async untilTaken(messages) {
      const wanted = taken + messages;
      await until('enough is in the log', async () => (await readTaken()) >= wanted);
    },
    async untilQuiet() {
      let [before, since] = [-1, 0];
      await until('the broker has sent all of it again', async () => {
        taken = await readTaken();
        const now = performance.now();
        if (taken !== before) [before, since] = [taken, now];
        return now - since > LOOKED_MS;
      });
    },
    async untilTold() {
      let [before, since] = [-1, 0];
      await until('all events that may go have their receipts', async () => {
        const [pending, unreceipted] = [
          await read('outbox_pending'),
          await read('outbox_unreceipted'),
        ];
        const now = performance.now();
        if (pending !== before || unreceipted > 0) [before, since] = [pending, now];
        return unreceipted === 0 && (pending === 0 || now - since > LOOKED_MS);
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
