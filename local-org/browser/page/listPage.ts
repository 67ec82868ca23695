import type { ListChoice, ObjectView } from '../data/pageContext.ts';
import { icon } from './components.ts';
import { make } from './dom.ts';
import { readRows, rowTable } from './rows.ts';

/**
 * Draws a list of an object: what the viewer sees of it, newest or by name.
 * @param chosen the name of one of its lists; another name gives the first
 */
export async function drawListPage(
  main: HTMLElement,
  view: ObjectView,
  chosen: string | null,
): Promise<void> {
  const list = view.lists.find(({ name }) => name === chosen) ?? view.lists[0];
  if (list === undefined) throw new Error(`${view.name} has no list`);
  const found = await readRows(view, list);
  const { rows, total } = found;
  const count =
    total > rows.length ? `${rows.length} of ${total.toLocaleString('en-US')}` : `${total}`;
  const isPart = list.where !== null;
  document.title = `${isPart ? `${list.label} | ` : ''}${view.pluralLabel} | Local org`;
  main.replaceChildren(
    make(
      'div',
      { class: 'host-card host-highlights' },
      make(
        'div',
        { class: 'host-title' },
        icon(view.icon, 'medium'),
        make(
          'h1',
          {},
          make('span', { class: 'host-title__object' }, view.pluralLabel),
          make('span', {}, list.label),
        ),
        make('span', { class: 'host-count' }, `${count} ${total === 1 ? 'record' : 'records'}`),
      ),
      view.lists.length > 1 ? choices(view, list) : undefined,
    ),
    make(
      'div',
      { class: 'host-card' },
      rows.length === 0
        ? make('p', { class: 'host-none' }, nothing(view, isPart))
        : rowTable(view, found),
    ),
  );
}

function nothing({ pluralLabel }: ObjectView, isPart: boolean): string {
  return isPart
    ? `Nothing of this kind: no ${pluralLabel} that you may see are in this list.`
    : `There are no ${pluralLabel} that you may see.`;
}

function choices(view: ObjectView, chosen: ListChoice): HTMLElement {
  const links = view.lists.map((list) => {
    const address = `/lightning/o/${encodeURIComponent(view.name)}/list?filterName=${encodeURIComponent(list.name)}`;
    const current = list === chosen ? 'page' : undefined;
    return make(
      'li',
      {},
      make('a', { class: 'host-choice', href: address, 'aria-current': current }, list.label),
    );
  });
  return make(
    'nav',
    { class: 'host-choices', 'aria-label': `Lists of ${view.pluralLabel}` },
    make('ul', {}, ...links),
  );
}
