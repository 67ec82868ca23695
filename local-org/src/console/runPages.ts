import type { LimitUse } from '../flow/limits.ts';
import { LIMITS } from '../flow/limits.ts';
import type { FlowRuns, StoredRun } from '../runs/flowRuns.ts';
import type { RunStep, RunTrigger, Shown } from '../runs/run.ts';
import { escapeHtml, facts, link, page, table } from './html.ts';
import type { Cell } from './html.ts';

/** Runs on one page, newest first. */
const MOST_RUNS = 100;

/** How people are called, by user id. */
export type NameOf = (userId: string) => string;

export const runColumns = ['Run', 'Start (UTC)', 'Flow', 'Set off by', 'User', 'End', 'Why'];

/** Runs as rows of a table. */
export function runRows(runs: readonly StoredRun[], nameOf: NameOf): Cell[][] {
  return runs.map((run) => [
    { text: `#${run.number}`, href: `/console/runs/${run.number}` },
    timeOf(run.startedAt),
    run.flow,
    triggerCell(run.trigger),
    nameOf(run.userId),
    endOf(run),
    run.message || faultOf(run),
  ]);
}

const timeOf = (ms: number): string => new Date(ms).toISOString().slice(0, 23).replace('T', ' ');

function triggerCell({ kind, object, id }: RunTrigger): Cell {
  if (kind === 'user') return 'its user';
  if (kind === 'none') return 'no record';
  if (id === '') return `${object}, a new record`;
  return {
    text: `${object} ${id}`,
    href: kind === 'record' ? `/console/records/${id}` : `/console/runs?id=${id}`,
  };
}

function endOf({ end, faults }: StoredRun): string {
  const words = {
    completed: 'completed',
    waiting: 'waited at a screen',
    refused: 'refused its record',
    failed: 'failed',
    undone: 'undone with its batch or transaction',
  }[end];
  if (faults === 0) return words;
  return `${words}, ${faults} ${faults === 1 ? 'fault' : 'faults'} handled`;
}

const faultOf = ({ steps }: StoredRun): string =>
  steps.find(({ outcome }) => outcome === 'fault')?.detail ?? '';

/** The list of runs with its filters; `flow`, `id` and `troubled` are as the form sends them. */
export function runsPage(
  runs: FlowRuns,
  query: { readonly flow: string; readonly id: string; readonly troubled: boolean },
  nameOf: NameOf,
): string {
  const found = runs.list(
    {
      flow: query.flow || undefined,
      touched: query.id || undefined,
      troubledOnly: query.troubled,
    },
    MOST_RUNS,
  );
  const options = ['', ...new Set([...runs.flows(), query.flow].filter((name) => name !== ''))].map(
    (name) =>
      `<option value="${escapeHtml(name)}"${name === query.flow ? ' selected' : ''}>${escapeHtml(name || 'All flows')}</option>`,
  );
  const off =
    runs.watcher === undefined
      ? '<p class="bad">Runs are not recorded now: the org was started with --flow-runs 0.</p>'
      : '';
  return page({
    title: 'Flow runs',
    intro: `<p>What flows did, newest first; at most ${MOST_RUNS} are shown.</p>${off}`,
    main: `<form method="get" action="/console/runs">
<label>Flow <select name="flow">${options.join('')}</select></label>
<label>Id of a record, or UUID of an event <input name="id" value="${escapeHtml(query.id)}" autocomplete="off" size="40"></label>
<label class="check"><input type="checkbox" name="troubled" value="1"${query.troubled ? ' checked' : ''}> Only with faults or failed</label>
<button>Show</button></form>
${table('Runs', runColumns, runRows(found, nameOf), 'No run is kept that fits.')}`,
  });
}

const LIMIT_NAMES: Readonly<Record<keyof LimitUse, string>> = {
  queries: 'queries',
  queryRows: 'query rows',
  dmlStatements: 'DML statements',
  dmlRows: 'DML rows',
  elements: 'elements',
};

const limitsText = (use: LimitUse): string =>
  Object.entries(LIMIT_NAMES)
    .map(([key, name]) => {
      const counter = key as keyof LimitUse;
      return `${name} ${use[counter].toLocaleString('en')} of ${LIMITS[counter].toLocaleString('en')}`;
    })
    .join(' · ');

