import type { ObjectView, PageContext, PageRegion } from '../data/pageContext.ts';
import { fieldAt, isRecord } from '../data/record.ts';
import type { UiRecord } from '../data/record.ts';
import { records } from '../data/shared.ts';
import type { WireResult } from '../data/wire.ts';
import formFactor from '../salesforce/formFactor.ts';
import { openAction, openFlowAction } from './actionWindow.ts';
import { icon, placeBundle } from './components.ts';
import { namesToAsk, pairs, sectionOf } from './details.ts';
import type { Section } from './details.ts';
import { make } from './dom.ts';
import { noAccess, problem } from './messages.ts';
import { objectInfo, readable } from './objectInfo.ts';
import type { FieldInfo } from './objectInfo.ts';
import { relatedLists } from './relatedLists.ts';

interface Page {
  readonly context: PageContext;
  readonly view: ObjectView;
  readonly recordId: string;
  readonly highlights: readonly FieldInfo[];
  readonly details: readonly Section[];
  /** Parts that follow the record: drawn anew whenever it has changed. */
  readonly followers: ((record: UiRecord) => void)[];
}

/**
 * Draws the page of a record: the regions of its record page, each with its components. Nothing is drawn
 * before the org has shown the viewer the record.
 */
export async function drawRecordPage(
  main: HTMLElement,
  context: PageContext,
  view: ObjectView,
  recordId: string,
): Promise<void> {
  const info = await objectInfo(view.name);
  const page: Page = {
    context,
    view,
    recordId,
    highlights: readable(info, view.highlights),
    details: view.details.map(({ heading, columns }) => ({
      heading,
      columns: columns.map((column) => readable(info, column)),
    })),
    followers: [],
  };
  const shown = page.details.flatMap(({ columns }) => columns.flat());
  const optional = namesToAsk(view.name, [...page.highlights, ...shown]);
  let isDrawn = false;
  records.watch(recordId, [`${view.name}.${view.nameField}`], optional, (result: WireResult) => {
    const { data } = result;
    if (!isRecord(data) || data.apiName !== view.name) {
      main.replaceChildren(
        isRecord(data) || isDenied(result.error) ? noAccess() : problem(result.error),
      );
      isDrawn = false;
      return;
    }
    document.title = `${nameOf(view, data)} | ${view.label} | Local org`;
    if (!isDrawn) drawRegions(main, page);
    isDrawn = true;
    for (const follow of page.followers) follow(data);
  });
}

/** What the API answers for records that are missing and for those one may not see. */
function isDenied(error: unknown): boolean {
  const status =
    typeof error === 'object' && error !== null && 'status' in error ? error.status : 0;
  return status === 404 || status === 403 || status === 400;
}

function drawRegions(main: HTMLElement, page: Page): void {
  page.followers.length = 0;
  const regions = page.view.pages[formFactor];
  main.replaceChildren(
    make('div', { class: 'host-regions' }, ...regions.map((region) => drawRegion(page, region))),
  );
}

function drawRegion(page: Page, { name, components }: PageRegion): HTMLElement {
  const region = make('div', { class: `host-region host-region_${name}` });
  for (const component of components) {
    const slot = make('div', { class: 'host-slot' });
    region.append(slot);
    if (component.kind === 'standard') drawStandard(slot, page, component.name);
    else
      void placeBundle(slot, component.name, {
        ...component.properties,
        recordId: page.recordId,
        objectApiName: page.view.name,
      });
  }
  return region;
}

function drawStandard(slot: HTMLElement, page: Page, name: string): void {
  if (name === 'force:highlightsPanel')
    page.followers.push((record) => slot.replaceChildren(highlights(page, record)));
  if (name === 'force:detailPanel')
    page.followers.push((record) => slot.replaceChildren(detailPanel(page, record)));
  if (name === 'force:relatedListContainer')
    slot.append(relatedLists(page.view.relatedLists, page.context.objects, page.recordId));
}

function highlights(page: Page, record: UiRecord): HTMLElement {
  const { view, recordId } = page;
  const buttons = view.actions.map((action) => {
    const button = make('button', { type: 'button', class: 'host-button' }, action.label);
    button.addEventListener('click', () => {
      if ('flow' in action) openFlowAction(action.label, action.flow, recordId);
      else openAction(action.label, action.component, recordId);
    });
    return button;
  });
  return make(
    'div',
    { class: 'host-card host-highlights' },
    make(
      'div',
      { class: 'host-title' },
      icon(view.icon, 'medium'),
      make(
        'h1',
        {},
        make('span', { class: 'host-title__object' }, view.label),
        make('span', {}, nameOf(view, record)),
      ),
      buttons.length === 0 ? undefined : make('div', { class: 'host-actions' }, ...buttons),
    ),
    page.highlights.length === 0 ? undefined : pairs(record, page.highlights, 'host-facts'),
  );
}

function detailPanel(page: Page, record: UiRecord): HTMLElement {
  return make(
    'section',
    { class: 'host-card' },
    make('div', { class: 'host-card__title' }, make('h2', {}, 'Details')),
    ...page.details.map((section) => sectionOf(record, section)),
  );
}

function nameOf(view: ObjectView, record: UiRecord): string {
  const value = fieldAt(record, [view.nameField])?.value;
  return typeof value === 'string' && value !== '' ? value : record.id;
}
