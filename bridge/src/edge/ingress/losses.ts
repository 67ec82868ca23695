import type { Logger, LogFields } from '../../ports/telemetry.ts';

/** Counts messages of QoS 0 that were dropped, and says so once when it begins and once when it has ended. */
export interface LossReport {
  count(): void;
  /** Since the start. */
  total(): number;
  /** Called every few seconds: after a period without a loss it has ended. */
  endPeriod(): void;
}

export function makeLossReport(url: string, fields: LogFields, logger: Logger): LossReport {
  let total = 0;
  let before = 0;
  let atPeriod = 0;
  let isLosing = false;
  return {
    count() {
      total += 1;
      if (isLosing) return;
      isLosing = true;
      before = total - 1;
      logger.warn(
        fields,
        `messages of QoS 0 from ${url} are dropped: the disk or detection cannot keep up with them, and nobody keeps ` +
          'them for us. Set qos: 1 in the mappings to have the broker keep them, or send less; ' +
          'asset_signals_ingress_dropped counts them',
      );
    },
    total: () => total,
    endPeriod() {
      if (isLosing && total === atPeriod) {
        isLosing = false;
        logger.info(fields, `messages of QoS 0 are taken again; ${total - before} were dropped`);
      }
      atPeriod = total;
    },
  };
}
