import type { FieldValue } from '../../store/records.ts';
import type { Scalar } from '../model.ts';
import type { CHOICE_FIELDS } from '../screenModel.ts';
import type { RichNode } from './richText.ts';

/*
 * A screen as its user sees it, ready for JSON: every text is merged, every default and choice is
 * known. Fields that are hidden now are part of it, as an answer may show them.
 */

export interface DisplayView {
  readonly kind: 'display';
  readonly name: string;
  readonly visible: boolean;
  readonly content: readonly RichNode[];
  /** The same without markup. */
  readonly text: string;
}

interface AskedView {
  readonly name: string;
  readonly visible: boolean;
  readonly label: string;
  readonly help: string | null;
  readonly required: boolean;
}

export interface InputView extends AskedView {
  readonly kind: 'input';
  readonly type: Scalar;
  readonly long: boolean;
  readonly scale: number | null;
  readonly value: FieldValue;
}

export interface ChoiceView extends AskedView {
  readonly kind: 'choice';
  readonly widget: (typeof CHOICE_FIELDS)[number];
  readonly options: readonly { readonly label: string; readonly value: string }[];
  /** Values of the chosen options. */
  readonly chosen: readonly string[];
}

export type FieldView = DisplayView | InputView | ChoiceView;

export interface ScreenView {
  readonly name: string;
  readonly label: string;
  readonly help: string | null;
  readonly showHeader: boolean;
  readonly fields: readonly FieldView[];
  /** The label of the button that goes back; null: there is none. */
  readonly back: string | null;
  /** The label of the button that goes on, `Next`, `Finish` or the flow's own; null: there is none. */
  readonly next: string | null;
  /** Whether an answer may change what else is on the screen. */
  readonly reacts: boolean;
}

/** Answers by the name of the field; a field that is left out keeps what it shows. */
export type Answers = Readonly<Record<string, unknown>>;

/** Why answers are not accepted, by the name of the field. */
export type AnswerErrors = Readonly<Record<string, string>>;

/** Answers that no screen can have sent: to a field that is not there, of another kind of value. */
export class WrongAnswer extends Error {}
