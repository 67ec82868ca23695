import type { Clock } from '../clock.ts';
import { LimitException } from '../flow/errors.ts';
import { makeInterview } from '../flow/interview.ts';
import type { CompiledFlow, FlowContext, Interview } from '../flow/runtime.ts';
import type { FieldValue, RecordStore } from '../store/records.ts';
import type { Assumptions } from './assumptions.ts';
import { SCHEDULED_RUN, type AsyncQueue, type PendingPath } from './asyncQueue.ts';
import { runFlowBatch } from './flowBatch.ts';
import type { Logger } from './logger.ts';
import type { Scopes, TransactionScope } from './scope.ts';
import type { Source } from './worker.ts';

/**
 * The most records that run together where a path does not say (Metadata API, FlowScheduledPath
 * `maxBatchSize`; help platform.flow_considerations_trigger_schedule: "in batches of 200").
 */
const BATCH = 200;

const MINUTE = 60_000;

/**
 * After how long a path that failed runs again: "fixed schedule: 15, 30, 60, and 120 minutes. After
 * the final attempt, the flow interview fails" (help platform.automate_flow_troubleshoot_retries),
 * each counted from the failure before. Flows set off by events have no such retry.
 */
const RETRY_AFTER_MS = [15 * MINUTE, 30 * MINUTE, 60 * MINUTE, 120 * MINUTE];

/**
 * Asynchronous paths of record-triggered flows, after the commit that set them off, their scheduled
 * paths when their time has come, and the records of scheduled flows. What a path did and its leaving the queue are one transaction. A path that fails unhandled runs again later,
 * also when a limit undid its whole batch: the help knows no other end of an unhandled error. The
 * interviews of a scheduled flow have no such retry; the flow itself runs again.
 */
export function makeAsyncPaths(parts: {
  readonly store: RecordStore;
  readonly queue: AsyncQueue;
  readonly scopes: Scopes;
  readonly flows: ReadonlyMap<string, CompiledFlow>;
  readonly assumptions: Assumptions;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly contextOf: (scope: TransactionScope) => FlowContext;
}): Source {
  const { store, queue, clock, logger, assumptions } = parts;

  function run(flow: CompiledFlow, paths: readonly PendingPath[]): void {
    const { name } = flow.source;
    parts.scopes.within((scope) => {
      const context = parts.contextOf(scope);
      const present = paths.flatMap((path) => {
        const record = recordOf(path);
        return record === undefined ? [] : [{ path, record }];
      });
      const failed = runFlowBatch({
        store,
        scope,
        assumptions,
        items: present,
        interviewOf: (item) => interviewOf(flow, item, context),
      });
      const reasons = new Map([...failed].map(([{ path }, reason]) => [path, reason]));
      for (const path of paths) {
        const reason = reasons.get(path);
        if (reason === undefined) queue.remove(path);
        else giveBack(name, path, reason);
      }
    });
  }

  function giveBack(flow: string, path: PendingPath, reason: string): void {
    const pause = path.path === SCHEDULED_RUN ? undefined : RETRY_AFTER_MS[path.failures];
    const failure = `flow ${flow}: ${nameOf(path)} failed: ${reason}`;
    if (path.path === SCHEDULED_RUN) {
      queue.remove(path);
      logger.error(failure);
    } else if (pause === undefined) {
      queue.remove(path);
      logger.error(`${failure}; it has been tried ${path.failures + 1} times and is given up`);
    } else {
      queue.postpone(path, clock.now() + pause);
      logger.error(`${failure}; it runs again in ${pause / MINUTE} minutes`);
    }
  }

  /** A record that is gone has no path to run, whatever it was. */
  function recordOf(path: PendingPath): Record<string, FieldValue> | undefined {
    if (path.object === '') return {};
    const current = store.read(path.object, path.recordId);
    if (current === undefined) return undefined;
    if (path.record === JSON.stringify(current)) return { ...current };
    return assumptions['async-record'] === 'current' ? { ...current } : parseFields(path.record);
  }

  function interviewOf(
    flow: CompiledFlow,
    { path, record }: { path: PendingPath; record: Record<string, FieldValue> },
    context: FlowContext,
  ): Interview {
    const prior =
      path.prior === undefined
        ? undefined
        : { object: path.object, fields: parseFields(path.prior) };
    const trigger = {
      record: { object: path.object, fields: { ...record } },
      prior,
      isNew: prior === undefined,
    };
    return makeInterview(flow, context, {
      actor: { userId: path.userId },
      trigger: path.object === '' ? undefined : trigger,
      position: beginningOf(flow, path.path),
      path: path.path,
    });
  }

  function mostOf(flow: string, path: string): number {
    const start = parts.flows.get(flow)?.source.start;
    if (start?.kind !== 'record') return BATCH;
    return start.scheduled.find(({ name }) => name === path)?.maxBatchSize ?? BATCH;
  }

  return {
    nextAt: () => queue.nextDue(),
    runNext() {
      const paths = queue.next(mostOf, clock.now());
      const [first] = paths;
      if (first === undefined) return false;
      const flow = parts.flows.get(first.flow);
      if (flow === undefined) {
        logger.error(
          `the flow ${first.flow} is gone; ${paths.length} of its asynchronous paths are dropped`,
        );
        store.transaction(() => paths.forEach((path) => queue.remove(path)));
        return true;
      }
      try {
        run(flow, paths);
      } catch (error) {
        if (!(error instanceof LimitException)) throw error;
        const { message } = error;
        store.transaction(() => paths.forEach((path) => giveBack(first.flow, path, message)));
      }
      return true;
    },
  };
}

/** Where a path begins; undefined ends the interview at once, also where the flow lost the path. */
function beginningOf(flow: CompiledFlow, path: string): string | undefined {
  const { start } = flow.source;
  if (path === SCHEDULED_RUN) return start.kind === 'schedule' ? start.next : undefined;
  if (start.kind !== 'record') return undefined;
  if (path === '') return start.asynchronous?.next;
  return start.scheduled.find(({ name }) => name === path)?.next;
}

function nameOf(path: PendingPath): string {
  const record = `${path.object} ${path.recordId}`.trim();
  if (path.path === '') return `the asynchronous path of ${record}`;
  if (path.path !== SCHEDULED_RUN) return `the scheduled path ${path.path} of ${record}`;
  return record === '' ? 'its scheduled run' : `its scheduled run for ${record}`;
}

/** Written by this org from a row, so its shape is known. */
function parseFields(json: string): Record<string, FieldValue> {
  return JSON.parse(json) as Record<string, FieldValue>;
}
