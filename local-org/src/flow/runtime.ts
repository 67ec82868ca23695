import type { Clock } from '../clock.ts';
import type { ObjectDef } from '../metadata/schema.ts';
import type { Actor, Condition, RecordStore, SaveOutcome } from '../store/records.ts';
import type { DataMode, UserAccess } from './dataAccess.ts';
import type { Limits } from './limits.ts';
import type { FlowSource, Target } from './model.ts';
import type { Outbox } from './outbox.ts';
import type { Option } from './screens/options.ts';
import type { AnswerErrors, Answers, ScreenView } from './screens/view.ts';
import type { FlowType, FlowValue, RecordValue, ScalarType } from './values.ts';
import type { RunWatcher } from './watch.ts';

/** What set an interview off. */
export interface Trigger {
  /** `$Record`. In a before-save flow this is the row about to be written. */
  readonly record: RecordValue;
  /** `$Record__Prior`; undefined for a new record. */
  readonly prior: RecordValue | undefined;
  readonly isNew: boolean;
}

/** One row of a bulk save; several interviews, and so several users, share one call. */
export interface SaveRow {
  readonly values: RecordValue['fields'];
  readonly actor: Actor;
}

/** Saves on behalf of flows, inside the transaction that runs them. One outcome per row, in order. */
export interface FlowDml {
  insert(object: string, rows: readonly SaveRow[]): SaveOutcome[];
  update(object: string, rows: readonly SaveRow[]): SaveOutcome[];
  /** Updates the records that have the key (an external id, or `Id`), and creates the others. */
  upsert(
    object: string,
    keyField: string,
    rows: readonly SaveRow[],
    allOrNone: boolean,
  ): SaveOutcome[];
  /** All or none. */
  delete(object: string, ids: readonly string[], actor: Actor): SaveOutcome[];
}

/** The arrow by which an element was left; `rule` is an outcome of a decision that is not the default. */
export type Connector = 'next' | 'fault' | 'rule' | 'default' | 'nextValue' | 'noMoreValues';

/** What an interview did at one element, for coverage and the console. */
export interface FlowStep {
  readonly flow: string;
  readonly interview: string;
  readonly element: string;
  /** `shown`: a screen waits for its user, who then goes on (`done`) or `back`. */
  readonly outcome: 'done' | 'fault' | 'unhandled' | 'custom-error' | 'shown' | 'back';
  /** Undefined where the interview ends: an unhandled fault, a custom error. An arrow may lead nowhere. */
  readonly connector?: Connector;
  /** The rule a decision took, or the fault's message. */
  readonly detail?: string;
}

export type Recorder = (step: FlowStep) => void;

/** What all interviews of one transaction share. */
export interface FlowContext {
  readonly store: Pick<RecordStore, 'select' | 'read'>;
  readonly dml: FlowDml;
  readonly outbox: Outbox;
  /** What users may do, for interviews that do not run as the system. */
  readonly access: UserAccess;
  readonly limits: Limits;
  readonly clock: Clock;
  /** Whether EqualTo between texts minds upper and lower case (assumption `condition-case`). */
  readonly exactCase: boolean;
  /** Assumption `null-filter`: whether a filter with no value finds rows whose field is empty. */
  readonly nullMatches: boolean;
  readonly recorder: Recorder | undefined;
  readonly watcher: RunWatcher | undefined;
  /** Of the transaction of the platform; what runs in it shares its limits. */
  readonly transaction: string;
  /** A fresh `$Flow.InterviewGuid`. */
  makeId(): string;
}

