import type { ObjectView, RelatedList } from '../data/pageContext.ts';
import { icon } from './components.ts';
import { make } from './dom.ts';
import { readRows, rowTable } from './rows.ts';

/** Draws the related lists of a record; the viewer's rights decide which rows there are. */
export function relatedLists(
  lists: readonly RelatedList[],
  objects: Readonly<Record<string, ObjectView>>,
  recordId: string,
): HTMLElement {
  const box = make('div', { class: 'host-stack' });
  for (const list of lists) {
    const view = objects[list.object];
    if (view === undefined) continue;
    const content = make(
      'div',
      { class: 'host-card__body' },
      make('p', { class: 'host-none' }, '…'),
    );
    const heading = make('h2', {}, list.label);
    box.append(
      make(
        'section',
        { class: 'host-card' },
        make('div', { class: 'host-card__title' }, icon(view.icon, 'small'), heading),
        content,
      ),
    );
    void fill(content, heading, view, list, recordId);
  }
  return box;
}

async function fill(
  content: HTMLElement,
  heading: HTMLElement,
  view: ObjectView,
  { lookup, label, columns, orderBy }: RelatedList,
  recordId: string,
): Promise<void> {
  try {
    const found = await readRows(view, {
      columns,
      where: `{ ${lookup}: { eq: ${JSON.stringify(recordId)} } }`,
      ...(orderBy === undefined ? {} : { orderBy }),
    });
    heading.textContent = `${label} (${found.total.toLocaleString('en-US')})`;
    content.replaceChildren(
      found.rows.length === 0 ? make('p', { class: 'host-none' }, 'None.') : rowTable(view, found),
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'The list cannot be read.';
    content.replaceChildren(make('p', { class: 'host-none', role: 'alert' }, reason));
  }
}
