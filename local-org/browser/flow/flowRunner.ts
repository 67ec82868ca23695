import { make } from '../page/dom.ts';
import { at } from '../page/rows.ts';
import { answersOf, drawField, updateFields } from './fields.ts';
import type { DrawnField } from './fields.ts';
import * as steps from './steps.ts';
import type { Step } from './steps.ts';

/** A step that takes longer than this shows that it is at work. */
const SLOW_MS = 300;

/** Answers wait this long for the next one before the org is asked what they change. */
const LOOK_AFTER_MS = 250;

/** A flow on the page. */
export interface RunnerOptions {
  readonly flow: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The tag of the flow's own heading: below a window's title it is not the first. */
  readonly heading: 'h1' | 'h3';
  /** What to do when it has finished; `restart` begins a new interview, undefined when this one showed no screen. */
  readonly onFinished: (restart: (() => Promise<void>) | undefined) => void;
}

/**
 * Draws the screens of a flow into `box`, one after another. Focus goes to the heading of a new screen and
 * to the first answer that is not accepted. `leave` ends the interview.
 */
export function runFlow(box: HTMLElement, options: RunnerOptions): { leave(): void } {
  let id = '';
  let hasShown = false;
  /** Raised by every step: what was asked before it is no news any more. */
  let generation = 0;
  const news = make('p', { class: 'flow-hidden', role: 'status' });
  const stage = make('div', { class: 'flow-stage' });
  box.replaceChildren(news, stage);

  /** Does one step; while it is under way nothing else can be clicked. */
  async function step(work: () => Promise<Step>): Promise<void> {
    generation += 1;
    const busy = setTimeout(() => {
      box.setAttribute('aria-busy', 'true');
      news.textContent = 'Working…';
    }, SLOW_MS);
    for (const button of stage.querySelectorAll('button')) button.disabled = true;
    try {
      show(await work());
    } catch (error) {
      console.error(error);
      showMessage('The flow cannot go on', [messageOf(error)]);
    } finally {
      clearTimeout(busy);
      box.removeAttribute('aria-busy');
      if (news.textContent === 'Working…') news.textContent = '';
    }
  }

  const restart = (): Promise<void> => {
    hasShown = false;
    return step(() => steps.start(options.flow, options.inputs));
  };

  function show(next: Step): void {
    id = next.kind === 'screen' ? next.id : '';
    if (next.kind === 'screen') showScreen(next);
    else if (next.kind === 'finished') options.onFinished(hasShown ? restart : undefined);
    else
      showMessage('An unhandled fault has occurred in this flow', [
        'What was done since the last screen is undone. Ask your administrator, and give these details.',
        `${next.element === '' ? '' : `${next.element}: `}${next.message}`,
      ]);
  }

  function showScreen({ screen, label, errors }: Extract<Step, { kind: 'screen' }>): void {
    hasShown = true;
    if (options.heading === 'h1') document.title = `${label} | Local org`;
    const fields = screen.fields.map(drawField);
    const title = make(options.heading, { class: 'flow-title' }, label);
    const subtitle = make(
      options.heading === 'h1' ? 'h2' : 'h4',
      { class: 'flow-hidden', tabindex: '-1' },
      screen.label,
    );
    const problems = make('div', { class: 'flow-problems', role: 'alert' });
    const form = make(
      'form',
      { novalidate: '', 'aria-label': screen.label },
      ...fields.map(({ element }) => element),
      footer(screen),
    );
    title.classList.toggle('flow-hidden', !screen.showHeader);
    const help =
      screen.help === null
        ? []
        : [
            make(
              'details',
              { class: 'flow-help' },
              make('summary', {}, 'Help'),
              make('p', {}, screen.help),
            ),
          ];
    stage.replaceChildren(title, subtitle, ...help, problems, form);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (screen.next !== null) void step(() => steps.go(id, 'next', answersOf(fields)));
    });
    form
      .querySelector('.flow-back')
      ?.addEventListener('click', () => void step(() => steps.go(id, 'back', {})));
    if (screen.reacts) react(form, fields);
    complain(fields, errors, problems, subtitle);
  }

  /** Asks the org what an answer changes on the screen; only the last question counts. */
  function react(form: HTMLElement, fields: readonly DrawnField[]): void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      generation += 1;
      const own = generation;
      const screen = await steps.look(id, answersOf(fields)).catch(() => undefined);
      if (screen !== undefined && own === generation) updateFields(fields, screen);
    };
    form.addEventListener('input', () => {
      clearTimeout(timer);
      const own = generation;
      timer = setTimeout(() => {
        if (own === generation) void ask();
      }, LOOK_AFTER_MS);
    });
  }

  function showMessage(heading: string, texts: readonly string[]): void {
    const again = make('button', { type: 'button', class: 'host-button' }, 'Start again');
    again.addEventListener('click', () => void restart());
    const title = make(options.heading, { class: 'flow-title', tabindex: '-1' }, heading);
    stage.replaceChildren(
      make(
        'div',
        { class: 'flow-fault', role: 'alert' },
        title,
        ...texts.map((text) => make('p', {}, text)),
      ),
      make('div', { class: 'flow-footer' }, again),
    );
    title.focus();
  }

  void restart();
  return {
    leave() {
      if (id !== '') steps.leave(id);
      id = '';
    },
  };
}

function footer(screen: steps.Screen): HTMLElement | undefined {
  if (screen.back === null && screen.next === null) return undefined;
  const { back, next } = screen;
  return make(
    'div',
    { class: 'flow-footer' },
    back === null
      ? undefined
      : make('button', { type: 'button', class: 'host-button flow-back' }, back),
    next === null
      ? undefined
      : make('button', { type: 'submit', class: 'host-button host-button_brand' }, next),
  );
}

function complain(
  fields: readonly DrawnField[],
  errors: Readonly<Record<string, string>>,
  problems: HTMLElement,
  heading: HTMLElement,
): void {
  const wrong = fields.filter(({ name }) => Object.hasOwn(errors, name));
  for (const field of wrong) field.complain(errors[field.name]);
  const [first] = wrong;
  if (first === undefined) {
    heading.focus();
    return;
  }
  problems.textContent =
    wrong.length === 1
      ? 'Review the answer marked below.'
      : `Review the ${wrong.length} answers marked below.`;
  first.focus();
}

function messageOf(error: unknown): string {
  const message = at(error, 'body', 'message');
  if (typeof message === 'string') return message;
  return error instanceof Error ? error.message : 'The org did not say why.';
}
