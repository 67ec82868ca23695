import type { Condition, Filter, Logic, Operand, Scalar, Target } from './model.ts';

/** When a field is on the screen; the conditions may ask the screen's own fields. */
export interface VisibilityRule {
  readonly conditions: readonly Condition[];
  readonly logic: Logic;
}

interface FieldBase {
  readonly name: string;
  readonly visibility: VisibilityRule | undefined;
}

/** Text with merge fields; it asks nothing. */
export interface DisplayField extends FieldBase {
  readonly kind: 'display';
  readonly text: string;
}

interface Asked extends FieldBase {
  readonly label: string;
  readonly help: string | undefined;
  readonly required: boolean;
  readonly initial: Operand | undefined;
  /** Whether a later visit of the screen shows the former answer; otherwise it begins anew. */
  readonly keepsAnswer: boolean;
  /** An answer is good when the formula is true. */
  readonly validation: { readonly formula: string; readonly message: string } | undefined;
}

export interface InputField extends Asked {
  readonly kind: 'input';
  readonly type: Scalar;
  /** A text of several lines. */
  readonly long: boolean;
  /** Digits after the point of a Number. */
  readonly scale: number | undefined;
}

/** How choices are drawn. `MultiSelectCheckboxes` gives the chosen values with `;` between them. */
export const CHOICE_FIELDS = ['RadioButtons', 'DropdownBox', 'MultiSelectCheckboxes'] as const;

export interface ChoiceField extends Asked {
  readonly kind: 'choice';
  readonly widget: (typeof CHOICE_FIELDS)[number];
  readonly type: Scalar;
  /** Names of choices and choice sets. */
  readonly choices: readonly string[];
  /** The choice that is chosen at first. */
  readonly initialChoice: string | undefined;
}

export type AskedField = InputField | ChoiceField;
export type ScreenField = DisplayField | AskedField;

/** Stops the interview until its user goes on or back. */
export interface ScreenElement {
  readonly kind: 'screens';
  readonly name: string;
  readonly label: string;
  readonly help: string | undefined;
  readonly fields: readonly ScreenField[];
  readonly showHeader: boolean;
  readonly showFooter: boolean;
  readonly allowBack: boolean;
  /** Whether there is a button that goes on, be it called Next or Finish. */
  readonly allowFinish: boolean;
  readonly backLabel: string | undefined;
  readonly nextLabel: string | undefined;
  readonly next: Target;
}

/** One thing to choose. */
export interface Choice {
  readonly name: string;
  readonly type: Scalar;
  readonly label: string;
  readonly value: Operand;
}

/** Things to choose that are known only when the screen is shown. */
export type ChoiceSet =
  | {
      readonly kind: 'records';
      readonly name: string;
      readonly type: Scalar;
      readonly object: string;
      readonly filters: readonly Filter[];
      readonly logic: Logic;
      readonly sort: { readonly field: string; readonly descending: boolean } | undefined;
      readonly limit: number | undefined;
      readonly displayField: string;
      readonly valueField: string;
      /** Fields of the chosen record that go into variables. */
      readonly outputs: readonly { readonly field: string; readonly to: string }[];
    }
  | {
      readonly kind: 'picklist';
      readonly name: string;
      readonly type: 'String';
      readonly object: string;
      readonly field: string;
      readonly descending: boolean | undefined;
    };
