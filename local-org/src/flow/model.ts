import type { FieldValue } from '../store/records.ts';
import type { AskedField, Choice, ChoiceSet, ScreenElement } from './screenModel.ts';

/** The data types of flow resources that this org implements. */
export const SCALARS = ['String', 'Number', 'Boolean', 'Date', 'DateTime'] as const;
export type Scalar = (typeof SCALARS)[number];

/** A value written in a flow: a literal, or the name of something (`Get_Case.Id`, `$Record.Name`). */
export type Operand =
  | { readonly kind: 'literal'; readonly type: Scalar; readonly value: FieldValue }
  | { readonly kind: 'reference'; readonly path: string };

/** Where an arrow leads; undefined is the end of the interview. */
export type Target = string | undefined;

export interface FieldAssignment {
  readonly field: string;
  readonly value: Operand;
}

export interface Filter {
  readonly field: string;
  readonly operator: string;
  readonly value: Operand;
}

/** `and`, `or`, or a formula over condition numbers (`1 AND (2 OR 3)`), as parsed. */
export type Logic =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Logic[] }
  | { readonly kind: 'not'; readonly part: Logic }
  | { readonly kind: 'condition'; readonly index: number };

export interface Condition {
  readonly left: string;
  readonly operator: string;
  readonly right: Operand;
}

interface Base {
  readonly name: string;
}

/** Which records an element means: filters on an object, with the logic between them. */
export interface Selection {
  readonly object: string;
  readonly filters: readonly Filter[];
  readonly logic: Logic;
}

export interface LookupElement extends Base {
  readonly kind: 'recordLookups';
  readonly selection: Selection;
  readonly sort: { readonly field: string; readonly descending: boolean } | undefined;
  readonly limit: number | undefined;
  readonly firstOnly: boolean;
  readonly queriedFields: readonly string[];
  readonly output:
    | { readonly kind: 'automatic' }
    | { readonly kind: 'record'; readonly to: string }
    | {
        readonly kind: 'fields';
        readonly fields: readonly { readonly field: string; readonly to: string }[];
      };
  readonly nullIfNone: boolean;
  readonly next: Target;
  readonly fault: Target;
}

export type RecordInput =
  | {
      readonly kind: 'fields';
      readonly object: string;
      readonly fields: readonly FieldAssignment[];
    }
  | { readonly kind: 'reference'; readonly path: string };

export interface CreateElement extends Base {
  readonly kind: 'recordCreates';
  readonly input: RecordInput;
  readonly automatic: boolean;
  /** `doesUpsert`: records that have the key are updated. */
  readonly upsert: { readonly key: string; readonly allOrNone: boolean } | undefined;
  readonly idTo: string | undefined;
  readonly next: Target;
  readonly fault: Target;
}

export interface UpdateElement extends Base {
  readonly kind: 'recordUpdates';
  readonly target:
    | { readonly kind: 'selection'; readonly selection: Selection }
    | { readonly kind: 'reference'; readonly path: string };
  readonly fields: readonly FieldAssignment[];
  readonly next: Target;
  readonly fault: Target;
}

export interface DeleteElement extends Base {
  readonly kind: 'recordDeletes';
  readonly target:
    | { readonly kind: 'selection'; readonly selection: Selection }
    | { readonly kind: 'reference'; readonly path: string };
  readonly next: Target;
  readonly fault: Target;
}

export interface DecisionElement extends Base {
  readonly kind: 'decisions';
  readonly rules: readonly {
    readonly name: string;
    readonly conditions: readonly Condition[];
    readonly logic: Logic;
    /** Only when the record of the flow has just come to meet the conditions. */
    readonly onlyWhenChangedToMeet: boolean;
    readonly next: Target;
  }[];
  readonly next: Target;
}

export interface AssignmentElement extends Base {
  readonly kind: 'assignments';
  readonly items: readonly {
    readonly to: string;
    readonly operator: string;
    /** Without one `Assign` empties its target. */
    readonly value: Operand | undefined;
  }[];
  readonly next: Target;
}

export interface LoopElement extends Base {
  readonly kind: 'loops';
  readonly collection: string;
  readonly descending: boolean;
  readonly itemTo: string | undefined;
  readonly body: Target;
  readonly next: Target;
}

/** Filters or sorts a collection. */
export interface CollectionElement extends Base {
  readonly kind: 'collectionProcessors';
  readonly collection: string;
  readonly work:
    | {
        readonly kind: 'filter';
        /** The variable that holds each item as its conditions are asked. */
        readonly itemTo: string;
        readonly keeps:
          | { readonly conditions: readonly Condition[]; readonly logic: Logic }
          | { readonly formula: string };
      }
    | {
        readonly kind: 'sort';
        readonly by: readonly SortOption[];
        /** How many items are kept. */
        readonly limit: number | undefined;
      };
  readonly next: Target;
}