/** What belongs to a run. */
export interface Together {
  /** The other runs of its transaction. */
  readonly others: readonly StoredRun[];
  /** The runs of its interview, itself among them, oldest first. */
  readonly parts: readonly StoredRun[];
}

/** One run, step by step. */
export function runPage(run: StoredRun, { others, parts }: Together, nameOf: NameOf): string {
  const trigger = triggerCell(run.trigger);
  const user = nameOf(run.userId);
  const steps = run.steps.map((step, index) => stepItem(run, step, index + 1));
  const rest =
    run.leftOut === 0
      ? ''
      : `<p>${run.leftOut.toLocaleString('en')} further steps are not kept.</p>`;
  return page({
    title: `Run #${run.number} of ${run.flow}`,
    intro: '<p>Limits are those of the whole transaction, with all that ran in it.</p>',
    main: `<section><h2>The run</h2>${facts([
      ['Set off by', typeof trigger === 'string' ? escapeHtml(trigger) : link(trigger)],
      ['Start (UTC)', timeOf(run.startedAt)],
      ['User', escapeHtml(user)],
      ['End', escapeHtml(endOf(run))],
      ...(run.message === ''
        ? []
        : [['Why', `<span class="bad">${escapeHtml(run.message)}</span>`] as const]),
      ['Transaction', escapeHtml(run.transaction)],
      ['Interview', escapeHtml(run.interview)],
      ['Limits used at the end', escapeHtml(limitsText(run.limits))],
    ])}</section>
<section><h2>Steps</h2>${steps.length === 0 ? '<p class="none">It ended without an element.</p>' : `<ol class="steps" style="list-style:none;margin:0;padding:0">${steps.join('\n')}</ol>`}${rest}</section>
${parts.length < 2 ? '' : table('The interview, from screen to screen', runColumns, runRows(parts, nameOf), '')}
${table('Runs of the same transaction', runColumns, runRows(others, nameOf), 'None but this one.')}`,
  });
}

const KINDS: Readonly<Record<string, string>> = {
  recordLookups: 'Get Records',
  recordCreates: 'Create Records',
  collectionProcessors: 'Collection Filter or Sort',
  recordUpdates: 'Update Records',
  recordDeletes: 'Delete Records',
  decisions: 'Decision',
  assignments: 'Assignment',
  loops: 'Loop',
  subflows: 'Subflow',
  actionCalls: 'Action',
  customErrors: 'Custom Error',
  screens: 'Screen',
};

function stepItem(run: StoredRun, step: RunStep, number: number): string {
  const own = step.flow === run.flow ? '' : ` of ${step.flow}`;
  const what = `${KINDS[step.kind] ?? step.kind}${own} · ${wayOf(step)}`;
  const isBad = !['done', 'shown', 'back'].includes(step.outcome);
  const why = isBad ? `<p class="bad">${escapeHtml(step.detail ?? '')}</p>` : '';
  const values = [...valuesOf('in', step.given), ...valuesOf('out', step.result)];
  return `<li${isBad ? ' class="bad"' : ''}><h3>${number}. ${escapeHtml(step.element)}</h3><p>${escapeHtml(what)}</p>${why}<p>${escapeHtml(limitsText(step.limits))}</p>${values.length === 0 ? '' : facts(values)}</li>`;
}

function valuesOf(way: 'in' | 'out', values: readonly Shown[]): [string, string][] {
  return values.map(([name, value]) => [`${name} (${way})`, escapeHtml(value)]);
}

function wayOf({ outcome, connector, detail }: RunStep): string {
  if (outcome === 'unhandled') return 'failed, and no fault path took it';
  if (outcome === 'custom-error') return 'refused the record';
  if (outcome === 'shown') return 'shown to its user';
  if (outcome === 'back') return 'its user went back';
  switch (connector) {
    case 'fault':
      return 'left by the fault path';
    case 'rule':
      return `outcome ${detail ?? ''}`;
    case 'default':
      return 'default outcome';
    case 'nextValue':
      return 'next value';
    case 'noMoreValues':
      return 'no more values';
    default:
      return 'went on';
  }
}