export interface Interview {
  readonly id: string;
  readonly flow: CompiledFlow;
  readonly context: FlowContext;
  readonly actor: Actor;
  readonly mode: DataMode;
  readonly trigger: Trigger | undefined;
  /** The path it began on: the name of a scheduled one, empty for the asynchronous one; absent elsewhere. */
  readonly path?: string | undefined;
  readonly startedAt: number;
  /** Variables and the outputs of elements, by name. */
  readonly values: Map<string, FlowValue>;
  /** Of the choices that were made on screens, by field. */
  readonly labels: Map<string, string>;
  readonly loops: Map<string, { readonly items: readonly FlowValue[]; index: number }>;
  faultMessage: string | null;
  /** The element to execute next; undefined when the interview is over. */
  position: string | undefined;
}

/** A compiled name: what it is and how to get it; `set` only where the flow may assign. */
export interface Accessor {
  readonly type: FlowType;
  readonly get: (interview: Interview) => FlowValue;
  readonly set?: ((interview: Interview, value: FlowValue) => void) | undefined;
  /** True when it depends on ISNEW, ISCHANGED or PRIORVALUE, which an asynchronous path does not know. */
  readonly usesChange?: boolean;
}

/** An accessor of a single value. */
export type ScalarAccessor = Accessor & {
  readonly type: { readonly kind: 'scalar'; readonly type: ScalarType };
};

/** An accessor whose record holds only some fields, because its Get lists `queriedFields`. */
export type Limited = Accessor & { readonly only?: ReadonlySet<string> | undefined };

/** How one interview left a bulk element. */
export type BulkOutcome =
  | { readonly ok: true }
  /** `partial`: only this interview fails; otherwise the whole batch does when nobody handles it. */
  | { readonly ok: false; readonly message: string; readonly partial: boolean };

/** How an element was left; `next` when it names no connector. */
export interface Way {
  readonly next: Target;
  readonly connector?: Connector;
  readonly detail?: string;
}

/** What there was to choose in each field when a screen was shown, by the name of the field. */
export type Shown = ReadonlyMap<string, readonly Option[]>;

/** Stops the interview until its user goes on. */
export interface ScreenStep {
  readonly kind: 'screen';
  readonly next: Target;
  /** Gives its fields their first values and finds out what there is to choose. */
  readonly open: (interview: Interview) => Shown;
  readonly view: (interview: Interview, shown: Shown, canGoBack: boolean) => ScreenView;
  /** Takes answers in; none of the returned errors means that the interview may go on. */
  readonly answer: (interview: Interview, shown: Shown, answers: Answers) => AnswerErrors;
}

/** A compiled element. */
export type Step =
  | ScreenStep
  /** Runs at once and says where to go; `detail` is for the record of the run. */
  | {
      readonly kind: 'instant';
      readonly run: (interview: Interview) => Way;
    }
  /** Waits until every interview of the batch has stopped, then runs for all that wait at it together. */
  | {
      readonly kind: 'bulk';
      readonly next: Target;
      readonly fault: Target;
      readonly run: (interviews: readonly Interview[]) => BulkOutcome[];
    }
  /** Enters another flow. */
  | {
      readonly kind: 'call';
      readonly enter: (interview: Interview) => Interview;
      readonly leave: (interview: Interview, callee: Interview) => void;
      readonly next: Target;
    }
  /** Ends the interview and refuses the record that set it off. */
  | { readonly kind: 'custom-error'; readonly errors: (interview: Interview) => CustomError[] };

export interface CustomError {
  readonly message: string;
  readonly field: string | undefined;
}

/** A flow whose every name has been checked and bound. */
export interface CompiledFlow {
  readonly source: FlowSource;
  /** Of `$Record`. */
  readonly object: ObjectDef | undefined;
  readonly steps: ReadonlyMap<string, Step>;
  readonly initialValues: () => Map<string, FlowValue>;
  /** Whether the record that set the interview off meets the entry conditions. */
  readonly admits: (interview: Interview) => boolean;
  /** The same, whether or not it was the save that made it so. */
  readonly meets: (interview: Interview) => boolean;
  /** Which records a scheduled flow runs for; undefined: it is no such flow, or runs without a record. */
  readonly selects: ((interview: Interview) => Condition) | undefined;
}