export interface SortOption {
  /** Of records; undefined for single values. */
  readonly field: string | undefined;
  readonly descending: boolean;
  readonly emptyFirst: boolean;
}

export interface SubflowElement extends Base {
  readonly kind: 'subflows';
  readonly flow: string;
  readonly inputs: readonly { readonly name: string; readonly value: Operand }[];
  readonly outputs: readonly { readonly name: string; readonly to: string }[];
  readonly automatic: boolean;
  readonly next: Target;
}

/** The actions that this org can do; `actionType` and `actionName` are the same word. */
export const ACTIONS = ['customNotificationAction', 'emailSimple'] as const;

export interface ActionElement extends Base {
  readonly kind: 'actionCalls';
  readonly action: (typeof ACTIONS)[number];
  readonly inputs: readonly { readonly name: string; readonly value: Operand }[];
  readonly next: Target;
  readonly fault: Target;
}

export interface CustomErrorElement extends Base {
  readonly kind: 'customErrors';
  readonly messages: readonly { readonly text: string; readonly field: string | undefined }[];
}

export type FlowElement =
  | LookupElement
  | CreateElement
  | UpdateElement
  | DeleteElement
  | DecisionElement
  | AssignmentElement
  | LoopElement
  | CollectionElement
  | SubflowElement
  | ActionElement
  | CustomErrorElement
  | ScreenElement;

export type ElementKind = FlowElement['kind'];

export interface Variable {
  readonly name: string;
  readonly type: Scalar | 'SObject';
  readonly object: string | undefined;
  readonly isCollection: boolean;
  readonly isInput: boolean;
  readonly isOutput: boolean;
  readonly initial: Operand | undefined;
}

export interface Formula {
  readonly name: string;
  readonly type: Scalar;
  readonly expression: string;
}

export type RecordEvent = 'Create' | 'Update' | 'CreateAndUpdate' | 'Delete';

/** A path of a record-triggered flow that runs at a time of its own. */
export interface ScheduledPath {
  readonly name: string;
  readonly next: Target;
  /** From the time source; negative is before it. */
  readonly offsetMs: number;
  /** The date or date/time field that is the time source; undefined: when the flow was set off. */
  readonly field: string | undefined;
  /** 1 to 200. */
  readonly maxBatchSize: number;
}

export const FREQUENCIES = ['Once', 'Daily', 'Weekly'] as const;

export type Start =
  | { readonly kind: 'none'; readonly next: Target }
  | { readonly kind: 'event'; readonly object: string; readonly next: Target }
  | {
      readonly kind: 'record';
      readonly timing: 'before' | 'after' | 'delete';
      readonly on: RecordEvent;
      readonly selection: Selection;
      readonly formula: string | undefined;
      readonly onlyWhenChangedToMeet: boolean;
      readonly next: Target;
      /** Whether the flow has an asynchronous path, and where that begins. */
      readonly asynchronous: { readonly name: string; readonly next: Target } | undefined;
      readonly scheduled: readonly ScheduledPath[];
    }
  | {
      readonly kind: 'schedule';
      readonly frequency: (typeof FREQUENCIES)[number];
      /** Of the first run; milliseconds since the epoch. */
      readonly startAt: number;
      /** One interview for each of these records; undefined: one interview without a record. */
      readonly selection: Selection | undefined;
      readonly next: Target;
    };

/** In whose name a flow touches data; the default is the user of a screen flow, the system otherwise. */
export const RUN_MODES = [
  'DefaultMode',
  'SystemModeWithSharing',
  'SystemModeWithoutSharing',
] as const;

/** A flow as written, typed, before its references are checked. */
export interface FlowSource {
  readonly name: string;
  readonly file: string;
  readonly label: string;
  readonly active: boolean;
  /** 1 to 2000, or undefined; flows without one run after 1000 and before 1001. */
  readonly triggerOrder: number | undefined;
  /** Opened by a user, who may be shown screens. */
  readonly isScreenFlow: boolean;
  readonly runMode: (typeof RUN_MODES)[number];
  /** Only users whose permission set names the flow may run it. */
  readonly restricted: boolean;
  readonly start: Start;
  readonly elements: ReadonlyMap<string, FlowElement>;
  readonly variables: ReadonlyMap<string, Variable>;
  readonly constants: ReadonlyMap<string, { readonly type: Scalar; readonly value: FieldValue }>;
  readonly formulas: ReadonlyMap<string, Formula>;
  readonly templates: ReadonlyMap<string, string>;
  /** Of all screens: those that can be answered. */
  readonly screenFields: ReadonlyMap<string, AskedField>;
  readonly choices: ReadonlyMap<string, Choice>;
  readonly choiceSets: ReadonlyMap<string, ChoiceSet>;
}
