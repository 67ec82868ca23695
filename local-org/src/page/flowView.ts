import type { PageView } from '../../browser/data/pageContext.ts';

type FlowView = Extract<PageView, { kind: 'flow' }>;

/**
 * What the address of a flow says. Variables are parameters, with or without `flow__` before their name, several
 * times for a list (help platform.flow_distribute_internal_url_variable); `retURL` is where the end leads, a page of
 * this org (help platform.flow_distribute_internal_url_returl).
 */
export function flowViewOf(flow: string, query: URLSearchParams): FlowView {
  const names = [...new Set(query.keys())].filter((name) => name !== 'retURL');
  const inputs = names.map((name): [string, string | readonly string[]] => {
    const [first = '', ...more] = query.getAll(name);
    return [name.replace(/^flow__/, ''), more.length === 0 ? first : [first, ...more]];
  });
  return { kind: 'flow', flow, inputs: Object.fromEntries(inputs), returnTo: returnTo(query) };
}

/** A path below this org's address, or null; another site is no place to be sent to. */
function returnTo(query: URLSearchParams): string | null {
  const given = query.get('retURL')?.trim() ?? '';
  if (given === '') return null;
  const here = 'http://org.invalid';
  const url = URL.parse(given, `${here}/`);
  return url?.origin === here ? `${url.pathname}${url.search}${url.hash}` : null;
}
