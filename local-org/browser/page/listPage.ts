import type { ObjectView } from '../data/pageContext.ts';
import { icon } from './components.ts';
import { make } from './dom.ts';
import { readRows, rowTable } from './rows.ts';

/** Draws the list of an object: what the viewer sees of it, newest or by name. */
export async function drawListPage(main: HTMLElement, view: ObjectView): Promise<void> {
  const found = await readRows(view);
  const { rows, total } = found;
  const count =
    total > rows.length ? `${rows.length} of ${total.toLocaleString('en-US')}` : `${total}`;
  main.replaceChildren(
    make(
      'div',
      { class: 'host-card host-highlights' },
      make(
        'div',
        { class: 'host-title' },
        icon(view.icon, 'medium'),
        make('h1', {}, view.pluralLabel),
        make('span', { class: 'host-count' }, `${count} ${total === 1 ? 'record' : 'records'}`),
      ),
    ),
    make(
      'div',
      { class: 'host-card' },
      rows.length === 0
        ? make('p', { class: 'host-none' }, `There are no ${view.pluralLabel} that you may see.`)
        : rowTable(view, found),
    ),
  );
}
