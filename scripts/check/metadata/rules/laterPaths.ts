import type { Rule } from '../rule.ts';
import { childOf, childrenOf, textOf, type XmlElement } from '../xml.ts';

/* What a path that runs asynchronously may have. Its label, times and batch size are refused by name. */
const OF_ASYNC: ReadonlySet<string> = new Set(['connector', 'name', 'pathType']);

/**
 * Paths that run later stand where an org takes them: in after-save flows ("Flows with the trigger type
 * RecordBeforeSave can't have scheduled paths."), and, where the flow runs on changes too, only with conditions that the
 * record has just come to meet: Flow Builder offers them for no other. A path that runs asynchronously carries nothing
 * but its type (an org's own list, put down in a public library of flow files: Label, TimeSource, OffsetUnit,
 * OffsetNumber, RecordField, MaxBatchSize).
 */
export const laterPaths: Rule = function* ({ type, root }) {
  const start = type === 'Flow' ? childOf(root, 'start') : undefined;
  if (start === undefined) return;
  for (const path of childrenOf(start, 'scheduledPaths')) {
    const { line } = path;
    const trigger = textOf(start, 'triggerType');
    if (trigger !== 'RecordAfterSave') {
      yield { line, text: `a flow with the trigger ${trigger} cannot have scheduled paths` };
    }
    if (runsUnasked(start)) {
      const missing = 'doesRequireRecordChangedToMeetCriteria and conditions';
      yield { line, text: `a path that runs later needs ${missing} where a flow runs on changes` };
    }
    if (textOf(path, 'pathType') !== 'AsyncAfterCommit') continue;
    for (const part of path.children) {
      if (!OF_ASYNC.has(part.name))
        yield { line: part.line, text: `an asynchronous path cannot have <${part.name}>` };
    }
  }
};

function runsUnasked(start: XmlElement): boolean {
  if (!textOf(start, 'recordTriggerType').endsWith('Update')) return false;
  const asks = textOf(start, 'doesRequireRecordChangedToMeetCriteria') === 'true';
  return !asks || (childOf(start, 'filters') ?? childOf(start, 'filterFormula')) === undefined;
}
