import { failure } from '../data/fetchResponse.ts';

/*
 * The steps of screen flows as the org gives them; the server's own types say the same, and a test of
 * the server holds one against the other.
 */

export type RichNode =
  string | { readonly tag: string; readonly href?: string; readonly content: readonly RichNode[] };

interface Asked {
  readonly name: string;
  readonly visible: boolean;
  readonly label: string;
  readonly help: string | null;
  readonly required: boolean;
}

export interface DisplayField {
  readonly kind: 'display';
  readonly name: string;
  readonly visible: boolean;
  readonly content: readonly RichNode[];
}

export interface InputField extends Asked {
  readonly kind: 'input';
  readonly type: 'String' | 'Number' | 'Boolean' | 'Date' | 'DateTime';
  readonly long: boolean;
  readonly scale: number | null;
  readonly value: string | number | boolean | null;
}

export interface ChoiceField extends Asked {
  readonly kind: 'choice';
  readonly widget: 'RadioButtons' | 'DropdownBox' | 'MultiSelectCheckboxes';
  readonly options: readonly { readonly label: string; readonly value: string }[];
  readonly chosen: readonly string[];
}

export type Field = DisplayField | InputField | ChoiceField;

export interface Screen {
  readonly name: string;
  readonly label: string;
  readonly help: string | null;
  readonly showHeader: boolean;
  readonly fields: readonly Field[];
  readonly back: string | null;
  readonly next: string | null;
  readonly reacts: boolean;
}

export type Step =
  | {
      readonly kind: 'screen';
      readonly id: string;
      readonly label: string;
      readonly screen: Screen;
      readonly errors: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'finished'; readonly id: string; readonly label: string }
  | {
      readonly kind: 'failed';
      readonly id: string;
      readonly label: string;
      readonly element: string;
      readonly message: string;
    };

/** Answers by field: text, a flag, or the values of what is chosen. */
export type Answers = Readonly<Record<string, string | boolean | readonly string[]>>;

const PATH = '/lightning/interviews';

/** Starts an interview. Rejects like every request of the page. */
export async function start(
  flow: string,
  inputs: Readonly<Record<string, unknown>>,
): Promise<Step> {
  return (await post(PATH, { flow, inputs })) as Step;
}

export async function go(id: string, action: 'next' | 'back', answers: Answers): Promise<Step> {
  const body = action === 'back' ? { action } : { action, answers };
  return (await post(`${PATH}/${id}`, body)) as Step;
}

/** The screen as it would be with these answers. */
export async function look(id: string, answers: Answers): Promise<Screen> {
  const answer = (await post(`${PATH}/${id}`, { action: 'look', answers })) as { screen: Screen };
  return answer.screen;
}

/** Tells the org that nobody will go on with an interview; whether it hears it does not matter. */
export function leave(id: string): void {
  void fetch(`${PATH}/${id}`, { method: 'DELETE', keepalive: true }).catch(() => undefined);
}

async function post(path: string, body: unknown): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(path, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  } catch {
    throw failure(0, '', { message: 'The org does not answer. Try again.' });
  }
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return answer;
  throw failure(response.status, response.statusText, answer);
}
