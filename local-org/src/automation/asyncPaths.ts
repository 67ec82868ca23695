import { LimitException } from '../flow/errors.ts';
import { makeInterview } from '../flow/interview.ts';
import type { CompiledFlow, FlowContext, Interview } from '../flow/runtime.ts';
import type { FieldValue, RecordStore } from '../store/records.ts';
import type { Assumptions } from './assumptions.ts';
import type { AsyncQueue, PendingPath } from './asyncQueue.ts';
import { runFlowBatch } from './flowBatch.ts';
import type { Logger } from './logger.ts';
import type { Scopes, TransactionScope } from './scope.ts';

/** The most records of one path that run together (Metadata API, FlowScheduledPath `maxBatchSize`). */
const BATCH = 200;

export interface AsyncPaths {
  /** Runs the oldest batch that is due; false when none is. */
  runNext(): boolean;
  isIdle(): boolean;
}

/**
 * Asynchronous paths of record-triggered flows, after the commit that set them off. What a path
 * did and its leaving the queue are one transaction. A batch undone by a limit is not tried again.
 */
export function makeAsyncPaths(parts: {
  readonly store: RecordStore;
  readonly queue: AsyncQueue;
  readonly scopes: Scopes;
  readonly flows: ReadonlyMap<string, CompiledFlow>;
  readonly assumptions: Assumptions;
  readonly logger: Logger;
  readonly contextOf: (scope: TransactionScope) => FlowContext;
}): AsyncPaths {
  const { store, queue, logger, assumptions } = parts;

  function run(flow: CompiledFlow, paths: readonly PendingPath[]): void {
    const { name } = flow.source;
    parts.scopes.within((scope) => {
      queue.remove(paths);
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
      for (const [{ path }, reason] of failed) {
        logger.error(
          `flow ${name}: the asynchronous path of ${path.object} ${path.recordId} failed: ${reason}`,
        );
      }
    });
  }

  /** A record that is gone has no path to run, whatever it was. */
  function recordOf(path: PendingPath): Record<string, FieldValue> | undefined {
    const current = store.read(path.object, path.recordId);
    if (current === undefined) return undefined;
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
    const { start } = flow.source;
    return makeInterview(flow, context, {
      actor: { userId: path.userId },
      trigger: {
        record: { object: path.object, fields: { ...record } },
        prior,
        isNew: prior === undefined,
      },
      position: start.kind === 'record' ? start.asynchronous?.next : undefined,
    });
  }

  return {
    runNext() {
      const paths = queue.next(BATCH);
      const [first] = paths;
      if (first === undefined) return false;
      const flow = parts.flows.get(first.flow);
      if (flow === undefined) {
        logger.error(
          `the flow ${first.flow} is gone; ${paths.length} of its asynchronous paths are dropped`,
        );
        store.transaction(() => queue.remove(paths));
        return true;
      }
      try {
        run(flow, paths);
      } catch (error) {
        if (!(error instanceof LimitException)) throw error;
        logger.error(
          `flow ${first.flow}: the asynchronous path of ${paths.length} records was undone and will not be tried again: ${error.message}`,
        );
        store.transaction(() => queue.remove(paths));
      }
      return true;
    },
    isIdle: () => queue.isEmpty(),
  };
}

/** Written by this org from a row, so its shape is known. */
function parseFields(json: string): Record<string, FieldValue> {
  return JSON.parse(json) as Record<string, FieldValue>;
}
